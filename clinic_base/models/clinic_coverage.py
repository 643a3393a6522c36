# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..document_ru import check_number

KINDS = [
    ("oms", "Compulsory insurance (OMS)"),
    ("dms", "Voluntary insurance (DMS)"),
    ("employer", "Employer's contract"),
]


class ClinicCoverage(models.Model):
    """Somebody else pays for the patient: a policy of an insurer or a contract of an employer.

    Entered at the desk; the number is encrypted. Visits refer to it, so it is archived, not deleted.
    """

    _name = "clinic.coverage"
    _description = "Coverage"
    _inherit = ["clinic.sealed.number.mixin"]
    _order = "patient_id, kind, valid_to desc, id desc"

    patient_id = fields.Many2one(
        "res.partner", required=True, ondelete="restrict", index=True, domain=[("is_patient", "=", True)]
    )
    kind = fields.Selection(KINDS, required=True, default="dms")
    payer_id = fields.Many2one(
        "res.partner",
        string="Insurer or employer",
        ondelete="restrict",
        index="btree_not_null",
        domain=[("is_company", "=", True)],
        compute="_compute_payer_id",
        store=True,
        readonly=False,
    )
    programme_id = fields.Many2one(
        "clinic.coverage.programme", ondelete="restrict", index="btree_not_null", check_company=False
    )
    programme_covered = fields.Text(related="programme_id.covered")
    programme_not_covered = fields.Text(related="programme_id.not_covered")
    needs_guarantee = fields.Boolean(related="programme_id.needs_guarantee")
    letter_ids = fields.One2many("clinic.guarantee.letter", "coverage_id", string="Guarantee letters")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    valid_from = fields.Date()
    valid_to = fields.Date(string="Valid until")
    active = fields.Boolean(default=True)
    note = fields.Char()
    state = fields.Selection(
        [("future", "Not yet valid"), ("valid", "Valid"), ("expired", "Expired")],
        compute="_compute_state",
        search="_search_state",
    )

    _dates_order = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from)",
        "The policy would end before it begins. Correct one of the two dates.",
    )

    @api.depends("programme_id")
    def _compute_payer_id(self):
        for coverage in self:
            coverage.payer_id = coverage.programme_id.payer_id or coverage.payer_id

    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    @api.depends("valid_from", "valid_to")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for coverage in self:
            if coverage.valid_to and coverage.valid_to < today:
                coverage.state = "expired"
            elif coverage.valid_from and coverage.valid_from > today:
                coverage.state = "future"
            else:
                coverage.state = "valid"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        parts = {
            "expired": fields.Domain("valid_to", "<", "today"),
            "future": fields.Domain("valid_from", ">", "today") & self._not_ended(),
            "valid": (fields.Domain("valid_from", "=", False) | fields.Domain("valid_from", "<=", "today"))
            & self._not_ended(),
        }
        return fields.Domain.OR(parts[state] for state in value if state in parts)

    @api.model
    def _not_ended(self):
        return fields.Domain("valid_to", "=", False) | fields.Domain("valid_to", ">=", "today")

    @api.constrains("kind", "payer_id")
    def _check_payer(self):
        for coverage in self:
            if coverage.kind != "oms" and not coverage.payer_id:
                raise ValidationError(
                    self.env._("Say who pays: choose the insurer or the employer of this policy.")
                )

    @api.depends("kind", "payer_id.name", "number_tail")
    def _compute_display_name(self):
        short = {"oms": self.env._("OMS"), "dms": self.env._("DMS"), "employer": self.env._("Employer")}
        for coverage in self:
            words = [short.get(coverage.kind), coverage.payer_id.name, coverage.number or None]
            coverage.display_name = " ".join(word for word in words if word)

    def _number_doubt(self, number):
        return check_number("enp", number) if self.kind == "oms" else ""

    def _is_good_on(self, day):
        """Whether the policy is in force on ``day``, a date."""
        self.ensure_one()
        started = not self.valid_from or self.valid_from <= day
        return self.active and started and (not self.valid_to or self.valid_to >= day)
