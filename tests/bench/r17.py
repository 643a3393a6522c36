"""R17: processes book, hold, move and cancel at reduced prices of a few visits a day, and with tickets."""

import random
import time
from datetime import timedelta

from clinic_bench import racing

NAME = "R17"
PROCESSES, SMALL_PROCESSES = 6, 3
TURNS, SMALL_TURNS = 80, 20
DOCTORS, TIMES = 3, 75
PER_DAY, FULL, CHEAP, AGREED = 4, 2000.0, 1500.0, 777.0
TICKETS = 6
ACTS = {"book": 6, "hold_book": 3, "ticket_book": 4, "move": 3, "cancel": 2}

FAULTS = {
    "more than the limit of a day": """
        SELECT count(*) FROM (
            SELECT local_date FROM clinic_appointment WHERE spare_rule_id IS NOT NULL AND state = 'booked'
             GROUP BY local_date HAVING count(*) > {per_day}) full_days""",
    "a price of no rule": """
        SELECT count(*) FROM clinic_appointment
         WHERE state = 'booked'
           AND price <> CASE WHEN ticket_id IS NOT NULL THEN {agreed} WHEN spare_rule_id IS NULL THEN {full}
                             ELSE {cheap} END""",
    "a ticket used twice": """
        SELECT count(*) FROM (
            SELECT ticket_id FROM clinic_appointment WHERE ticket_id IS NOT NULL AND state = 'booked'
             GROUP BY 1 HAVING count(*) > 1 OR bool_or(spare_rule_id IS NOT NULL)) twice""",
    "a reduced price without its place": """
        SELECT count(*) FROM clinic_appointment a
         WHERE a.state = 'booked'
           AND (SELECT count(*) FROM clinic_slot_claim c
                 WHERE c.appointment_id = a.id AND c.kind = 'spare' AND c.start::date = a.local_date
                   AND c.ref = a.spare_rule_id) <> (a.spare_rule_id IS NOT NULL)::int""",
    "a place of nobody": """
        SELECT count(*) FROM clinic_slot_claim c LEFT JOIN clinic_appointment a ON a.id = c.appointment_id
         WHERE c.kind = 'spare' AND (a.state IS NULL OR a.state NOT IN ('booked', 'held'))""",
}
WITH_TICKETS = "SELECT count(*) FROM clinic_appointment WHERE ticket_id IS NOT NULL AND state = 'booked'"
REDUCED = "SELECT count(*) FROM clinic_appointment WHERE spare_rule_id IS NOT NULL AND state = 'booked'"


class Desk:
    """What one process does; ``act`` returns by how many booked visits there are more or fewer."""

    def __init__(self, worker):
        self.dice, self.number, self.index = random.Random(worker.index), 0, worker.index
        self.patients = worker.payload["patients"][worker.index % len(worker.payload["patients"])]
        self.slots, self.tickets, self.paid_more = worker.payload["slots"], worker.payload["tickets"], 0

    def plan(self):
        """A function of the environment: the same act with the same wish at every repetition."""
        name = self.dice.choices(list(ACTS), list(ACTS.values()))[0]
        slot, patient, chance = (
            dict(self.dice.choice(self.slots)),
            self.dice.choice(self.patients),
            self.dice.random(),
        )
        self.number += 1
        # what was seen on a screen that may be old
        slot["price"] = CHEAP if self.dice.random() < 0.6 else FULL
        token = f"race-price-{self.index}-{self.number}"
        if name == "ticket_book":
            slot |= {"ticket": self.dice.choice(self.tickets), "price": AGREED}

        def act(env):
            booking = env["clinic.booking"]
            if name in ("book", "hold_book", "ticket_book"):
                if name == "hold_book" or chance < 0.3:
                    booking.hold(slot, token, minutes=10)
                visit = booking.book(slot, patient, token=token)
                self.paid_more += visit.price > slot["price"]
                return 1
            visits = env["clinic.appointment"].search([("state", "=", "booked")])
            if not visits:
                return 0
            visit = visits[int(chance * len(visits))]
            if name == "cancel":
                booking.cancel(visit)
                return -1
            booking.reschedule(visit, slot)
            self.paid_more += visit.price > slot["price"]
            return 0

        return name, act


def play(worker):
    """Worker: acts in a random order; a lost place and another price are ordinary answers."""
    with worker.env() as env:
        env["clinic.booking"]._setting("clinic_schedule.hold_minutes")
    from odoo.exceptions import UserError

    from odoo.addons.clinic_schedule.exceptions import PriceChanged, SlotTaken

    desk = Desk(worker)
    answer = {"wins": 0, "taken": 0, "dearer": 0, "refused": 0, "errors": {}, "timings": []}
    worker.barrier()
    for _turn in range(worker.payload["turns"]):
        name, act = desk.plan()
        started = time.perf_counter()
        try:
            answer["wins"] += racing.attempt(worker.database, act)
        except PriceChanged:
            answer["dearer"] += 1
        except SlotTaken:
            answer["taken"] += 1
        except UserError:
            answer["refused"] += 1
        except Exception as error:  # noqa: BLE001  every other answer is a finding
            answer["errors"][f"{name}: {type(error).__name__}: {error}"[:200]] = 1
        answer["timings"].append(time.perf_counter() - started)
    if desk.paid_more:
        answer["errors"][f"paid more than was shown: {desk.paid_more}"] = 1
    return answer


def build(env, processes):
    payload = racing.build(env, DOCTORS, TIMES, wishers=processes)
    service = env["product.product"].browse(payload["slots"][0]["service_id"])
    service.list_price = FULL
    env["clinic.spare.rule"].create(
        {
            "name": "Race",
            "percent": 25,
            "lead_from": 0,
            "lead_to": 0,
            "load_below": 100,
            "rounding": 0,
            "per_day": PER_DAY,
        }
    )
    day = env.cr.now().date()
    tickets = env["clinic.time.ticket"].create(
        [
            {"service_id": service.id, "price": AGREED, "date_to": day + timedelta(days=20)}
            for _n in range(TICKETS)
        ]
    )
    return {**payload, "tickets": tickets.ids}


def run(ctx):
    database = ctx.clone()
    processes = SMALL_PROCESSES if ctx.small else PROCESSES
    with ctx.env(database) as env:
        payload = build(env, processes)
        payload["turns"] = SMALL_TURNS if ctx.small else TURNS
    results = ctx.workers(processes, "r17:play", database, payload)
    fields = racing.judge(ctx, database, results, sum(result["wins"] for result in results), 3000)
    for name, query in FAULTS.items():
        found = racing.number(
            ctx, database, query.format(per_day=PER_DAY, full=FULL, cheap=CHEAP, agreed=AGREED)
        )
        if found:
            fields["errors"].append(f"{name}: {found}")
    fields["with_tickets"] = racing.number(ctx, database, WITH_TICKETS)
    fields["reduced"] = racing.number(ctx, database, REDUCED)
    for name in ("taken", "dearer", "refused"):
        fields[name] = sum(result[name] for result in results)
    fields["ok"] = fields["ok"] and not fields["errors"] and fields["reduced"] > 0 < fields["with_tickets"]
    return fields
