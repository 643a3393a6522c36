# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

import psycopg2

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL, mute_logger

UNDO_BATCH = 200


class ClinicImport(models.Model):
    """The way back: what a load made and nobody has touched goes, the rest stays and is named."""

    _inherit = "clinic.import"

    def _step_undo(self):
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT id, line, sheet, state, made, filled, stamp, patient_id FROM clinic_import_row
                 WHERE import_id = %s AND state IN ('loaded', 'joined')
                 ORDER BY COALESCE(position(%s IN made), 0) > 0 DESC, id DESC LIMIT %s
                """,
                self.id,
                # a card that a relation of another row leads to would count as used
                '"clinic.relation"',
                UNDO_BATCH,
            )
        )
        if not rows:
            return 0
        for row in rows:
            row["made"] = json.loads(row["made"] or "{}")
        importer = self._quiet()._importer(self.kind)
        free = importer._untouched(self, [(row["id"], row["made"], row["stamp"]) for row in rows])
        gone = self._undo_or_split(importer, [row for row in rows if row["id"] in free])
        self._put_undone(gone, [row["id"] for row in rows if row["id"] not in gone])
        return len(rows)

    def _undo_or_split(self, importer, rows):
        """Take the rows back together or, when the database refuses, one by one; ids of those gone."""
        if not rows:
            return set()
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                for row in rows:
                    if row["filled"]:
                        importer._unfill(self, row["patient_id"], self._open_value(row, "filled"))
                made = {}
                for row in rows:
                    for model, ids in row["made"].items():
                        made.setdefault(model, []).extend(ids)
                importer._remove(self, made)
                self.env.flush_all()
            return {row["id"] for row in rows}
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            raise
        except (UserError, psycopg2.Error):
            self.env.invalidate_all()
            if len(rows) == 1:
                return set()
            half = len(rows) // 2
            return self._undo_or_split(importer, rows[:half]) | self._undo_or_split(importer, rows[half:])

    def _put_undone(self, gone, kept):
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM clinic_import_link l USING clinic_import_row r
                 WHERE r.id = ANY(%s) AND l.import_id = r.import_id AND l.ref = r.source_ref
                """,
                list(gone),
            )
        )
        self.env.cr.execute(
            SQL(
                "UPDATE clinic_import_row SET state = 'undone', made = NULL, filled = NULL,"
                " patient_id = NULL, has_more = FALSE WHERE id = ANY(%s)",
                list(gone),
            )
        )
        self.env.cr.execute(
            SQL(
                "UPDATE clinic_import_row SET state = 'kept',"
                " codes = concat_ws(',', codes, 'warn:changed:') WHERE id = ANY(%s)",
                list(kept),
            )
        )
        self.env["clinic.import.row"].invalidate_model()
        self.env["clinic.import.link"].invalidate_model()

    def _end_undo(self):
        self.write({"state": "undone"})
