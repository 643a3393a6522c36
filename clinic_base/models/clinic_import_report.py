# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
import json
from collections import Counter

from dateutil.relativedelta import relativedelta
from markupsafe import Markup
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..table_file import guarded
from ..texts import whole_number, without_controls
from .clinic_import_run import MAX_OPEN

KEEP_DAYS = 30
KEEP_PARAMETER = "clinic_base.import_keep_days"
PAGE = 5000
MAX_DISTINCT = 200_000
TOP = 12
XLSX_CELL = 32_000


class ClinicImport(models.Model):
    """What people are told: statistics of the check, the workbook of rejects, the protocol; the wiping."""

    _inherit = "clinic.import"

    # ------------------------------------------------------------------ statistics

    def _pages(self, where):
        """Rows of this load in pages of mappings, with their sealed cells."""
        after = 0
        while True:
            rows = self.env.execute_query_dict(
                SQL(
                    """
                    SELECT * FROM (
                        SELECT *, sum(octet_length(payload)) OVER (ORDER BY id) - octet_length(payload)
                                  AS before
                          FROM (SELECT id, line, sheet, payload, codes, detail, state
                                  FROM clinic_import_row
                                 WHERE import_id = %s AND id > %s AND payload IS NOT NULL AND %s
                                 ORDER BY id LIMIT %s) AS batch) AS sized
                     WHERE before < %s ORDER BY id
                    """,
                    self.id,
                    after,
                    where,
                    PAGE,
                    MAX_OPEN,
                )
            )
            if not rows:
                return
            after = rows[-1]["id"]
            yield rows

    def _make_stats(self):
        """Count what the columns hold. Numbers only: no value of a row is kept."""
        filled, distinct, total = Counter(), {}, 0
        ring = self.env["clinic.vault"]._ring()
        for rows in self._pages(SQL("TRUE")):
            for row in rows:
                total += 1
                for place, cell in enumerate(self._open_value(row, ring=ring)):
                    if cell.strip():
                        filled[place] += 1
                        values = distinct.setdefault(place, set())
                        if len(values) < MAX_DISTINCT:
                            values.add(hash(cell))
        codes = self.env.execute_query(
            SQL(
                """
                SELECT split_part(code, ':', 1) || ':' || split_part(code, ':', 2), count(*)
                  FROM clinic_import_row, unnest(string_to_array(codes, ',')) AS code
                 WHERE import_id = %s GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 40
                """,
                self.id,
            )
        )
        self.stats = json.dumps(
            {
                "total": total,
                "filled": dict(filled),
                "distinct": {place: len(values) for place, values in distinct.items()},
                "codes": codes,
            }
        )

    def _statistics_html(self):
        """The statistics as two tables."""
        stats = self._stats()
        if not stats:
            return False
        total = stats["total"] or 1
        lines = Markup()
        for column in self.column_ids:
            place = str(column.sequence)
            count = stats["filled"].get(place, 0)
            lines += Markup(
                "<tr><td>%s</td><td>%s</td><td class='text-end'>%s %%</td><td class='text-end'>%s</td></tr>"
            ) % (
                column.name,
                column.field_id.name or "–",
                round(100 * count / total),
                stats["distinct"].get(place, 0),
            )
        right = Markup("<th class='text-end'>%s</th>")
        head = Markup("<thead><tr><th>%s</th><th>%s</th>%s%s</tr></thead>") % (
            self.env._("Column"),
            self.env._("Goes to"),
            right % self.env._("Filled"),
            right % self.env._("Different values"),
        )
        html = Markup("<table class='table table-sm'>%s<tbody>%s</tbody></table>") % (head, lines)
        found = Markup()
        for code, amount in stats["codes"][:TOP]:
            what = (self._reasons(f"{code}:") or [(code, "")])[0][0]
            found += Markup("<tr><td>%s</td><td class='text-end'>%s</td></tr>") % (what, amount)
        if found:
            head = Markup("<thead><tr><th>%s</th>%s</tr></thead>") % (
                self.env._("What was found"),
                right % self.env._("Rows"),
            )
            found = Markup("<table class='table table-sm'>%s<tbody>%s</tbody></table>") % (head, found)
            html = found + html
        return html

    # ------------------------------------------------------------------ workbooks

    def _workbook(self, what):
        """Bytes of ``rejects`` or ``protocol``. The access journal has the event first.

        Rights: who may write the load. :raise UserError: the rows were wiped
        """
        self.ensure_one()
        self.check_access("write")
        if self.state == "closed" and what == "rejects":
            raise UserError(
                self.env._("The rows of this load were wiped. The corrected file can be loaded anew.")
            )
        amount = self.reject_count if what == "rejects" else None
        self.env["clinic.access.event"]._record_now(
            "export", model=self, amount=amount, detail=f"import {what}"
        )
        book = Workbook(write_only=True)
        getattr(self, f"_write_{what}")(book)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def _write_rejects(self, book):
        """The columns of the file, then the reason and what to do; ready to be corrected and loaded."""
        sheet = book.create_sheet(self.env._("Rejects"))
        titles = [column.name for column in self.column_ids]
        sheet.append(
            _bold(sheet, [*titles, self.env._("Line"), self.env._("Reason"), self.env._("How to mend")])
        )
        ring = self.env["clinic.vault"]._ring()
        for rows in self.sudo()._pages(SQL("state = 'reject'")):
            for row in rows:
                cells = self.sudo()._open_value(row, ring=ring)
                cells += [""] * (len(titles) - len(cells))
                found = self._reasons(row["codes"])
                why = " ".join(filter(None, [*(what for what, _how in found), row["detail"]]))
                how = " ".join(filter(None, (how for _what, how in found)))
                more = cells[len(titles) :]  # cells beyond the headings are not lost
                cells = [*map(_safe, cells[: len(titles)]), row["line"], _safe(why), _safe(how)]
                sheet.append([*cells, *map(_safe, more)])

    def _write_protocol(self, book):
        """Counts of the file against counts of the base, per year of the old program; to be signed."""
        sheet = book.create_sheet(self.env._("Protocol"))
        states = dict(self.env["clinic.import.row"]._fields["state"]._description_selection(self.env))
        sheet.append(_bold(sheet, [self.env._("Protocol of the import")]))
        for label, value in (
            (self.env._("File"), self.name),
            (self.env._("Program"), self.source),
            (self.env._("Rows in the file"), self.row_count),
            (
                self.env._("Loaded at"),
                fields.Datetime.to_string(self.finished_at) if self.finished_at else "",
            ),
            (self.env._("In the base now"), self._importer(self.kind)._still_there(self)),
            *self._importer(self.kind)._reconcile(self),
        ):
            sheet.append([label, _safe(value)])
        sheet.append([])
        counts = self._period_counts()
        used = [state for state in states if any(state in row for row in counts.values())]
        sheet.append(
            _bold(sheet, [self.env._("Year"), self.env._("In the file"), *(states[state] for state in used)])
        )
        for year in sorted(counts, key=str):
            row = counts[year]
            sheet.append([year or "–", sum(row.values()), *(row.get(state, 0) for state in used)])
        sheet.append([])
        for line in (self.env._("Compared by"), self.env._("Date"), self.env._("Signature")):
            sheet.append([line, "______________________"])

    def _period_counts(self):
        """``{year: Counter of states}`` of the rows."""
        counts = {}
        self.env.flush_all()
        for year, state, amount in self.env.execute_query(
            SQL(
                "SELECT extract(year FROM moment)::int, state, count(*) FROM clinic_import_row"
                " WHERE import_id = %s GROUP BY 1, 2",
                self.id,
            )
        ):
            counts.setdefault(year or "", Counter())[state] = amount
        return counts

    # ------------------------------------------------------------------ wiping

    @api.model
    def _keep_days(self):
        value = self.env["ir.config_parameter"].sudo().get_param(KEEP_PARAMETER)
        return whole_number(value, KEEP_DAYS)

    @api.model
    def _cron_wipe(self):
        """Wipe the rows of loads that were finished long ago, and of files that nobody went on with."""
        limit = fields.Datetime.now() - relativedelta(days=self._keep_days())
        kept = [kind for kind in self._importers() if self._importer(kind)._keeps_rows()]
        old = self.search(
            [
                "!",
                "&",
                ("kind", "in", kept),
                ("state", "=", "loaded"),
                ("state", "not in", ("draft", "closed")),
                ("job", "=", False),
                "|",
                ("finished_at", "<", limit),
                "&",
                ("finished_at", "=", False),
                ("write_date", "<", limit),
            ]
        )
        for load in old:
            load._wipe()
            self.env["ir.cron"]._commit_progress(1)

    def _wipe(self):
        """Forget what stood in the rows. Numbers, reasons and links stay; nothing can be undone any more."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE clinic_import_row SET payload = NULL, payload_key = NULL, filled = NULL, made = NULL,"
            " row_hash = NULL, has_more = FALSE WHERE import_id = ANY(%s)",
            [self.ids],
        )
        self.env["clinic.import.row"].invalidate_model()
        self.write({"state": "closed"})


def _safe(value):
    """A cell that is no formula and that a workbook can hold."""
    if isinstance(value, int):
        return value
    return guarded(without_controls(value))[:XLSX_CELL]


def _bold(sheet, titles):
    cells = []
    for title in titles:
        cell = WriteOnlyCell(sheet, value=_safe(title))
        cell.font = Font(bold=True)
        cells.append(cell)
    return cells
