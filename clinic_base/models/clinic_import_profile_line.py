# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ClinicImportProfileLine(models.Model):
    """A column that files of this profile have."""

    _name = "clinic.import.profile.line"
    _description = "Column of an import profile"
    _inherit = ["clinic.import.column.mixin"]
    _order = "sequence, id"

    profile_id = fields.Many2one("clinic.import.profile", required=True, ondelete="cascade", index=True)
    kind = fields.Selection(related="profile_id.kind")
