"""R13: extra visits into taken time (CITO): more of them are wanted at one moment than a day may have."""

import random
import time

from clinic_bench import racing

NAME = "R13"
LIMIT = 3
OVER = "SELECT count(*) FROM clinic_appointment WHERE state = 'booked' AND overbooked"
TOO_MANY = f"""
    SELECT count(*) FROM (
        SELECT resource_id, local_date FROM clinic_appointment WHERE state = 'booked' AND overbooked
         GROUP BY 1, 2 HAVING count(*) > {LIMIT}) q
"""
LANELESS = f"""
    SELECT count(*) FROM clinic_appointment a
     WHERE a.state = 'booked' AND a.overbooked
       AND (SELECT count(*) FROM clinic_slot_claim c
             WHERE c.appointment_id = a.id AND c.kind = 'resource' AND c.ref = a.resource_id
               AND c.lane BETWEEN 100 AND {99 + LIMIT}) <> 1
"""


def run(ctx):
    """4 processes want extra visits at all taken times of every doctor: 3 of his day are made, never more."""
    doctors, times = (3, 4) if ctx.small else (10, 8)
    workers = 2 if ctx.small else 4
    database = ctx.clone()
    with ctx.env(database) as env:
        env["ir.config_parameter"].set_param("clinic_schedule.overbook_per_day", str(LIMIT))
        payload = racing.build(env, doctors, times, wishers=1)
        people = env["res.partner"].create(
            [
                {"is_patient": True, "family_name": "Racer", "given_name": f"Extra {n}"}
                for n in range(workers * times * doctors)
            ]
        )
        guests = env["res.partner"].create(
            [
                {"is_patient": True, "family_name": "Guest", "given_name": f"Ann {n}"}
                for n in range(len(payload["slots"]))
            ]
        )
        for slot, guest in zip(payload["slots"], guests, strict=True):
            env["clinic.booking"].book(slot, guest)
        size = times * doctors
        payload["patients"] = [people.ids[n * size : (n + 1) * size] for n in range(workers)]
    results = ctx.workers(workers, "r13:race", database, payload)
    timings = [seconds for result in results for seconds in result["timings"]]
    errors = sorted({text for result in results for text in result["errors"]})
    fields = {
        "winners": racing.number(ctx, database, OVER),
        "expected": doctors * LIMIT,
        "overlaps": sum(
            racing.number(ctx, database, query) for query in (racing.OVERLAPS, TOO_MANY, LANELESS)
        ),
        "deadlocks": ctx.deadlocks(database),
        "errors": errors,
        "worst_ms": round(max(timings) * 1000),
        **ctx.timings(timings),
    }
    wins = sum(result["wins"] for result in results)
    fields["ok"] = (
        fields["winners"] == fields["expected"] == wins
        and not fields["overlaps"]
        and not fields["deadlocks"]
        and not errors
    )
    return fields


def race(worker):
    """Worker: wants an extra visit at every time, in nearly the same order as everybody else."""
    with worker.env() as env:
        env["clinic.booking"]._setting("clinic_schedule.hold_minutes")
    from odoo.addons.clinic_schedule.exceptions import SlotTaken

    shuffle = random.Random(worker.index)
    wishes = list(zip(worker.payload["slots"], worker.payload["patients"][worker.index], strict=True))
    wishes.sort(key=lambda wish: (wish[0]["start"], shuffle.random()))
    worker.barrier()
    result = {"wins": 0, "errors": {}, "timings": []}
    for slot, person in wishes:
        started = time.perf_counter()
        try:
            racing.attempt(
                worker.database,
                lambda env, slot=slot, person=person: (
                    env["clinic.booking"].book(slot, person, overbook_reason="race").id
                ),
            )
            result["wins"] += 1
        except SlotTaken:
            pass
        except Exception as error:  # noqa: BLE001  every other answer is a finding
            result["errors"][f"{type(error).__name__}: {error}"[:200]] = 1
        result["timings"].append(time.perf_counter() - started)
    return result
