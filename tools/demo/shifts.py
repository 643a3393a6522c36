# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Weekly patterns of the demo clinic and the dated shifts made from them."""

from datetime import datetime, timedelta

import pytz

from odoo import Command, fields

from .tables import table

PAST_DAYS = 30
FUTURE_DAYS = 60
STEP = 10


def working_noon():
    """11:40 in Irkutsk, today or on the next Monday, naive UTC."""
    zone = pytz.timezone("Asia/Irkutsk")
    noon = datetime.now(zone).replace(hour=11, minute=40, second=0, microsecond=0, tzinfo=None)
    while noon.weekday() > 4:
        noon += timedelta(days=1)
    return zone.localize(noon).astimezone(pytz.utc).replace(tzinfo=None)


def build(env, world, _rng):
    """Templates for doctors, rooms and devices; shifts of 90 days without holidays; absences."""
    today = fields.Date.context_today(env.user)
    data = table("shifts")
    places = [
        (doctor.resource_id, doctor.room_id.branch_id, doctor.room_id, row["pattern"])
        for row, doctor in zip(table("practitioners"), world["doctor"].values(), strict=True)
    ]
    for kind in ("room", "device"):
        for key, pattern in data[f"{kind}s"].items():
            record = world[kind][key]
            places.append((record.resource_id, record.branch_id, env["clinic.room"], pattern))
    templates = env["clinic.shift.template"].create([_template(world, *place) for place in places])
    for template in templates:
        template._generate(today - timedelta(days=PAST_DAYS), today + timedelta(days=FUTURE_DAYS))
        template.rolled_to = today + timedelta(days=FUTURE_DAYS)
    _close_on_holidays(templates)
    _absences(env, world, data["absences"], today)


def _template(world, resource, branch, room, pattern):
    data = table("shifts")
    key = next(key for key, record in world["branch"].items() if record == branch)
    lines = []
    for weekday, spans in data["patterns"][pattern].items():
        last = data["weekend_last" if weekday in "56" else "last"][key]
        lines += [(weekday, start, min(stop, last)) for start, stop in spans]
    return {
        "name": resource.name,
        "resource_id": resource.id,
        "branch_id": branch.id,
        "room_id": room.id,
        "step": STEP,
        "rolling": True,
        "line_ids": [
            Command.create({"weekday": weekday, "minute_from": start * 60, "minute_to": stop * 60})
            for weekday, start, stop in lines
        ],
    }


def _close_on_holidays(templates):
    """Nobody works on the days off of the branch."""
    for branch in templates.branch_id:
        closed = branch.calendar_id.global_leave_ids
        shifts = templates.shift_ids.filtered(lambda shift, branch=branch: shift.branch_id == branch)
        shifts.filtered(
            lambda shift, closed=closed: any(
                leave.date_from < shift.stop and leave.date_to > shift.start for leave in closed
            )
        ).unlink()


def _absences(env, world, rows, today):
    values = []
    for kind, key, reason_kind, after, days, reason in rows:
        resource = world[kind][key].resource_id
        zone = pytz.timezone(resource.tz)
        start, stop = (
            zone.localize(fields.Datetime.to_datetime(today + timedelta(days=day)))
            .astimezone(pytz.utc)
            .replace(tzinfo=None)
            for day in (after, after + days)
        )
        vals = {"resource_id": resource.id, "kind": reason_kind, "reason": reason}
        values.append({**vals, "start": start, "stop": stop})
    env["clinic.absence"].create(values)
