# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class ClinicCodeSenderDemo(models.AbstractModel):
    """Sends nothing: keeps the code readable for the staff of a demo database."""

    _name = "clinic.code.sender.demo"
    _inherit = "clinic.code.sender.mixin"
    _description = "Demonstration sender of codes"

    @api.model
    def _send(self, sender, phone, code, record):
        if not sender._is_demo_database():
            return False
        record.demo_code = code
        return True
