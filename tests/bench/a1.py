"""A1: the first 20 free starts of one service over all doctors and 14 days."""

from clinic_bench import clinic60, searching

NAME = "A1"
RUNS = 200
BOUND_MS = 100
MOST_QUERIES = 8


def run(ctx):
    """p95 within the bound, at most 8 queries, as many for 6 doctors as for 60."""
    database = clinic60.dataset(ctx)
    with ctx.env(database) as env:
        taken, queries = searching.measure(env, RUNS if not ctx.small else 40)
        few = searching.queries_for(env, 6)
        raw = searching.raw(env, 20)
    timings = ctx.timings(taken)
    return {
        "ok": timings["p95_ms"] <= ctx.bound(BOUND_MS)
        and max(queries) <= MOST_QUERIES
        and few == max(queries),
        **timings,
        "queries": max(queries),
        "queries_6_doctors": few,
        "ratio": round(timings["p50_ms"] / ctx.timings(raw)["p50_ms"], 2),
    }
