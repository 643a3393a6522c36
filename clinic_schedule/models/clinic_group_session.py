# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..bookers import wait_for_bookers
from ..const import LIVE, MAX_SEATS, OCCUPYING
from ..exceptions import SlotTaken
from ..slot_algebra import utc_to_wall, wall_to_utc
from .clinic_slot_claim import Key

#: What cannot change any more once somebody has booked.
FRAME = {"service_id", "resource_id", "branch_id", "date", "hour", "minutes"}

STATES = [("planned", "Planned"), ("cancelled", "Called off")]


class ClinicGroupSession(models.Model):
    """One dated session of a group: a doctor and a room for so many patients at once.

    The row owns the claims of doctor and room; every participant's visit owns a claim of the kind
    ``seat`` with the row's id and a lane below the capacity, so that the database keeps the number of
    places. Made by senior nurses; places are booked by ``clinic.booking`` like any other time.
    """

    _name = "clinic.group.session"
    _description = "Group session"
    _order = "start, id"

    service_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('clinic_is_service', '=', True), ('clinic_group_size', '>', 0)]",
    )
    resource_id = fields.Many2one(
        "resource.resource",
        string="Led by",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('clinic_kind', '!=', False)]",
        help="The doctor, room or device whose session it is; occupied for its whole length.",
    )
    branch_id = fields.Many2one("clinic.branch", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="branch_id.company_id", store=True, index=True)
    tz = fields.Selection(related="branch_id.tz")
    room_id = fields.Many2one(
        "clinic.room",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('branch_id', '=', branch_id)]",
        help="Occupied together with the leader.",
    )
    date = fields.Date(
        required=True, default=fields.Date.context_today, help="On the calendar of the branch."
    )
    hour = fields.Float(string="Begins at", required=True, default=9.0, help="On the clock of the branch.")
    minutes = fields.Integer(
        string="Length, min",
        required=True,
        compute="_compute_from_service",
        store=True,
        readonly=False,
        precompute=True,
    )
    capacity = fields.Integer(
        string="Places",
        required=True,
        compute="_compute_from_service",
        store=True,
        readonly=False,
        precompute=True,
    )
    start = fields.Datetime(compute="_compute_moments", store=True, precompute=True, required=True)
    stop = fields.Datetime(compute="_compute_moments", store=True, precompute=True, required=True)
    wall_start = fields.Char(compute="_compute_walls", string="Starts (branch time)")
    wall_stop = fields.Char(compute="_compute_walls", string="Ends (branch time)")
    show_online = fields.Boolean(
        string="Offered online",
        default=True,
        help="The site and other ways without the staff offer free places, if the service may be booked"
        " online at all.",
    )
    state = fields.Selection(STATES, required=True, readonly=True, default="planned", copy=False)
    note = fields.Char()
    claim_ids = fields.One2many("clinic.slot.claim", "session_id")
    appointment_ids = fields.One2many(
        "clinic.appointment",
        "session_id",
        string="Participants",
        domain=[("state", "in", OCCUPYING)],
        readonly=True,
    )
    taken = fields.Integer(compute="_compute_taken", string="Places taken")
    seats_text = fields.Char(compute="_compute_taken", string="Taken")
    is_full = fields.Boolean(compute="_compute_taken")
    is_past = fields.Boolean(compute="_compute_is_past")

    _sensible = models.Constraint(
        f"CHECK (capacity BETWEEN 1 AND {MAX_SEATS} AND minutes BETWEEN 5 AND 720)",
        f"A group session has 1 to {MAX_SEATS} places and takes 5 minutes to 12 hours.",
    )
    _stop_after_start = models.Constraint("CHECK (stop > start)", "A session must end after it starts.")
    _find_idx = models.Index("(service_id, start) WHERE state = 'planned'")
    _board_idx = models.Index("(branch_id, start) WHERE state = 'planned'")

    # ------------------------------------------------------------------ computed fields

    @api.depends("service_id")
    def _compute_from_service(self):
        for session in self:
            session.minutes = session.minutes or session.service_id.clinic_duration or 60
            session.capacity = session.capacity or session.service_id.clinic_group_size or 8

    @api.depends("date", "hour", "minutes", "branch_id")
    def _compute_moments(self):
        for session in self:
            if not (session.date and session.branch_id.tz):
                session.start = session.stop = False
                continue
            begin = round((session.hour or 0.0) * 60)
            if not 0 <= begin < 24 * 60:
                raise UserError(self.env._("The hour of a session is between 00:00 and 23:59."))
            session.start = wall_to_utc(session.date, begin, session.branch_id.tz)
            session.stop = fields.Datetime.add(session.start, minutes=max(session.minutes, 0))

    @api.depends("start", "stop", "branch_id.tz")
    def _compute_walls(self):
        for session in self:
            tz = session.branch_id.tz
            for wall, moment in (("wall_start", session.start), ("wall_stop", session.stop)):
                session[wall] = f"{utc_to_wall(moment, tz):%d.%m %H:%M}" if moment and tz else False

    @api.depends("capacity", "appointment_ids.state")
    def _compute_taken(self):
        counts = self._taken_counts()
        for session in self:
            session.taken = counts.get(session._origin.id, 0)
            session.seats_text = f"{session.taken} / {session.capacity}"
            session.is_full = session.taken >= session.capacity

    @api.depends("stop")
    @api.depends_context("uid")
    def _compute_is_past(self):
        now = fields.Datetime.now()
        for session in self:
            session.is_past = bool(session.stop) and session.stop < now

    @api.depends("service_id", "start", "branch_id.tz")
    def _compute_display_name(self):
        for session in self:
            tz = session.branch_id.tz
            when = f"{utc_to_wall(session.start, tz):%d.%m.%Y %H:%M}" if session.start and tz else ""
            session.display_name = ", ".join(filter(None, (session.service_id.name, when)))

    def _taken_counts(self):
        """Places of each session that are booked or kept now, or were: ``{id: number}``.

        From the visits, because the claims of past days are swept. Sudo: the number is no secret of
        those who may read the session.
        """
        rows = (
            self.env["clinic.appointment"]
            .sudo()
            ._read_group(
                [
                    ("session_id", "in", self._origin.ids),
                    ("state", "in", OCCUPYING),
                    "|",
                    ("state", "!=", "held"),
                    ("hold_expires_at", ">", fields.Datetime.now()),
                ],
                ["session_id"],
                ["__count"],
            )
        )
        return {session.id: count for session, count in rows}

    # ------------------------------------------------------------------ checks

    @api.constrains("service_id", "resource_id", "branch_id", "room_id")
    def _check_place(self):
        for session in self:
            # sudo: whose the leader is counts, whoever enters the session
            resource = session.sudo().resource_id
            own = resource.clinic_room_ids.branch_id | resource.clinic_device_ids.branch_id
            problem = ""
            if not session.service_id.clinic_is_service or not session.service_id.clinic_group_size:
                problem = self.env._(
                    "“%(service)s” is no group service. Write in the service how many people come at once.",
                    service=session.service_id.name,
                )
            elif not resource.clinic_kind or (own and session.branch_id not in own):
                problem = self.env._("A session is led by a doctor, room or device of its branch.")
            elif resource.company_id and resource.company_id != session.company_id:
                problem = self.env._("The leader of a session must belong to the company of its branch.")
            elif session.room_id and session.room_id.branch_id != session.branch_id:
                problem = self.env._("The room of a session must belong to the branch of the session.")
            if problem:
                raise ValidationError(problem)

    # ------------------------------------------------------------------ writing

    @api.model_create_multi
    def create(self, vals_list):
        """Make sessions and occupy their leaders and rooms; refused when one of them is busy then."""
        sessions = super().create(vals_list)
        for session in sessions:
            session._occupy()
        sessions._notify_boards()
        return sessions

    def write(self, vals):
        """Change sessions; time, leader and service only while nobody has booked."""
        if "state" in vals:
            raise UserError(self.env._("A session is cancelled by its button: the participants are told so."))
        framed = FRAME & vals.keys()
        if framed or "capacity" in vals or "room_id" in vals:
            self._wait_for_bookers()
        if framed:
            self._refuse_change()
            self._notify_boards()
        result = super().write(vals)
        if framed or "room_id" in vals:
            for session in self.filtered(lambda one: one.state == "planned"):
                session._occupy(release=True)
        if "room_id" in vals:
            self._take_visits_along()
        if "capacity" in vals:
            self._fit_seats()
        self._notify_boards()
        return result

    def _write_state(self, state):
        """The buttons' write; claims and boards are their business."""
        return super().write({"state": state})  # pylint: disable=super-method-mismatch

    @api.ondelete(at_uninstall=False)
    def _unlink_except_visits(self):
        self._wait_for_bookers()
        if self.env["clinic.appointment"].sudo().search_count([("session_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("Somebody was booked into this session. Cancel it instead of deleting it.")
            )
        self._notify_boards()

    def _occupy(self, release=False):
        """Occupy leader and room for the length of the session. Sudo: claims are nobody's to write."""
        self.ensure_one()
        claims = self.env["clinic.slot.claim"].sudo()
        self.flush_recordset()
        keys = self._keys()
        try:
            claims._visible(self, keys, (), release=release)
            claims._claim(self, keys, release=release)
        except SlotTaken as taken:
            names = self.env["resource.resource"].sudo().browse(key.ref for key in taken.lost).mapped("name")
            raise UserError(
                self.env._(
                    "%(names)s: busy on %(when)s. Choose another time, leader or room for the session.",
                    names=", ".join(names),
                    when=self._when(),
                )
            ) from taken

    def _keys(self):
        self.ensure_one()
        refs = {self.resource_id.id, self.room_id.resource_id.id} - {False}
        return [Key("resource", ref, 0, self.start, self.stop) for ref in sorted(refs)]

    def _when(self):
        """Date and time on the clock of the branch, for a sentence."""
        return f"{utc_to_wall(self.start, self.branch_id.tz):%d.%m.%Y %H:%M}"

    def _wait_for_bookers(self):
        """Let those who are booking into these sessions finish; start again if they have booked."""
        if self.ids:
            self.env["clinic.appointment"].flush_model(["session_id", "state"])
            wait_for_bookers(
                self.env,
                self._table,
                self.ids,
                SQL(
                    "SELECT id FROM clinic_appointment WHERE session_id = ANY(%s) AND state = ANY(%s)",
                    self.ids,
                    list(OCCUPYING),
                ),
            )

    def _refuse_change(self):
        """Raise when somebody has booked: his time cannot be changed behind his back."""
        count = sum(self._taken_counts().values())
        if count:
            raise UserError(
                self.env._(
                    "%(count)s people are booked into this session. Its time, leader and service stay as they"
                    " are; cancel the session, then its participants stand in the list “To be moved”.",
                    count=count,
                )
            )

    def _take_visits_along(self):
        """The visits of the participants take place in the new room. Sudo: written by the session only."""
        for session in self:
            visits = (
                self.env["clinic.appointment"]
                .sudo()
                .search([("session_id", "=", session.id), ("state", "in", LIVE)])
            )
            visits._write_guarded({"room_id": session.room_id.id})

    def _fit_seats(self):
        """Places above a lowered capacity move down; refused when more are taken. Sudo: of claims only."""
        for session in self:
            left = self.env["clinic.slot.claim"].sudo()._lower_seats(session.id, session.capacity)
            if left:
                raise UserError(
                    self.env._(
                        "%(taken)s places of this session are taken, so it cannot have only %(wanted)s. Move"
                        " or cancel visits of participants first.",
                        taken=session.capacity + left,
                        wanted=session.capacity,
                    )
                )

    def _notify_boards(self):
        """Tell the open boards that sessions changed (ids and dates only)."""
        for session in self:
            if session.branch_id and session.date:
                resources = (session.resource_id | session.room_id.resource_id).ids
                self.env["clinic.booking"]._bus_changed(
                    session.branch_id, resources, {session.date}, "session"
                )
