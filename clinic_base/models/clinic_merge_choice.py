# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError


class ClinicMergeChoice(models.Model):
    """One difference between the two cards and which value stays."""

    _name = "clinic.merge.choice"
    _description = "Choice of a value at a join of cards"
    _order = "merge_id, sequence, id"

    merge_id = fields.Many2one("clinic.merge", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer()
    field = fields.Char(required=True, readonly=True)
    label = fields.Char(string="What", compute="_compute_values")
    survivor_value = fields.Char(string="On the card that stays", compute="_compute_values")
    loser_value = fields.Char(string="On the other card", compute="_compute_values")
    is_required = fields.Boolean(
        readonly=True, help="Both cards have a value and nobody but a person may choose."
    )
    take = fields.Selection(
        [("survivor", "From the card that stays"), ("loser", "From the other card")], string="Which stays"
    )

    def _compute_values(self):
        """Shown as people read them; read past field groups, the rows themselves are for the desk only."""
        for choice in self:
            merge = choice.merge_id.sudo()
            field = merge.survivor_id._fields.get(choice.field)
            photo = field is not None and field.type == "binary"
            choice.label = self.env._("Photo") if photo else field and field._description_string(self.env)
            for side in ("survivor", "loser"):
                value = field and merge[f"{side}_id"][choice.field]
                choice[f"{side}_value"] = merge._shown_value(field, value) if field else False

    def write(self, vals):
        if not self.env.su and any(choice.merge_id.state != "proposed" for choice in self):
            raise UserError(self.env._("A join that was decided is not changed. Undo it instead."))
        return super().write(vals)
