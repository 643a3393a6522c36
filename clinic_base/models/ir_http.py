# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """The administrator of an empty clinic is met by the setup wizard."""
        info = super().session_info()
        if not info.get("home_action_id") and self.env["clinic.setup.wizard"]._is_wanted():
            info["home_action_id"] = self.env.ref("clinic_base.action_clinic_setup").id
        return info
