"""Helpers of the races: a clinic whose slots everybody wants, and a process that wants them all."""

import random
import time
from datetime import timedelta
from functools import partial

STEP = 15
PER_DAY = 25


def build(env, doctors, times, rooms=0, devices=0, wishers=4):
    """Doctors with ``times`` starts of 15 minutes each, a service, patients; returns the payload of ``race``.

    With ``rooms`` and ``devices`` the service needs one of each. Every process has a patient of its own
    per doctor, so that only places are fought for.
    """
    branch = env["clinic.branch"].create({"name": "Race", "tz": "Asia/Irkutsk"})
    vals = {}
    if rooms:
        kind = env["clinic.room.type"].create({"name": "Race"})
        vals["clinic_room_type_id"] = kind.id
        part = {"branch_id": branch.id, "room_type_id": kind.id}
        env["clinic.room"].create([{"name": f"Room {n}", **part} for n in range(rooms)])
    if devices:
        kind = env["clinic.device.type"].create({"name": "Race"})
        vals["clinic_device_type_id"] = kind.id
        part = {"branch_id": branch.id, "device_type_id": kind.id}
        env["clinic.device"].create([{"name": f"Device {n}", **part} for n in range(devices)])
    service = env["product.product"].create(
        {"name": "Race", "type": "service", "clinic_is_service": True, "clinic_duration": STEP, **vals}
    )
    leads = env["clinic.practitioner"].create(
        [
            {
                "name": f"Doctor {n}",
                "branch_ids": [(6, 0, branch.ids)],
                "service_line_ids": [(0, 0, {"service_id": service.id})],
            }
            for n in range(doctors)
        ]
    )
    slots = _shifts(env, branch, leads, times, service)
    people = env["res.partner"].create(
        [
            {"name": f"Racer {n}", "family_name": "Racer", "given_name": str(n), "is_patient": True}
            for n in range(wishers * doctors)
        ]
    )
    patients = [people.ids[n * doctors : (n + 1) * doctors] for n in range(wishers)]
    return {"slots": slots, "patients": patients, "resources": leads.resource_id.ids}


def _shifts(env, branch, leads, times, service):
    """Shifts of 25 starts a day from tomorrow on, and the slots in them."""
    now = env.cr.now().replace(hour=1, minute=0, second=0, microsecond=0) + timedelta(days=1)
    vals_list, slots = [], []
    for lead in leads:
        for first in range(0, times, PER_DAY):
            start = now + timedelta(days=first // PER_DAY)
            count = min(PER_DAY, times - first)
            vals_list.append(
                {
                    "resource_id": lead.resource_id.id,
                    "branch_id": branch.id,
                    "start": start,
                    "stop": start + timedelta(minutes=STEP * count),
                    "step": STEP,
                }
            )
            slots += [
                {
                    "service_id": service.id,
                    "resource_id": lead.resource_id.id,
                    "start": str(start + timedelta(minutes=STEP * n)),
                }
                for n in range(count)
            ]
    env["clinic.shift"].create(vals_list)
    return slots


def attempt(database, function):
    """One request as Odoo makes it: own transaction, repeated on serialization errors, then committed."""
    import odoo
    from odoo import api
    from odoo.modules.registry import Registry
    from odoo.service.model import retrying

    with Registry(database).cursor() as cr:
        env = api.Environment(cr, odoo.SUPERUSER_ID, {})
        return retrying(partial(function, env), env)


def race(worker):
    """Worker: wants every slot, in nearly the same order as everybody else."""
    with worker.env() as env:
        env["clinic.booking"]._setting("clinic_schedule.hold_minutes")
    from odoo.addons.clinic_schedule.exceptions import SlotTaken

    order = list(worker.payload["slots"])
    shuffle = random.Random(worker.index)
    order.sort(key=lambda slot: (slot["start"], shuffle.random()))
    mine = dict(zip(worker.payload["resources"], worker.payload["patients"][worker.index], strict=True))
    worker.barrier()
    wins, taken, errors, timings = 0, 0, {}, []
    for slot in order:
        started = time.perf_counter()
        try:
            attempt(
                worker.database,
                lambda env, slot=slot: env["clinic.booking"].book(slot, mine[slot["resource_id"]]).id,
            )
            wins += 1
        except SlotTaken:
            taken += 1
        except Exception as error:  # noqa: BLE001  every other answer is a finding
            errors[f"{type(error).__name__}: {error}"[:200]] = 1
        timings.append(time.perf_counter() - started)
    return {"wins": wins, "taken": taken, "errors": errors, "timings": timings}


def tokens(worker):
    """Worker: sends the same requests with the same tokens as everybody else."""
    with worker.env() as env:
        env["clinic.booking"]._setting("clinic_schedule.hold_minutes")
    patient = worker.payload["patient"]
    worker.barrier()
    found = []
    for n, slot in enumerate(worker.payload["slots"]):
        found.append(
            attempt(
                worker.database,
                lambda env, n=n, slot=slot: (
                    env["clinic.booking"].book(slot, patient, token=f"race-token-{n}").id
                ),
            )
        )
    return found


OVERLAPS = """
    SELECT count(*) FROM clinic_slot_claim a JOIN clinic_slot_claim b
        ON a.id < b.id AND a.kind = b.kind AND a.ref = b.ref AND a.lane = b.lane
       AND a.start < b.stop AND b.start < a.stop
"""
BOOKED = "SELECT count(*) FROM clinic_appointment WHERE state = 'booked'"
DOUBLED = """
    SELECT count(*) FROM clinic_appointment a JOIN clinic_appointment b
        ON a.id < b.id AND a.resource_id = b.resource_id AND a.start < b.stop AND b.start < a.stop
     WHERE a.state = 'booked' AND b.state = 'booked'
"""


def number(ctx, database, query):
    with ctx.connect(database) as connection:
        cursor = connection.cursor()
        cursor.execute(query)
        return cursor.fetchone()[0]


def judge(ctx, database, results, expected, bound_ms):
    """The fields of the design for a race that is over."""
    timings = [seconds for result in results for seconds in result["timings"]]
    errors = sorted({text for result in results for text in result["errors"]})
    fields = {
        "winners": number(ctx, database, BOOKED),
        "expected": expected,
        "overlaps": number(ctx, database, OVERLAPS) + number(ctx, database, DOUBLED),
        "deadlocks": ctx.deadlocks(database),
        "errors": errors,
        "worst_ms": round(max(timings) * 1000),
        **ctx.timings(timings),
    }
    wins = sum(result["wins"] for result in results)
    fields["ok"] = (
        fields["winners"] == wins == expected
        and not fields["overlaps"]
        and not fields["deadlocks"]
        and not errors
        and fields["worst_ms"] <= ctx.bound(bound_ms)
    )
    return fields
