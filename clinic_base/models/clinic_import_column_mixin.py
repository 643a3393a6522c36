# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ClinicImportColumnMixin(models.AbstractModel):
    """A column of a file, which field it is, and how its cells are changed on the way."""

    _name = "clinic.import.column.mixin"
    _description = "Column of an import"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char(string="Heading in the file", required=True)
    field_id = fields.Many2one("clinic.import.field", string="Goes to", ondelete="cascade", index=True)
    converter = fields.Selection(
        [
            ("trim", "Without blanks at the ends"),
            ("month_first", "Month stands before the day"),
            ("excel_day", "Number of a day in Excel"),
            ("digits", "Digits only"),
            ("first_line", "First line only"),
        ],
        string="Change",
    )
    mapping = fields.Char(string="Values", help="What stands in the file = what is meant: м=male; ж=female")
    default_value = fields.Char(string="If empty")

    def _column_vals(self):
        """Settings of the column, to copy between a profile and an import."""
        self.ensure_one()
        return {
            "field_id": self.field_id.id,
            "converter": self.converter,
            "mapping": self.mapping,
            "default_value": self.default_value,
        }
