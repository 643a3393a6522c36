# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..const import LIMITS


def _limit(name, string, help_text):
    key = f"clinic_portal.{name}"
    return fields.Integer(string=string, config_parameter=key, default=LIMITS[key], help=help_text)


class ResConfigSettings(models.TransientModel):
    """Limits of the booking on the site. Zero or empty means the usual value."""

    _inherit = "res.config.settings"

    clinic_portal_hold_minutes = _limit(
        "hold_minutes",
        "Time is kept, min",
        "How long a chosen time is kept while the patient fills the form.",
    )
    clinic_portal_change_hours = _limit(
        "change_hours", "Changes until, h", "Patients move and cancel visits at least so many hours before."
    )
    clinic_portal_days_shown = _limit(
        "days_shown", "Days shown", "How many days ahead free times are looked for on one screen."
    )
    clinic_portal_code_minutes = _limit("code_minutes", "Code is valid, min", "Life of a confirmation code.")
    clinic_portal_code_attempts = _limit(
        "code_attempts", "Attempts per code", "Wrong codes after which a new one is needed."
    )
    clinic_portal_codes_per_phone = _limit("codes_per_phone", "Codes per phone", "In one hour.")
    clinic_portal_codes_per_visitor = _limit("codes_per_visitor", "Codes per visitor", "In one hour.")
    clinic_portal_codes_per_address = _limit(
        "codes_per_address", "Codes per network address", "In one hour; one address may serve many people."
    )
    clinic_portal_holds_per_visitor = _limit("holds_per_visitor", "Chosen times per visitor", "In one hour.")
    clinic_portal_holds_per_address = _limit(
        "holds_per_address",
        "Chosen times per network address",
        "In one hour; one address may serve many people.",
    )
    clinic_portal_requests_per_visitor = _limit(
        "requests_per_visitor", "Requests per visitor", "In one hour; an account counts as one visitor."
    )
    clinic_portal_requests_per_address = _limit(
        "requests_per_address",
        "Requests per network address",
        "In one hour; one address may serve many people.",
    )
    clinic_portal_visits_per_phone = _limit(
        "visits_per_phone", "Coming visits per phone", "Site visits that one phone may have ahead."
    )
