"""A3: free starts of services that need a doctor, a room and a device: 6 doctors, 14 days."""

import random
import time
from datetime import timedelta

from clinic_bench import clinic60, searching

NAME = "A3"
RUNS = 200
BOUND_MS = 150
MOST_QUERIES = 8


def run(ctx):
    """As A1; the services are those of two specialties with three doctors each."""
    database = clinic60.dataset(ctx)
    with ctx.env(database) as env:
        services = device_services(env)
        lines = env["clinic.practitioner.service"].search([("service_id", "in", services)])
        doctors = len(lines.practitioner_id)
        taken, queries, shown, without = measure(env, services, RUNS if not ctx.small else 40)
    timings = ctx.timings(taken)
    return {
        "ok": timings["p95_ms"] <= ctx.bound(BOUND_MS)
        and max(queries) <= MOST_QUERIES
        and not without
        and shown > 0,
        **timings,
        "queries": max(queries),
        "doctors": doctors,
        "times": shown,
    }


def device_services(env):
    """Services with a device of the first two specialties that have one."""
    domain = [("clinic_is_service", "=", True), ("clinic_device_type_id", "!=", False)]
    found = env["product.product"].search(domain, order="id")
    specialties = found.clinic_specialty_id[:2]
    return found.filtered(lambda service: service.clinic_specialty_id in specialties).ids


def measure(env, services, count):
    """``(seconds, queries, times shown, times without a device or room)``."""
    dice, today = random.Random(3), env.cr.now().date()
    taken, queries, shown, without = [], [], 0, 0
    for turn in range(count + 3):
        day = today + timedelta(days=dice.randint(0, 5))
        env.invalidate_all()
        before, started = env.cr.sql_log_count, time.perf_counter()
        slots = searching.ask(env, services, day)
        seconds = time.perf_counter() - started
        shown += len(slots)
        without += sum(not slot["device_ids"] for slot in slots)
        if turn >= 3:
            taken.append(seconds)
            queries.append(env.cr.sql_log_count - before)
    return taken, queries, shown, without
