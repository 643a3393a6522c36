# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class ClinicImport(models.Model):
    """Shifts, past visits and bookings come from files, too."""

    _inherit = "clinic.import"

    @api.model
    def _importers(self):
        return super()._importers() | {
            "shift": "clinic.importer.shift",
            "visit": "clinic.importer.visit",
            "booking": "clinic.importer.booking",
        }
