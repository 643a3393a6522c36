# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The clinic's block on the settings page; later addons put their settings below."""

    _inherit = "res.config.settings"

    clinic_call_phone = fields.Char(related="company_id.clinic_call_phone", readonly=False)
    clinic_call_calendar_id = fields.Many2one(related="company_id.clinic_call_calendar_id", readonly=False)
    clinic_city_code = fields.Char(related="company_id.clinic_city_code", readonly=False)
    clinic_phone_share_limit = fields.Integer(
        string="Patients with one phone",
        config_parameter="clinic_base.phone_share_limit",
        default=4,
        help="So many patients may share a phone number as a family; more of them are shown as a warning.",
    )
    clinic_match_auto = fields.Boolean(related="company_id.clinic_match_auto", readonly=False)
    clinic_key_state = fields.Char(string="Encryption key", compute="_compute_clinic_key_state")
    clinic_call_hours = fields.Char(related="company_id.clinic_call_hours", readonly=False)

    def _compute_clinic_key_state(self):
        self.clinic_key_state = self.env["clinic.vault"]._state()[1]
