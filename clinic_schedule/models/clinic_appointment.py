# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError

from odoo.addons.clinic_base.const import VISIT_TYPES

from ..const import CHANNELS, PAYER_KINDS, SCHEDULE_READERS, STATES
from ..slot_algebra import local_date, utc_to_wall

#: Written by the booking service only: they stand for occupied places or for history.
GUARDED = {
    "number", "patient_id", "service_id", "resource_id", "practitioner_id", "branch_id", "room_id",
    "device_ids", "start", "stop", "state", "channel", "price", "price_before", "prepayment", "source",
    "external_ref", "session_id", "overbooked", "overbook_reason",
    "place_kind", "spare_rule_id", "spare_chance", "ticket_id",
    "token", "hold_expires_at", "journal_ids", "claim_ids", "cancel_reason_id", "move_reason_id",
}  # fmt: skip

#: All that may be written directly; bridges add theirs in ``_editable_fields``.
EDITABLE = {"note", "payer_kind", "visit_type"}


class ClinicAppointment(models.Model):
    """One visit agreed with a patient: who, what, with whom, where, when, in which state.

    Made and changed by ``clinic.booking`` only, because every change of time or place is a
    change of claims. Later addons hang on the empty hooks ``_after_…``.
    """

    _name = "clinic.appointment"
    _description = "Appointment"
    _inherit = "clinic.access.log.mixin"
    _order = "start desc, id desc"
    _rec_name = "number"
    _rec_names_search = ["number", "patient_id"]

    number = fields.Char(readonly=True, copy=False, index="btree_not_null")
    patient_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="restrict", domain="[('is_patient', '=', True)]"
    )
    external_patient_ref = fields.Char(
        string="Pseudonym",
        help="How an external system calls a patient whom we do not know by name.",
        groups=SCHEDULE_READERS,
    )
    service_id = fields.Many2one(
        "product.product", required=True, index=True, ondelete="restrict", groups=SCHEDULE_READERS
    )
    specialty_id = fields.Many2one(
        related="service_id.clinic_specialty_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        groups=SCHEDULE_READERS,
    )
    resource_id = fields.Many2one(
        "resource.resource",
        string="Leading resource",
        required=True,
        ondelete="restrict",
        groups=SCHEDULE_READERS,
    )
    practitioner_id = fields.Many2one(
        "clinic.practitioner", index="btree_not_null", ondelete="restrict", groups=SCHEDULE_READERS
    )
    branch_id = fields.Many2one("clinic.branch", required=True, ondelete="restrict")
    company_id = fields.Many2one(related="branch_id.company_id", store=True, precompute=True, index=True)
    tz = fields.Selection(related="branch_id.tz", string="Time zone")
    room_id = fields.Many2one(
        "clinic.room", index="btree_not_null", ondelete="restrict", groups=SCHEDULE_READERS
    )
    device_ids = fields.Many2many("clinic.device", string="Devices", groups=SCHEDULE_READERS)
    session_id = fields.Many2one(
        "clinic.group.session",
        string="Group session",
        index="btree_not_null",
        ondelete="restrict",
        groups="clinic_schedule.group_clinic_schedule_reader",
    )
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    wall_start = fields.Char(compute="_compute_walls", string="Starts (branch time)")
    wall_stop = fields.Char(compute="_compute_walls", string="Ends (branch time)")
    duration = fields.Integer(
        compute="_compute_duration",
        store=True,
        precompute=True,
        string="Duration, min",
        groups=SCHEDULE_READERS,
    )
    local_date = fields.Date(
        compute="_compute_local_date",
        store=True,
        precompute=True,
        string="Date",
        help="On the calendar of the branch.",
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, copy=False, group_expand="_group_expand_state"
    )
    channel = fields.Selection(CHANNELS, required=True, groups=SCHEDULE_READERS)
    visit_type = fields.Selection(
        VISIT_TYPES,
        help="Proposed from the patient's earlier visits to the doctor or specialty.",
        groups=SCHEDULE_READERS,
    )
    is_first_visit = fields.Boolean(compute="_compute_is_first_visit", groups=SCHEDULE_READERS)
    payer_kind = fields.Selection(PAYER_KINDS, required=True, default="self", groups=SCHEDULE_READERS)
    currency_id = fields.Many2one(related="company_id.currency_id", groups=SCHEDULE_READERS)
    price = fields.Monetary(groups=SCHEDULE_READERS)
    price_before = fields.Monetary(groups=SCHEDULE_READERS)
    prepayment = fields.Boolean(
        string="Only with prepayment",
        readonly=True,
        copy=False,
        help="The patient's card asked for prepayment when the visit was booked.",
        groups=SCHEDULE_READERS,
    )
    source = fields.Char(help="External system that booked.", groups=SCHEDULE_READERS)
    external_ref = fields.Char(help="Number of the visit in the external system.", groups=SCHEDULE_READERS)
    token = fields.Char(copy=False, groups="base.group_system")
    hold_expires_at = fields.Datetime(copy=False, groups=SCHEDULE_READERS)
    overbooked = fields.Boolean(
        string="CITO",
        readonly=True,
        copy=False,
        help="An extra visit, put into a time that was taken already.",
        groups=SCHEDULE_READERS,
    )
    overbook_reason = fields.Char(
        string="Why into taken time",
        readonly=True,
        copy=False,
        groups="clinic_schedule.group_clinic_schedule_reader",
    )
    note = fields.Text(groups=SCHEDULE_READERS)
    cancel_reason_id = fields.Many2one(
        "clinic.appointment.reason", index="btree_not_null", ondelete="restrict", groups=SCHEDULE_READERS
    )
    move_reason_id = fields.Many2one(
        "clinic.appointment.reason", index="btree_not_null", ondelete="restrict", groups=SCHEDULE_READERS
    )
    user_id = fields.Many2one("res.users", string="Booked by", readonly=True, groups=SCHEDULE_READERS)
    claim_ids = fields.One2many(
        "clinic.slot.claim", "appointment_id", groups="clinic_schedule.group_clinic_schedule_reader"
    )
    journal_ids = fields.One2many(
        "clinic.appointment.journal",
        "appointment_id",
        groups="clinic_schedule.group_clinic_schedule_reader",
    )
    color = fields.Integer(compute="_compute_color")
    is_past = fields.Boolean(compute="_compute_is_past")

    _stop_after_start = models.Constraint("CHECK (stop > start)", "A visit must end after it starts.")
    _somebody = models.Constraint(
        "CHECK (patient_id IS NOT NULL OR external_patient_ref IS NOT NULL OR state = 'held'"
        " OR state LIKE 'cancelled%')",
        "A visit needs a patient.",
    )
    _token_uniq = models.UniqueIndex("(token) WHERE token IS NOT NULL", "This request was already used.")
    _external_ref_uniq = models.UniqueIndex(
        "(source, external_ref) WHERE external_ref IS NOT NULL",
        "The external system has already booked a visit under this number.",
    )
    _external_ref_has_source = models.Constraint(
        "CHECK (external_ref IS NULL OR source IS NOT NULL)",
        "An external number needs the name of its system.",
    )
    _resource_start_idx = models.Index("(resource_id, start)")
    _branch_start_idx = models.Index("(branch_id, start)")
    _local_date_idx = models.Index("(local_date)")
    _hold_idx = models.Index("(hold_expires_at) WHERE state = 'held'")

    # ------------------------------------------------------------------ computed fields

    @api.model
    def _group_expand_state(self, states, domain):
        """Columns of the day's flow stand in the order of the states, empty ones too."""
        return [state for state, _label in STATES if state != "held" or state in states]

    @api.depends("start", "stop")
    def _compute_duration(self):
        for appointment in self:
            delta = appointment.stop - appointment.start if appointment.stop and appointment.start else None
            appointment.duration = delta.total_seconds() // 60 if delta else 0

    @api.depends("start", "stop", "branch_id.tz")
    def _compute_walls(self):
        for appointment in self:
            tz = appointment.branch_id.tz
            for wall, moment in (("wall_start", appointment.start), ("wall_stop", appointment.stop)):
                appointment[wall] = f"{utc_to_wall(moment, tz):%d.%m %H:%M}" if moment and tz else False

    @api.depends("start", "branch_id.tz")
    def _compute_local_date(self):
        for appointment in self:
            tz = appointment.branch_id.tz
            appointment.local_date = local_date(appointment.start, tz) if appointment.start and tz else False

    @api.depends("visit_type")
    def _compute_is_first_visit(self):
        for appointment in self:
            appointment.is_first_visit = appointment.visit_type == "first"

    @api.depends("state")
    def _compute_color(self):
        order = [state for state, _label in STATES]
        for appointment in self:
            appointment.color = order.index(appointment.state) + 1 if appointment.state else 0

    @api.depends("stop")
    @api.depends_context("uid")
    def _compute_is_past(self):
        now = fields.Datetime.now()
        for appointment in self:
            appointment.is_past = bool(appointment.stop) and appointment.stop < now

    @api.depends("patient_id", "start", "branch_id.tz")
    def _compute_display_name(self):
        for appointment in self:
            who = appointment.patient_id.display_name or appointment.number or ""
            tz = appointment.branch_id.tz
            when = utc_to_wall(appointment.start, tz) if appointment.start and tz else None
            appointment.display_name = f"{who}, {when:%d.%m.%Y %H:%M}" if when else who

    # ------------------------------------------------------------------ the guard

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        """Refused: visits are made by the booking service, which occupies their place."""
        raise UserError(
            self.env._("Visits are made by booking a free time: open the schedule and choose a time there.")
        )

    def write(self, vals):
        """Notes, payer and the like; state, time and place only through the booking service."""
        if GUARDED & vals.keys() or (not self.env.su and vals.keys() - self._editable_fields()):
            raise UserError(
                self.env._(
                    "Time, place, patient and state of a visit are changed by its buttons only: they occupy"
                    " or free the place as well."
                )
            )
        return super().write(vals)

    @api.model
    def _editable_fields(self):
        """Names of the fields that people may write without the booking service."""
        return EDITABLE

    def _create_guarded(self, vals):
        """The booking service's create."""
        return super().create([vals])  # pylint: disable=super-method-mismatch

    def _write_guarded(self, vals):
        """The booking service's write."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    @api.ondelete(at_uninstall=False)
    def _unlink_except_cancelled(self):
        if any(appointment.state != "held" for appointment in self):
            raise UserError(self.env._("Visits are not deleted. Cancel the visit instead."))

    def _try_lock_to_drop(self):
        """Those of these holds that nobody is at work on, locked as bookings do: claims, then the visit."""
        execute = self.env.cr.execute
        execute(
            "SELECT id FROM clinic_slot_claim WHERE appointment_id = ANY(%s) ORDER BY id"
            " FOR UPDATE SKIP LOCKED",
            [self.ids],
        )
        locked = [claim_id for (claim_id,) in self.env.cr.fetchall()]
        execute(
            "SELECT DISTINCT appointment_id FROM clinic_slot_claim"
            " WHERE appointment_id = ANY(%s) AND id <> ALL(%s)",
            [self.ids, locked],
        )
        busy = self.browse([appointment_id for (appointment_id,) in self.env.cr.fetchall()])
        return (self - busy).try_lock_for_update()

    def _drop_expired(self):
        """Delete held visits with their journal and claims; those whose time has run out count as lost."""
        expired = self.filtered(lambda appointment: appointment.state == "held")
        now = fields.Datetime.now()
        for appointment in expired.filtered(lambda appointment: appointment.hold_expires_at <= now):
            self.env["clinic.booking"]._log("lost", appointment, begun=appointment.create_date)
        if expired:
            expired._bus_changed("expired")
            self.env["clinic.slot.claim"]._release(expired)
            self.env.cr.execute("DELETE FROM clinic_appointment WHERE id = ANY(%s)", [expired.ids])
            self.env["clinic.appointment.journal"].invalidate_model(flush=False)
            expired.invalidate_recordset(flush=False)

    def _take_token(self, token):
        """Claim the token before any place is claimed.

        A rival with the same token makes this wait, and then fail with an error that
        ``retrying`` answers by repeating the transaction: the repeated one finds the
        rival's visit and returns it.
        """
        self.ensure_one()
        try:
            self.env.cr.execute(
                "UPDATE clinic_appointment SET token = %s WHERE id = %s",
                [token, self.id],
                log_exceptions=False,
            )
        except errors.UniqueViolation as error:
            raise ConcurrencyError("booking token in use, start again") from error
        self.invalidate_recordset(["token"], flush=False)

    @api.model
    def _clinic_merge_combine(self, merge, column):
        """With the visits of a joined card its occupied time goes to the card that stays."""
        if column != "patient_id":
            return
        claims = self.env["clinic.slot.claim"]
        ids = claims._change_patient(merge.loser_id, merge.survivor_id)
        if ids:
            self.env["clinic.merge.line"]._note(
                merge,
                "repoint",
                claims._table,
                "ref",
                amount=len(ids),
                old=merge.loser_id.id,
                new=merge.survivor_id.id,
                keys=[{"id": claim_id} for claim_id in ids],
            )
