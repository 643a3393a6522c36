# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class ClinicVault(models.AbstractModel):
    """Printed documents take part in the change of keys."""

    _inherit = "clinic.vault"

    @api.model
    def _sealed_models(self):
        return super()._sealed_models() + ["clinic.print.document"]
