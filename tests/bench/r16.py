"""R16: processes book, move and cancel comings and courses whose places overlap; all of each, or nothing."""

import random
import time

from clinic_bench import racing

NAME = "R16"
PROCESSES, SMALL_PROCESSES = 6, 3
TURNS, SMALL_TURNS = 60, 15
DOCTORS, TIMES, VISITS = 3, 75, 3
#: All want the same 25 rows: who meets another one is repeated by Odoo after a random wait of up to 2 s, then
#: of up to 4 s. That bounds the worst; the rest is quick.
WORST_MS, P95_MS = 7000, 500
#: How often each act comes.
ACTS = {
    "book_chain": 5, "book_course": 3, "move_chain": 5, "move_course": 4,
    "cancel_chain": 2, "cancel_course": 1,
}  # fmt: skip

OF = {"coming": "chain_id", "course": "course_id"}
HALF = """
    SELECT count(*) FROM (
        SELECT {link} FROM clinic_appointment WHERE {link} IS NOT NULL
         GROUP BY {link} HAVING count(*) FILTER (WHERE state = 'booked') NOT IN (0, {visits})) half
"""
SCATTERED = """
    SELECT count(*) FROM (
        SELECT chain_id FROM clinic_appointment WHERE chain_id IS NOT NULL AND state = 'booked'
         GROUP BY chain_id HAVING count(DISTINCT local_date) > 1) scattered
"""
ELSEWHERE = """
    SELECT count(*) FROM clinic_appointment a
     WHERE a.state = 'booked'
       AND 2 <> (SELECT count(*) FROM clinic_slot_claim c
                  WHERE c.appointment_id = a.id AND c.start = a.start AND c.stop = a.stop
                    AND (c.kind, c.ref) IN (('resource', a.resource_id), ('patient', a.patient_id)))
"""
NOBODYS = """
    SELECT count(*) FROM clinic_slot_claim c LEFT JOIN clinic_appointment a ON a.id = c.appointment_id
     WHERE a.state IS DISTINCT FROM 'booked'
"""


class Desk:
    """What one process does; ``act`` returns by how many booked visits there are more or fewer."""

    def __init__(self, worker):
        self.dice, self.number, self.index = random.Random(worker.index), 0, worker.index
        self.patients = worker.payload["patients"][worker.index % len(worker.payload["patients"])]
        self.slots = worker.payload["slots"]
        self.days = {}
        for slot in self.slots:
            self.days.setdefault(slot["start"][:10], {}).setdefault(slot["start"], []).append(slot)

    def chain_slots(self):
        """One after the other on one day, in an order of its own."""
        day = self.days[self.dice.choice(sorted(self.days))]
        wanted = [self.dice.choice(day[start]) for start in self.dice.sample(sorted(day), VISITS)]
        self.dice.shuffle(wanted)
        return wanted

    def token(self):
        self.number += 1
        return f"race-together-{self.index}-{self.number}"

    def plan(self):
        """A function of the environment: the same act with the same wish at every repetition."""
        name = self.dice.choices(list(ACTS), list(ACTS.values()))[0]
        verb, what = name.split("_")
        wanted = self.chain_slots() if what == "chain" else self.dice.sample(self.slots, VISITS)
        token, patient, chance = self.token(), self.dice.choice(self.patients), self.dice.random()

        def act(env):
            booking = env["clinic.booking"]
            if verb == "book":
                getattr(booking, f"_book_{what}")(wanted, patient, token)
                return VISITS
            rows = env[f"clinic.{what}"].search([])
            if not rows:
                return 0
            row = rows[int(chance * len(rows))]
            if verb == "move":
                getattr(booking, f"_move_{what}")(row, wanted, None)
                return 0
            return -len(getattr(booking, f"_cancel_{what}")(row))

        return name, act


def play(worker):
    """Worker: acts in a random order; a place that is lost and a row that is gone are ordinary answers."""
    with worker.env() as env:
        env["clinic.booking"]._setting("clinic_schedule.hold_minutes")
    from odoo.exceptions import UserError

    from odoo.addons.clinic_schedule.exceptions import SlotTaken

    desk = Desk(worker)
    answer = {"wins": 0, "taken": 0, "refused": 0, "done": {}, "errors": {}, "timings": []}
    worker.barrier()
    for _turn in range(worker.payload["turns"]):
        name, act = desk.plan()
        started = time.perf_counter()
        try:
            answer["wins"] += racing.attempt(worker.database, act)
            answer["done"][name] = answer["done"].get(name, 0) + 1
        except SlotTaken:
            answer["taken"] += 1
        except UserError:
            answer["refused"] += 1
        except Exception as error:  # noqa: BLE001  every other answer is a finding
            answer["errors"][f"{name}: {type(error).__name__}: {error}"[:200]] = 1
        answer["timings"].append(time.perf_counter() - started)
    return answer


def run(ctx):
    database = ctx.clone()
    processes = SMALL_PROCESSES if ctx.small else PROCESSES
    with ctx.env(database) as env:
        payload = racing.build(env, DOCTORS, TIMES, wishers=processes)
        payload["turns"] = SMALL_TURNS if ctx.small else TURNS
    results = ctx.workers(processes, "r16:play", database, payload)
    fields = racing.judge(ctx, database, results, sum(result["wins"] for result in results), WORST_MS)
    faults = {f"half a {name}": HALF.format(link=link, visits=VISITS) for name, link in OF.items()}
    faults |= {"a coming on two days": SCATTERED, "not at its place": ELSEWHERE, "nobody's place": NOBODYS}
    for name, query in faults.items():
        found = racing.number(ctx, database, query)
        if found:
            fields["errors"].append(f"{name}: {found}")
    fields["done"] = {name: sum(result["done"].get(name, 0) for result in results) for name in ACTS}
    fields["taken"] = sum(result["taken"] for result in results)
    fields["refused"] = sum(result["refused"] for result in results)
    idle = [name for name, count in fields["done"].items() if not count]
    if idle and not ctx.small:
        fields["errors"].append("never done: " + ", ".join(idle))
    quick = fields["p95_ms"] <= ctx.bound(P95_MS)
    fields["ok"] = fields["ok"] and not fields["errors"] and fields["winners"] > 0 and quick
    return fields
