# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..const import ADULT_AGE
from .clinic_consent_may import MEDICAL_AGE
from .clinic_consent_resign import AHEAD_DAYS


class ResConfigSettings(models.TransientModel):
    """Ages of signing and the days ahead of which the desk is reminded of a new signature."""

    _inherit = "res.config.settings"

    clinic_consent_age_medical = fields.Integer(
        string="Age of medical decisions",
        config_parameter="clinic_base.consent_age_medical",
        default=MEDICAL_AGE,
        help="From this age a patient signs himself for interventions and other medical matters.",
    )
    clinic_consent_age = fields.Integer(
        string="Age of own signature",
        config_parameter="clinic_base.consent_age",
        default=ADULT_AGE,
        help="From this age a patient signs everything himself.",
    )
    clinic_consent_ahead_days = fields.Integer(
        string="Remind ahead, days",
        config_parameter="clinic_base.consent_ahead_days",
        default=AHEAD_DAYS,
        help="So many days before its end a consent appears in the list to be signed again.",
    )
    clinic_resign_user_id = fields.Many2one(related="company_id.clinic_resign_user_id", readonly=False)
