# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL


class ClinicImportLink(models.Model):
    """Which record stands for which row of the old program: nothing is loaded twice.

    Written by loads. ``ref`` is the identifier in the old program, or ``#`` and a keyed hash of the row
    where it has none. Rows outlive the rows of the load itself.
    """

    _name = "clinic.import.link"
    _description = "Identifier in another program"
    _rec_name = "ref"
    _order = "id"

    kind = fields.Selection(selection="_selection_kind", required=True, readonly=True)
    source = fields.Char(string="Program", required=True, readonly=True)
    ref = fields.Char(string="Identifier there", required=True, readonly=True)
    model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(model_field="model", string="Record", readonly=True)
    import_id = fields.Many2one("clinic.import", ondelete="set null", index="btree_not_null", readonly=True)

    _ref_uniq = models.UniqueIndex("(kind, source, ref)", "This row of the old program was loaded before.")
    _record_idx = models.Index("(model, res_id)")

    @api.model
    def _selection_kind(self):
        return self.env["clinic.import"]._selection_kind()

    @api.model
    def _known(self, kind, source, refs):
        """``{ref: (model, id)}`` of what was loaded before and is still there or was joined since."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT ref, model, res_id FROM clinic_import_link"
                " WHERE kind = %s AND source = %s AND ref = ANY(%s)",
                kind,
                source,
                list(refs),
            )
        )
        return {ref: (model, res_id) for ref, model, res_id in rows}

    @api.model
    def _record_of(self, kind, source, ref):
        """The record that stands for a row of the old program, or nothing. A join of cards moves the link."""
        found = self._known(kind, source, [ref]).get(ref)
        return self.env[found[0]].browse(found[1]).exists() if found else None
