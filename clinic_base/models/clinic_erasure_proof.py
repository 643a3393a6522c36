# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
import re
import zipfile
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

#: Tables that hold no people: the program itself and classifiers. Names are words there, numbers are not.
_NOBODY = re.compile(
    r"ir_(model|ui_|act|rule|filters|cron|module|asset)|res_(country|city|lang|currency|groups)"
    r"|clinic_address_(object|house|load|book)|(theme|website)_(menu|page|view|ir)"
)
#: Examples of numbers, shown as a hint.
_SAMPLES = {"clinic_identity_document_kind"}
#: Characters that people put between the digits of a number.
_BETWEEN = " ()./\u00a0\u2011\u2013№-"
_SHORTEST = 8
_DIGITS = re.compile(r"[0-9]+")
#: Cyrillic letters of series that are typed in Latin as often.
_TWINS = dict(zip("АВСЕНКМОРТХУ", "ABCEHKMOPTXY", strict=True))
#: Pictures of the program's own fields are no documents.
_PICTURE_FIELDS = ("image_", "avatar_")
#: Larger files and packed files are named as not read.
_FILE_LIMIT = 20 << 20
_PROGRAM_FILES = ("ir.ui.view", "ir.ui.menu", "ir.module.module", "res.lang", "res.country")
_TEXT_FILES = re.compile(r"text/|message/|application/(json|xml|csv|xhtml)|image/svg")
_OFFICE_FILES = re.compile(r"application/vnd\.(openxmlformats|oasis)")


class Trace(NamedTuple):
    """One thing to look for: ``words`` must all stand in a text, ``pattern`` finds them exactly.

    ``kind``: ``phone``, ``email``, ``number`` (of a document or policy) or ``name``. The pattern is written
    in what PostgreSQL and Python read alike.
    """

    kind: str
    words: tuple
    patterns: tuple


class Traces(NamedTuple):
    """What is looked for after a destruction, taken before it, and what could not be taken."""

    card_ids: tuple
    wanted: tuple
    notes: tuple


class ClinicErasure(models.AbstractModel):
    """The proof: by links, by exact numbers and by a name that is nobody else's; and what it does not see."""

    _inherit = "clinic.erasure"

    # --- before

    @api.model
    def _traces(self, patient):
        """What to look for after the destruction. Values that other people share prove nothing and are
        left out, with a sentence about it."""
        cards = self._cards(patient)
        wanted, notes = [], []
        phones, emails = self._own_phones(cards), self._own_emails(cards)
        wanted += [self._trace_of_number("phone", phone[-10:]) for phone in phones]
        wanted += [self._trace_of_email(email) for email in emails]
        numbers, sentences = self._document_numbers(cards)
        wanted += [self._trace_of_number("number", number) for number in numbers]
        notes += sentences
        known = {phone for phone in cards.clinic_phone_ids.mapped("e164") if phone}
        known |= {email for email in cards.mapped("email_normalized") if email}
        shared = len(known - set(phones) - set(emails))
        if shared:
            notes.append(
                self.env._(
                    "Phones and addresses that other cards have, too, were not looked for: %(count)s.",
                    count=shared,
                )
            )
        names, namesakes = self._own_names(cards)
        wanted += [self._trace_of_name(*name) for name in names]
        if namesakes:
            notes.append(
                self.env._(
                    "Other contacts have the same surname and first name (%(count)s), so the name was looked "
                    "for only in what belongs to this person.",
                    count=namesakes,
                )
            )
        return Traces(tuple(cards.ids), tuple(wanted), tuple(notes))

    @api.model
    def _own_names(self, cards):
        """``({(surname, first name)} that no other contact has, how many namesakes the others have)``."""
        pairs = {(card.family_name, card.given_name) for card in cards}
        former = self.env["clinic.former.name"].sudo().search([("patient_id", "in", cards.ids)])
        pairs |= {
            (row.family_name or row.patient_id.family_name, row.given_name or row.patient_id.given_name)
            for row in former
        }
        own, namesakes = set(), 0
        for family, given in pairs:
            if not (family and given):
                continue
            same = self._other_contacts(
                ["|", "&", ("family_name", "=ilike", family), ("given_name", "=ilike", given),
                 "&", ("name", "ilike", family), ("name", "ilike", given)], cards,
            )  # fmt: skip
            namesakes += len(same)
            if not same:
                own.add((family, given))
        return sorted(own), namesakes

    @api.model
    def _document_numbers(self, cards):
        """Whole numbers of documents and policies of these cards only, and sentences on the rest."""
        found, shared, closed, short = set(), 0, 0, 0
        for model in ("clinic.identity.document", "clinic.coverage"):
            rows = self.env[model].sudo().with_context(active_test=False)
            ready = self.env["clinic.vault"]._state()[0] == "ok"
            for row in rows.search([("patient_id", "in", cards.ids), ("number_blind", "!=", False)]):
                twins = rows.search(
                    [("number_blind", "=", row.number_blind), ("patient_id", "not in", cards.ids)], limit=1
                )
                shared += bool(twins)
                closed += not ready
                number = row._normal_number(row._number_plain()) if ready and not twins else ""
                if len(number) >= _SHORTEST:
                    found.add(number)
                short += 0 < len(number) < _SHORTEST
        notes = []
        if short:
            notes.append(
                self.env._(
                    "Numbers of documents shorter than %(length)s characters were not looked for, because "
                    "they stand in other texts by chance: %(count)s.",
                    length=_SHORTEST,
                    count=short,
                )
            )
        if shared:
            notes.append(
                self.env._(
                    "Numbers of documents or policies that stand on another card, too: %(count)s. If that "
                    "card is of the same person, it needs a request of its own.",
                    count=shared,
                )
            )
        if closed:
            notes.append(
                self.env._(
                    "Without the encryption key the numbers of documents could not be looked for: %(count)s.",
                    count=closed,
                )
            )
        return sorted(found), notes

    @api.model
    def _trace_of_number(self, kind, number):
        """The characters in their order with at most two separators between each, and no digit around."""
        between = f"[{_BETWEEN}]{{0,2}}"
        body = between.join(f"[{char}{_TWINS[char]}]" if char in _TWINS else char for char in number)
        before = f"(?:\\+?[78]{between})?" if kind == "phone" else ""
        longest = max(_DIGITS.findall(number), key=len, default="")
        return Trace(kind, (longest,), (f"(?<![0-9A-Fa-f]){before}{body}(?![0-9A-Fa-f])",))

    @api.model
    def _trace_of_email(self, email):
        return Trace("email", (email,), (f"(?<![0-9a-z._%+-]){re.escape(email.lower())}(?![0-9a-z_-])",))

    @api.model
    def _trace_of_name(self, family, given):
        around = "(?<![0-9A-Za-zА-Яа-яЁё]){}(?![0-9A-Za-zА-Яа-яЁё])"
        words = (self._fold(family), self._fold(given))
        return Trace("name", words, tuple(around.format(re.escape(word)) for word in words))

    @api.model
    def _fold(self, text):
        return text.lower().replace("ё", "е")

    # --- after

    @api.model
    def _prove(self, traces):
        """Look for what is left.

        :return: ``(finds, notes)``: ``[(place in words, rows)]`` and sentences on what was looked for and
            what cannot be seen
        """
        self.env.flush_all()
        finds = self._left_links(traces.card_ids)
        finds += self._left_texts(traces.wanted)
        files, unread = self._left_files(traces.wanted)
        finds += [(self.env._("Files"), files)] if files else []
        return finds, [*self._what_was_done(traces, unread), *traces.notes, *self._blind_spots()]

    @api.model
    def _what_was_done(self, traces, unread):
        kinds = [trace.kind for trace in traces.wanted]
        notes = [
            self.env._(
                "Looked for: rows that point to the card; in all texts of the database and in files with "
                "text – phones: %(phones)s, e-mail addresses: %(emails)s, numbers of documents and policies: "
                "%(numbers)s, names: %(names)s.",
                phones=kinds.count("phone"),
                emails=kinds.count("email"),
                numbers=kinds.count("number"),
                names=kinds.count("name"),
            )
        ]
        if unread:
            notes.append(
                self.env._(
                    "Files of other records that the program cannot read (pictures, scans, PDF, archives): "
                    "%(count)s.",
                    count=unread,
                )
            )
        return notes

    @api.model
    def _blind_spots(self):
        """Sentences on where nothing was looked for; addons with further stores add theirs."""
        return [
            self.env._(
                "Not looked for, because the program cannot see it: backups made earlier, paper, mailboxes "
                "and computers of employees, names in other forms and with mistakes, encrypted rows of "
                "imports that belong to no card."
            )
        ]

    @api.model
    def _left_links(self, card_ids):
        """Rows that should be gone or empty, and rows of other programs that nobody has asked about."""
        cards = self.env["res.partner"].sudo().browse(card_ids)
        plan, _until = self._plan(cards[:1])
        finds, known = [], {"res_users.partner_id", "res_partner.merged_into_id", "mail_message.author_id"}
        known |= {"res_partner.commercial_partner_id", "mail_message_res_partner_rel.res_partner_id"}
        for step in plan:
            line = step["line"]
            if step["until"] or line.action == "keep":
                continue
            left = step["rows"] if line.action == "delete" else self._not_empty(line, step["rows"])
            if left:
                finds.append((self._place(self.env[line.model]._table, line.field), len(left)))
        known |= {
            f"{self.env[line.model]._table}.{line.field}"
            for line in cards._clinic_erase_spec()
            if not line.parent
        }
        for table, column in self._links_of_cards():
            if f"{table}.{column}" not in known:
                count = self._count(
                    SQL(
                        "SELECT count(*) FROM %s WHERE %s = ANY(%s)",
                        SQL.identifier(table), SQL.identifier(column), cards.ids,
                    )
                )  # fmt: skip
                if count:
                    finds.append((self._place(table, column), count))
        return finds

    @api.model
    def _not_empty(self, line, ids):
        """Ids of wiped rows that do not hold what they should."""
        other = SQL(" OR ").join(
            SQL("%s IS DISTINCT FROM %s", SQL.identifier(name), value) for name, value in line.values.items()
        )
        if not line.values or not ids:
            return []
        table = SQL.identifier(self.env[line.model]._table)
        return self.env.execute_query(SQL("SELECT id FROM %s WHERE id = ANY(%s) AND (%s)", table, ids, other))

    @api.model
    def _left_texts(self, wanted):
        finds = []
        if not wanted:
            return finds
        for table, columns in self._text_columns():
            if table in _SAMPLES:
                continue
            kinds = [trace for trace in wanted if trace.kind != "name" or not _NOBODY.match(table)]
            row = SQL(
                "concat_ws(E'\\n', %s)", SQL(", ").join(SQL("%s::text", SQL.identifier(c)) for c in columns)
            )
            # one look at the whole row first: nearly every table has nothing
            amount = self._count_texts(table, row, kinds) if kinds else 0
            if not amount:
                continue
            by_column = [
                (column, self._count_texts(table, SQL("%s::text", SQL.identifier(column)), kinds))
                for column in columns
            ]
            places = [(self._place(table, column), count) for column, count in by_column if count]
            # surname and first name may stand in columns of their own
            finds += places or [(self._place(table, ""), amount)]
        return finds

    @api.model
    def _count_texts(self, table, value, wanted):
        """Rows of a table with any of the traces: a cheap look at the words, then the exact pattern."""
        folded = SQL("replace(lower(t.v), 'ё', 'е')")
        bare = SQL("translate(upper(t.v), %s, '')", _BETWEEN)
        tests = []
        for trace in wanted:
            text = bare if trace.kind in ("phone", "number") else folded
            parts = [SQL("position(%s in %s) > 0", word, text) for word in trace.words]
            exact = SQL("upper(t.v)") if trace.kind in ("phone", "number") else folded
            parts += [SQL("%s ~ %s", exact, pattern) for pattern in trace.patterns]
            tests.append(SQL("(%s)", SQL(" AND ").join(parts)))
        return self._count(
            SQL(
                "SELECT count(*) FROM (SELECT %s AS v FROM %s) t WHERE %s",
                value,
                SQL.identifier(table),
                SQL(" OR ").join(tests),
            )
        )

    @api.model
    def _count(self, query):
        ((count,),) = self.env.execute_query(query)
        return count

    @api.model
    def _place(self, table, column):
        """Where a find is, in words and as the administrator of the database calls it."""
        model = next((model for model in self.env.values() if model._table == table and model._auto), None)
        name = f"{table}.{column}" if column else table
        return f"{self._model_name(model._name)} ({name})" if model is not None else name

    @api.model
    def _left_files(self, wanted):
        """``(files with a trace, files that cannot be read)`` among those that were not destroyed."""
        files = self.env["ir.attachment"].sudo()
        rows = self.env.execute_query(
            SQL(
                "SELECT id, coalesce(mimetype, ''), coalesce(file_size, 0), coalesce(res_field, '')"
                " FROM ir_attachment WHERE type = 'binary' AND url IS NULL"
                " AND coalesce(res_model, '') NOT IN %s ORDER BY id",
                _PROGRAM_FILES,
            )
        )
        hits = unread = 0
        for file_id, mimetype, size, field in rows:
            if field.startswith(_PICTURE_FIELDS):
                continue
            if size > _FILE_LIMIT or not (_TEXT_FILES.match(mimetype) or _OFFICE_FILES.match(mimetype)):
                unread += not field
                continue
            record = files.browse(file_id)
            content = record.raw or b""
            unread += bool(size and not content)
            hits += self._has_trace(self._text_of(content), wanted)
            record.invalidate_recordset()
        return hits, unread

    @api.model
    def _text_of(self, content):
        if content[:2] == b"PK":
            try:
                with zipfile.ZipFile(io.BytesIO(content)) as packed:
                    parts = [part for part in packed.infolist() if part.filename.endswith(".xml")]
                    if sum(part.file_size for part in parts) > 4 * _FILE_LIMIT:
                        return ""
                    content = b"\n".join(packed.read(part) for part in parts)
            except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
                return ""
        text = content.decode("utf-8", errors="replace")
        return text if "\ufffd" not in text else content.decode("cp1251", errors="replace")

    @api.model
    def _has_trace(self, text, wanted):
        folded, upper = self._fold(text), text.upper()
        return any(
            all(
                re.search(pattern, upper if trace.kind in ("phone", "number") else folded)
                for pattern in trace.patterns
            )
            for trace in wanted
        )

    @api.model
    def _text_columns(self):
        """``[(table, names of its columns with text)]`` of the whole database."""
        return self.env.execute_query(
            SQL(
                "SELECT c.table_name, array_agg(c.column_name::text ORDER BY c.column_name)"
                " FROM information_schema.columns c"
                " JOIN information_schema.tables t USING (table_schema, table_name)"
                " WHERE c.table_schema = current_schema AND t.table_type = 'BASE TABLE'"
                " AND c.data_type IN ('text', 'character varying', 'character', 'json', 'jsonb')"
                " GROUP BY 1 ORDER BY 1"
            )
        )
