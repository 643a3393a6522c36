# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Titles of the copies in calendars."""

    _inherit = "res.config.settings"

    clinic_calendar_title = fields.Selection(
        related="company_id.clinic_calendar_title", readonly=False, required=True
    )
