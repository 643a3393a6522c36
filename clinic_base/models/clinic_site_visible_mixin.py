# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain


class ClinicSiteVisibleMixin(models.AbstractModel):
    """Two switches that every channel obeys: shown to patients, bookable by patients."""

    _name = "clinic.site.visible.mixin"
    _description = "Visibility on the clinic's site"

    show_on_site = fields.Boolean(
        string="On the site",
        default=True,
        help="Patients see it on the site, in the bot and through the API.",
    )
    online_booking = fields.Boolean(
        string="Online booking",
        default=True,
        help="Patients may book it themselves. Staff may always book it.",
    )

    @api.model
    def _site_domain(self, booking=False):
        """What patients may see (``booking``: and book) in any channel: site, bot, API, aggregators.

        Overridden where a record also depends on others (a doctor on the branch, for example).
        Archived records are left to ``active_test``.
        """
        domain = Domain("show_on_site", "=", True)
        return domain & Domain("online_booking", "=", True) if booking else domain
