# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ClinicAbsenceRefuse(models.TransientModel):
    """Asks the senior nurse why an absence is refused."""

    _name = "clinic.absence.refuse"
    _description = "Refusal of an absence"

    request_id = fields.Many2one("clinic.absence.request", required=True, readonly=True, ondelete="cascade")
    answer = fields.Char(string="Why", required=True)

    def action_refuse(self):
        """Refuse with the reason. Rights: senior nurse."""
        self.ensure_one()
        self.request_id._refuse(self.answer)
        return {"type": "ir.actions.act_window_close"}
