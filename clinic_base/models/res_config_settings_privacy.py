# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Locks of shared workplaces, and what is unusual in the access journal (negative: not watched)."""

    _inherit = "res.config.settings"

    clinic_idle_minutes = fields.Integer(related="company_id.clinic_idle_minutes", readonly=False)
    clinic_pin_length = fields.Integer(
        string="Digits of a PIN", config_parameter="clinic_base.pin_length", default=6
    )
    clinic_pin_attempts = fields.Integer(
        string="Wrong PINs before the password is asked for",
        config_parameter="clinic_base.pin_attempts",
        default=5,
    )
    clinic_pin_hours = fields.Integer(
        string="Hours a sign-in lasts for the PIN", config_parameter="clinic_base.pin_hours", default=12
    )

    clinic_journal_cards = fields.Integer(
        string="Cards opened in an hour", config_parameter="clinic_base.journal_cards_per_hour", default=120
    )
    clinic_journal_reveals = fields.Integer(
        string="Numbers shown in an hour", config_parameter="clinic_base.journal_reveals_per_hour", default=40
    )
    clinic_journal_rows = fields.Integer(
        string="Rows exported or printed in an hour",
        config_parameter="clinic_base.journal_rows_per_hour",
        default=500,
    )
    clinic_journal_failures = fields.Integer(
        string="Failed sign-ins in an hour",
        config_parameter="clinic_base.journal_failures_per_hour",
        default=15,
    )
