# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ClinicCoverageProgramme(models.Model):
    """A programme of an insurer or a contract with an employer: what it pays for, in words."""

    _name = "clinic.coverage.programme"
    _description = "Programme of an insurer or employer"
    _order = "payer_id, name"

    name = fields.Char(required=True)
    payer_id = fields.Many2one(
        "res.partner", required=True, ondelete="restrict", index=True, domain=[("is_company", "=", True)]
    )
    contract = fields.Char(help="Number and date of the contract with the payer.")
    covered = fields.Text(string="Paid for", help="Read by the registrar before booking.")
    not_covered = fields.Text(string="Not paid for")
    needs_guarantee = fields.Boolean(
        string="Guarantee letter needed",
        help="Visits are booked only after the payer has sent a guarantee letter.",
    )
    valid_from = fields.Date()
    valid_to = fields.Date(string="Valid until")
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company, index=True)
    active = fields.Boolean(default=True)
