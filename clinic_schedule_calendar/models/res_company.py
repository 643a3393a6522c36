# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResCompany(models.Model):
    """What the copies of visits are called in the calendars of doctors."""

    _inherit = "res.company"

    clinic_calendar_title = fields.Selection(
        [
            ("busy", "“Visit” only"),
            ("service", "The service"),
            ("patient", "The service and the patient's name"),
        ],
        string="Titles in calendars",
        required=True,
        default="service",
    )
