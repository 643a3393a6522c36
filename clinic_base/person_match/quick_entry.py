"""One line of quick registration → name, birth date, phones."""

from dataclasses import dataclass, field

from .birth_date import find_birth_date
from .names import PersonName, parse_full_name

MAX_TEXT = 1000


@dataclass(frozen=True)
class QuickEntry:
    """What one typed line holds; ``birth_date_error`` names a bad date."""

    name: PersonName = field(default_factory=PersonName)
    birth_date: object = None
    birth_date_error: str = ""
    phones: tuple = ()
    note: str = ""


def parse_quick_entry(text, today, split_phones):
    """Read "Иванова Мария Петровна 12.03.85 8 914 123-45-67" in any order.

    :param today: decides the century of a two-digit year
    :param split_phones: callable ``text → (phones, text without them)``, handed
        in by the caller because a package imports only itself
    """
    text = str(text or "")[:MAX_TEXT]
    birth_date, error, start, stop = find_birth_date(text, today)
    rest = f"{text[:start]} ; {text[stop:]}" if stop else text
    phones, rest = split_phones(rest)
    name = parse_full_name(rest)
    return QuickEntry(
        name=name,
        birth_date=birth_date,
        birth_date_error=error or "",
        phones=tuple(phones),
        note=name.note,
    )
