# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

EXAMPLES = 3
SHOWN = 40
_CHOSEN = {"field_id", "converter", "mapping", "default_value"}


class ClinicImportColumn(models.Model):
    """A column of the file of one load and the field it goes to. Made when the file is read."""

    _name = "clinic.import.column"
    _description = "Column of an imported file"
    _inherit = ["clinic.import.column.mixin"]
    _order = "sequence, id"

    import_id = fields.Many2one("clinic.import", required=True, ondelete="cascade", index=True)
    kind = fields.Selection(related="import_id.kind")
    example = fields.Char(compute="_compute_example", string="For example")

    def write(self, vals):
        """Where a column goes is changed before the load, and asks for another check."""
        if self.env.su:
            return super().write(vals)
        if vals.keys() - _CHOSEN:
            raise UserError(self.env._("What stands in the file is not changed here. Choose a field for it."))
        loads = self.import_id
        loads._must_be_open()
        result = super().write(vals)
        for load in loads.filtered(lambda load: load.state == "checked"):
            load._back_to_staged()
        return result

    @api.depends("import_id", "sequence")
    def _compute_example(self):
        """The first values of the column. Opened from the sealed rows each time, never stored."""
        for load, columns in self.grouped("import_id").items():
            rows = load._examples(EXAMPLES * 10) if load.id else []
            for column in columns:
                cells = (row[column.sequence] for row in rows if column.sequence < len(row))
                found = list(dict.fromkeys(cell.strip()[:SHOWN] for cell in cells if cell.strip()))
                column.example = " · ".join(found[:EXAMPLES])
