# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""iCalendar (RFC 5545): the file of one visit and the feed of many. Free of Odoo: values in, text out."""

from datetime import timezone

_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


def build_ics(*, uid, start, stop, stamp, summary, location="", description="", cancelled=False, sequence=0):
    """The text of a calendar with one event.

    Moments are written in UTC, so that any calendar shows them right in its own zone; the
    wall time of the branch belongs into ``description``.

    :param start, stop, stamp: aware datetimes
    :param sequence: grows with each change, so that calendars replace the event
    """
    event = _event(uid, start, stop, stamp, summary, location, description, sequence)
    event.insert(-1, "STATUS:" + ("CANCELLED" if cancelled else "CONFIRMED"))
    if not cancelled:
        event[-1:-1] = [
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "TRIGGER:-PT2H",
            "DESCRIPTION:" + _text(summary),
            "END:VALARM",
        ]
    return _calendar(event, ["METHOD:" + ("CANCEL" if cancelled else "PUBLISH")])


def build_feed(name, events, hours=1):
    """The text of a calendar that programs fetch again and again; events that are gone are left out.

    :param name: what the calendar is called
    :param events: iterable of dicts ``uid, start, stop, stamp, summary`` and perhaps ``location,
        description``; moments are aware datetimes
    :param hours: how often it should be fetched (RFC 7986, REFRESH-INTERVAL)
    """
    head = [
        "METHOD:PUBLISH",
        "NAME:" + _text(name),
        "X-WR-CALNAME:" + _text(name),
        f"REFRESH-INTERVAL;VALUE=DURATION:PT{int(hours)}H",
        f"X-PUBLISHED-TTL:PT{int(hours)}H",
    ]
    lines = []
    for event in events:
        lines += _event(**event)
    return _calendar(lines, head)


def _calendar(lines, head):
    head = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Clinic Suite//Visits//RU",
        "CALSCALE:GREGORIAN",
        *head,
    ]
    return "".join(_fold(line) + "\r\n" for line in [*head, *lines, "END:VCALENDAR"])


def _event(uid, start, stop, stamp, summary, location="", description="", sequence=0):
    lines = [
        "BEGIN:VEVENT",
        "UID:" + _text(uid),
        "DTSTAMP:" + _moment(stamp),
        "DTSTART:" + _moment(start),
        "DTEND:" + _moment(stop),
        f"SEQUENCE:{int(sequence)}",
        "SUMMARY:" + _text(summary),
    ]
    lines += ["LOCATION:" + _text(location)] if location else []
    lines += ["DESCRIPTION:" + _text(description)] if description else []
    return [*lines, "END:VEVENT"]


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
