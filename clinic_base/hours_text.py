# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Opening hours as people write them; no Odoo inside.

``"пн-пт 8:00-20:00, сб 9-15"`` <-> ``[(weekday, hour_from, hour_to), …]`` with Monday = 0 and
hours as numbers (8.5 = 8:30). Intervals over midnight are cut into two days.
"""

import re

_DAYS = {
    "пн": 0, "вт": 1, "ср": 2, "чт": 3, "пт": 4, "сб": 5, "вс": 6,
    "mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6,
}  # fmt: skip
_DAILY = {"ежедневно", "без выходных", "daily", "every day"}
_ALWAYS = {"круглосуточно", "24/7"}
_CLOSED = {"выходной", "закрыто", "closed"}

_DASH = r"\s*[-–—]\s*"
_TIME = r"(\d{1,2})(?:[:.](\d{2}))?"
_RANGE = re.compile(rf"(?:с\s+)?{_TIME}(?:{_DASH}|\s+до\s+){_TIME}$")
_DAY_SPAN = re.compile(rf"([a-zа-я]+)(?:{_DASH}([a-zа-я]+))?$")
_TAIL = re.compile(r"(?:\bс\s+)?\d{1,2}(?:[:.]\d{2})?(?:\s*[-–—]\s*|\s+до\s+)\d{1,2}(?:[:.]\d{2})?$")


class HoursError(ValueError):
    """The text cannot be read; ``part`` is the piece that was not understood."""

    def __init__(self, part):
        super().__init__(part)
        self.part = part


def _hour(hours, minutes, part):
    value = int(hours) + int(minutes or 0) / 60
    if value > 24 or int(minutes or 0) > 59:
        raise HoursError(part)
    return value


def _day(word, part):
    for name, number in _DAYS.items():
        if word == name or (len(name) == 3 and word.startswith(name)):
            return number
    long_names = ("понед", "вторн", "сред", "четв", "пятн", "субб", "воскр")
    for number, name in enumerate(long_names):
        if word.startswith(name):
            return number
    raise HoursError(part)


def _days(text, part):
    if not text or text in _DAILY:
        return list(range(7))
    days = []
    for piece in re.split(r"\s*(?:,|\s+и\s+|\s+and\s+)\s*", text):
        match = _DAY_SPAN.match(piece.strip())
        if not match:
            raise HoursError(part)
        first = _day(match[1], part)
        last = _day(match[2], part) if match[2] else first
        days += [(first + i) % 7 for i in range((last - first) % 7 + 1)]
    return days


def parse_hours(text):
    """Read the text into sorted intervals; raises HoursError with the piece it stumbled over."""
    rows = []
    days_before = ""
    for part in re.split(r"[;,\n]", (text or "").lower()):
        part = " ".join(part.split()).rstrip(".")
        if not part:
            continue
        if part in _ALWAYS:
            rows += [(day, 0.0, 24.0) for day in range(7)]
            continue
        closed = next((word for word in _CLOSED if part.endswith(word)), None)
        if closed:
            _days(part.removesuffix(closed).strip(" :-–—"), part)
            continue
        tail = _TAIL.search(part)
        if not tail:
            # "пн, ср 9-15": a day that waits for the hours of the next piece
            _days(part, part)
            days_before += part + ", "
            continue
        rows += _intervals(days_before + part[: tail.start()].strip(" :"), tail[0], part)
        days_before = ""
    if days_before:
        raise HoursError(days_before.strip(", "))
    return _merged(rows)


def _intervals(days_text, range_text, part):
    match = _RANGE.match(range_text)
    start, stop = _hour(match[1], match[2], part), _hour(match[3], match[4], part)
    if start == stop or start == 24:
        raise HoursError(part)
    for day in _days(days_text.strip(", "), part):
        if start < stop:
            yield day, start, stop
        else:
            yield day, start, 24.0
            if stop:
                yield (day + 1) % 7, 0.0, stop


def _merged(rows):
    merged = []
    for day, start, stop in sorted(rows):
        if merged and merged[-1][0] == day and start <= merged[-1][2]:
            merged[-1] = (day, merged[-1][1], max(stop, merged[-1][2]))
        else:
            merged.append((day, start, stop))
    return merged


def _clock(value):
    minutes = round(value * 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def format_hours(rows, day_names):
    """The inverse: neighbouring days with equal hours become one span. ``day_names``: seven words."""
    by_day = [[] for _day_number in range(7)]
    for day, start, stop in _merged(rows):
        by_day[day].append(f"{_clock(start)}–{_clock(stop)}")
    parts, day = [], 0
    while day < 7:
        last = day
        while last < 6 and by_day[last + 1] == by_day[day]:
            last += 1
        if by_day[day]:
            span = day_names[day] if last == day else f"{day_names[day]}–{day_names[last]}"
            parts += [f"{span} {hours}" for hours in by_day[day]]
        day = last + 1
    return ", ".join(parts)
