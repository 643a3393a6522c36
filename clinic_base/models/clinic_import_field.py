# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..table_file import fold_header, heading_words


class ClinicImportField(models.Model):
    """A thing that a column of an imported file may hold; rows come with the addons that read them.

    ``words`` are headings by which a column is recognised; an administrator may add his own.
    """

    _name = "clinic.import.field"
    _description = "Field of an import"
    _order = "kind, sequence, id"

    kind = fields.Selection(selection="_selection_kind", required=True, index=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    words = fields.Char(
        string="Headings", help="Headings of this column, separated by blanks and written without blanks."
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(kind, code)", "This field of this import is already there.")

    @api.model
    def _selection_kind(self):
        return self.env["clinic.import"]._selection_kind()

    @api.model
    def _recogniser(self, kind):
        """``heading → code or None`` for an import of a kind."""
        rows = self.search([("kind", "=", kind)])
        known = self.env["clinic.import"]._importer(kind)._heading_words()
        own = heading_words({row.code: f"{row.words or ''} {row.code}" for row in rows})
        found = heading_words({row.code: known.get(row.code, "") for row in rows}) | own
        for row in rows:
            found.setdefault(fold_header(row.name), row.code)
        return lambda title: found.get(fold_header(title))
