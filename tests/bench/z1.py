"""Z1: a year of days in every zone: is the hour that somebody reads the hour on the branch's clock?

The judge is ``zoneinfo``, asked here and not through the code under test; who looks sits in New Zealand.
"""

import datetime
import re
import zoneinfo

NAME = "Z1"
#: Every zone of Russia that differs, and those with summer time, half hours and both hemispheres.
ZONES = (
    "Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk",
    "Asia/Krasnoyarsk", "Asia/Irkutsk", "Asia/Chita", "Asia/Vladivostok", "Asia/Magadan",
    "Asia/Kamchatka", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/St_Johns",
    "Africa/Casablanca",
)  # fmt: skip
READER = "Pacific/Auckland"
DAYS = 366
#: Working hours of the doctor by day and of the one by night, in minutes after midnight.
SHIFTS = ((8 * 60, 20 * 60), (22 * 60, 30 * 60))
VISIT = 10 * 60 + 15
UTC = datetime.timezone.utc


def run(ctx):
    """A year of shifts in 16 zones, visits on every third day and around each change of the clock.

    Small: 4 zones, visits around the changes and on every 45th day.
    """
    zones = ZONES[-5:-1] if ctx.small else ZONES
    pace = 45 if ctx.small else 3
    found = {"shifts": 0, "visits": 0, "texts": 0, "differences": []}
    database = ctx.clone()
    with ctx.env(database) as env:
        world = _world(env, zones)
        env["res.users"].browse(env.uid).tz = READER
        reader = env(context={**env.context, "tz": READER, "lang": "en_US"})
        for branch, service, patients, owners in world:
            days = _year(env)
            for owner, hours in zip(owners, SHIFTS, strict=True):
                _shifts(reader, branch, owner, hours, days, found)
            for number, day in enumerate(_chosen(days, branch.tz, pace)):
                _visit(reader, branch, service, patients[number % len(patients)], day, found)
            env.flush_all()
            env.invalidate_all()
    differences = found.pop("differences")
    return {
        "ok": not differences and found["visits"] > 0,
        **found,
        "differences": len(differences),
        "examples": differences[:5],
    }


# ---------------------------------------------------------------------- the clinic


def _world(env, zones):
    service = env["product.product"].create(
        {"name": "Zone", "type": "service", "clinic_is_service": True, "clinic_duration": 15}
    )
    found = []
    for zone in zones:
        # of each zone its own: the same hour of two zones may be the same moment
        patients = env["res.partner"].create(
            [{"is_patient": True, "family_name": "Clock", "given_name": f"{zone} {n}"} for n in range(20)]
        )
        branch = env["clinic.branch"].create({"name": zone, "tz": zone})
        owners = env["clinic.practitioner"].create(
            [
                {
                    "name": f"{zone} {n}",
                    "branch_ids": [(6, 0, branch.ids)],
                    "service_line_ids": [(0, 0, {"service_id": service.id})],
                }
                for n in range(len(SHIFTS))
            ]
        )
        found.append((branch, service, patients, owners))
    return found


def _year(env):
    first = env.cr.now().date() + datetime.timedelta(days=1)
    return [first + datetime.timedelta(days=n) for n in range(DAYS)]


def _chosen(days, zone, pace):
    """Every so many days, and the days before, of and after a change of the clock."""
    offsets = [datetime.datetime.combine(day, datetime.time(12), zoneinfo.ZoneInfo(zone)).utcoffset()
               for day in days]  # fmt: skip
    changes = {n + k for n in range(1, len(days)) if offsets[n] != offsets[n - 1] for k in (-2, -1, 0, 1)}
    return [day for n, day in enumerate(days) if n % pace == 0 or n in changes]


# ---------------------------------------------------------------------- the judge


def _utc(day, minutes, zone):
    """The naive UTC moment of a wall time that exists, by zoneinfo alone."""
    wall = datetime.datetime.combine(day, datetime.time()) + datetime.timedelta(minutes=minutes)
    return wall.replace(tzinfo=zoneinfo.ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)


def _compare(found, what, branch, day, got, want):
    found["texts"] += 1
    if got != want:
        found["differences"].append(f"{branch.tz} {day}: {what}: {got} instead of {want}")


def _shifts(env, branch, owner, hours, days, found):
    """A template of every day makes the year; each shift begins and ends on the branch's clock."""
    template = env["clinic.shift.template"].create(
        {
            "name": branch.tz,
            "resource_id": owner.resource_id.id,
            "branch_id": branch.id,
            "on_days_off": True,
            "line_ids": [
                (0, 0, {"weekday": str(n), "minute_from": hours[0], "minute_to": hours[1] % 1440})
                for n in range(7)
            ],
        }
    )
    shifts, _steps = template._generate(days[0], days[-1])
    by_day = {shift.local_date: shift for shift in shifts}
    found["shifts"] += len(shifts)
    for day in days:
        shift = by_day.get(day)
        got = shift and (shift.start, shift.stop)
        _compare(found, "shift", branch, day, got, tuple(_utc(day, one, branch.tz) for one in hours))


def _visit(env, branch, service, patient, day, found):
    """A visit found, booked and read in every place where its hour stands."""
    start = _utc(day, VISIT, branch.tz)
    booking = env["clinic.booking"]
    slots = booking.search_slots(service, branches=branch, date_from=day, date_to=day, limit=500)
    slot = next((slot for slot in slots if slot["start"] == start), None)
    _compare(found, "free time", branch, day, bool(slot), True)
    if not slot:
        return
    visit = booking.book(slot, patient)
    found["visits"] += 1
    clock, date = "10:15", f"{day:%d.%m}"
    texts = visit._portal_texts()
    calendar = visit._portal_ics().replace("\r\n ", "")
    timeline = env["res.partner"]._timeline_visit(visit)["when"]
    prints = env["clinic.print.field"]
    for what, got, want in (
        ("date", visit.local_date, day),
        ("hour", visit.wall_start, f"{date} {clock}"),
        ("name", visit.display_name[-16:], f"{day:%d.%m.%Y} {clock}"),
        ("journal", visit.journal_ids[:1].wall_to, f"{date} {clock}"),
        ("hour on the site", texts["time"], clock),
        ("day on the site", re.findall(r"\d+ \w+ \d{4}", texts["date"] + _english(texts["date"]))[-1:],
         [f"{day.day} {day:%B} {day.year}"]),
        ("calendar file", re.findall(r"DTSTART:(\S+)", calendar), [f"{start:%Y%m%dT%H%M%SZ}"]),
        ("words of the calendar file", f"at {clock}" in calendar, True),
        ("timeline", timeline, f"{day:%d.%m.%Y} {clock}"),
        ("paper", prints._value_visit_date(_Paper(visit)), f"{day:%d.%m.%Y} {clock}"),
        ("board", _board(env, visit, day), (day.isoformat(), str(start))),
    ):  # fmt: skip
        _compare(found, what, branch, day, got, want)


class _Paper:
    """What a print form knows of the visit it is about."""

    def __init__(self, visit):
        self.about = visit


def _english(text):
    """«Monday, November 23, 2026» read as day, month and year."""
    return "".join(f" {day} {month} {year}" for month, day, year in re.findall(r"(\w+) (\d+), (\d{4})", text))


def _board(env, visit, day):
    """The date and the moment under which the board of that day shows the visit."""
    screen = env["clinic.board"].load({"date": day.isoformat(), "branch_id": visit.branch_id.id})
    return next(((row["date"], row["start"]) for row in screen["visits"] if row["id"] == visit.id), None)
