# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class ClinicPrintPackage(models.TransientModel):
    """A package may be asked for from a visit."""

    _inherit = "clinic.print.package"

    @api.model
    def _selection_about(self):
        return super()._selection_about() + [("clinic.appointment", self.env._("Visit"))]
