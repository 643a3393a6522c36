"""Which row holds the names of the columns, and which field each of them is."""

import re

#: Titles, dates and logos stand above the table in printed reports.
LOOK_ROWS = 25
_DATA = re.compile(r"[0-9]{4}|[0-9][./-][0-9]")


def fold_header(text):
    """A heading without case, spaces and signs: ``Дата  рождения:`` and ``дата_рождения`` are one."""
    return re.sub(r"[\s_\-\"'№#:.,/\\()\u00a0]+", "", str(text).strip().lower().replace("ё", "е"))


def heading_words(aliases):
    """``{folded heading: field}`` of ``{field: headings separated by blanks}``."""
    found = {}
    for name, words in aliases.items():
        for word in words.split():
            found.setdefault(fold_header(word), name)
    found.pop("", None)
    return found


def find_header(rows, field_of):
    """``(columns, fields, number of rows up to the end of the heading)`` in the first rows of a sheet.

    :param rows: lists of cells
    :param field_of: ``heading → field or None``
    :return: headings, the field of each or ``None``; without a known heading the first wide row is taken
    """
    best = (0, 0, None)
    for place, cells in enumerate(rows[:LOOK_ROWS]):
        fields = _fields([(cell,) for cell in cells], field_of)
        score = len(set(fields) - {None})
        if score > best[0]:
            best = (score, place, None)
        if score and place + 1 < len(rows) and not any(_DATA.search(cell) for cell in rows[place + 1]):
            double = _pairs(cells, rows[place + 1])
            score = len(set(_fields(double, field_of)) - {None})
            if score > best[0]:
                best = (score, place, double)
    score, place, double = best
    if not score:
        width = max((sum(map(bool, cells)) for cells in rows[:LOOK_ROWS]), default=0)
        place = next(
            (number for number, cells in enumerate(rows[:LOOK_ROWS]) if sum(map(bool, cells)) == width), 0
        )
    titles = double or [(cell,) for cell in (rows[place] if rows else ())]
    columns = [
        " / ".join(dict.fromkeys(" ".join(part.split()) for part in title if part)) for title in titles
    ]
    return columns, _fields(titles, field_of), place + (2 if double else 1)


def _shown(parts):
    words = (" ".join(part.split()) for part in parts)
    return " / ".join(dict.fromkeys(word for word in words if word))


def _pairs(upper, lower):
    width = max(len(upper), len(lower))
    first, second = (list(cells) + [""] * (width - len(cells)) for cells in (upper, lower))
    return list(zip(first, second, strict=True))


def _fields(titles, field_of):
    """The field of each heading; of a double one the whole, the lower, then the upper part counts."""
    found = []
    for parts in titles:
        words = [" ".join(parts), *reversed(parts)] if len(parts) > 1 else parts
        name = next(filter(None, (field_of(word) for word in words if word and word.strip())), None)
        found.append(None if name in found else name)
    return found
