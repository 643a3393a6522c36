"""R14: everybody who was offered a freed place accepts at one moment while the desk books it, too."""

import time
from concurrent.futures import ThreadPoolExecutor

from clinic_bench import racing
from clinic_bench.rivals import _meet

NAME = "R14"
OFFERS = 20
WORKERS = 4
TAKEN = "SELECT count(*) FROM clinic_waiting_wave WHERE state = 'taken'"
FAULTS = {
    "waves with another number of acceptances than one": """
        SELECT count(*) FROM clinic_waiting_wave w
         WHERE (SELECT count(*) FROM clinic_waiting_offer o
                 WHERE o.wave_id = w.id AND o.state = 'accepted') <> 1""",
    "visits that are not the winner's": """
        SELECT count(*) FROM clinic_waiting_wave w JOIN clinic_appointment a ON a.id = w.appointment_id
          JOIN clinic_waiting_offer o ON o.wave_id = w.id AND o.state = 'accepted'
          JOIN clinic_waiting_entry e ON e.id = o.entry_id
         WHERE a.state <> 'booked' OR a.patient_id <> e.patient_id OR e.visit_id IS DISTINCT FROM a.id""",
    "losers who do not wait": """
        SELECT count(*) FROM clinic_waiting_offer o JOIN clinic_waiting_entry e ON e.id = o.entry_id
         WHERE o.state <> 'accepted' AND (o.state <> 'lost' OR e.state <> 'waiting')""",
    "times that are still held": "SELECT count(*) FROM clinic_slot_claim WHERE state = 'hold'",
}


def run(ctx):
    """20 acceptances of each of 10 places (small: 3) from 4 processes, each with a booking at the desk."""
    places = 3 if ctx.small else 10
    database = ctx.clone()
    with ctx.env(database) as env:
        payload = racing.build(env, places, 1, wishers=OFFERS + WORKERS + 1)
        _wait_and_cancel(env, payload)
    with ctx.env(database) as env:
        payload["offers"] = _offers(env, payload)
    sides = ctx.workers(WORKERS, "r14:play", database, payload)
    answers = [answer for side in sides for answer in side]
    wins = sum(answer == "accepted" for answer, _seconds in answers)
    errors = {answer for answer, _seconds in answers if answer not in ("accepted", "late", "taken")}
    faults = {name: racing.number(ctx, database, query) for name, query in FAULTS.items()}
    errors |= {f"{count} {name}" for name, count in faults.items() if count}
    timings = [seconds for _answer, seconds in answers]
    fields = {
        "winners": wins,
        "expected": places,
        "overlaps": racing.number(ctx, database, racing.OVERLAPS)
        + racing.number(ctx, database, racing.DOUBLED),
        "deadlocks": ctx.deadlocks(database),
        "errors": sorted(errors),
        "worst_ms": round(max(timings) * 1000),
        **ctx.timings(timings),
    }
    right = (
        wins == places == racing.number(ctx, database, racing.BOOKED) == racing.number(ctx, database, TAKEN)
    )
    fields["ok"] = right and not (fields["overlaps"] or fields["deadlocks"] or errors)
    return fields


def _wait_and_cancel(env, payload):
    """Every place is booked, twenty people wait for each doctor, the visit is cancelled, offers are made."""
    settings = env["ir.config_parameter"].sudo()
    settings.set_param("clinic_schedule.waiting_people", OFFERS)
    doctors = {doctor.resource_id.id: doctor for doctor in env["clinic.practitioner"].search([])}
    booking = env["clinic.booking"]
    for number, slot in enumerate(payload["slots"]):
        visit = booking.book(slot, payload["patients"][0][number])
        env["clinic.waiting.entry"].create(
            [
                {
                    "patient_id": crowd[number],
                    "service_id": slot["service_id"],
                    "practitioner_ids": [(6, 0, doctors[slot["resource_id"]].ids)],
                }
                for crowd in payload["patients"][1 : OFFERS + 1]
            ]
        )
        booking.cancel(visit, "patient")
    waves = env["clinic.waiting.wave"]
    for wave in waves.search([("state", "=", "due")]):
        waves._continue(wave)


def _offers(env, payload):
    """Ids of the offers of each place."""
    found = []
    for slot in payload["slots"]:
        wave = env["clinic.waiting.wave"].search([("resource_id", "=", slot["resource_id"])])
        assert len(wave.offer_ids) == OFFERS, "not everybody was offered the place"
        found.append(wave.offer_ids.ids)
    return found


def play(worker):
    """Worker: its share of the acceptances of every place and one booking, all at once."""
    with worker.env() as env:
        env["clinic.booking"]._setting("clinic_schedule.hold_minutes")
        env["clinic.health"]._require_guards()
    worker.barrier()
    connection, answers = worker.connect(), []
    with ThreadPoolExecutor(OFFERS // worker.count + 1) as pool:
        for number, slot in enumerate(worker.payload["slots"]):
            mine = worker.payload["offers"][number][worker.index :: worker.count]
            patient = worker.payload["patients"][OFFERS + 1 + worker.index][number]
            acts = [lambda env, key=key: _accept(env, key) for key in mine]
            acts.append(lambda env, slot=slot, patient=patient: _book(env, slot, patient))
            _meet(connection.cursor(), number, worker.count)
            answers += pool.map(lambda act: _timed(worker.database, act), acts)
    connection.close()
    return answers


def _timed(database, act):
    started = time.perf_counter()
    try:
        answer = racing.attempt(database, act)
    except Exception as error:  # noqa: BLE001  every other answer is a finding
        answer = "taken" if type(error).__name__ == "SlotTaken" else f"{type(error).__name__}: {error}"[:200]
    return answer, time.perf_counter() - started


def _accept(env, offer_id):
    return "accepted" if env["clinic.waiting.offer"].browse(offer_id)._accept("link") else "late"


def _book(env, slot, patient_id):
    env["clinic.booking"].book(slot, patient_id)
    return "booked past the wave"
