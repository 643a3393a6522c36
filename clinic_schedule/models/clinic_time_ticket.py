# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import hashlib
import secrets

from reportlab.graphics.barcode import createBarcodeDrawing

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import hmac
from odoo.tools.misc import format_date

from ..slot_algebra import SpareRule
from ..waiting_const import WEEKDAY_FIELDS

STATES = [
    ("open", "Can be used"),
    ("used", "Used"),
    ("expired", "Expired"),
    ("void", "Withdrawn"),
]
#: What a ticket promises; not changed when it is out of the house.
PROMISED = {
    "service_id", "resource_ids", "branch_ids", "patient_id", "price", "date_from", "date_to", "hour_from",
    "hour_to", "company_id", *WEEKDAY_FIELDS,
}  # fmt: skip
#: Visits that do not use a ticket up.
FREE_STATES = ("held", "cancelled_patient", "cancelled_clinic")


class ClinicTimeTicket(models.Model):
    """A promise on paper or by message: one visit of a service, on certain days and hours, at this price.

    Used once: the visit that was booked with it names it, and the database forbids a second one. A
    cancelled visit gives the ticket back. Its link is made from a random number of the row and the secret
    of the database; only a hash is kept to find it by.
    """

    _name = "clinic.time.ticket"
    _description = "Time ticket"
    _inherit = ["clinic.access.log.mixin", "mail.thread"]
    _order = "id desc"
    _rec_name = "number"

    number = fields.Char(readonly=True, copy=False, index=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    service_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('clinic_is_service', '=', True), ('clinic_group_size', '=', 0)]",
    )
    resource_ids = fields.Many2many(
        "resource.resource",
        string="Doctors, rooms, devices",
        ondelete="restrict",
        domain="[('clinic_kind', '!=', False)]",
        help="Who leads the visit. Empty: everybody who gives the service.",
    )
    branch_ids = fields.Many2many(
        "clinic.branch",
        string="Branches",
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
        help="Empty: all branches.",
    )
    patient_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('is_patient', '=', True)]",
        help="Only this patient may use it. Empty: whoever has the ticket.",
    )
    price = fields.Monetary(string="Agreed price", required=True)
    date_from = fields.Date(string="Visits from", required=True, default=fields.Date.context_today)
    date_to = fields.Date(
        string="Visits up to",
        required=True,
        default=lambda self: fields.Date.add(fields.Date.context_today(self), days=14),
    )
    on_mon = fields.Boolean(string="Mon", default=True)
    on_tue = fields.Boolean(string="Tue", default=True)
    on_wed = fields.Boolean(string="Wed", default=True)
    on_thu = fields.Boolean(string="Thu", default=True)
    on_fri = fields.Boolean(string="Fri", default=True)
    on_sat = fields.Boolean(string="Sat", default=True)
    on_sun = fields.Boolean(string="Sun", default=True)
    hour_from = fields.Float(string="From", default=0.0, help="On the clock of the branch.")
    hour_to = fields.Float(string="To", default=24.0, help="Visits that begin before this hour.")
    note = fields.Char(help="For the staff: why it was given.")
    is_void = fields.Boolean(string="Withdrawn", readonly=True, copy=False, tracking=True)
    is_issued = fields.Boolean(string="Given out", readonly=True, copy=False)
    appointment_ids = fields.One2many("clinic.appointment", "ticket_id", string="Visits", readonly=True)
    visit_id = fields.Many2one("clinic.appointment", compute="_compute_state")
    state = fields.Selection(STATES, compute="_compute_state", search="_search_state")
    frame = fields.Char(string="When", compute="_compute_frame")
    nonce = fields.Char(groups=fields.NO_ACCESS, copy=False)
    token_hash = fields.Char(groups=fields.NO_ACCESS, copy=False)

    _token_uniq = models.UniqueIndex("(token_hash)", "Two tickets cannot have the same link.")
    _price_sensible = models.Constraint("CHECK (price >= 0)", "The agreed price is not below zero.")
    _hours_sensible = models.Constraint(
        "CHECK (hour_from >= 0 AND hour_to <= 24 AND hour_from < hour_to)",
        "The hours lie between 0:00 and 24:00, and the end comes after the beginning.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "The last day must not come before the first."
    )
    _some_day = models.Constraint(
        f"CHECK ({' OR '.join(WEEKDAY_FIELDS)})", "Choose at least one day of the week."
    )

    @api.depends("appointment_ids.state", "is_void", "date_to")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for ticket in self:
            # sudo: whether it is used is no secret, whoever may see the visit
            visits = ticket.sudo().appointment_ids
            ticket.visit_id = visits.filtered(lambda visit: visit.state not in FREE_STATES)[:1].sudo(False)
            if ticket.visit_id:
                ticket.state = "used"
            elif ticket.is_void:
                ticket.state = "void"
            else:
                ticket.state = "expired" if ticket.date_to and ticket.date_to < today else "open"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        used = [("appointment_ids.state", "not in", FREE_STATES)]
        domains = {
            "used": fields.Domain(used),
            "void": ~fields.Domain(used) & fields.Domain("is_void", "=", True),
            "expired": ~fields.Domain(used)
            & fields.Domain([("is_void", "=", False), ("date_to", "<", today)]),
            "open": ~fields.Domain(used) & fields.Domain([("is_void", "=", False), ("date_to", ">=", today)]),
        }
        return fields.Domain.OR(domains[state] for state in value if state in domains)

    @api.depends_context("lang")
    @api.depends("date_from", "date_to", "hour_from", "hour_to", *WEEKDAY_FIELDS)
    def _compute_frame(self):
        """Days and hours in one line, as they are printed."""
        for ticket in self:
            days = [
                self._fields[name]._description_string(self.env) for name in WEEKDAY_FIELDS if ticket[name]
            ]
            parts = [
                f"{format_date(self.env, ticket.date_from)} – {format_date(self.env, ticket.date_to)}",
                ", ".join(days) if len(days) < len(WEEKDAY_FIELDS) else "",
                self.env._(
                    "%(low)s to %(high)s", low=self._clock(ticket.hour_from), high=self._clock(ticket.hour_to)
                )
                if ticket.hour_from or ticket.hour_to < 24
                else "",
            ]
            ticket.frame = "; ".join(filter(None, parts))

    @staticmethod
    def _clock(hours):
        minutes = round(hours * 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"

    # ------------------------------------------------------------------ making

    @api.model_create_multi
    def create(self, vals_list):
        """A ticket gets its number and a link that nobody can guess. Rights: those who make tickets."""
        self.check_access("create")
        for vals in vals_list:
            self._refuse_unknown(vals)
            nonce = secrets.token_hex(16)
            vals["number"] = self.env["ir.sequence"].next_by_code("clinic.time.ticket")
            vals["nonce"] = nonce
            vals["token_hash"] = self._hash(self._token_of(nonce))
        # sudo: number and secret are closed to people; the right is checked above, the company below
        tickets = super(ClinicTimeTicket, self.sudo()).create(vals_list).sudo(self.env.su)
        tickets.check_access("create")
        return tickets

    def write(self, vals):
        """What a ticket promises stays as it is once it is given out or used; withdraw it instead."""
        self._refuse_unknown(vals)
        promised = PROMISED & vals.keys() and not self.env.su
        if promised and any(ticket.is_issued or ticket.state == "used" for ticket in self):
            raise UserError(
                self.env._(
                    "This ticket is out of the house: what it promises is not changed. Withdraw it and"
                    " make another one."
                )
            )
        return super().write(vals)

    def _refuse_unknown(self, vals):
        """Number, link and state are written by the program."""
        if not self.env.su and {"number", "nonce", "token_hash", "is_void", "is_issued"} & vals.keys():
            raise UserError(self.env._("Number and state of a ticket are written by the program."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        if any(ticket.is_issued or ticket.sudo().appointment_ids for ticket in self):
            raise UserError(self.env._("A ticket that was given out is withdrawn, not deleted."))

    # ------------------------------------------------------------------ the link

    @api.model
    def _token_of(self, nonce):
        """256 bits that nobody can make without the secret of the database."""
        return hmac(self.env(su=True), "clinic_schedule.time.ticket", nonce)

    @api.model
    def _hash(self, token):
        return hashlib.sha256(token.encode()).hexdigest()

    def _token(self):
        """The secret of the link. For those who print or send the ticket."""
        self.ensure_one()
        return self._token_of(self.sudo().nonce)

    @api.model
    def _by_token(self, token):
        """The ticket of a link, for the superuser; empty if there is none. The token is the right."""
        tickets = self.sudo()
        if not isinstance(token, str) or len(token) != 64 or not token.isascii():
            return tickets.browse()
        return tickets.search([("token_hash", "=", self._hash(token))], limit=1)

    def _url(self):
        """Where the patient books with the ticket himself; empty without a site that takes tickets."""
        return ""

    def _qr_data(self):
        """The link as a picture that stands in the page itself: no secret goes through an address."""
        address = self._url()
        if not address:
            return ""
        drawing = createBarcodeDrawing("QR", value=address, width=150, height=150, barBorder=0)
        picture = drawing.asString("svg")
        return "data:image/svg+xml;base64," + base64.b64encode(picture.encode()).decode()

    # ------------------------------------------------------------------ what it is good for

    def _as_value(self):
        """Days, hours and places as the algebra of reduced prices reads them."""
        self.ensure_one()
        # a ticket for a doctor who has left is good with nobody, not with everybody
        ticket = self.with_context(active_test=False)
        return SpareRule(
            ref=self.id,
            company=self.company_id.id,
            services=frozenset(self.service_id.ids),
            resources=frozenset(ticket.resource_ids.ids) or None,
            branches=frozenset(ticket.branch_ids.ids) or None,
            weekdays=frozenset(number for number, name in enumerate(WEEKDAY_FIELDS) if self[name]),
            minute_from=round(self.hour_from * 60),
            minute_to=round(self.hour_to * 60),
            first_day=self.date_from,
            last_day=self.date_to,
        )

    def _why_not(self, patient=None, visit=None):
        """Why the ticket cannot be used now, in a sentence; empty when it can. ``visit``: its own one."""
        self.ensure_one()
        if self.is_void:
            return self.env._("The ticket %(number)s was withdrawn.", number=self.number)
        if self.visit_id and self.visit_id != visit:
            return self.env._("The ticket %(number)s is used already.", number=self.number)
        if self.date_to < fields.Date.context_today(self):
            return self.env._("The ticket %(number)s has expired.", number=self.number)
        if self.patient_id and patient and self.patient_id != patient:
            return self.env._("The ticket %(number)s is made out to another patient.", number=self.number)
        return ""

    # ------------------------------------------------------------------ buttons

    def action_print(self):
        """Button: the ticket on paper; from now on its promise stands."""
        self.check_access("read")
        self.sudo().is_issued = True  # sudo: those who may read a ticket hand it out
        return self.env.ref("clinic_schedule.action_report_time_ticket").report_action(self)

    def action_void(self):
        """Button: the ticket is good no more. Rights: those who make tickets."""
        self.check_access("write")
        if any(ticket.state == "used" for ticket in self):
            raise UserError(self.env._("A visit was booked with this ticket. Cancel the visit first."))
        self.sudo().is_void = True  # sudo: written by this button only

    def action_find(self):
        """Button: free times that the ticket is good for. Rights: those of booking."""
        self.ensure_one()
        return self.env["clinic.ticket.find"]._open(self)

    def action_visit(self):
        """Button: the visit that was booked with it."""
        self.ensure_one()
        return self.visit_id._get_records_action()
