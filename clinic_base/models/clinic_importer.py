# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from odoo import api, models
from odoo.tools import SQL

from ..messages_import import import_reason


@dataclass(slots=True, weakref_slot=True)
class Item:
    """A row on its way. ``notes`` are ``(level, code, field)`` with the levels of ``patient_row``."""

    row_id: int
    line: int
    sheet: str
    cells: list
    record: dict
    row_hash: str
    ref: str = ""
    notes: list = field(default_factory=list)
    parsed: object = None
    moment: object = None
    decision: str = ""
    zone: str = ""
    candidate: int = 0
    twin: int = 0
    # what the load made: the main record, everything for the undo, values put into empty fields
    state: str = ""
    main: object = None
    patient: int = 0
    made: dict = field(default_factory=dict)
    filled: dict = field(default_factory=dict)
    more: bool = False
    detail: str = ""
    # items of the same batch by row; held weakly, so that a batch is freed as soon as its list is
    batch: WeakValueDictionary = field(default_factory=WeakValueDictionary, repr=False)

    def note(self, level, code, name=""):
        self.notes.append((level, code, name))

    def add_made(self, records):
        self.made.setdefault(records._name, []).extend(records.ids)


class ClinicImporter(models.AbstractModel):
    """What an importer of one kind of rows does. Models that take it are named in
    ``clinic.import._importers``; all of them work set-based on batches."""

    _name = "clinic.importer"
    _description = "Importer"

    @api.model
    def _label(self):
        """Name of the kind, for people."""
        return self._description

    @api.model
    def _heading_words(self):
        """``{code: headings separated by blanks}`` known besides those of ``clinic.import.field``."""
        return {}

    @api.model
    def _second_columns(self, codes, titles):
        """The codes of the columns, where a second column of one heading means something else."""
        return codes

    @api.model
    def _joined_codes(self):
        """Fields that several columns may hold together; of the others the first filled column counts."""
        return {"note"}

    @api.model
    def _identifier(self, record):
        """Identifier of a row in the old program, or an empty text."""
        return record.get("id", "")

    @api.model
    def _missing(self, codes):
        """A sentence when the columns named do not suffice, else nothing."""
        return ""

    @api.model
    def _reason(self, code):
        """``(what, how to mend)`` of a code."""
        return import_reason(self.env, code)

    @api.model
    def _check(self, load, items):
        """Read and check rows: fills ``parsed``, ``notes`` and ``moment`` of each item."""
        raise NotImplementedError

    @api.model
    def _strangers(self, known):
        """Of rows whose identifier was loaded before: ids of those that surely are something else.

        :param known: ``[(item, model, id of the record of the identifier)]``
        """
        return set()

    @api.model
    def _prepare_compare(self, load):
        """A batch of what has to be done before ``_compare``; 0 when nothing is left."""
        return 0

    @api.model
    def _compare(self, load):
        """After all rows were checked: find those that look like something known."""

    @api.model
    def _load(self, load, items):
        """Make the records: fills ``main``, ``made`` and ``state`` of each item. May raise; the batch is
        then taken apart until the row is found."""
        raise NotImplementedError

    @api.model
    def _load_more(self, load, items):
        """The second round for rows with ``more``: links between records of the load."""

    @api.model
    def _untouched(self, load, rows):
        """Of rows to be taken back: ids of those whose records nobody has touched since.

        :param rows: ``[(row id, made, stamp)]``
        """
        self.env.flush_all()
        stamped = {}
        for _row_id, made, stamp in rows:
            for model, ids in made.items():
                stamped.setdefault(model, []).extend((res_id, stamp) for res_id in ids)
        changed = {
            (model, res_id) for model, pairs in stamped.items() for res_id in self._changed(model, pairs)
        }
        return {
            row_id
            for row_id, made, _stamp in rows
            if not any((model, res_id) in changed for model, ids in made.items() for res_id in ids)
        }

    @api.model
    def _changed(self, model, stamped):
        """Ids of records that were written after the stamp of their row."""
        return [
            res_id
            for (res_id,) in self.env.execute_query(
                SQL(
                    "SELECT t.id FROM %s t JOIN unnest(%s::int[], %s::timestamp[]) AS v(id, stamp)"
                    " ON v.id = t.id WHERE t.write_date > v.stamp",
                    SQL.identifier(self.env[model]._table),
                    [res_id for res_id, _stamp in stamped],
                    [stamp for _id, stamp in stamped],
                )
            )
        ]

    @api.model
    def _remove(self, load, made):
        """Delete what rows made.

        :param made: ``{model: ids}``
        """
        for model, ids in made.items():
            self.env[model].with_context(active_test=False).browse(ids).exists().unlink()

    @api.model
    def _unfill(self, load, patient_id, filled):
        """Take back values that a row put into empty fields of a card.

        :param filled: ``{field: value}``
        """

    @api.model
    def _keeps_rows(self):
        """Whether the rows are the only place of what they say, so that they are not wiped by time."""
        return False

    @api.model
    def _reconcile(self, load):
        """``[(label, value)]``: further lines of the protocol, such as sums."""
        return []

    @api.model
    def _still_there(self, load):
        """How many records of this load are in the base now."""
        return 0
