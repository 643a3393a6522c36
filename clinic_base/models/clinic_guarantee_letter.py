# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ClinicGuaranteeLetter(models.Model):
    """A payer promises to pay for certain services of one patient until a day and up to a sum."""

    _name = "clinic.guarantee.letter"
    _description = "Guarantee letter"
    _order = "date desc, id desc"
    _rec_name = "letter_number"

    coverage_id = fields.Many2one("clinic.coverage", required=True, ondelete="cascade", index=True)
    patient_id = fields.Many2one(related="coverage_id.patient_id", store=True, index=True)
    letter_number = fields.Char(string="Number", required=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    valid_to = fields.Date(string="Valid until")
    services = fields.Text(required=True, help="As written in the letter.")
    currency_id = fields.Many2one(related="coverage_id.currency_id")
    amount_limit = fields.Monetary(string="Up to", help="Empty: no limit was named.")
    attachment = fields.Binary(string="Scan", attachment=True)
    attachment_name = fields.Char(string="File name")

    @api.constrains("date", "valid_to")
    def _check_dates(self):
        for letter in self:
            if letter.valid_to and letter.valid_to < letter.date:
                raise ValidationError(
                    self.env._("The letter would end before it begins. Correct one of the two dates.")
                )
