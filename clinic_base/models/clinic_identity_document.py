# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..document_ru import check_number

#: From so many days before the end a document is shown as ending.
SOON_DAYS = 30


class ClinicIdentityDocument(models.Model):
    """An identity document or other personal number of a patient. The number is encrypted.

    Entered at the desk. A renewed document is a new row, the old one is archived, not overwritten.
    """

    _name = "clinic.identity.document"
    _description = "Identity document"
    _inherit = ["clinic.sealed.number.mixin"]
    _order = "patient_id, sequence, issued_on desc, id desc"

    patient_id = fields.Many2one(
        "res.partner",
        required=True,
        ondelete="restrict",
        index=True,
        domain=[("is_patient", "=", True)],
    )
    kind_id = fields.Many2one("clinic.identity.document.kind", required=True, ondelete="restrict", index=True)
    kind_code = fields.Char(related="kind_id.code")
    number_example = fields.Char(related="kind_id.number_example")
    sequence = fields.Integer(related="kind_id.sequence", store=True)
    active = fields.Boolean(default=True)
    country_id = fields.Many2one("res.country", string="Citizenship or country of issue")
    issued_by = fields.Char()
    issuer_code = fields.Char(
        string="Code of the issuer", help="For a Russian passport: three digits, hyphen, three digits."
    )
    issued_on = fields.Date()
    valid_to = fields.Date(
        string="Valid until",
        compute="_compute_valid_to",
        store=True,
        readonly=False,
        help="For documents that are changed at a certain age it is computed from the birth date.",
    )
    state = fields.Selection(
        [("valid", "Valid"), ("ending", "Ends soon"), ("expired", "Expired")],
        compute="_compute_state",
        search="_search_state",
    )
    note = fields.Char()

    @api.depends("kind_id", "issued_on", "patient_id")
    def _compute_valid_to(self):
        for document in self:
            ages = document.kind_id._renewal_years() if document.kind_id else []
            # read as the superuser: who enters a document need not see the birth date
            born = document.patient_id.sudo().birth_date
            if not ages or not born or not document.issued_on:
                document.valid_to = document.valid_to or False
                continue
            birthdays = [born + relativedelta(years=age) for age in ages]
            # a document taken within the days of grace is already the next one
            later = [day for day in birthdays if day > document.issued_on]
            grace = relativedelta(days=document.kind_id.grace_days)
            document.valid_to = later[0] + grace if later else False

    @api.depends("valid_to")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        soon = today + relativedelta(days=SOON_DAYS)
        for document in self:
            if document.valid_to and document.valid_to < today:
                document.state = "expired"
            elif document.valid_to and document.valid_to <= soon:
                document.state = "ending"
            else:
                document.state = "valid"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        soon = today + relativedelta(days=SOON_DAYS)
        parts = {
            "expired": fields.Domain("valid_to", "<", today),
            "ending": fields.Domain("valid_to", ">=", today) & fields.Domain("valid_to", "<=", soon),
            "valid": fields.Domain("valid_to", "=", False) | fields.Domain("valid_to", ">", soon),
        }
        return fields.Domain.OR(parts[state] for state in value if state in parts)

    @api.depends("kind_id.name", "number_tail")
    def _compute_display_name(self):
        for document in self:
            name = document.kind_id.name or self.env._("Document")
            document.display_name = f"{name} {document.number}" if document.number_tail else name

    @api.constrains("issued_on", "valid_to", "patient_id")
    def _check_dates(self):
        today = fields.Date.context_today(self)
        for document in self:
            issued = document.issued_on
            born = document.patient_id.sudo().birth_date
            if issued and issued > today:
                raise ValidationError(
                    self.env._("A document cannot be issued in the future. Check its date.")
                )
            if issued and born and issued < born:
                raise ValidationError(
                    self.env._("The document is older than the patient. Check its date and the birth date.")
                )
            if issued and document.valid_to and document.valid_to < issued:
                raise ValidationError(
                    self.env._("The document would end before it was issued. Correct one of the two dates.")
                )

    def _number_doubt(self, number):
        return check_number(self.kind_id.number_check or "", number)
