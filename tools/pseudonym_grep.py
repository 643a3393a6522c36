"""Search of a dump for people: names by neighbouring words, phones by digits, addresses of e-mail whole."""

import re
from collections import Counter
from itertools import pairwise

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_DIGITS = re.compile(r"\+?\d(?:[\s()\-]{0,2}\d){9,}")
_COPY = re.compile(r"COPY (?:public\.)?\"?(\w+)\"? ")

#: Tables that come with the addons: no person stands there, but words such as "senior nurse" do.
#: Views that somebody has changed are searched in the copy itself (tools/pseudonyms.py).
SHIPPED = {
    "ir_model", "ir_model_fields", "ir_model_fields_selection", "ir_model_constraint", "res_groups",
    "ir_ui_view", "ir_ui_menu", "mail_template",
}  # fmt: skip


def phone_key(text):
    """The last ten digits, by which a number is known in any spelling; '' when there are fewer."""
    digits = re.sub(r"\D", "", text or "")
    return digits[-10:] if len(digits) >= 10 else ""


def email_key(text):
    return (text or "").strip().casefold()


class Finder:
    """Reads the lines of a plain dump and counts what of the originals is still there, by table.

    ``originals``: ``names`` (pairs surname, given name), ``phones``, ``emails``, ``texts`` (whole values of
    notes, streets and other free text; only those of twelve characters and more).
    """

    def __init__(self, originals):
        self.names = {
            frozenset((family.casefold(), given.casefold())) for family, given in originals.get("names", ())
        }
        self.phones = {key for key in map(phone_key, originals.get("phones", ())) if key}
        self.emails = {email_key(text) for text in originals.get("emails", ()) if text}
        self.texts = {text for text in originals.get("texts", ()) if len(text) >= 12}
        self.table, self._found = "", Counter()

    def feed(self, line):
        """One line of the dump."""
        head = _COPY.match(line)
        if head:
            self.table = head[1]
            return
        if self.table in SHIPPED:
            return
        if "@" in line:
            self._count("почта", sum(email_key(text) in self.emails for text in _EMAIL.findall(line)))
        if self.phones:
            self._count("телефон", sum(phone_key(text) in self.phones for text in _DIGITS.findall(line)))
        words = [word.casefold() for word in _WORD.findall(line)]
        self._count("имя", sum(frozenset(pair) in self.names for pair in pairwise(words)))
        cells = line.rstrip("\n").split("\t")
        self._count("текст", sum(cell in self.texts for cell in cells))

    def _count(self, what, times):
        if times:
            self._found[f"{self.table}: {what}"] += times

    def found(self):
        """Lines "table: kind, times", the most first."""
        return [f"{place}, {times}" for place, times in self._found.most_common()]
