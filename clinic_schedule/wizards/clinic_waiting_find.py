# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ClinicWaitingFind(models.TransientModel):
    """The window “Free now” of an entry of the waiting list."""

    _name = "clinic.waiting.find"
    _description = "Free times for an entry of the waiting list"

    entry_id = fields.Many2one("clinic.waiting.entry", required=True, ondelete="cascade")
    # without sudo: a row made by hand shows nothing of an entry that its maker may not read
    who = fields.Char(related="entry_id.who", related_sudo=False)
    service_id = fields.Many2one(related="entry_id.service_id", related_sudo=False)
    wish_text = fields.Char(related="entry_id.wish_text", related_sudo=False)
    line_ids = fields.One2many("clinic.waiting.find.line", "find_id")

    @api.model
    def _open(self, entry):
        """The window with the free times of now. The entry was checked."""
        lines = [
            fields.Command.create(
                {
                    "resource_id": slot["resource_id"],
                    "branch_id": slot["branch_id"],
                    "service_id": slot["service_id"],
                    "start": slot["start"],
                    "stop": slot["stop"],
                    "price": slot["price"],
                }
            )
            for slot in entry._find_slots()
        ]
        window = self.create({"entry_id": entry.id, "line_ids": lines})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Free now"),
            "res_model": self._name,
            "res_id": window.id,
            "views": [(False, "form")],
            "target": "new",
        }
