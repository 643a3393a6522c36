# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

_RIGHTS = {"user_ids", "implied_ids", "implied_by_ids", "model_access", "rule_groups", "view_access"}


class ResGroups(models.Model):
    """A change of what a group may do is an event of the access journal."""

    _inherit = "res.groups"

    def write(self, vals):
        result = super().write(vals)
        changed = ", ".join(sorted(_RIGHTS & vals.keys()))
        # what the installation of addons writes is not a person's change
        if changed and not self.env.context.get("install_mode"):
            for group in self:
                self.env["clinic.access.event"]._record("permission", model=group, detail=changed)
        return result
