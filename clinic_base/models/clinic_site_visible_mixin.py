# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ClinicSiteVisibleMixin(models.AbstractModel):
    """Two switches that every channel obeys: shown to patients, bookable by patients."""

    _name = "clinic.site.visible.mixin"
    _description = "Visibility on the clinic's site"

    show_on_site = fields.Boolean(
        default=True, help="Patients see it on the site, in the bot and through the API."
    )
    online_booking = fields.Boolean(
        default=True, help="Patients may book it themselves. Staff may always book it."
    )
