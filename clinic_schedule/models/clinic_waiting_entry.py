# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.clinic_base.const import ADULT_AGE

from ..const import CHANNELS
from ..slot_algebra import Waiter, Wish, add_years
from ..waiting_const import ENTRY_OPEN, ENTRY_STATES, URGENCY, WEEKDAY_FIELDS

READERS = "clinic_schedule.group_clinic_schedule_reader"

#: Written by the steps of the list only: they stand for offers and visits.
GUARDED = {"number", "state", "refusals", "visit_id", "offer_ids", "offered_at", "closed_at"}


class ClinicWaitingEntry(models.Model):
    """Somebody who waits for a free time: for which service, with whom, where and when.

    A freed place becomes offers to those whom it suits (``clinic.waiting.wave``). The number is the
    name of the row everywhere; what is asked for is read by those who see the schedule only.
    """

    _name = "clinic.waiting.entry"
    _description = "Entry of the waiting list"
    _inherit = ["clinic.access.log.mixin", "mail.thread"]
    _order = "waiting_since, id"  # external callers may not sort by the urgency
    _rec_name = "number"
    _rec_names_search = ["number", "patient_id"]

    number = fields.Char(readonly=True, copy=False, index="btree_not_null")
    patient_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="restrict", domain="[('is_patient', '=', True)]"
    )
    contact_name = fields.Char(
        string="Name of the caller",
        help="Somebody without a card; it is made with the visit.",
        groups=READERS,
    )
    contact_phone = fields.Char(string="Phone of the caller", groups=READERS)
    who = fields.Char(compute="_compute_who", string="Who waits")
    call_phone = fields.Char(
        string="Phone", compute="_compute_call_phone", groups="clinic_base.group_clinic_patient_contact"
    )
    service_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('clinic_is_service', '=', True)]",
        groups=READERS,
    )
    specialty_id = fields.Many2one(
        related="service_id.clinic_specialty_id", store=True, index="btree_not_null", groups=READERS
    )
    practitioner_ids = fields.Many2many(
        "clinic.practitioner", string="Doctors", help="Empty: any doctor.", groups=READERS
    )
    branch_ids = fields.Many2many("clinic.branch", string="Branches", help="Empty: any branch.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    on_mon = fields.Boolean(string="Mon", default=True)
    on_tue = fields.Boolean(string="Tue", default=True)
    on_wed = fields.Boolean(string="Wed", default=True)
    on_thu = fields.Boolean(string="Thu", default=True)
    on_fri = fields.Boolean(string="Fri", default=True)
    on_sat = fields.Boolean(string="Sat", default=True)
    on_sun = fields.Boolean(string="Sun", default=True)
    minute_from = fields.Integer(required=True, default=0)
    minute_to = fields.Integer(required=True, default=1440)
    hour_from = fields.Float(string="Not before", compute="_compute_hours", inverse="_inverse_hour_from")
    hour_to = fields.Float(string="Not after", compute="_compute_hours", inverse="_inverse_hour_to")
    date_from = fields.Date(string="First day", required=True, default=fields.Date.context_today)
    date_to = fields.Date(string="Last day", help="Empty: as long as it takes.")
    wish_text = fields.Char(string="Days and hours", compute="_compute_wish_text")
    age_group = fields.Selection(
        [("adult", "Adult"), ("child", "Child")], compute="_compute_age_group", groups=READERS
    )
    urgency = fields.Selection(URGENCY, required=True, default="0", groups=READERS)
    note = fields.Text(groups=READERS)
    channel = fields.Selection(CHANNELS, required=True, default="phone", groups=READERS)
    user_id = fields.Many2one(
        "res.users", string="Entered by", default=lambda self: self.env.user, readonly=True, groups=READERS
    )
    state = fields.Selection(
        ENTRY_STATES, required=True, readonly=True, default="waiting", copy=False, tracking=True
    )
    waiting_since = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now, copy=False)
    waiting_days = fields.Integer(string="Waits, days", compute="_compute_waiting_days")
    refusals = fields.Integer(readonly=True, copy=False, groups=READERS)
    offered_at = fields.Datetime(string="Last offer", readonly=True, copy=False, groups=READERS)
    closed_at = fields.Datetime(readonly=True, copy=False, groups=READERS)
    visit_id = fields.Many2one(
        "clinic.appointment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=READERS,
    )
    offer_ids = fields.One2many("clinic.waiting.offer", "entry_id", readonly=True, groups=READERS)

    _hours = models.Constraint(
        "CHECK (minute_from >= 0 AND minute_to <= 1440 AND minute_from < minute_to)",
        "The wished hours must begin before they end, between 00:00 and 24:00.",
    )
    _dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)", "The last day must not be before the first one."
    )
    _some_day = models.Constraint(
        "CHECK (on_mon OR on_tue OR on_wed OR on_thu OR on_fri OR on_sat OR on_sun)",
        "Choose at least one day of the week.",
    )
    _waiting_idx = models.Index("(service_id, date_from) WHERE state = 'waiting'")

    # ------------------------------------------------------------------ computed fields

    @api.depends("patient_id", "contact_name")
    def _compute_who(self):
        """Sudo: the name of a caller without a card is shown like the name of a patient."""
        for entry in self:
            entry.who = entry.patient_id.name or entry.sudo().contact_name

    @api.depends("patient_id.phone", "contact_phone")
    def _compute_call_phone(self):
        for entry in self:
            entry.call_phone = entry.patient_id.phone or entry.contact_phone

    @api.depends("minute_from", "minute_to")
    def _compute_hours(self):
        for entry in self:
            entry.hour_from = entry.minute_from / 60
            entry.hour_to = entry.minute_to / 60

    def _inverse_hour_from(self):
        for entry in self:
            entry.minute_from = round(entry.hour_from * 60)

    def _inverse_hour_to(self):
        for entry in self:
            entry.minute_to = round(entry.hour_to * 60)

    @api.depends("minute_from", "minute_to", *WEEKDAY_FIELDS)
    @api.depends_context("lang")
    def _compute_wish_text(self):
        for entry in self:
            days = [
                self._fields[name]._description_string(self.env) for name in WEEKDAY_FIELDS if entry[name]
            ]
            text = ", ".join(days) if len(days) < len(WEEKDAY_FIELDS) else self.env._("any day")
            if (entry.minute_from, entry.minute_to) != (0, 1440):
                low, high = (f"{m // 60:02d}:{m % 60:02d}" for m in (entry.minute_from, entry.minute_to))
                text = f"{text}, {low}–{high}"
            entry.wish_text = text

    @api.depends("patient_id.birth_date")
    def _compute_age_group(self):
        today = fields.Date.context_today(self)
        for entry in self:
            born = entry.sudo().patient_id.birth_date  # sudo: of the age only whether he is a child is told
            grown = born and add_years(born, ADULT_AGE) <= today
            entry.age_group = ("adult" if grown else "child") if born else False

    @api.depends("waiting_since", "state")
    def _compute_waiting_days(self):
        now = fields.Datetime.now()
        for entry in self:
            end = entry.sudo().closed_at or now
            entry.waiting_days = (end - entry.waiting_since).days if entry.waiting_since else 0

    # ------------------------------------------------------------------ the guard

    @api.model_create_multi
    def create(self, vals_list):
        """Put people on the list; the state begins as “waiting” whoever asks."""
        for vals in vals_list:
            if not self.env.su:
                self._refuse_guarded(vals)
            vals["number"] = self.env["ir.sequence"].next_by_code("clinic.waiting.entry")
            if vals.get("contact_phone"):
                vals["contact_phone"] = self._checked_phone(vals["contact_phone"])
        entries = super().create(vals_list)
        entries._check_person()
        return entries

    def write(self, vals):
        """Wishes are changed here; state, offers and visit only by the steps of the list."""
        if not self.env.su:
            self._refuse_guarded(vals)
        if vals.get("contact_phone"):
            vals = {**vals, "contact_phone": self._checked_phone(vals["contact_phone"])}
        return super().write(vals)

    def _refuse_guarded(self, vals):
        refused = (GUARDED | {"waiting_since", "user_id"}) & vals.keys()
        if any(vals[name] for name in refused - {"state"}) or vals.get("state", "waiting") != "waiting":
            raise UserError(
                self.env._(
                    "State, offers and visit of an entry are changed by its buttons only: they offer or"
                    " book a time as well."
                )
            )
        for name in refused:
            vals.pop(name)

    @api.model
    def _checked_phone(self, text):
        """The number in its usual spelling; the patients' own check says what is wrong with it."""
        return self.env["res.partner"]._checked_phone(text)

    @api.constrains("patient_id", "contact_name", "contact_phone")
    def _check_person(self):
        for entry in self.sudo():
            if (
                entry.state in ENTRY_OPEN
                and not entry.patient_id
                and not (entry.contact_name and entry.contact_phone)
            ):
                raise ValidationError(
                    self.env._("Choose the patient, or write the name and the phone of the caller.")
                )

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Notes of the desk are read by those who keep the list, not by everyone who sees a name."""
        return dict.fromkeys(self, "write")

    # ------------------------------------------------------------------ what the offers ask

    def _waiter(self):
        """The entry as ``slot_algebra.rank`` compares it."""
        self.ensure_one()
        return Waiter(self.id, int(self.urgency), self.waiting_since, self.refusals)

    def _wish(self):
        """Days and hours as ``slot_algebra.suits`` compares them."""
        self.ensure_one()
        days = frozenset(number for number, name in enumerate(WEEKDAY_FIELDS) if self[name])
        return Wish(
            days if len(days) < len(WEEKDAY_FIELDS) else frozenset(),
            self.minute_from,
            self.minute_to,
            self.date_from,
            self.date_to or None,
        )
