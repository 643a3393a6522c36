"""R12: places of group sessions: more people than places at one moment, then a session that shrinks."""

import random
import time

from clinic_bench import racing

NAME = "R12"
#: Places of each session, and how many want each of them.
PLACES, WISHERS = 8, 50
TAKEN = "SELECT count(*) FROM clinic_appointment WHERE state = 'booked' AND session_id IS NOT NULL"
CROWDED = """
    SELECT count(*) FROM (
        SELECT g.id FROM clinic_group_session g JOIN clinic_slot_claim c ON c.kind = 'seat' AND c.ref = g.id
         GROUP BY g.id HAVING count(*) > g.capacity OR max(c.lane) >= g.capacity) q
"""
SEATLESS = """
    SELECT count(*) FROM clinic_appointment a
     WHERE a.state = 'booked' AND a.session_id IS NOT NULL
       AND (SELECT count(*) FROM clinic_slot_claim c
             WHERE c.appointment_id = a.id AND c.kind = 'seat' AND c.ref = a.session_id) <> 1
"""


def run(ctx):
    """50 wishes for 8 places of each session from 4 processes at once: exactly 8 people come, no error.

    Then one process halves the sessions of a second row while the others book them: whatever came first,
    no session holds more people than it says.
    """
    sessions = 2 if ctx.small else 10
    workers = 2 if ctx.small else 4
    database = ctx.clone()
    with ctx.env(database) as env:
        payload = _build(env, sessions)
    results = ctx.workers(workers, "r12:race", database, payload)
    timings = [seconds for result in results for seconds in result["timings"]]
    errors = sorted({text for result in results for text in result["errors"]})
    fields = {
        "winners": racing.number(ctx, database, f"{TAKEN} AND session_id = ANY(ARRAY{payload['full']})"),
        "expected": sessions * PLACES,
        "overlaps": sum(
            racing.number(ctx, database, query) for query in (racing.OVERLAPS, CROWDED, SEATLESS)
        ),
        "shrunk": sum(result["shrunk"] for result in results),
        "deadlocks": ctx.deadlocks(database),
        "errors": errors,
        "worst_ms": round(max(timings) * 1000),
        **ctx.timings(timings),
    }
    wins = sum(result["wins"] for result in results)
    fields["ok"] = (
        fields["winners"] == fields["expected"]
        and wins == racing.number(ctx, database, TAKEN)
        and not fields["overlaps"]
        and not fields["deadlocks"]
        and not errors
    )
    return fields


def _build(env, sessions):
    branch = env["clinic.branch"].create({"name": "Race", "tz": "Asia/Irkutsk"})
    service = env["product.product"].create(
        {
            "name": "Group",
            "type": "service",
            "clinic_is_service": True,
            "clinic_duration": 60,
            "clinic_group_size": PLACES,
        }
    )
    leads = env["clinic.practitioner"].create(
        [
            {
                "name": f"Leader {n}",
                "branch_ids": [(6, 0, branch.ids)],
                "service_line_ids": [(0, 0, {"service_id": service.id})],
            }
            for n in range(2 * sessions)
        ]
    )
    day = env.cr.now().date().replace(day=1).toordinal() + 40
    rows = env["clinic.group.session"].create(
        [
            {
                "service_id": service.id,
                "resource_id": lead.resource_id.id,
                "branch_id": branch.id,
                "date": type(env.cr.now().date()).fromordinal(day + n),
                "hour": 10.0,
            }
            for n, lead in enumerate(leads)
        ]
    )
    people = env["res.partner"].create(
        [{"is_patient": True, "family_name": "Racer", "given_name": f"Ann {n}"} for n in range(WISHERS)]
    )
    slots = [
        {
            "service_id": service.id,
            "resource_id": row.resource_id.id,
            "start": str(row.start),
            "session_id": row.id,
        }
        for row in rows
    ]
    return {
        "slots": slots,
        "people": people.ids,
        "full": rows.ids[:sessions],
        "shrinking": rows.ids[sessions:],
    }


def race(worker):
    """Worker: its share of the people wants every session; the first worker halves the second row."""
    with worker.env() as env:
        env["clinic.booking"]._setting("clinic_schedule.hold_minutes")
    from odoo.addons.clinic_schedule.exceptions import SlotTaken

    payload, shuffle = worker.payload, random.Random(worker.index)
    mine = payload["people"][worker.index :: worker.count]
    wishes = [(slot, person) for slot in payload["slots"] for person in mine]
    # nearly the same order everywhere: the session is fought for at one moment
    wishes.sort(key=lambda wish: (wish[0]["start"], shuffle.random()))
    worker.barrier()
    result = {"wins": 0, "shrunk": 0, "errors": {}, "timings": []}
    halving = set(payload["shrinking"]) if worker.index == 0 else set()
    for slot, person in wishes:
        started = time.perf_counter()
        try:
            if slot["session_id"] in halving:
                halving.discard(slot["session_id"])
                result["shrunk"] += _shrink(worker.database, slot["session_id"])
            racing.attempt(
                worker.database,
                lambda env, slot=slot, person=person: env["clinic.booking"].book(slot, person).id,
            )
            result["wins"] += 1
        except SlotTaken:
            pass
        except Exception as error:  # noqa: BLE001  every other answer is a finding
            result["errors"][f"{type(error).__name__}: {error}"[:200]] = 1
        result["timings"].append(time.perf_counter() - started)
    return result


def _shrink(database, session_id):
    """Halve a session; 0 when so many people are there already that it is refused."""
    from odoo.exceptions import UserError

    try:
        racing.attempt(
            database,
            lambda env: env["clinic.group.session"].browse(session_id).write({"capacity": PLACES // 2}),
        )
    except UserError:
        return 0
    return 1
