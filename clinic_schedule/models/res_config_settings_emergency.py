# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """When the lists for an outage are made and how long they are kept."""

    _inherit = "res.config.settings"

    clinic_emergency_list_hour = fields.Integer(
        string="Lists for an outage from, hour",
        config_parameter="clinic_schedule.emergency_list_hour",
        default=20,
    )
    clinic_emergency_list_days = fields.Integer(
        string="Lists for an outage are kept, days",
        config_parameter="clinic_schedule.emergency_list_days",
        default=3,
    )

    def set_values(self):
        """Odoo forgets a zero: none are kept, or they are made from midnight on."""
        result = super().set_values()
        for name in ("hour", "days"):
            if not self[f"clinic_emergency_list_{name}"]:
                # sudo: whoever may save the settings
                self.env["ir.config_parameter"].sudo().set_param(
                    f"clinic_schedule.emergency_list_{name}", "0"
                )
        return result
