"""R2: doctor + any room + any device at once; the scarcest decides how many can win."""

from clinic_bench import racing

NAME = "R2"


def run(ctx):
    """10 doctors, 5 rooms, 3 devices, 100 times: exactly 300 visits (small: 4 processes, 25 times: 75)."""
    processes, times = (4, 25) if ctx.small else (16, 100)
    database = ctx.clone()
    with ctx.env(database) as env:
        payload = racing.build(env, 10, times, rooms=5, devices=3, wishers=processes)
    results = ctx.workers(processes, "racing:race", database, payload)
    return racing.judge(ctx, database, results, 3 * times, bound_ms=2000)
