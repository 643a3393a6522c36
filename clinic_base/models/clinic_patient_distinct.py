# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ClinicPatientDistinct(models.Model):
    """Two cards that look alike belong to different people: decided by a person and remembered."""

    _name = "clinic.patient.distinct"
    _description = "Different people"
    _order = "id desc"

    first_id = fields.Many2one("res.partner", required=True, ondelete="cascade", index=True)
    second_id = fields.Many2one("res.partner", required=True, ondelete="cascade", index=True)
    reason = fields.Selection(
        [
            ("twins", "Twins"),
            ("namesakes", "Namesakes"),
            ("relatives", "Relatives"),
            ("undone", "Joined by mistake"),
            ("other", "Other reason"),
        ],
        required=True,
        default="other",
    )
    note = fields.Char()

    _one_per_pair = models.UniqueIndex(
        "(LEAST(first_id, second_id), GREATEST(first_id, second_id))",
        "These two cards are already marked as different people.",
    )

    @api.constrains("first_id", "second_id")
    def _check_two(self):
        if any(pair.first_id == pair.second_id for pair in self):
            raise ValidationError(self.env._("Choose two different cards."))

    @api.depends("first_id.name", "second_id.name")
    def _compute_display_name(self):
        for pair in self:
            pair.display_name = f"{pair.first_id.name} – {pair.second_id.name}"

    @api.model
    def _mark(self, first, second, reason):
        """Remember once that two cards are different people."""
        known = self.search(
            [("first_id", "in", (first | second).ids), ("second_id", "in", (first | second).ids)], limit=1
        )
        return known or self.create({"first_id": first.id, "second_id": second.id, "reason": reason})
