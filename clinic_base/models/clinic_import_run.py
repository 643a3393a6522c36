# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from weakref import WeakValueDictionary

import psycopg2
from psycopg2.errors import UniqueViolation

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, mute_logger

from ..patient_row import LEVELS, REJECT, SKIP, WARN, worst
from .clinic_import import READY
from .clinic_importer import Item

CHECK_BATCH, LOAD_BATCH = 1000, 500
MAX_REF = 200
MAX_DETAIL = 300
#: Rows are opened up to so many bytes of sealed cells at once.
MAX_OPEN = 16 << 20
_ROW_STATES = {"skip": "skipped"}


class ClinicImport(models.Model):
    """The batches of a check and of a load."""

    _inherit = "clinic.import"

    # ------------------------------------------------------------------ rows as items

    def _take(self, where, limit):
        """Rows of this load as items, opened. ``where``: a piece of SQL over ``r``."""
        self.env.flush_all()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT * FROM (
                    SELECT *, sum(octet_length(payload)) OVER (ORDER BY id) - octet_length(payload) AS before
                      FROM (
                        SELECT r.id, r.line, r.sheet, r.payload, r.row_hash, r.source_ref, r.codes, r.zone,
                               r.decision, COALESCE(r.candidate_id, t.patient_id) AS candidate, r.twin_id,
                               r.made, r.patient_id
                          FROM clinic_import_row r LEFT JOIN clinic_import_row t ON t.id = r.twin_id
                         WHERE r.import_id = %s AND r.payload IS NOT NULL AND %s
                         ORDER BY r.id LIMIT %s) AS batch) AS sized
                 WHERE before < %s ORDER BY id
                """,
                self.id,
                where,
                limit,
                MAX_OPEN,
            )
        )
        if not rows:
            return []
        mapping, items, ring = self._mapping(), [], self.env["clinic.vault"]._ring()
        for row in rows:
            cells = self._open_value(row, ring=ring)
            item = Item(
                row["id"], row["line"], row["sheet"], cells, self._record_of(cells, mapping), row["row_hash"]
            )
            item.ref, item.zone = row["source_ref"] or "", row["zone"] or ""
            item.candidate, item.twin = row["candidate"] or 0, row["twin_id"] or 0
            item.decision = row["decision"] or ""
            item.patient, item.made = row["patient_id"] or 0, json.loads(row["made"] or "{}")
            items.append(item)
        batch = WeakValueDictionary((item.row_id, item) for item in items)
        for item in items:
            item.batch = batch
        return items

    def _loadable_sql(self):
        """Rows that a load takes: in order, decided, and those in doubt unless they are to wait."""
        held = SQL("FALSE")
        if self.review_mode == "load":
            held = SQL("TRUE")
        elif self.attach_sure:
            held = SQL("r.zone = 'auto'")
        return SQL(
            "(r.state IN %s OR r.state = 'review' AND (r.decision IS NOT NULL OR %s))", tuple(READY), held
        )

    def _loadable_count(self):
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                "SELECT count(*) FROM clinic_import_row r WHERE r.import_id = %s AND %s",
                self.id,
                self._loadable_sql(),
            )
        )[0][0]

    def _reference(self, item):
        """Identifier of the row in the old program, or a hash of the row."""
        ref = " ".join(self._importer(self.kind)._identifier(item.record).split())[:MAX_REF]
        part = " ".join(item.record.get("source", "").split())[:60]
        return f"{part}:{ref}" if ref and part else ref or f"#{item.row_hash}"

    # ------------------------------------------------------------------ check

    def _step_check(self):
        items = self._take(SQL("r.state = 'staged'"), CHECK_BATCH)
        if items:
            self._check_items(items)
            return len(items)
        return self._importer(self.kind)._prepare_compare(self)

    def _check_items(self, items):
        for item in items:
            item.ref = self._reference(item)
        self._note_cells(items)
        self._importer(self.kind)._check(self, items)
        self._check_references(items)
        self.env["clinic.import.row"]._put(
            [
                {
                    "id": item.row_id,
                    "state": _ROW_STATES.get(worst(item.notes), worst(item.notes)),
                    "codes": _codes(item.notes),
                    "source_ref": item.ref,
                    "moment": item.moment,
                }
                for item in items
            ]
        )

    def _note_cells(self, items):
        """Cells that stand under no heading are told: a separator inside a text moves the others."""
        width = len(self.column_ids)
        for item in items:
            if any(cell.strip() for cell in item.cells[width:]):
                item.note(WARN, "more_cells")

    def _check_references(self, items):
        """The same row or identifier twice in the file, and rows of an earlier load."""
        refs = [item.ref for item in items]
        known = self.env["clinic.import.link"]._known(self.kind, self.source, refs)
        first = items[0].row_id
        earlier = self.env.execute_query(
            SQL(
                """
                SELECT source_ref, row_hash FROM clinic_import_row
                 WHERE import_id = %(id)s AND id < %(first)s AND state <> 'reject'
                   AND (source_ref = ANY(%(refs)s) OR row_hash = ANY(%(hashes)s))
                """,
                id=self.id,
                first=first,
                refs=refs,
                hashes=[item.row_hash for item in items],
            )
        )
        seen_refs = {ref for ref, _hash in earlier}
        seen_rows = {row_hash for _ref, row_hash in earlier}
        strangers = self._importer(self.kind)._strangers(
            [(item, *known[item.ref]) for item in items if item.ref in known]
        )
        for item in items:
            if item.row_id in strangers:
                item.note(REJECT, "other_id", "id")
            elif item.ref in known:
                item.note(SKIP, "already")
            elif item.row_hash in seen_rows:
                item.note(SKIP, "same_row")
            elif item.ref in seen_refs:
                item.note(REJECT, "id_twice", "id")
            if worst(item.notes) != REJECT:
                seen_refs.add(item.ref)
            seen_rows.add(item.row_hash)

    def _end_check(self):
        self._importer(self.kind)._compare(self)
        self.write({"state": "checked"})
        self._make_stats()

    # ------------------------------------------------------------------ load

    def _step_load(self):
        items = self._take(self._loadable_sql(), LOAD_BATCH)
        if items:
            self._load_items(items)
            return len(items)
        items = self._take(SQL("r.has_more"), LOAD_BATCH)
        if items:
            self._load_more_items(items)
        return len(items)

    def _end_load(self):
        self.write({"state": "loaded", "finished_at": fields.Datetime.now()})

    def _quiet(self):
        """The environment of a load: no messages, no tracking, phones made by the importer."""
        return self.with_context(
            tracking_disable=True,
            mail_create_nolog=True,
            mail_create_nosubscribe=True,
            mail_notrack=True,
            no_reset_password=True,
            clinic_phone_sync=True,
            clinic_import=True,
        )

    def _load_items(self, items):
        """Make records of checked rows; a row that the database refuses is found and rejected."""
        quiet = self._quiet()
        importer = quiet._importer(self.kind)
        importer._check(quiet, items)
        self._note_cells(items)
        # what a check would reject now cannot be loaded
        bad = [item for item in items if LEVELS.index(worst(item.notes)) >= LEVELS.index(REJECT)]
        known = self.env["clinic.import.link"]._known(self.kind, self.source, [item.ref for item in items])
        done = [item for item in items if item.ref in known]
        for item in done:
            item.state = "skipped"
            item.note(SKIP, "already")
        for item in bad:
            item.state = _ROW_STATES.get(worst(item.notes), worst(item.notes))
        rest = [item for item in items if not item.state]
        quiet._load_or_split(importer, rest)
        quiet._put_links(rest)
        quiet._put_items(items)

    def _load_or_split(self, importer, items):
        """Load all of them, or halves of them, down to the row that is refused.

        A full disk or a server that goes down is no fault of a row: the batch is done again later.
        """
        if not items:
            return
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                importer._load(self, items)
                self.env.flush_all()
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            raise
        except (UserError, psycopg2.Error, ValueError, TypeError) as error:
            if isinstance(error, UniqueViolation) and self.env.context.get("clinic_import_retry"):
                raise  # somebody else may have written it since the batch began
            self.env.invalidate_all()
            for item in items:
                item.state, item.main, item.patient = "", None, 0
                item.made, item.filled, item.more = {}, {}, False
            if len(items) == 1:
                items[0].state = "reject"
                items[0].note(REJECT, "refused")
                # sentences of the suite carry no values; those of the database do
                items[0].detail = str(error)[:MAX_DETAIL] if isinstance(error, UserError) else ""
                return
            half = len(items) // 2
            self._load_or_split(importer, items[:half])
            self._load_or_split(importer, items[half:])

    def _put_links(self, items):
        """Remember which rows stand for which records."""
        links = [item for item in items if item.state in ("loaded", "joined") and item.main is not None]
        if links:
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO clinic_import_link (kind, source, ref, model, res_id, import_id,
                                                    create_uid, create_date, write_uid, write_date)
                    SELECT %s, %s, *, %s, %s, %s, %s, %s
                      FROM unnest(%s::text[], %s::text[], %s::int[])
                    """,
                    self.kind,
                    self.source,
                    self.id,
                    self.env.uid,
                    self.env.cr.now(),
                    self.env.uid,
                    self.env.cr.now(),
                    [item.ref for item in links],
                    [item.main._name for item in links],
                    [item.main.id for item in links],
                )
            )

    def _put_items(self, items):
        """Write what became of rows, and when: the stamp tells later changes by people."""
        ring = self.env["clinic.vault"]._sealing_ring()
        self.env["clinic.import.row"]._put(
            [
                {
                    "id": item.row_id,
                    "state": item.state,
                    "codes": _codes(item.notes),
                    "detail": item.detail or None,
                    "source_ref": item.ref,
                    "moment": item.moment,
                    "patient_id": item.patient or None,
                    "made": json.dumps(item.made) if item.made else None,
                    "filled": self._seal_value(
                        ring, {"line": item.line, "sheet": item.sheet}, "filled", item.filled
                    )
                    if item.filled
                    else None,
                    "has_more": item.more,
                }
                for item in items
            ]
        )
        self._stamp(items)

    def _stamp(self, items):
        """Changes up to now are those of the load."""
        self.env.cr.execute(
            SQL(
                "UPDATE clinic_import_row SET stamp = %s WHERE id = ANY(%s)",
                self.env.cr.now(),
                [item.row_id for item in items],
            )
        )

    def _load_more_items(self, items):
        """The second round; a link that cannot be made stays away and is told."""
        quiet = self._quiet()
        importer = quiet._importer(self.kind)
        importer._check(quiet, items)
        for item in items:
            item.state, item.more = "loaded", False
            before = {model: list(ids) for model, ids in item.made.items()}
            try:
                with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                    importer._load_more(quiet, [item])
                    self.env.flush_all()
            except (psycopg2.OperationalError, psycopg2.InterfaceError):
                raise
            except (UserError, psycopg2.Error, ValueError, TypeError) as error:
                self.env.invalidate_all()
                item.made = before
                item.detail = str(error)[:MAX_DETAIL] if isinstance(error, UserError) else ""
                item.note("warn", "refused_more")
        self.env["clinic.import.row"]._put_more(items)
        quiet._stamp(items)


def _codes(notes):
    return ",".join(dict.fromkeys(f"{level}:{code}:{name}" for level, code, name in notes)) or None
