"""R15: processes book courses whose times overlap; each course gets all of its places or none."""

import random
import time

from clinic_bench import racing

NAME = "R15"
PROCESSES, SMALL_PROCESSES = 8, 4
TURNS, SMALL_TURNS = 40, 10
DOCTORS, TIMES, VISITS = 2, 50, 4

CLAIMED = """
    SELECT count(*) FROM clinic_appointment a
     WHERE a.state = 'booked'
       AND (a.course_id IS NULL OR NOT EXISTS (SELECT FROM clinic_slot_claim c WHERE c.appointment_id = a.id))
"""
BROKEN = """
    SELECT count(*) FROM clinic_course c
     WHERE c.count <> (SELECT count(*) FROM clinic_appointment a
                        WHERE a.course_id = c.id AND a.state = 'booked')
"""


def play(worker):
    """Worker: books courses at random times in a random order; every third one is sent twice."""
    with worker.env() as env:
        env["clinic.booking"]._setting("clinic_schedule.hold_minutes")
    from odoo.addons.clinic_schedule.exceptions import SlotTaken

    dice = random.Random(worker.index)
    slots, patients = worker.payload["slots"], worker.payload["patients"]
    answer = {"wins": 0, "taken": 0, "errors": {}, "timings": []}
    worker.barrier()
    for turn in range(worker.payload["turns"]):
        wanted = dice.sample(slots, VISITS)
        token = f"race-course-{worker.index}-{turn}"
        patient = dice.choice(patients[worker.index % len(patients)])

        def book(env, wanted=wanted, token=token, patient=patient):
            return env["clinic.booking"]._book_course(wanted, patient, token, count=VISITS).id

        started = time.perf_counter()
        try:
            first = racing.attempt(worker.database, book)
            if not turn % 3 and racing.attempt(worker.database, book) != first:
                answer["errors"]["the second request of a token was answered otherwise"] = 1
            answer["wins"] += VISITS
        except SlotTaken:
            answer["taken"] += 1
        except Exception as error:  # noqa: BLE001  every other answer is a finding
            if "already has another visit" not in str(error) and "другой приём" not in str(error):
                answer["errors"][f"{type(error).__name__}: {error}"[:200]] = 1
        answer["timings"].append(time.perf_counter() - started)
    return answer


def run(ctx):
    database = ctx.clone()
    processes = SMALL_PROCESSES if ctx.small else PROCESSES
    with ctx.env(database) as env:
        payload = racing.build(env, DOCTORS, TIMES, wishers=processes)
        payload["turns"] = SMALL_TURNS if ctx.small else TURNS
    results = ctx.workers(processes, "r15:play", database, payload)
    fields = racing.judge(ctx, database, results, sum(result["wins"] for result in results), 3000)
    for name, query in {"without a place": CLAIMED, "half a course": BROKEN}.items():
        found = racing.number(ctx, database, query)
        if found:
            fields["errors"].append(f"{name}: {found}")
    fields["courses"] = fields["winners"] // VISITS
    fields["refused"] = sum(result["taken"] for result in results)
    fields["ok"] = fields["ok"] and not fields["errors"] and fields["courses"] > 0 and fields["refused"] > 0
    return fields
