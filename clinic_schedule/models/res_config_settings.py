# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Limits for patients, in one place for all ways without the staff."""

    _inherit = "res.config.settings"

    clinic_limit_moves = fields.Integer(related="company_id.clinic_limit_moves", readonly=False)
    clinic_limit_open = fields.Integer(related="company_id.clinic_limit_open", readonly=False)
    clinic_limit_no_shows = fields.Integer(related="company_id.clinic_limit_no_shows", readonly=False)
    clinic_no_show_rule = fields.Selection(related="company_id.clinic_no_show_rule", readonly=False)
    clinic_overbook_per_day = fields.Integer(
        string="Extra visits of a doctor's day",
        config_parameter="clinic_schedule.overbook_per_day",
        default=2,
        help="How many visits into taken time (CITO) one doctor may have on one day; 0: none, at most 20.",
    )

    def set_values(self):
        """Odoo forgets a zero, which means “none” here and not the usual value."""
        result = super().set_values()
        if not self.clinic_overbook_per_day:
            # sudo: whoever may save the settings
            self.env["ir.config_parameter"].sudo().set_param("clinic_schedule.overbook_per_day", "0")
        return result
