# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class ClinicImportRow(models.Model):
    """A row of an imported file: its sealed cells, what is wrong with it, what became of it.

    Written by the load; a person only decides about rows that look like somebody known.
    """

    _name = "clinic.import.row"
    _description = "Row of an imported file"
    _order = "import_id, id"
    _rec_name = "line"
    _log_access = False

    import_id = fields.Many2one("clinic.import", required=True, ondelete="cascade", readonly=True)
    line = fields.Integer(required=True, readonly=True, aggregator=None)
    sheet = fields.Char(readonly=True)
    source_ref = fields.Char(string="Identifier there", readonly=True)
    row_hash = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    state = fields.Selection(
        [
            ("staged", "Read"),
            ("ok", "In order"),
            ("fixed", "Mended"),
            ("warn", "With remarks"),
            ("review", "Looks like somebody"),
            ("reject", "Rejected"),
            ("skipped", "Left out"),
            ("loaded", "Made"),
            ("joined", "Completed a card"),
            ("undone", "Undone"),
            ("kept", "Changed since, left"),
        ],
        required=True,
        readonly=True,
    )
    codes = fields.Char(readonly=True)
    detail = fields.Char(readonly=True)
    reason = fields.Char(compute="_compute_reason", string="Why")
    remedy = fields.Char(compute="_compute_reason", string="How to mend")
    moment = fields.Date(string="Date in the old program", readonly=True)
    patient_id = fields.Many2one(
        "res.partner", string="Card", ondelete="set null", index="btree_not_null", readonly=True
    )
    candidate_id = fields.Many2one(
        "res.partner", string="Looks like", ondelete="set null", index="btree_not_null", readonly=True
    )
    twin_id = fields.Many2one(
        "clinic.import.row",
        string="Looks like the row",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
    )
    zone = fields.Selection([("auto", "Nearly certain"), ("review", "To be looked at")], readonly=True)
    why = fields.Char(string="Likeness", readonly=True)
    decision = fields.Selection([("new", "A new card"), ("same", "The same person")], readonly=True)
    content = fields.Text(compute="_compute_content", string="What stands in the file")
    payload = fields.Text(readonly=True, groups=fields.NO_ACCESS)
    payload_key = fields.Integer(readonly=True, index="btree_not_null", groups=fields.NO_ACCESS)
    made = fields.Text(readonly=True, groups=fields.NO_ACCESS)
    filled = fields.Text(readonly=True, groups=fields.NO_ACCESS)
    stamp = fields.Datetime(readonly=True, groups=fields.NO_ACCESS)
    has_more = fields.Boolean(readonly=True, groups=fields.NO_ACCESS)

    _state_idx = models.Index("(import_id, state, id)")
    _ref_idx = models.Index("(import_id, source_ref) WHERE source_ref IS NOT NULL")
    _hash_idx = models.Index("(import_id, row_hash)")

    @api.depends("codes", "detail")
    def _compute_reason(self):
        for row in self:
            found = row.import_id._reasons(row.codes)
            row.reason = " ".join(filter(None, [*(what for what, _how in found), row.detail])) or False
            row.remedy = " ".join(filter(None, (how for _what, how in found))) or False

    def _compute_content(self):
        """Headings and cells. Opened anew each time; who may read the row is a clinic administrator.

        There are whole numbers of documents in it, so a look is an event of the access journal.
        """
        shown = self.filtered(lambda row: row.id and row.sudo().payload)
        if shown and not self.env.su:
            self.env["clinic.access.event"]._record(
                "reveal", model=shown, amount=len(shown), detail="content"
            )
        for row in self:
            sealed = row.sudo().payload
            if not sealed:
                row.content = self.env._("The content was wiped.")
                continue
            cells = row.import_id._open_value({"line": row.line, "sheet": row.sheet, "payload": sealed})
            names = {column.sequence: column.name for column in row.import_id.column_ids}
            row.content = "\n".join(
                f"{names.get(place, place + 1)}: {cell}" for place, cell in enumerate(cells) if cell.strip()
            )

    def action_new(self):
        """Button: this row is nobody known; it becomes a card of its own."""
        self._decide("new")

    def action_same(self):
        """Button: this row is the person it looks like; it fills the empty fields of that card."""
        if any(not (row.candidate_id or row.twin_id) for row in self):
            raise UserError(self.env._("This row looks like nobody. It can only become a new card."))
        self._decide("same")

    def _decide(self, decision):
        """Write a decision. Rights: clinic administrators."""
        self.check_access("write")
        if any(row.state != "review" for row in self):
            raise UserError(
                self.env._("Only rows that look like somebody and are not loaded wait for a decision.")
            )
        # rows are closed to people but for this choice
        self.sudo().write({"decision": decision})

    def write(self, vals):
        """People decide by the buttons only."""
        if not self.env.su:
            raise UserError(self.env._("Rows are written by the program. Use the buttons above the list."))
        return super().write(vals)

    @api.model
    def _reset(self, load):
        """Forget what a check found, before anything was loaded."""
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE clinic_import_row
                   SET state = 'staged', codes = NULL, detail = NULL, source_ref = NULL, candidate_id = NULL,
                       twin_id = NULL, zone = NULL, why = NULL, decision = NULL
                 WHERE import_id = %s AND state NOT IN ('staged', 'loaded', 'joined', 'kept')
                """,
                load.id,
            )
        )
        self.invalidate_model()

    @api.model
    def _put(self, rows):
        """Write results of a batch in one statement.

        :param rows: mappings with ``id`` and the columns below; ``filled`` is sealed already
        """
        columns = {
            "state": "text",
            "codes": "text",
            "detail": "text",
            "source_ref": "text",
            "moment": "date",
            "patient_id": "int",
            "made": "text",
            "filled": "text",
            "has_more": "bool",
        }
        if not rows:
            return
        self.env.flush_all()
        # names of columns come from the table above
        self.env.cr.execute(
            SQL(
                "UPDATE clinic_import_row r SET %s FROM unnest(%s) AS v(id, %s) WHERE r.id = v.id",
                SQL(", ").join(
                    SQL("%s = v.%s", SQL.identifier(name), SQL.identifier(name)) for name in columns
                ),
                SQL(", ").join(
                    SQL("%s::%s[]", [row.get(name) for row in rows], SQL(kind))
                    for name, kind in {"id": "int", **columns}.items()
                ),
                SQL(", ").join(SQL.identifier(name) for name in columns),
            )
        )
        self.invalidate_model()

    @api.model
    def _put_more(self, items):
        """Results of the second round of a load."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE clinic_import_row r SET made = v.made, has_more = FALSE,
                       detail = COALESCE(v.detail, r.detail)
                  FROM unnest(%s::int[], %s::text[], %s::text[]) AS v(id, made, detail)
                 WHERE r.id = v.id
                """,
                [item.row_id for item in items],
                [json.dumps(item.made) for item in items],
                [item.detail or None for item in items],
            )
        )
        self.invalidate_model()

    # ------------------------------------------------------------------ change of keys

    @api.model
    def _count_old_keys(self):
        """How many rows wait to be sealed with the newest key."""
        current = self.env["clinic.vault"]._ring().current_id
        return self.sudo().search_count(
            [("payload_key", "not in", (False, 0, current)), ("payload", "!=", False)]
        )

    @api.model
    def _reseal_batch(self, limit=1000):
        """Seal rows of older keys anew; how many are left."""
        ring = self.env["clinic.vault"]._sealing_ring()
        domain = [("payload_key", "not in", (False, 0, ring.current_id)), ("payload", "!=", False)]
        for row in self.sudo().search(domain, limit=limit, order="id").try_lock_for_update():
            values = {"line": row.line, "sheet": row.sheet, "payload": row.payload, "filled": row.filled}
            new = {"payload_key": ring.current_id}
            for name in ("payload", "filled"):
                if values[name]:
                    new[name] = row.import_id._seal_value(
                        ring, values, name, row.import_id._open_value(values, name)
                    )
            row.write(new)
        return self._count_old_keys()
