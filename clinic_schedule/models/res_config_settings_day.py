# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The doctor's day: who approves absences, when a patient is late."""

    _inherit = "res.config.settings"

    clinic_absence_approval = fields.Selection(
        related="company_id.clinic_absence_approval", readonly=False, required=True
    )
    clinic_late_minutes = fields.Integer(
        string="Late after, min", config_parameter="clinic_schedule.late_minutes", default=10
    )
    clinic_auto_no_show = fields.Boolean(
        string="Mark as not come by itself", config_parameter="clinic_schedule.auto_no_show"
    )
