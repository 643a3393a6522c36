"""R11: an entry of the black list beside a booking of the same patient; two own doctors in the same time."""

import random
import time

from clinic_bench import racing
from clinic_bench.rivals import _meet

NAME = "R11"
BOOKER, KEEPER = 0, 1
#: A booking takes longer than an entry: so many seconds at most is each of them late.
LATE = {BOOKER: 0.05, KEEPER: 0.4}
#: Words of the two refusals that are right.
TOLD = ("booked by phone only", "already has a main doctor")
TWO_MAIN = """
    SELECT count(*) FROM clinic_attachment a JOIN clinic_attachment b
        ON a.id < b.id AND a.patient_id = b.patient_id
       AND daterange(a.date_from, a.date_to, '[]') && daterange(b.date_from, b.date_to, '[]')
     WHERE a.is_main AND b.is_main AND a.kind = 'doctor' AND b.kind = 'doctor'
"""
ATTACHED = "SELECT count(DISTINCT patient_id) FROM clinic_attachment"
LISTED = "SELECT count(*) FROM clinic_blacklist WHERE lifted_at IS NULL"


def run(ctx):
    """25 patients (small: 12), a booking without a human of the clinic and an entry each, then two doctors.

    Either end is right for a booking, but none may be carried on after the entry is in force. Of two
    attachments in the same time one stands, the other side is told so.
    """
    rounds = 12 if ctx.small else racing.PER_DAY
    database = ctx.clone()
    with ctx.env(database) as env:
        payload = racing.build(env, 2, rounds, wishers=1)
        payload["doctors"] = env["clinic.practitioner"].search([], order="id desc", limit=2).ids
        payload["patients"] = _people(env, rounds)
    sides = ctx.workers(2, "r11:play", database, payload)
    errors = {answer[1] for side in sides for answer in side if answer[1] not in ("done", "refused")}
    late = booked = told = 0
    for turn in range(rounds):
        (_name, booking, _started, worked, _ended), entry = sides[BOOKER][turn], sides[KEEPER][turn]
        booked += booking == "done"
        late += booking == "done" and entry[4] < worked
        told += {side[rounds + turn][1] for side in sides} == {"done", "refused"}
    faults = {
        "bookings past an entry in force": late,
        "pairs of main doctors": racing.number(ctx, database, TWO_MAIN),
        "entries lost": rounds - racing.number(ctx, database, LISTED),
        "patients without a doctor": rounds - racing.number(ctx, database, ATTACHED),
        "visits nobody was told of": abs(booked - racing.number(ctx, database, racing.BOOKED)),
    }
    errors |= {f"{count} {name}" for name, count in faults.items() if count}
    timings = [answer[4] - answer[2] for side in sides for answer in side]
    fields = {
        "winners": told,
        "expected": rounds,
        "booked": booked,
        "deadlocks": ctx.deadlocks(database),
        "errors": sorted(errors),
        "worst_ms": round(max(timings) * 1000),
        **ctx.timings(timings),
    }
    fields["ok"] = told == rounds and not errors and not fields["deadlocks"]
    return fields


def _people(env, count):
    people = env["res.partner"].create(
        [{"is_patient": True, "family_name": "Listed", "given_name": f"Ann {n}"} for n in range(count)]
    )
    return people.ids


def play(worker):
    """Worker: one side books, the other puts on the list; then both attach to a doctor of their own."""
    with worker.env() as env:
        env["clinic.booking"]._setting("clinic_schedule.hold_minutes")
    worker.barrier()
    connection, shuffle = worker.connect(), random.Random(worker.index)
    people, slots = worker.payload["patients"], worker.payload["slots"]
    first = _book if worker.index == BOOKER else _list
    acts = [
        (f"list {turn}", lambda env, key=key, turn=turn: first(env, key, slots[turn]))
        for turn, key in enumerate(people)
    ]
    doctor = worker.payload["doctors"][worker.index]
    acts += [
        (f"attach {turn}", lambda env, key=key: _attach(env, key, doctor)) for turn, key in enumerate(people)
    ]
    answers = []
    for number, (name, act) in enumerate(acts):
        _meet(connection.cursor(), number, worker.count)
        # sweep over the moments at which the two may cross
        time.sleep(shuffle.random() * LATE[worker.index])
        answers.append((name, *_try(worker.database, act)))
    connection.close()
    return answers


def _try(database, act):
    """``(answer, begun, work done, ended)``: the second moment is before the commit, the third after it."""
    from odoo.exceptions import UserError

    started, worked = time.time(), []

    def timed(env):
        act(env)
        env.flush_all()
        worked[:] = [time.time()]

    try:
        racing.attempt(database, timed)
        answer = "done"
    except UserError as error:
        told = any(words in str(error) for words in TOLD)
        answer = "refused" if told else f"told: {error}"[:200]
    except Exception as error:  # noqa: BLE001  every other answer is a finding
        answer = f"{type(error).__name__}: {error}"[:200]
    return answer, started, (worked or [started])[0], time.time()


def _book(env, patient_id, slot):
    env["clinic.booking"].book(slot, patient_id, channel="bot")


def _list(env, patient_id, _slot):
    env["clinic.blacklist"].create({"patient_id": patient_id, "reason": "race"})


def _attach(env, patient_id, doctor_id):
    env["clinic.attachment"].create({"patient_id": patient_id, "practitioner_id": doctor_id})
