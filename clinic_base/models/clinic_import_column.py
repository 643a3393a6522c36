# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

EXAMPLES = 3
SHOWN = 40


class ClinicImportColumn(models.Model):
    """A column of the file of one load and the field it goes to. Made when the file is read."""

    _name = "clinic.import.column"
    _description = "Column of an imported file"
    _inherit = ["clinic.import.column.mixin"]
    _order = "sequence, id"

    import_id = fields.Many2one("clinic.import", required=True, ondelete="cascade", index=True)
    kind = fields.Selection(related="import_id.kind")
    example = fields.Char(compute="_compute_example", string="For example")

    @api.depends("import_id", "sequence")
    def _compute_example(self):
        """The first values of the column. Opened from the sealed rows each time, never stored."""
        for load, columns in self.grouped("import_id").items():
            rows = load._examples(EXAMPLES * 10) if load.id else []
            for column in columns:
                cells = (row[column.sequence] for row in rows if column.sequence < len(row))
                found = list(dict.fromkeys(cell.strip()[:SHOWN] for cell in cells if cell.strip()))
                column.example = " · ".join(found[:EXAMPLES])
