"""R7: two processes seal the access journal, join one pair of cards, use a new encryption key – at once."""

import random
import time

from clinic_bench import racing
from clinic_bench.rivals import _meet

NAME = "R7"

EVENTS = 40
CHECK = "clinic_base.vault_check.%"
#: Seals that follow the same link: the chain would have two ends.
FORKS = "SELECT count(*) - count(DISTINCT previous_hash) FROM clinic_access_seal"
LOST = "SELECT count(*) FROM clinic_access_event WHERE seal_ref IS NULL"
HALF = """
    SELECT count(*) FROM clinic_merge m JOIN res_partner l ON l.id = m.loser_id
     WHERE m.state <> 'done' OR l.active OR l.merged_into_id IS DISTINCT FROM m.survivor_id
"""


def run(ctx):
    """10 rounds (small: 3) of each; a winner is a round that ended as one order of the two would have."""
    rounds = 3 if ctx.small else 10
    database = ctx.clone()
    with ctx.env(database) as env:
        payload = {"rounds": rounds, "merges": prepare(env, rounds)}
    sides = ctx.workers(2, "r7:play", database, payload)
    answers = [answer for side in sides for answer in side]
    errors = {answer[1] for answer in answers if answer[1] not in ("done", "refused")}
    joined = [
        sorted(answer[1] for answer in answers if answer[0] == f"join {turn}") for turn in range(rounds)
    ]
    errors |= {f"join: {pair}" for pair in joined if pair != ["done", "refused"]}
    faults = {
        name: racing.number(ctx, database, query)
        for name, query in (
            ("forks of the chain", FORKS),
            ("events without a seal", LOST),
            ("half a join", HALF),
        )
    }
    with ctx.env(database) as env:
        faults["seals that do not fit"] = len(env["clinic.access.seal"]._find_breaks())
        keys = env["ir.config_parameter"].search_count([("key", "=like", CHECK)])
        faults["keys without one fingerprint"] = int(keys != 1)
    errors |= {f"{count} {name}" for name, count in faults.items() if count}
    timings = [answer[2] for answer in answers]
    fields = {
        "winners": 3 * rounds - len(errors),
        "expected": 3 * rounds,
        "overlaps": 0,
        "deadlocks": ctx.deadlocks(database),
        "errors": sorted(errors),
        "worst_ms": round(max(timings) * 1000),
        **ctx.timings(timings),
    }
    fields["ok"] = not errors and not fields["deadlocks"]
    return fields


def prepare(env, rounds):
    """Proposed joins of two equal cards each, without any number sealed yet."""
    people = env["res.partner"].create(
        [
            {
                "is_patient": True,
                "family_name": f"Racer{n // 2}",
                "given_name": "Ann",
                "birth_date": "1980-01-01",
            }
            for n in range(2 * rounds)
        ]
    )
    merges = env["clinic.merge"].create(
        [{"survivor_id": people[2 * n].id, "loser_id": people[2 * n + 1].id} for n in range(rounds)]
    )
    env["ir.config_parameter"].search([("key", "=like", CHECK)]).unlink()
    return merges.ids


def play(worker):
    """Worker: both sides do the same; the first use of the key comes first, then joins, then seals."""
    with worker.env() as env:
        env["clinic.vault"]._state()
    worker.barrier()
    connection, shuffle, answers = worker.connect(), random.Random(worker.index), []
    acts = [
        (f"key {turn}", lambda env, turn=turn: _use_key(env, turn))
        for turn in range(worker.payload["rounds"])
    ]
    acts += [
        (f"join {turn}", lambda env, key=key: bool(env["clinic.merge"].browse(key).action_merge()))
        for turn, key in enumerate(worker.payload["merges"])
    ]
    acts += [
        (f"seal {turn}", lambda env: _seal(env, worker.index)) for turn in range(worker.payload["rounds"])
    ]
    for number, (name, act) in enumerate(acts):
        _meet(connection.cursor(), number, worker.count)
        # sweep over the moments at which the two may cross
        time.sleep(shuffle.random() * 0.02)
        started = time.perf_counter()
        answers.append((name, _try(worker.database, act), time.perf_counter() - started))
    connection.close()
    racing.attempt(worker.database, lambda env: env["clinic.access.seal"]._seal_batch())
    return answers


def _try(database, act):
    from odoo.exceptions import UserError

    try:
        racing.attempt(database, act)
    except UserError:
        return "refused"
    except Exception as error:  # noqa: BLE001  every other answer is a finding
        return f"{type(error).__name__}: {error}"[:200]
    return "done"


def _use_key(env, _turn):
    return bool(env["clinic.vault"]._sealing_ring())


def _seal(env, index):
    for _event in range(EVENTS):
        env["clinic.access.event"]._record_now("list", amount=index)
    while env["clinic.access.seal"]._seal_batch(limit=EVENTS // 3):
        pass
    return True
