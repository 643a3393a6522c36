# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..slot_algebra import utc_to_wall
from ..waiting_const import WAVE_STATES


class ClinicWaitingWave(models.Model):
    """A freed place on its way through the waiting list.

    Begins as a stretch of time that became free (``due``), written by the transaction that freed it.
    The cron gives it a place: a held visit that occupies the time, and offers to the first people of the
    list. The hold is the claim of the wave; the first acceptance turns that very row into the visit, so
    that there is no moment at which somebody else could take it. Everything that is to be done next
    follows from the rows.
    """

    _name = "clinic.waiting.wave"
    _description = "Freed place for the waiting list"
    _order = "start, id"
    _rec_name = "start"

    resource_id = fields.Many2one("resource.resource", required=True, ondelete="cascade", index=True)
    branch_id = fields.Many2one("clinic.branch", ondelete="cascade", index="btree_not_null")
    company_id = fields.Many2one("res.company", index=True, ondelete="cascade")
    service_id = fields.Many2one("product.product", ondelete="cascade", index="btree_not_null")
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    wall_start = fields.Char(compute="_compute_wall", string="Begins (branch time)")
    state = fields.Selection(WAVE_STATES, required=True, readonly=True, default="due")
    freed_at = fields.Datetime(required=True, default=fields.Datetime.now, readonly=True)
    first_offer_at = fields.Datetime(readonly=True)
    round = fields.Integer(string="Round of offers", readonly=True)
    round_ends_at = fields.Datetime(readonly=True)
    appointment_id = fields.Many2one(
        "clinic.appointment",
        string="Held time or visit",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    offer_ids = fields.One2many("clinic.waiting.offer", "wave_id", readonly=True)
    call_ids = fields.Many2many(
        "clinic.waiting.entry",
        string="Whom to call",
        compute="_compute_call_ids",
        help="People of the list whom this time suits, in the order of the list.",
    )

    _stop_after_start = models.Constraint("CHECK (stop > start)", "A freed time must end after it starts.")
    _work_idx = models.Index("(state, round_ends_at) WHERE state IN ('due', 'running')")
    _late_idx = models.Index("(state, start) WHERE state = 'late'")

    @api.depends("start", "branch_id.tz")
    @api.depends_context("lang")
    def _compute_wall(self):
        for wave in self:
            tz = wave.branch_id.tz or "UTC"
            wave.wall_start = f"{utc_to_wall(wave.start, tz):%d.%m %H:%M}" if wave.start else False

    @api.depends("resource_id", "wall_start")
    def _compute_display_name(self):
        for wave in self:
            wave.display_name = ", ".join(filter(None, [wave.wall_start, wave.resource_id.name]))

    @api.depends("state")
    def _compute_call_ids(self):
        for wave in self:
            late = wave.state == "late" and wave.start > fields.Datetime.now()
            wave.call_ids = wave._suited()[0] if late else False

    # ------------------------------------------------------------------ freed places

    @api.model
    def _freed(self, places):
        """Note times that became free, if anybody waits; runs in the transaction that frees them.

        One statement whatever the number: ``places`` are ``(resource_id, branch_id or None, start, stop)``.
        The cron is woken when the transaction is committed.
        """
        places = [place for place in places if place[0] and place[2] < place[3]]
        if not places:
            return
        entries = self.env["clinic.waiting.entry"]
        entries.flush_model(["state", "date_from", "date_to"])
        self.flush_model()
        now = fields.Datetime.now()
        days = self.env["clinic.booking"]._setting("clinic_schedule.waiting_horizon_days")
        horizon = fields.Datetime.add(now, days=days)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO clinic_waiting_wave
                       (resource_id, branch_id, company_id, start, stop, state, freed_at, round,
                        create_uid, create_date, write_uid, write_date)
                SELECT p.resource_id, p.branch_id, b.company_id, GREATEST(p.start, %(now)s),
                       LEAST(p.stop, %(horizon)s), 'due', %(now)s, 0, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM unnest(%(resources)s::int[], %(branches)s::int[], %(starts)s::timestamp[],
                              %(stops)s::timestamp[]) AS p(resource_id, branch_id, start, stop)
                  LEFT JOIN clinic_branch b ON b.id = p.branch_id
                 WHERE p.stop > %(now)s AND p.start < %(horizon)s
                   AND EXISTS (SELECT 1 FROM clinic_waiting_entry e
                                WHERE e.state = 'waiting' AND e.date_from <= p.stop::date + 1
                                  AND (e.date_to IS NULL OR e.date_to >= p.start::date - 1)
                                  AND (NOT EXISTS (SELECT 1 FROM clinic_practitioner d
                                                    WHERE d.resource_id = p.resource_id)
                                       OR EXISTS (SELECT 1 FROM clinic_practitioner d
                                                    JOIN clinic_practitioner_service l
                                                         ON l.practitioner_id = d.id
                                                   WHERE d.resource_id = p.resource_id
                                                     AND l.service_id = e.service_id)))
                RETURNING id
                """,
                now=now,
                horizon=horizon,
                uid=self.env.uid,
                resources=[place[0] for place in places],
                branches=[place[1] or None for place in places],
                starts=[place[2] for place in places],
                stops=[place[3] for place in places],
            )
        )
        if self.env.cr.rowcount:
            self._wake()

    @api.model
    def _wake(self):
        """Let the cron go on as soon as this transaction is committed. Sudo: anybody's step may wake it."""
        self.env.ref("clinic_schedule.ir_cron_waiting").sudo()._trigger()

    # ------------------------------------------------------------------ buttons

    def _check_keeper(self):
        if not self.env.user.has_group("clinic_base.group_clinic_booking"):
            raise AccessError(self.env._("Only the staff of the clinic may do this."))
        self.check_access("read")

    def action_stop(self):
        """Button: offer the place no longer; it is open to all at once. Rights: those of booking."""
        self._check_keeper()
        for wave in self.sudo():  # sudo: waves are written by their steps only; the right was checked
            if wave.state != "running":
                raise UserError(
                    self.env._("This place is not being offered any more. Reload the page to see its state.")
                )
            wave._end("over")

    def action_called(self):
        """Button: the calls about these places are made. Rights: those of booking."""
        self._check_keeper()
        # sudo: waves are written by their steps only; the right was checked
        self.sudo().filtered(lambda wave: wave.state == "late").write({"state": "closed"})
