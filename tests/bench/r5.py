"""R5: two people act on one shift, doctor or visit at once; whatever the order, the books must agree."""

from clinic_bench import racing, rivals

NAME = "R5"


def run(ctx):
    """40 rounds (small: 9) of every scenario of ``rivals``; a winner is a round that ended well."""
    rounds = 9 if ctx.small else 40
    database = ctx.clone()
    names = list(rivals.SCENARIOS)
    with ctx.env(database) as env:
        payload = racing.build(env, len(names) * rounds, rivals.STARTS, wishers=2)
    with ctx.env(database) as env:
        plan = rivals.prepare(env, payload, names, rounds)
    first, second = ctx.workers(2, "rivals:play", database, plan)
    answers = [answer for side in (first, second) for name in names for answer in side[name]]
    timings = [seconds for _answer, seconds in answers]
    wrong = {name: rivals.wrong_winners(first[name], second[name], name) for name in names}
    faults = {name: racing.number(ctx, database, query) for name, query in rivals.FAULTS.items()}
    errors = {answer for answer, _seconds in answers if answer not in ("done", "refused")}
    errors |= {f"{count} {name}" for name, count in faults.items() if count}
    errors |= {f"{name}: {pairs}"[:300] for name, pairs in wrong.items() if pairs}
    fields = {
        "winners": len(names) * rounds - sum(map(len, wrong.values())),
        "expected": len(names) * rounds,
        "overlaps": racing.number(ctx, database, racing.OVERLAPS)
        + racing.number(ctx, database, racing.DOUBLED),
        "deadlocks": ctx.deadlocks(database),
        "errors": sorted(errors),
        "worst_ms": round(max(timings) * 1000),
        **ctx.timings(timings),
    }
    good = fields["winners"] == fields["expected"]
    fields["ok"] = good and not (fields["overlaps"] or fields["deadlocks"] or errors)
    return fields
