# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models.clinic_merge import MERGE_GROUP

#: Groups that one press of the button joins at most.
LIMIT = 30


class ClinicMatchBulk(models.TransientModel):
    """Join several obvious groups at once: shown first, limited, each can be undone by itself."""

    _name = "clinic.match.bulk"
    _description = "Join of obvious groups of cards"

    cluster_ids = fields.Many2many("clinic.match.cluster", string="Groups", readonly=True)
    left_out = fields.Integer(string="Groups left out", readonly=True)
    preview = fields.Text(string="What will move", compute="_compute_preview")

    @api.model
    def default_get(self, fields_list):
        """The groups chosen in the list, or the heaviest obvious ones; at most a limited number."""
        values = super().default_get(fields_list)
        clusters = self.env["clinic.match.cluster"]
        obvious = [("state", "=", "open"), ("zone", "=", "auto"), ("hold_reason", "=", False)]
        chosen = self.env.context.get("active_ids")
        if chosen and self.env.context.get("active_model") == clusters._name:
            found = clusters.search([("id", "in", chosen), *obvious], limit=LIMIT)
            total = len(chosen)
        else:
            found, total = clusters.search(obvious, limit=LIMIT), clusters.search_count(obvious)
        return {**values, "cluster_ids": [Command.set(found.ids)], "left_out": total - len(found)}

    @api.depends("cluster_ids")
    def _compute_preview(self):
        """Rows that would move, counted past the rights of the viewer: only numbers are shown."""
        for wizard in self:
            counts = Counter()
            for cluster in wizard.cluster_ids:
                counts.update(dict(cluster._moving()[0]))
            rows = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
            wizard.preview = "\n".join(f"{label}: {amount}" for label, amount in rows)

    def action_join(self):
        """Join the groups shown. Rights: the group that joins cards."""
        self.ensure_one()
        if not self.env.user.has_group(MERGE_GROUP):
            raise AccessError(self.env._("Only who joins cards may join many groups at once."))
        if not self.cluster_ids:
            raise UserError(self.env._("There are no obvious groups to join. Decide the others one by one."))
        joined = [cluster for cluster in self.cluster_ids if cluster._join_obvious("manual")]
        left = len(self.cluster_ids) - len(joined)
        message = self.env._("Groups joined: %(count)s.", count=len(joined))
        if left:
            message += " " + self.env._(
                "Left to a person, the reason stands in the group: %(count)s.", count=left
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if left else "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close", "infos": {"noReload": False}},
            },
        }
