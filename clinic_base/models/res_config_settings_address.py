# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Addresses: the own city, and whether DaData may be asked."""

    _inherit = "res.config.settings"

    clinic_home_city = fields.Char(related="company_id.clinic_home_city", readonly=False)
    clinic_dadata_enabled = fields.Boolean(string="Ask DaData", config_parameter="clinic_base.dadata_enabled")
    clinic_dadata_token = fields.Char(string="Token of DaData", config_parameter="clinic_base.dadata_token")
