# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Company, branches, departments, rooms and devices of the demo clinic."""

import base64

from odoo import fields

from . import site
from .logo import logo
from .tables import table


def build(env):
    """Create the places; returns ``{kind: {key: record}}``."""
    data = table("branches")
    _company(env, data["company"])
    world = {
        "branch": _branches(env, data["branches"]),
        "department": {},
        "room_type": _named(env["clinic.room.type"], data["room_types"]),
        "device_type": _named(env["clinic.device.type"], data["device_types"]),
    }
    for vals in data["branches"]:
        branch = world["branch"][vals["key"]]
        records = env["clinic.department"].create(
            [{"name": name, "branch_id": branch.id} for _key, name in vals["departments"]]
        )
        for (key, _name), record in zip(vals["departments"], records, strict=True):
            world["department"][vals["key"], key] = record
    world["room"] = _rooms(env, world, data["rooms"])
    world["device"] = _devices(env, world, data["devices"])
    if "website" in env:
        site.dress(env, data["company"], data["branches"])
    return world


def _named(model, rows):
    records = model.create([{"name": name} for _key, name in rows])
    return {key: record for (key, _name), record in zip(rows, records, strict=True)}


def _company(env, vals):
    env.ref("base.RUB").write({"active": True, "symbol": "₽"})
    company = env.company
    company.partner_id.write({"country_id": env.ref("base.ru").id, "lang": "ru_RU", "tz": "Asia/Irkutsk"})
    image = base64.b64encode(logo())
    company.write({**vals, "currency_id": env.ref("base.RUB").id, "logo": image})


def _branches(env, rows):
    names = [
        "name", "code", "tz", "city", "address", "directions", "phone", "email",
        "licence_number", "licence_date", "frmo_oid",
    ]  # fmt: skip
    result = {}
    for number, row in enumerate(rows, start=1):
        branch = env["clinic.branch"].create({**{name: row[name] for name in names}, "sequence": number * 10})
        branch.hours_text = row["hours"]
        branch.licence_authority = "Учебный орган лицензирования (вымышленный)"
        branch.action_add_holidays()
        result[row["key"]] = branch
    _call_centre(env, result)
    return result


def _call_centre(env, branches):
    """The call centre answers longer than the branches are open."""
    company = env.company
    if "clinic_call_calendar_id" not in company._fields:
        return
    calendar = env["resource.calendar"].create(
        {
            "name": "Единый контакт-центр",
            "tz": "Asia/Irkutsk",
            "company_id": company.id,
            "attendance_ids": env["resource.calendar"]._clinic_parse_hours("Пн-Вс 7:00-21:00"),
        }
    )
    calendar._clinic_add_holidays(fields.Date.today().year)
    company.write(
        {
            "clinic_call_calendar_id": calendar.id,
            "clinic_call_phone": "+7 945 000-10-00",
            "clinic_city_code": "3952",
        }
    )


def _rooms(env, world, rows):
    records = env["clinic.room"].create(
        [
            {
                "name": name,
                "branch_id": world["branch"][branch].id,
                "tz": world["branch"][branch].tz,
                "department_id": world["department"][branch, department].id,
                "room_type_id": world["room_type"][kind].id,
                "floor": floor,
                "sequence": number,
            }
            for number, (_key, branch, department, kind, name, floor) in enumerate(rows)
        ]
    )
    return {row[0]: record for row, record in zip(rows, records, strict=True)}


def _devices(env, world, rows):
    records = env["clinic.device"].create(
        [
            {
                "name": name,
                "branch_id": world["branch"][branch].id,
                "tz": world["branch"][branch].tz,
                "room_id": world["room"][room].id if room else False,
                "device_type_id": world["device_type"][kind].id,
                "serial_number": serial,
                "sequence": number,
            }
            for number, (_key, branch, room, kind, name, serial) in enumerate(rows)
        ]
    )
    return {row[0]: record for row, record in zip(rows, records, strict=True)}
