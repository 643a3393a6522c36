# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An iCalendar file (RFC 5545) of one visit. Free of Odoo: values in, text out."""

from datetime import timezone

_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


def build_ics(*, uid, start, stop, stamp, summary, location="", description="", cancelled=False, sequence=0):
    """The text of a calendar with one event.

    Moments are written in UTC, so that any calendar shows them right in its own zone; the
    wall time of the branch belongs into ``description``.

    :param start, stop, stamp: aware datetimes
    :param sequence: grows with each change, so that calendars replace the event
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Clinic Suite//Visits//RU",
        "CALSCALE:GREGORIAN",
        "METHOD:" + ("CANCEL" if cancelled else "PUBLISH"),
        "BEGIN:VEVENT",
        "UID:" + _text(uid),
        "DTSTAMP:" + _moment(stamp),
        "DTSTART:" + _moment(start),
        "DTEND:" + _moment(stop),
        f"SEQUENCE:{int(sequence)}",
        "STATUS:" + ("CANCELLED" if cancelled else "CONFIRMED"),
        "SUMMARY:" + _text(summary),
    ]
    if location:
        lines.append("LOCATION:" + _text(location))
    if description:
        lines.append("DESCRIPTION:" + _text(description))
    if not cancelled:
        lines += [
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "TRIGGER:-PT2H",
            "DESCRIPTION:" + _text(summary),
            "END:VALARM",
        ]
    lines += ["END:VEVENT", "END:VCALENDAR"]
    return "".join(_fold(line) + "\r\n" for line in lines)


def _moment(value):
    if value.tzinfo is None:
        raise ValueError("an aware datetime is needed")
    return value.astimezone(timezone.utc).strftime("%Y%m%dT%H%M%SZ")


def _text(value):
    return str(value or "").translate(_ESCAPES)


def _fold(line):
    """Lines of at most 75 octets; a continuation starts with a space, no letter is cut."""
    parts, current, size = [], "", 0
    for char in line:
        width = len(char.encode())
        if size + width > (75 if not parts else 74):
            parts.append(current)
            current, size = "", 0
        current += char
        size += width
    parts.append(current)
    return "\r\n ".join(parts)
