# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ClinicMerge(models.Model):
    """Joins that belong to one group of look-alike cards."""

    _inherit = "clinic.merge"

    cluster_id = fields.Many2one(
        "clinic.match.cluster", string="Group of cards", readonly=True, ondelete="set null", index=True
    )

    def write(self, vals):
        """A decision about one join is seen on its group."""
        result = super().write(vals)
        if "state" in vals:
            # groups are the program's
            self.sudo().cluster_id._follow()
        return result
