"""R8: two matchers at work while cards are edited; the queue must be what one matcher alone would leave."""

import random
import time

from clinic_bench.racing import attempt

NAME = "R8"
FAMILIES = 40
SECONDS, SMALL_SECONDS = 40, 10
MATCHERS, EDITORS = 2, 2
SURNAMES = ("Ковалёва", "Ковалева", "Кавалёва", "Орлова", "Зуева")
#: So few names that edits push blocks of keys over their cap and back all the time: that changes what others
#: are compared with, who have to be looked at again.
NAMES = ("Анна", "Вера", "Дарья", "Елена")
FATHERS = ("Сергеевна", "Ивановна")
TAIL = "SELECT count(*) FROM clinic_match_waiting"


def build(env):
    """Three cards of each woman, a phone for the three; returns their ids."""
    people = env["res.partner"].create(
        [
            {
                "is_patient": True,
                "family_name": SURNAMES[number % len(SURNAMES)],
                "given_name": NAMES[number // 3 % len(NAMES)],
                "patronymic": FATHERS[number // 3 // len(NAMES) % len(FATHERS)],
                "birth_date": f"1985-03-{1 + number // 3 % 28:02d}",
                "phone": f"+7914{number // 3:07d}",
            }
            for number in range(3 * FAMILIES)
        ]
    )
    return people.ids


def play(worker):
    """Worker: a matcher or an editor for so many seconds; returns ``(turns, errors)``."""
    from odoo.exceptions import UserError

    act = match if worker.index < MATCHERS else edit
    dice = random.Random(worker.index)
    with worker.env() as env:
        env["clinic.match"]._generation()
    worker.barrier()
    turns, errors = 0, []
    until = time.monotonic() + worker.payload["seconds"]
    while time.monotonic() < until:
        try:
            act(worker, dice)
        except UserError as error:
            errors.append(f"refused: {error}"[:200])
        except Exception as error:  # noqa: BLE001  every other answer is a finding
            errors.append(f"{type(error).__name__}: {error}"[:200])
        turns += 1
    return turns, errors


def match(worker, _dice):
    """What the scheduled action does."""
    with worker.env() as env:
        env["clinic.match.key"]._cron_work()


def edit(worker, dice):
    """What somebody at the desk does to one card."""
    number = dice.randrange(len(worker.payload["ids"]))
    vals = dice.choice(
        (
            {"family_name": dice.choice(SURNAMES)},
            {"birth_date": f"1985-03-{dice.randrange(1, 29):02d}"},
            {"phone": f"+7914{dice.randrange(FAMILIES):07d}"},
        )
    )
    card_id = worker.payload["ids"][number]
    attempt(worker.database, lambda env: env["res.partner"].browse(card_id).write(vals))


def queue(env):
    """Everything that the matcher has left: pairs, groups, keys."""
    env.flush_all()
    found = {}
    for name, query in {
        "pairs": "SELECT first_id, second_id, weight::text, zone FROM clinic_match_pair",
        "groups": "SELECT key, weight::text, zone FROM clinic_match_cluster WHERE state = 'open'",
        "keys": "SELECT partner_id, kind, hash FROM clinic_match_key",
    }.items():
        env.cr.execute(query)
        found[name] = sorted(map(list, env.cr.fetchall()))
    return found


def run(ctx):
    database = ctx.clone()
    with ctx.env(database) as env:
        ids = build(env)
        env["clinic.match.key"]._cron_work()
    payload = {"ids": ids, "seconds": SMALL_SECONDS if ctx.small else SECONDS}
    answers = ctx.workers(MATCHERS + EDITORS, "r8:play", database, payload)
    with ctx.env(database) as env:
        env["clinic.match.key"]._cron_work()
        raced = queue(env)
    with ctx.env(database) as env:
        env.cr.execute("DELETE FROM clinic_match_pair; DELETE FROM clinic_match_key")
        env.cr.execute("DELETE FROM clinic_match_cluster WHERE state = 'open'")
        env["clinic.match.waiting"]._put_all()
        env.cr.commit()
        env["clinic.match.key"]._cron_work()
        alone = queue(env)
        env.cr.execute(TAIL)
        (left,) = env.cr.fetchone()
    errors = sorted({error for _turns, found in answers for error in found})
    errors += [f"{name} differ" for name in raced if raced[name] != alone[name]]
    errors += [f"{left} cards still wait"] if left else []
    fields = {
        "winners": len(raced["pairs"]),
        "expected": len(alone["pairs"]),
        "groups": len(alone["groups"]),
        "matchings": sum(turns for turns, _errors in answers[:MATCHERS]),
        "edits": sum(turns for turns, _errors in answers[MATCHERS:]),
        "deadlocks": ctx.deadlocks(database),
        "errors": errors,
    }
    fields["ok"] = not errors and not fields["deadlocks"] and fields["winners"] == fields["expected"]
    return fields
