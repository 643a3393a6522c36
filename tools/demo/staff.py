# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Specialties, services and doctors of the demo clinic."""

import base64
from datetime import date

from odoo import Command

from .avatars import portrait
from .tables import table

#: branch of a room by the first letter of the room's key
BRANCH_OF = {"c": "centre", "l": "lake", "h": "chita"}


def build(env, world, _rng):
    """Add ``specialty``, ``service`` and ``doctor`` to the world."""
    rows = table("specialties")
    records = env["clinic.specialty"].create(
        [
            {"name": name, "doctor_name": doctor, "code": code, "sequence": number}
            for number, (_key, name, doctor, code) in enumerate(rows)
        ]
    )
    world["specialty"] = {row[0]: record for row, record in zip(rows, records, strict=True)}
    _services(env, world)
    _doctors(env, world)


def _services(env, world):
    data = table("services")
    keys, values = [], []
    for number, (key, code, name, specialty, minutes, price, options) in enumerate(data["services"]):
        vals = {
            "name": name,
            "type": "service",
            "list_price": price,
            "sequence": number,
            "clinic_is_service": True,
            "clinic_code": code,
            "clinic_specialty_id": world["specialty"][specialty].id,
            "clinic_duration": minutes,
            **_options(world, data["preparations"], options),
        }
        keys.append(key)
        values.append(vals)
    category = env.ref("clinic_base.product_category_clinic", raise_if_not_found=False)
    if category:
        for vals in values:
            vals["categ_id"] = category.id
    world["service"] = dict(zip(keys, env["product.product"].create(values), strict=True))


def _options(world, preparations, options):
    plain = {
        "lead": "clinic_leading_kind",
        "audience": "clinic_audience",
        "age_min": "clinic_age_min",
        "sex": "clinic_sex",
        "online": "clinic_online",
        "cleaning": "clinic_room_cleaning",
        "buffer_before": "clinic_buffer_before",
        "buffer_after": "clinic_buffer_after",
    }
    vals = {field: options[name] for name, field in plain.items() if name in options}
    if "prep" in options:
        vals["clinic_preparation"] = preparations[options["prep"]]
    if "room" in options:
        vals["clinic_room_type_id"] = world["room_type"][options["room"]].id
    if "device" in options:
        vals["clinic_device_type_id"] = world["device_type"][options["device"]].id
    for name in ("room", "device"):
        if f"{name}s" in options:
            ids = [world[name][key].id for key in options[f"{name}s"]]
            vals[f"clinic_{name}_ids"] = [Command.set(ids)]
    return vals


def _doctors(env, world):
    rows = table("practitioners")
    values = []
    for number, row in enumerate(rows):
        room = world["room"][row["room"]]
        own = row.get("own", {})
        values.append(
            {
                "name": row["name"],
                "sequence": number,
                "color": number % 11 + 1,
                "tz": room.branch_id.tz,
                "role": row.get("role", "doctor"),
                "specialty_ids": [Command.set([world["specialty"][key].id for key in row["specialties"]])],
                "branch_ids": [Command.set(room.branch_id.ids)],
                "department_id": room.department_id.id,
                "room_id": room.id,
                "audience": row.get("audience", "all"),
                "age_min": row.get("age_min", 0),
                "practice_since": date(row["since"], 9, 1),
                "degree": row["degree"],
                "about": f"<p>{row['about']}</p>",
                "image_1920": base64.b64encode(portrait({"sex": row["sex"], **row["look"]})),
                "service_line_ids": [
                    Command.create(_line(world["service"][key], own.get(key, {}), position))
                    for position, key in enumerate(row["services"])
                ],
            }
        )
    records = env["clinic.practitioner"].create(values)
    world["doctor"] = {row["name"].split()[0]: record for row, record in zip(rows, records, strict=True)}


def _line(service, own, position):
    vals = {"service_id": service.id, "sequence": position, **own}
    if "price" in own:
        vals["own_price"] = True
    return vals
