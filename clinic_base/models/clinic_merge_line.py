# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo import api, fields, models
from odoo.tools import SQL

OPERATIONS = [
    ("repoint", "Rows moved"),
    ("value", "Values changed"),
    ("delete", "Double rows removed"),
    ("create", "Row added"),
    ("reseal", "Numbers encrypted anew"),
]


class ClinicMergeLine(models.Model):
    """One step of a join, with all that is needed to take it back.

    What the step wrote and what was there before lie in ``payload``, encrypted, because they hold
    names, phones and whole rows. Written by ``clinic.merge`` only.

    * ``repoint``: ``{"old": id, "new": id, "keys": [row keys]}``
    * ``value``: ``{"key": row key, "old": {column: value}, "new": {column: value}}``
    * ``delete``: ``{"rows": [whole rows]}``
    * ``create``: ``{"key": row key}``
    * ``reseal``: ``{"changes": [{"id", "old", "new"}], "old": patient, "new": patient}``

    A row key is ``{"id": n}`` or, in a table without ids, the other column of the row.
    """

    _name = "clinic.merge.line"
    _description = "Step of a join of cards"
    _order = "merge_id, id"

    merge_id = fields.Many2one("clinic.merge", required=True, ondelete="cascade", index=True)
    table = fields.Char(required=True, readonly=True)
    label = fields.Char(string="What", compute="_compute_label")
    column = fields.Char(readonly=True)
    operation = fields.Selection(OPERATIONS, required=True, readonly=True)
    amount = fields.Integer(string="Rows", readonly=True)
    payload = fields.Char(groups=fields.NO_ACCESS, readonly=True)

    def _compute_label(self):
        models_by_table = self.env["clinic.merge"]._models_by_table()
        for line in self:
            model = models_by_table.get(line.table)
            line.label = self.env["ir.model"]._get(model).name if model else line.table

    @api.model
    def _note(self, merge, operation, table, column=False, amount=1, **payload):
        """Write a step down."""
        text = json.dumps(payload, ensure_ascii=False, default=str)
        return self.create(
            {
                "merge_id": merge.id,
                "table": table,
                "column": column,
                "operation": operation,
                "amount": amount,
                "payload": self.env["clinic.vault"]._sealing_ring().seal(text, merge._vault_place()),
            }
        )

    def _read_payload(self):
        self.ensure_one()
        return json.loads(self.env["clinic.vault"]._open(self.payload, self.merge_id._vault_place()))

    def _take_back(self):
        """Undo this step where nobody has changed the rows since.

        :return: ``[(table, column)]`` of what was changed later and is left as it is
        """
        self.ensure_one()
        payload = self._read_payload()
        return [(self.table, column) for column in getattr(self, f"_take_back_{self.operation}")(payload)]

    def _take_back_repoint(self, payload):
        left = []
        for key in payload["keys"]:
            moved = self._execute(
                "UPDATE %(table)s SET %(column)s = %(old)s WHERE %(column)s = %(new)s AND %(where)s",
                column=SQL.identifier(self.column),
                old=payload["old"],
                new=payload["new"],
                where=self._where(key),
            )
            if not moved:
                left.append(self.column)
        return left

    def _take_back_value(self, payload):
        left = []
        for column, old in payload["old"].items():
            # the row type of the table brings the stored text back to the type of the column
            restored = self._execute(
                "UPDATE %(table)s SET %(column)s ="
                " (jsonb_populate_record(NULL::%(table)s, %(old)s::jsonb)).%(column)s"
                " WHERE %(where)s AND %(column)s IS NOT DISTINCT FROM"
                " (jsonb_populate_record(NULL::%(table)s, %(new)s::jsonb)).%(column)s",
                column=SQL.identifier(column),
                old=json.dumps({column: old}),
                new=json.dumps({column: payload["new"][column]}),
                where=self._where(payload["key"]),
            )
            if not restored:
                left.append(column)
        return left

    def _take_back_delete(self, payload):
        for row in payload["rows"]:
            self._execute(
                "INSERT INTO %(table)s SELECT * FROM jsonb_populate_record(NULL::%(table)s, %(row)s::jsonb)",
                row=json.dumps(row),
            )
        return []

    def _take_back_create(self, payload):
        deleted = self._execute("DELETE FROM %(table)s WHERE %(where)s", where=self._where(payload["key"]))
        return [] if deleted else ["id"]

    def _take_back_reseal(self, payload):
        model = self.env[self.env["clinic.merge"]._models_by_table()[self.table]]
        old, new = self.env["res.partner"].browse([payload["old"], payload["new"]])
        self.env.invalidate_all(flush=False)
        left = []
        for change in payload["changes"]:
            row = model.browse(change["id"]).exists()
            if row.number_sealed and row.patient_id == old:
                row._restore_owner_of_number(change, old, new)
            else:
                left.append("number")
        return left

    def _where(self, key):
        return SQL(" AND ").join(SQL("%s = %s", SQL.identifier(name), value) for name, value in key.items())

    def _execute(self, statement, **parts):
        """Run a statement of undo; the number of rows it touched."""
        self.env.cr.execute(SQL(statement, table=SQL.identifier(self.table), **parts))
        return self.env.cr.rowcount
