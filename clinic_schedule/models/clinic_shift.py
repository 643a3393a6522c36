# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.clinic_base.const import AUDIENCES

from ..bookers import wait_for_bookers
from ..const import LIVE
from ..slot_algebra import local_date, utc_to_wall

#: Fields whose change may leave a visit outside its shift.
FRAME = {"resource_id", "branch_id", "start", "stop", "active"}


class ClinicShift(models.Model):
    """One dated stretch of time in which a practitioner, room or device takes patients.

    Generated from templates or entered by senior nurses. The only source of open time:
    availability is shifts without absences and claims.
    """

    _name = "clinic.shift"
    _inherit = ["clinic.shift.scope"]
    _description = "Shift"
    _order = "start, id"

    resource_id = fields.Many2one(
        "resource.resource",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('clinic_kind', '!=', False)]",
        help="Who or what takes patients: a practitioner, a room or a device.",
    )
    resource_kind = fields.Selection(related="resource_id.clinic_kind", string="Kind")
    branch_id = fields.Many2one("clinic.branch", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="branch_id.company_id", store=True, index=True)
    tz = fields.Selection(related="branch_id.tz")
    room_id = fields.Many2one(
        "clinic.room",
        index="btree_not_null",
        domain="[('branch_id', '=', branch_id)]",
        help="Where the visits of this shift take place; it is occupied together with the practitioner.",
    )
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    wall_start = fields.Char(compute="_compute_wall", string="Starts (branch time)")
    wall_stop = fields.Char(compute="_compute_wall", string="Ends (branch time)")
    local_date = fields.Date(compute="_compute_local_date", store=True, index=True, string="Date")
    step = fields.Integer(string="Step, min", help="Distance between possible starts; 0: 15 minutes.")
    service_ids = fields.Many2many(
        help="Empty here and in the sections: all services of the practitioner, room or device."
    )
    audience = fields.Selection(AUDIENCES, required=True, default="all")
    template_id = fields.Many2one("clinic.shift.template", index="btree_not_null", ondelete="set null")
    made_as = fields.Char(
        readonly=True,
        copy=False,
        help="What the template made of it; a shift that differs was changed by hand and is left alone.",
    )
    note = fields.Char()
    active = fields.Boolean(default=True)

    _stop_after_start = models.Constraint("CHECK (stop > start)", "A shift must end after it starts.")
    _at_most_a_day = models.Constraint(
        "CHECK (stop <= start + interval '36 hours')", "A shift cannot be longer than 36 hours."
    )
    _step_positive = models.Constraint(
        "CHECK (step >= 0 AND step <= 1440)", "The step of a shift must be between 0 and 1440 minutes."
    )
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (resource_id WITH =, tsrange(start, stop, '[)') WITH &&) WHERE (active)",
        "This practitioner, room or device already has a shift at that time.",
    )
    _window_idx = models.Index("(resource_id, start) WHERE active")

    def _auto_init(self):
        """The constraint needs btree_gist before the tables are finished."""
        self.env.cr.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        return super()._auto_init()

    @api.depends("start", "branch_id.tz")
    def _compute_local_date(self):
        for shift in self:
            shift.local_date = (
                local_date(shift.start, shift.branch_id.tz) if shift.start and shift.tz else False
            )

    @api.depends("start", "stop", "branch_id.tz")
    def _compute_wall(self):
        for shift in self:
            for name in ("start", "stop"):
                moment, tz = shift[name], shift.branch_id.tz
                shift[f"wall_{name}"] = f"{utc_to_wall(moment, tz):%d.%m %H:%M}" if moment and tz else False

    @api.depends("resource_id", "start", "stop", "branch_id.tz")
    def _compute_display_name(self):
        for shift in self:
            if not (shift.start and shift.stop and shift.branch_id):
                shift.display_name = shift.resource_id.name or ""
                continue
            start, stop = (utc_to_wall(moment, shift.branch_id.tz) for moment in (shift.start, shift.stop))
            shift.display_name = f"{shift.resource_id.name}, {start:%d.%m.%Y %H:%M}–{stop:%H:%M}"

    @api.constrains("branch_id", "room_id", "active")
    def _check_room(self):
        for shift in self:
            if shift.active and shift.room_id and not shift.room_id.active:
                raise ValidationError(
                    self.env._(
                        "The room “%(room)s” is archived. Choose another room for the shift, or bring the"
                        " room back first.",
                        room=shift.room_id.name,
                    )
                )
            if shift.room_id and shift.room_id.branch_id != shift.branch_id:
                raise ValidationError(
                    self.env._("The room of a shift must belong to the branch of the shift.")
                )

    @api.constrains("resource_id", "branch_id")
    def _check_company(self):
        for shift in self:
            # sudo: whose the doctor is counts, whoever enters the shift
            owner = shift.sudo().resource_id.company_id
            if owner and owner != shift.company_id:
                raise ValidationError(
                    self.env._(
                        "The doctor, room or device of a shift must belong to the company of its branch."
                    )
                )

    @api.constrains("resource_id", "branch_id")
    def _check_resource(self):
        for shift in self:
            resource = shift.resource_id
            if not resource.clinic_kind:
                raise ValidationError(
                    self.env._("A shift needs a practitioner, a room or a device of the clinic.")
                )
            own = resource.clinic_room_ids.branch_id | resource.clinic_device_ids.branch_id
            if own and shift.branch_id not in own:
                raise ValidationError(
                    self.env._("The shift of a room or device must be in the branch where it stands.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Create shifts and tell open boards."""
        self._queue(vals.get("resource_id") for vals in vals_list)
        shifts = super().create(vals_list)
        shifts._notify_boards("shift")
        return shifts

    @api.model
    def _queue(self, resource_ids):
        """Let those who make shifts of these doctors, rooms or devices come one after another.

        Two inserts that meet under the constraint wait for each other until PostgreSQL ends one of them,
        a second later. This only saves that second: what may stand where, the constraint decides.
        """
        self.env.cr.execute(
            "SELECT pg_advisory_xact_lock(hashtext('clinic_shift'), id) FROM unnest(%s::int[]) id",
            # whatever else a caller sends is refused by create itself
            [sorted({key for key in resource_ids if isinstance(key, int) and 0 < key < 2**31})],
        )

    def write(self, vals):
        """Refuse changes that would leave an open visit outside its shift."""
        frame = FRAME & vals.keys()
        visits = self._open_visits() if frame else None
        if frame:
            self._notify_boards("shift")
        result = super().write(vals)
        if frame:
            if visits:
                self.env.flush_all()
                self._check_visits_inside(visits)
            self._notify_boards("shift")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_visits(self):
        visits = self._open_visits()
        if visits:
            self._raise_visits(visits)
        self._notify_boards("shift")

    def _open_visits(self):
        """Live visits led by the resource within the shift (all of them, whoever asks)."""
        appointments = self.env["clinic.appointment"].sudo()
        shifts = self.filtered("active")
        self._wait_for_bookers()
        if not shifts:
            return appointments
        self.flush_model(["resource_id", "branch_id", "start", "stop"])
        appointments.flush_model(["resource_id", "branch_id", "start", "stop", "state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT a.id
                  FROM clinic_shift s
                  JOIN clinic_appointment a ON a.resource_id = s.resource_id AND a.branch_id = s.branch_id
                                           AND a.start >= s.start AND a.start < s.stop
                 WHERE s.id = ANY(%s) AND a.stop > %s AND a.state = ANY(%s)
                 ORDER BY a.id
                """,
                shifts.ids,
                fields.Datetime.now(),
                list(LIVE),
            )
        )
        return appointments.browse(row[0] for row in rows)

    def _wait_for_bookers(self):
        """Let those who are booking in these shifts finish; start again if they have booked."""
        if not self:
            return
        wait_for_bookers(
            self.env,
            "clinic_shift",
            self.ids,
            SQL(
                """
                SELECT a.id FROM clinic_appointment a JOIN clinic_shift s ON s.resource_id = a.resource_id
                 WHERE s.id = ANY(%s) AND a.start >= s.start AND a.start < s.stop AND a.state = ANY(%s)
                """,
                self.ids,
                list(LIVE),
            ),
        )

    def _check_visits_inside(self, visits):
        """Raise if no shift holds one of the visits any more; everything is flushed before."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT a.id FROM clinic_appointment a
                 WHERE a.id = ANY(%s) AND NOT EXISTS (
                       SELECT 1 FROM clinic_shift s
                        WHERE s.active AND s.resource_id = a.resource_id AND s.branch_id = a.branch_id
                          AND s.start <= a.start AND s.stop >= a.stop)
                """,
                visits.ids,
            )
        )
        if rows:
            self._raise_visits(visits.browse(row[0] for row in rows))

    def _raise_visits(self, visits):
        raise UserError(
            self.env._(
                "%(count)s visits would be left outside the shift. Move or cancel them first, or enter an"
                " absence: then nobody new is booked and the visits stay in the list to be moved.",
                count=len(visits),
            )
        )

    def _notify_boards(self, action):
        """Tell the open boards that shifts changed (ids and dates only)."""
        for branch, shifts in self.grouped("branch_id").items():
            self.env["clinic.booking"]._bus_changed(
                branch, shifts.resource_id.ids, {shift.local_date for shift in shifts}, action
            )
