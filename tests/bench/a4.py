"""A4: the reception board's data: one day, all doctors at work, visits and free time."""

import time

from clinic_bench import clinic60, desk

NAME = "A4"
RUNS = 200
BOUND_MS = 250
MOST_QUERIES = 30


def run(ctx):
    """p95 of one whole screen for a registrar, with a cold ORM cache."""
    database = ctx.clone(clinic60.dataset(ctx))
    with ctx.env(database) as env:
        desk.make_registrar(env)
        days = [day.isoformat() for day in desk.busiest_days(env, 5)]
    taken, queries, columns, visits = [], [], 0, 0
    with ctx.env(database, desk.LOGIN) as env:
        for turn in range((RUNS if not ctx.small else 40) + 3):
            params = {"date": days[turn % len(days)], "mode": "day", "kind": "practitioner"}
            env.invalidate_all()
            before, started = env.cr.sql_log_count, time.perf_counter()
            screen = env["clinic.board"].load(params)
            seconds = time.perf_counter() - started
            columns, visits = max(columns, len(screen["columns"])), max(visits, len(screen["visits"]))
            if turn >= 3:
                taken.append(seconds)
                queries.append(env.cr.sql_log_count - before)
        env.cr.rollback()
    timings = ctx.timings(taken)
    return {
        "ok": timings["p95_ms"] <= ctx.bound(BOUND_MS) and max(queries) <= MOST_QUERIES and visits > 0,
        **timings,
        "queries": max(queries),
        "columns": columns,
        "visits": visits,
    }
