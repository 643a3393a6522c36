"""Everything at once: the acts of the mixed storm (R3), each one request with a commit of its own.

An act takes its victim at random out of what it sees, so that people meet on places, visits, offers and
shifts. ``Refused`` answers are right answers; what must hold whatever the order was stands in ``FAULTS``.
"""

import random
import time

from clinic_bench import racing

DECLINE = 0.3
HOURS_AWAY = 2


class Storm:
    """One process of the storm: its random numbers, the holds of its visitors."""

    def __init__(self, worker):
        self.world, self.index = worker.payload, worker.index
        self.rng = random.Random(f"storm/{worker.index}")
        self.kept, self.number = [], 0

    # ------------------------------------------------------------------ victims

    def slot(self):
        return self.rng.choice(self.world["slots"])

    def patient(self):
        return self.rng.choice(self.world["people"])

    def visit(self, env, *states):
        """A random visit in one of the states, or nobody's: then there is nothing to do."""
        env.cr.execute(
            "SELECT id FROM clinic_appointment WHERE state = ANY(%s) ORDER BY md5(id::text || %s) LIMIT 1",
            [list(states), str(self.rng.random())],
        )
        return env["clinic.appointment"].browse([row[0] for row in env.cr.fetchall()])

    def token(self, shared):
        """A token that only this process sends, or one that another may send at the same moment."""
        if shared:
            return f"storm-shared-{self.rng.randrange(40)}"
        self.number += 1
        return f"storm-{self.index}-{self.number}-own"

    # ------------------------------------------------------------------ acts: bookings

    def book(self, env):
        channel = self.rng.choice(("reception", "phone", "site", "site"))
        env["clinic.booking"].book(self.slot(), self.patient(), channel=channel)

    def book_twice(self, env):
        """The same wish under the same token from several processes: one visit."""
        token = self.token(shared=True)
        same = random.Random(token)
        slot, patient = same.choice(self.world["slots"]), same.choice(self.world["people"])
        env["clinic.booking"].book(slot, patient, token=token, channel="site")

    def hold(self, env):
        token, slot = self.token(shared=False), self.slot()
        env["clinic.booking"].hold(slot, token, channel="site")
        self.kept.append((token, slot))

    def settle(self, env):
        if self.kept:
            token, slot = self.kept.pop(self.rng.randrange(len(self.kept)))
            env["clinic.booking"].book(slot, self.patient(), token=token, channel="site")

    def give_back(self, env):
        if self.kept:
            env["clinic.booking"].release(self.kept.pop()[0])

    def expire(self, env):
        """The time of a hold runs out, and the sweeper comes."""
        held = self.visit(env, "held")
        past = "(now() AT TIME ZONE 'UTC') - interval '1 second'"
        # what the passing of time does, locked in the order of the booking service: claims, then the visit
        env.cr.execute(
            f"UPDATE clinic_slot_claim SET expires_at = {past} WHERE appointment_id = ANY(%s)"
            " AND state = 'hold'",
            [held.ids],
        )
        env.cr.execute(
            f"UPDATE clinic_appointment SET hold_expires_at = {past} WHERE id = ANY(%s) AND state = 'held'",
            [held.ids],
        )
        env.invalidate_all(flush=False)
        env["clinic.slot.claim"]._cron_sweep()

    # ------------------------------------------------------------------ acts: visits

    def move(self, env):
        visit = self.visit(env, "booked", "confirmed")
        if visit:
            env["clinic.booking"].reschedule(visit, self.slot(), self.world["reasons"]["move"])

    def cancel(self, env):
        visit = self.visit(env, "booked", "confirmed")
        if visit:
            by = self.rng.choice(("patient", "clinic"))
            env["clinic.booking"].cancel(visit, by, self.world["reasons"]["cancel"])

    def confirm(self, env):
        visit = self.visit(env, "booked")
        if visit:
            env["clinic.booking"].confirm(visit, "reception")

    def undo(self, env):
        visit = self.visit(env, "booked", "confirmed", "cancelled_patient", "cancelled_clinic")
        if visit:
            env["clinic.booking"].undo(visit)

    # ------------------------------------------------------------------ acts: absences, waiting list

    def leave(self, env):
        """Somebody is away for two hours, or is back after all."""
        absences = env["clinic.absence"]
        if self.rng.random() < 0.5:
            slot = self.slot()
            start = absences._fields["start"].to_datetime(slot["start"])
            stop = racing.timedelta(hours=HOURS_AWAY) + start
            absences.create({"resource_id": slot["resource_id"], "start": start, "stop": stop})
        else:
            absences.search([], limit=1, offset=self.rng.randrange(3)).active = False

    def wait(self, env):
        env["clinic.waiting.entry"].create(
            {"patient_id": self.patient(), "service_id": self.slot()["service_id"]}
        )

    def offer(self, env):
        """What the cron does with one freed place."""
        waves = env["clinic.waiting.wave"].search([("state", "in", ("due", "running"))], order="id")
        if waves:
            env["clinic.waiting.wave"]._continue(self.rng.choice(waves))

    def answer(self, env):
        offers = env["clinic.waiting.offer"].search([("state", "=", "open")])
        if offers:
            offer = self.rng.choice(offers)
            if self.rng.random() < DECLINE:
                offer._decline("link")
            else:
                offer._accept("link")


#: How often each act comes.
WEIGHTS = {
    "book": 26, "book_twice": 4, "hold": 12, "settle": 9, "give_back": 3, "expire": 3, "move": 12,
    "cancel": 14, "confirm": 4, "undo": 6, "leave": 4, "wait": 3, "offer": 7, "answer": 9,
}  # fmt: skip


def play(worker):
    """Worker: acts until ``seconds`` are over, or ``acts`` times; returns counts, errors and times by act."""
    from odoo.exceptions import UserError

    with worker.env() as env:
        env["clinic.booking"]._setting("clinic_schedule.hold_minutes")
        env["clinic.health"]._require_guards()
    storm, names, weights = Storm(worker), list(WEIGHTS), list(WEIGHTS.values())
    worker.barrier()
    end = time.monotonic() + worker.payload["seconds"]
    result = {"done": {}, "refused": {}, "errors": {}, "timings": []}
    for _turn in range(worker.payload["acts"]):
        if time.monotonic() > end:
            break
        name = storm.rng.choices(names, weights)[0]
        act, started = getattr(storm, name), time.perf_counter()
        try:
            racing.attempt(worker.database, lambda env, act=act: act(env) or True)
            answer, what = "done", name
        except UserError:
            answer, what = "refused", name
        except Exception as error:  # noqa: BLE001  every other answer is a finding
            answer, what = "errors", f"{name}: {type(error).__name__}: {error}"[:200]
        result[answer][what] = result[answer].get(what, 0) + 1
        result["timings"].append(time.perf_counter() - started)
    return result


LIVE = "a.state IN ('booked', 'confirmed')"
FAULTS = {
    "visits that do not occupy exactly their doctor, their room and their patient": f"""
        SELECT count(*) FROM clinic_appointment a
          LEFT JOIN clinic_room r ON r.id = a.room_id
          LEFT JOIN LATERAL (
               SELECT count(*) AS n,
                      count(*) FILTER (WHERE kind = 'resource' AND ref = a.resource_id
                                         AND c.start = a.start AND c.stop = a.stop) AS doctor,
                      count(*) FILTER (WHERE kind = 'resource' AND ref = r.resource_id
                                         AND c.start = a.start AND c.stop >= a.stop) AS room,
                      count(*) FILTER (WHERE kind = 'patient' AND ref = a.patient_id
                                         AND c.start = a.start AND c.stop = a.stop) AS patient
                 FROM clinic_slot_claim c
                WHERE c.appointment_id = a.id AND c.kind <> 'quota' AND c.state = 'booked') q ON TRUE
         WHERE {LIVE} AND (q.n, q.doctor, q.room, q.patient) <> (3, 1, 1, 1)""",
    "places occupied by nobody's or an ended visit": f"""
        SELECT count(*) FROM clinic_slot_claim c LEFT JOIN clinic_appointment a ON a.id = c.appointment_id
         WHERE a.id IS NULL
            OR NOT ({LIVE} AND c.state = 'booked' OR a.state = 'held' AND c.state = 'hold')""",
    "held visits without a place whose time is not over": """
        SELECT count(*) FROM clinic_appointment a
         WHERE a.state = 'held' AND a.hold_expires_at > (now() AT TIME ZONE 'UTC')
           AND (SELECT count(*) FROM clinic_slot_claim c
                 WHERE c.appointment_id = a.id AND c.kind = 'resource') <> 2""",
    "quotas with more places taken than there are": """
        SELECT count(*) FROM (
            SELECT q.id
              FROM clinic_shift_quota q JOIN clinic_slot_claim c ON c.kind = 'quota' AND c.ref = q.id
             GROUP BY q.id, q.seats HAVING count(*) > q.seats OR max(c.lane) >= q.seats) over""",
    "visits of the site that took no place of the quota": f"""
        SELECT count(*) FROM clinic_appointment a JOIN clinic_shift s
            ON s.resource_id = a.resource_id AND s.start <= a.start AND s.stop >= a.stop
         WHERE {LIVE} AND a.channel = 'site'
           AND EXISTS (SELECT 1 FROM clinic_shift_quota q WHERE q.shift_id = s.id)
           AND NOT EXISTS (SELECT 1 FROM clinic_appointment_journal j
                            WHERE j.appointment_id = a.id AND (j.action IN ('moved', 'undone')))
           AND NOT EXISTS (SELECT 1 FROM clinic_slot_claim c
                            WHERE c.appointment_id = a.id AND c.kind = 'quota')""",
    "visits that are not what their journal says": """
        SELECT count(*) FROM clinic_appointment a
          JOIN LATERAL (SELECT * FROM clinic_appointment_journal j WHERE j.appointment_id = a.id
                         ORDER BY j.id DESC LIMIT 1) j ON TRUE
         WHERE a.state <> j.state_to OR a.start <> j.start_to""",
    "tokens with more than one visit": """
        SELECT count(*) FROM (SELECT token FROM clinic_appointment WHERE token IS NOT NULL
                               GROUP BY token HAVING count(*) > 1) q""",
    "taken rounds of offers without exactly one acceptance": """
        SELECT count(*) FROM clinic_waiting_wave w
         WHERE (w.state = 'taken') <> ((SELECT count(*) FROM clinic_waiting_offer o
                                         WHERE o.wave_id = w.id AND o.state = 'accepted') = 1)""",
    "open offers of rounds that are over": """
        SELECT count(*) FROM clinic_waiting_offer o JOIN clinic_waiting_wave w ON w.id = o.wave_id
         WHERE o.state = 'open' AND w.state <> 'running'""",
    "people who are offered something without an open offer": """
        SELECT count(*) FROM clinic_waiting_entry e
         WHERE (e.state = 'offered') <> EXISTS (
               SELECT 1 FROM clinic_waiting_offer o WHERE o.entry_id = e.id AND o.state = 'open')""",
    "people of the waiting list booked without a visit": """
        SELECT count(*) FROM clinic_waiting_entry WHERE (state = 'booked') <> (visit_id IS NOT NULL)""",
}


def forgotten(env):
    """Visits in an absence that do not stand in the list of visits to be moved, or the reverse."""
    env.cr.execute(
        "SELECT DISTINCT a.id FROM clinic_appointment a"
        " JOIN clinic_absence b ON b.resource_id = a.resource_id"
        f" AND b.active AND b.start < a.stop AND b.stop > a.start WHERE {LIVE}"
    )
    met = {row[0] for row in env.cr.fetchall()}
    listed = env["clinic.appointment"].search(
        [("needs_move", "=", True), ("state", "in", ("booked", "confirmed"))]
    )
    return len(met ^ set(listed.ids))
