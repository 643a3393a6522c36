"""Pairs of people who act on one visit or shift at the same moment, in two processes with commits.

A scenario prepares the ground of each round; then both sides meet and act at once. Whatever the order
was, what remains must be what one order of the two actions would have left: ``FAULTS`` counts what is not.
"""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from clinic_bench.racing import attempt

#: Shifts of a round: every round has a doctor and patients of its own.
STARTS = 4


def prepare(env, payload, scenarios, rounds):
    """Give every round of every scenario its ground; returns the payload of ``play``."""
    plan = {}
    slots, patients = payload["slots"], payload["patients"]
    for number, name in enumerate(scenarios):
        plan[name] = []
        for turn in range(rounds):
            doctor = number * rounds + turn
            mine = slots[doctor * STARTS : (doctor + 1) * STARTS]
            people = [crowd[doctor] for crowd in patients]
            ground = {"slots": mine, "patients": people, "turn": turn, "reasons": _reasons(env)}
            ground["visit"] = SCENARIOS[name].prepare(env, ground)
            plan[name].append(ground)
    return plan


def _reasons(env):
    reasons = env["clinic.appointment.reason"]
    return {kind: reasons.search([("kind", "=", kind)], limit=1).id for kind in ("move", "cancel")}


def play(worker):
    """Worker: one side of every scenario, all scenarios at once; returns the answers by scenario."""
    with worker.env() as env:
        env["clinic.booking"]._setting("clinic_schedule.hold_minutes")
        env["clinic.health"]._require_guards()
    worker.barrier()
    plan = worker.payload
    with ThreadPoolExecutor(len(plan)) as pool:
        sides = {name: pool.submit(_side, worker, number, name) for number, name in enumerate(plan)}
        return {name: side.result() for name, side in sides.items()}


def _side(worker, number, name):
    """Play one side of all rounds of a scenario."""
    from odoo.exceptions import UserError

    act = (SCENARIOS[name].first, SCENARIOS[name].second)[worker.index]
    shuffle, answers = random.Random(f"{name}/{worker.index}"), []
    connection = worker.connect()
    for ground in worker.payload[name]:
        _meet(connection.cursor(), number * 1000 + ground["turn"], worker.count)
        # sweep over the moments at which the two may cross
        time.sleep(shuffle.random() * 0.02)
        started = time.perf_counter()
        try:
            attempt(worker.database, lambda env, ground=ground: bool(act(env, ground)))
            answer = "done"
        except UserError:
            answer = "refused"
        except Exception as error:  # noqa: BLE001  every other answer is a finding
            answer = f"{type(error).__name__}: {error}"[:200]
        answers.append((answer, time.perf_counter() - started))
    connection.close()
    return answers


def _meet(cursor, key, count):
    """Return when ``count`` processes stand at this key: each keeps a shared lock on it and counts."""
    cursor.execute("SELECT pg_advisory_lock_shared(%s)", [key])
    cursor.connection.commit()
    standing = 0
    while standing < count:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [key],
        )
        standing = cursor.fetchone()[0]
        cursor.connection.commit()


class Scenario:
    """What is there before, and what each of the two sides does; ``winners``: how many may succeed."""

    winners = (1,)

    @staticmethod
    def prepare(env, ground):
        """Make what the two will fight about; returns the id of a visit or None."""

    @staticmethod
    def book(env, ground, slot, patient=1):
        return env["clinic.booking"].book(ground["slots"][slot], ground["patients"][patient]).id

    @staticmethod
    def shift(env, ground):
        slot = ground["slots"][0]
        domain = [("resource_id", "=", slot["resource_id"]), ("start", "=", slot["start"])]
        return env["clinic.shift"].search(domain)


class ShiftGoes(Scenario):
    """A visit is booked at the end of a shift that is archived, cut or deleted."""

    def first(self, env, ground):
        return self.book(env, ground, STARTS - 1)

    def second(self, env, ground):
        shift = self.shift(env, ground)
        if ground["turn"] % 3 == 0:
            shift.active = False
        elif ground["turn"] % 3 == 1:
            shift.stop = ground["slots"][-1]["start"]
        else:
            shift.unlink()
        return True


class DoctorGoes(Scenario):
    """A visit is booked with a doctor who is archived."""

    def first(self, env, ground):
        return self.book(env, ground, 0)

    def second(self, env, ground):
        resource_id = ground["slots"][0]["resource_id"]
        env["clinic.practitioner"].search([("resource_id", "=", resource_id)]).active = False
        return True


class BranchGoes(DoctorGoes):
    """A visit is booked in a branch that is archived; every round has a branch of its own."""

    def prepare(self, env, ground):
        """The doctor of the round moves to a branch of his own."""
        shift = self.shift(env, ground)
        shift.branch_id = shift.branch_id.copy({"name": f"Branch {ground['turn']}"})

    def second(self, env, ground):
        self.shift(env, ground).branch_id.active = False
        return True


class WithVisit(Scenario):
    def prepare(self, env, ground):
        return self.book(env, ground, 0, patient=0)

    @staticmethod
    def visit(env, ground):
        return env["clinic.appointment"].browse(ground["visit"])

    def move(self, env, ground, slot):
        reason = ground["reasons"]["move"]
        return env["clinic.booking"].reschedule(self.visit(env, ground), ground["slots"][slot], reason)

    def cancel(self, env, ground):
        return env["clinic.booking"].cancel(self.visit(env, ground), "clinic", ground["reasons"]["cancel"])


class TwoMoves(WithVisit):
    """Two people move one visit to different times: it ends at one of them."""

    winners = (1, 2)

    def first(self, env, ground):
        return self.move(env, ground, 1)

    def second(self, env, ground):
        return self.move(env, ground, 2)


class CancelConfirm(WithVisit):
    """One cancels the visit that another confirms: it ends cancelled, confirmed before or not at all."""

    winners = (1, 2)

    def first(self, env, ground):
        return self.cancel(env, ground)

    def second(self, env, ground):
        return env["clinic.booking"].confirm(self.visit(env, ground), "reception")


class UndoBook(WithVisit):
    """A cancelled or moved visit is taken back while somebody else books its old place."""

    def prepare(self, env, ground):
        ground["visit"] = super().prepare(env, ground)
        if ground["turn"] % 2:
            self.move(env, ground, 1)
        else:
            self.cancel(env, ground)
        return ground["visit"]

    def first(self, env, ground):
        return env["clinic.booking"].undo(self.visit(env, ground))

    def second(self, env, ground):
        return self.book(env, ground, 0)


class TwoNurses(Scenario):
    """Two senior nurses copy one week at once, each having seen that the next one is empty: one does it."""

    def prepare(self, env, ground):
        """Both look at the preview."""
        shift = self.shift(env, ground)
        vals = {
            "kind": "copy",
            "branch_id": shift.branch_id.id,
            "resource_ids": [(6, 0, shift.resource_id.ids)],
            "date_from": shift.local_date,
            "to_week": shift.local_date + timedelta(days=7),
        }
        ground["windows"] = env["clinic.shift.operate"].create([vals, vals]).ids

    def first(self, env, ground, side=0):
        window = env["clinic.shift.operate"].browse(ground["windows"][side])
        return bool(window.action_apply())

    def second(self, env, ground):
        return self.first(env, ground, side=1)


SCENARIOS = {
    "shift goes": ShiftGoes(),
    "doctor goes": DoctorGoes(),
    "branch goes": BranchGoes(),
    "two moves": TwoMoves(),
    "cancel or confirm": CancelConfirm(),
    "undo or book": UndoBook(),
    "two nurses": TwoNurses(),
}

LIVE = "a.state IN ('booked', 'confirmed', 'arrived', 'in_progress')"
OWN = "c.appointment_id = a.id AND c.kind = 'resource' AND c.state = 'booked'"
FAULTS = {
    "visits outside any shift": f"""
        SELECT count(*) FROM clinic_appointment a
         WHERE {LIVE} AND NOT EXISTS (
               SELECT 1 FROM clinic_shift s WHERE s.active AND s.resource_id = a.resource_id
                  AND s.branch_id = a.branch_id AND s.start <= a.start AND s.stop >= a.stop)""",
    "visits with somebody archived": f"""
        SELECT count(*) FROM clinic_appointment a JOIN resource_resource r ON r.id = a.resource_id
         WHERE {LIVE} AND NOT r.active""",
    "visits in an archived branch": f"""
        SELECT count(*) FROM clinic_appointment a JOIN clinic_branch b ON b.id = a.branch_id
         WHERE {LIVE} AND NOT b.active""",
    "visits that do not occupy exactly their place": f"""
        SELECT count(*) FROM clinic_appointment a
         WHERE {LIVE} AND (SELECT array_agg((c.ref, c.start, c.stop)::text) FROM clinic_slot_claim c
                            WHERE {OWN}) IS DISTINCT FROM ARRAY[(a.resource_id, a.start, a.stop)::text]""",
    "places occupied by what is over": f"""
        SELECT count(*) FROM clinic_slot_claim c JOIN clinic_appointment a ON a.id = c.appointment_id
         WHERE NOT {LIVE}""",
    "shifts of one doctor that meet": """
        SELECT count(*) FROM clinic_shift s JOIN clinic_shift t
            ON s.id < t.id AND s.resource_id = t.resource_id
           AND s.active AND t.active AND s.start < t.stop AND t.start < s.stop""",
    "lines of a journal that do not follow each other": """
        SELECT count(*) FROM (
            SELECT j.state_from, lag(j.state_to) OVER w AS state_before,
                   j.start_from, lag(j.start_to) OVER w AS start_before,
                   row_number() OVER w AS line
              FROM clinic_appointment_journal j WINDOW w AS (PARTITION BY j.appointment_id ORDER BY j.id)) q
         WHERE line > 1 AND (state_from IS DISTINCT FROM state_before
                             OR start_from IS DISTINCT FROM start_before)""",
    "visits that are not what their journal says": """
        SELECT count(*) FROM clinic_appointment a
          JOIN LATERAL (SELECT * FROM clinic_appointment_journal j WHERE j.appointment_id = a.id
                         ORDER BY j.id DESC LIMIT 1) j ON TRUE
         WHERE a.state <> j.state_to OR a.start <> j.start_to""",
}


def wrong_winners(first, second, name):
    """Rounds in which more or fewer succeeded than any order of the two actions allows."""
    pairs = [[one[0], other[0]] for one, other in zip(first, second, strict=True)]
    return [pair for pair in pairs if pair.count("done") not in SCENARIOS[name].winners]
