# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ClinicSparePreviewLine(models.TransientModel):
    """One day of a doctor, room or device: how full it is, how full it will be, what becomes cheaper."""

    _name = "clinic.spare.preview.line"
    _description = "Day that a reduced price reaches"
    _order = "day, id"

    preview_id = fields.Many2one("clinic.spare.preview", required=True, index=True, ondelete="cascade")
    day = fields.Date(readonly=True)
    branch_id = fields.Many2one("clinic.branch", readonly=True, ondelete="cascade")
    resource_id = fields.Many2one(
        "resource.resource", string="Doctor, room or device", readonly=True, ondelete="cascade"
    )
    load = fields.Integer(string="Booked, %", readonly=True, aggregator="avg")
    forecast = fields.Integer(string="Forecast, %", readonly=True, aggregator="avg")
    chance = fields.Integer(
        string="Would be sold, %",
        readonly=True,
        aggregator="avg",
        help="How likely a free time of this day is booked at the full price.",
    )
    cheap_count = fields.Integer(string="Cheaper times", readonly=True)
    currency_id = fields.Many2one(related="branch_id.company_id.currency_id")
    price_before = fields.Monetary(string="Full price from", readonly=True)
    price = fields.Monetary(string="Reduced from", readonly=True)
