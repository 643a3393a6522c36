# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

EVERY = [("1", "Every week"), ("2", "Every second week")]


class ClinicGroupSessionRepeat(models.TransientModel):
    """Asks until when a session is repeated, and says what was made and which weeks were left out."""

    _name = "clinic.group.session.repeat"
    _description = "Repeat a group session"

    session_id = fields.Many2one("clinic.group.session", required=True, ondelete="cascade")
    every = fields.Selection(EVERY, required=True, default="1")
    until = fields.Date(string="Up to and including", required=True)
    is_done = fields.Boolean(readonly=True)
    made_count = fields.Integer(readonly=True)
    summary = fields.Text(readonly=True)

    @api.model
    def default_get(self, fields_list):
        """Eight weeks from the session on."""
        values = super().default_get(fields_list)
        session = self.env["clinic.group.session"].browse(values.get("session_id") or ()).exists()
        if session:
            values["until"] = session.date + timedelta(weeks=8)
        return values

    def action_repeat(self):
        """Button: make the sessions. Rights: whoever may make sessions; the window says what was left out."""
        self.ensure_one()
        made, left_out = self.session_id._repeat(self.until, int(self.every))
        words = [self.env._("Sessions made: %(count)s.", count=len(made))]
        words += [
            self.env._("%(day)s – left out: %(why)s.", day=format_date(self.env, day), why=why)
            for day, why in left_out
        ]
        self.write({"is_done": True, "made_count": len(made), "summary": "\n".join(words)})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Repeat weekly"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
