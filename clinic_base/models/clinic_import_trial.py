# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time

from odoo import fields, models
from odoo.tools import SQL

from ..patient_row import LEVELS

SAMPLE = 200


class _Enough(Exception):
    """Ends a savepoint whose work is not wanted."""


class ClinicImport(models.Model):
    """The trial: a sample is loaded and taken back at once; and the words for the codes of rows."""

    _inherit = "clinic.import"

    # ------------------------------------------------------------------ trial

    def _try(self):
        """Load a sample inside a savepoint that is rolled back; tell what would happen."""
        self.ensure_one()
        ids = [
            row_id
            for (row_id,) in self.env.execute_query(
                SQL(
                    "SELECT r.id FROM clinic_import_row r WHERE r.import_id = %s AND %s ORDER BY r.id",
                    self.id,
                    self._loadable_sql(),
                )
            )
        ]
        sample = ids[:: max(1, len(ids) // SAMPLE)][:SAMPLE]
        if not sample:
            self.sudo().trial = self.env._("There is nothing to load.")
            return
        items = self.sudo()._take(SQL("r.id = ANY(%s)", sample), len(sample))
        started = fields.Datetime.now()
        seconds = self._rolled_back(items)
        refused = [item for item in items if item.state == "reject"]
        reasons = sorted({item.detail or self._reasons("reject:refused:")[0][0] for item in refused})
        whole = max(1, round(seconds / len(items) * len(ids) / 60))
        lines = [
            self.env._(
                "Tried on %(date)s with %(count)s rows of %(all)s and taken back: "
                "%(refused)s would be refused. "
                "The whole will take about %(minutes)s min.",
                date=fields.Datetime.context_timestamp(self, started).strftime("%d.%m.%Y %H:%M"),
                count=len(items),
                all=len(ids),
                refused=len(refused),
                minutes=whole,
            ),
            *reasons[:10],
        ]
        self.sudo().trial = "\n".join(lines)

    def _rolled_back(self, items):
        """Load the items, take all of it back; seconds it took."""

        begun = time.monotonic()
        spent = 0.0
        try:
            with self.env.cr.savepoint(flush=False):
                self.sudo().with_context(clinic_import_trial=True)._load_items(items)
                spent = time.monotonic() - begun
                raise _Enough
        except _Enough:
            self.env.clear()
        self.env.cr.postcommit.clear()
        self.env.cr.precommit.clear()
        return spent

    # ------------------------------------------------------------------ words

    def _reasons(self, codes):
        """``[(what, how)]`` of the codes of a row, the worst first."""
        importer = self._importer(self.kind)
        found = []
        for piece in sorted((codes or "").split(","), key=lambda text: -_rank(text)):
            code = piece.split(":")[1] if piece.count(":") else ""
            if code:
                found.append(importer._reason(code) or (code, ""))
        return list(dict.fromkeys(found))


def _rank(piece):
    level = piece.split(":")[0]
    return LEVELS.index(level) if level in LEVELS else 0
