"""A5: A1 with ten times the history must not be slower."""

from clinic_bench import clinic60, searching

NAME = "A5"
RUNS = 200
BOUND = 1.3


def run(ctx):
    """Ratio of the medians; both databases are asked in turn, because machines are shared."""
    names = [clinic60.dataset(ctx), clinic60.dataset(ctx, history=10)]
    taken = {name: [] for name in names}
    rounds = 5
    for turn in range(rounds):
        for name in names:
            with ctx.env(name) as env:
                count = RUNS // rounds if not ctx.small else 10
                taken[name] += searching.measure(env, count, seed=turn)[0]
    small, large = (ctx.timings(taken[name]) for name in names)
    ratio = round(large["p50_ms"] / small["p50_ms"], 2)
    return {"ok": ratio <= BOUND, "ratio": ratio, **large}
