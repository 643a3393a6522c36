# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ClinicHealthLine(models.TransientModel):
    """One result of the health checks on the administrator's page; made when the page opens."""

    _name = "clinic.health.line"
    _description = "Health check"
    _order = "ok, id"

    name = fields.Char(readonly=True)
    ok = fields.Boolean(string="In order", readonly=True)
    message = fields.Text(readonly=True)

    @api.model
    def action_check(self):
        """Run the checks and show their results. Rights: clinic administrators."""
        lines = self.create(self.env["clinic.health"].check())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Health"),
            "res_model": self._name,
            "views": [(False, "list")],
            "domain": [("id", "in", lines.ids)],
        }
