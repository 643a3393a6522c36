"""R1: many processes want the same slots through ``clinic.booking.book``; and the same tokens."""

from clinic_bench import racing

NAME = "R1"


def run(ctx):
    """16 × 1 000 (small: 4 × 100): one winner per slot; then one visit per token, for all who sent it."""
    processes, doctors, times = (4, 4, 25) if ctx.small else (16, 10, 100)
    database = ctx.clone()
    with ctx.env(database) as env:
        payload = racing.build(env, doctors, times, wishers=processes)
    results = ctx.workers(processes, "racing:race", database, payload)
    fields = racing.judge(ctx, database, results, doctors * times, bound_ms=2000)
    fields.update(_tokens(ctx))
    fields["ok"] = fields["ok"] and fields["tokens_ok"]
    return fields


def _tokens(ctx):
    database = ctx.clone()
    with ctx.env(database) as env:
        payload = racing.build(env, 1, 5, wishers=1)
    payload = {"slots": payload["slots"], "patient": payload["patients"][0][0]}
    answers = ctx.workers(2, "racing:tokens", database, payload)
    booked = racing.number(ctx, database, racing.BOOKED)
    good = answers[0] == answers[1] and len(set(answers[0])) == len(payload["slots"]) == booked
    return {"tokens_ok": good and not ctx.deadlocks(database)}
