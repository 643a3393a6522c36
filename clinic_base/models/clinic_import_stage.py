# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib
import hashlib
import json

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL, format_date

from ..import_cells import convert, value_map
from ..messages_import import table_problem
from ..table_file import TableFileError, fold_header, open_table
from ..vault import VaultError, key_id_of

#: So many rows, or so many letters, are sealed and written at once.
BATCH, BATCH_LETTERS = 1000, 4 << 20
PLACE = "clinic.import.row"


class ClinicImport(models.Model):
    """The file becomes sealed rows; its columns find their fields."""

    _inherit = "clinic.import"

    def _stage(self, path):
        """Read the file into rows, instead of those read before.

        :raise UserError: no encryption key, or no table in the file
        """
        self.ensure_one()
        if self.job or self.state not in ("draft", "staged", "checked"):
            raise UserError(self.env._("This file is loaded. Make a new import for another file."))
        ring = self.env["clinic.vault"]._sealing_ring()
        profile = self.profile_id
        recognise = self.env["clinic.import.field"]._recogniser(self.kind)
        try:
            table = open_table(
                path,
                recognise,
                self.encoding or profile.encoding or "",
                self.delimiter or profile.delimiter or "",
            )
            self.row_ids.sudo().unlink()
            self.column_ids.sudo().unlink()
            self._make_columns(table)
            self._put_rows(table.rows, ring)
        except TableFileError as error:
            raise UserError(table_problem(self.env, error)) from None
        except LookupError:
            raise UserError(self.env._("This encoding is not known to the program.")) from None
        digest = hashlib.sha256()
        with open(path, "rb") as stream:
            for block in iter(lambda: stream.read(1 << 20), b""):
                digest.update(block)
        self.sudo().write(
            {
                "state": "staged",
                "file_hash": digest.hexdigest(),
                "stats": False,
                "trial": False,
                "notice": "\n".join(self._notices(table.notes, digest.hexdigest())),
            }
        )

    def _make_columns(self, table):
        recognised = {
            row.code: row.id for row in self.env["clinic.import.field"].search([("kind", "=", self.kind)])
        }
        importer = self._importer(self.kind)
        codes = importer._second_columns(table.fields, table.columns)
        self.sudo().column_ids = [
            Command.create(
                {
                    "sequence": place,
                    "name": title or self.env._("Column %(number)s", number=place + 1),
                    "field_id": recognised.get(code),
                }
            )
            for place, (title, code) in enumerate(zip(table.columns, codes, strict=True))
        ]
        self._map_columns()

    def _map_columns(self):
        """Columns named in the profile take its settings; the others keep what was recognised."""
        settings = self.profile_id._settings()
        for column in self.sudo().column_ids:
            found = settings.get(fold_header(column.name))
            if found:
                column.write(found)

    def _put_rows(self, rows, ring):
        oldest = min(ring.key_ids)
        for batch in _batches(rows):
            sealed = [
                (
                    line,
                    sheet or None,
                    self._seal_value(ring, {"line": line, "sheet": sheet}, "payload", cells),
                    # the oldest key: the hash stays the same while keys change
                    ring.blind("\x1f".join(cells), PLACE, oldest),
                )
                for line, sheet, cells in batch
            ]
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO clinic_import_row
                           (import_id, state, payload_key, line, sheet, payload, row_hash)
                    SELECT %s, 'staged', %s, * FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[])
                    """,
                    self.id,
                    key_id_of(sealed[0][2]),
                    *(list(column) for column in zip(*sealed, strict=True)),
                )
            )
        self.env["clinic.import.row"].invalidate_model()
        self.invalidate_recordset()

    def _notices(self, notes, digest):
        twins = self.search(
            [("file_hash", "=", digest), ("id", "!=", self.id), ("kind", "=", self.kind)], limit=100
        )
        twin = twins.filtered(lambda load: load.source == self.source)[:1]
        other = twins[:1] if not twin else twins.browse()
        lines = [
            self.env._(
                "Read: %(kind)s, encoding %(encoding)s, rows %(rows)s, columns recognised %(known)s.",
                kind=notes.kind.upper(),
                encoding=notes.encoding or "–",
                rows=notes.rows,
                known=len(self.column_ids.field_id),
            )
        ]
        if twin:
            lines.append(
                self.env._(
                    "This very file was read before (%(date)s). Rows that were loaded then are left out.",
                    date=format_date(self.env, twin.create_date),
                )
            )
        if other:
            lines.append(
                self.env._(
                    "This very file was read before (%(date)s) as a file of the program “%(program)s”. "
                    "Write the same program here, or its rows are loaded a second time.",
                    date=format_date(self.env, other.create_date),
                    program=other.source,
                )
            )
        if notes.deleted:
            lines.append(
                self.env._("Records marked as deleted and left out: %(count)s.", count=notes.deleted)
            )
        if notes.cut:
            lines.append(
                self.env._("Cells or lines that were too long and were cut: %(count)s.", count=notes.cut)
            )
        if notes.broken:
            lines.append(
                self.env._(
                    "The file has quotes that do not close, or its end is missing. "
                    "Compare the number of rows."
                )
            )
        if notes.memo:
            lines.append(self.env._("Columns of long texts lie in another file and were not read."))
        if notes.other_sheets:
            lines.append(
                self.env._(
                    "Sheets with another heading were not read: %(count)s.", count=len(notes.other_sheets)
                )
            )
        if not {"id", "card_number"}.intersection(self.column_ids.field_id.mapped("code")):
            lines.append(
                self.env._(
                    "No column with the identifier of the old program: a row that was changed in the "
                    "file counts as a new one."
                )
            )
        return lines

    # ------------------------------------------------------------------ opening rows

    def _examples(self, limit):
        """Cells of the first rows. Rights: who may read the load; nothing is kept."""
        self.check_access("read")
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT line, sheet, payload FROM clinic_import_row"
                " WHERE import_id = %s AND payload IS NOT NULL ORDER BY id LIMIT %s",
                self.id,
                limit,
            )
        )
        ring = self.env["clinic.vault"]._ring() if rows else None
        return [self._open_value(row, ring=ring) for row in rows]

    def _place(self, row, name):
        return (PLACE, name, f"{self.sudo().uid}/{row['sheet'] or ''}/{row['line']}")

    def _open_value(self, row, name="payload", ring=None):
        """What lies sealed in a row. ``row``: mapping with ``line``, ``sheet`` and the sealed text.

        :param ring: keys taken once for many rows
        """
        place = self._place(row, name)
        if ring:
            with contextlib.suppress(VaultError):  # below it is told what is wrong
                return json.loads(ring.open(row[name], place))
        return json.loads(self.env["clinic.vault"]._open(row[name], place))

    def _seal_value(self, ring, row, name, value):
        """A value for a row as sealed JSON."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return ring.seal(text, self._place(row, name))

    def _mapping(self):
        """``[(place, code, converter, values, default)]`` of the columns that go somewhere."""
        return [
            (
                column.sequence,
                column.field_id.code,
                column.converter,
                value_map(column.mapping),
                column.default_value,
            )
            for column in self.column_ids
            if column.field_id
        ]

    def _record_of(self, cells, mapping):
        """``{code: text}`` of a row; several columns of one field stand one after the other."""
        record, joined = {}, self._importer(self.kind)._joined_codes()
        for place, code, converter, values, default in mapping:
            text = cells[place] if place < len(cells) else ""
            if text or default:
                text = convert(text, converter, values, default)
            if text.strip() and not record.get(code):
                record[code] = text
            elif text.strip() and code in joined:
                record[code] += f", {text}"
        return record

    def _check_mapping(self):
        missing = self._importer(self.kind)._missing(set(self.column_ids.field_id.mapped("code")))
        if missing:
            raise UserError(missing)


def _batches(rows):
    """Lists of rows that fit into the memory, however long the rows are."""
    batch, letters = [], 0
    for row in rows:
        batch.append(row)
        letters += sum(map(len, row[2]))
        if len(batch) == BATCH or letters >= BATCH_LETTERS:
            yield batch
            batch, letters = [], 0
    if batch:
        yield batch
