# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..table_file import fold_header


class ClinicImportProfile(models.Model):
    """How files of one program are read: saved once, used for every further file of it."""

    _name = "clinic.import.profile"
    _description = "Import profile"
    _order = "kind, sequence, name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(selection="_selection_kind", required=True)
    source = fields.Char(
        string="Program",
        required=True,
        help="Short name of the program the file comes from, for example 1c77. Together with the "
        "identifier of the row it forbids to load anything twice.",
    )
    encoding = fields.Selection(selection="_selection_encoding", help="Empty: recognised by the program.")
    delimiter = fields.Char(size=1, help="Empty: recognised by the program.")
    line_ids = fields.One2many("clinic.import.profile.line", "profile_id", string="Columns", copy=True)

    @api.model
    def _selection_kind(self):
        return self.env["clinic.import"]._selection_kind()

    @api.model
    def _selection_encoding(self):
        return self.env["clinic.import"]._selection_encoding()

    def _settings(self):
        """``{folded heading: values of a column}``."""
        return {fold_header(line.name): line._column_vals() for line in self.line_ids}
