"""Helpers of the search benches: random questions to the public method, with a cold ORM cache."""

import random
import time
from datetime import timedelta


def questions(env, count, seed=1):
    """Pairs (service id, first day): one service that every doctor does, on random days."""
    rng = random.Random(seed)
    # services 5 and 6 of Clinic-60 are done by all 60 doctors
    services = env["product.product"].search([("clinic_is_service", "=", True)], order="id").ids[5:7]
    today = env.cr.now().date()
    return [(rng.choice(services), today + timedelta(days=rng.randint(0, 5))) for _n in range(count)]


def ask(env, service, day, **kwargs):
    return env["clinic.booking"].search_slots(
        service, date_from=day, date_to=day + timedelta(days=13), limit=20, **kwargs
    )


def measure(env, count, seed=1):
    """Seconds and numbers of queries of ``count`` searches."""
    taken, queries = [], []
    for warm, (service, day) in enumerate(questions(env, count + 3, seed)):
        env.invalidate_all()
        before, started = env.cr.sql_log_count, time.perf_counter()
        slots = ask(env, service, day)
        seconds = time.perf_counter() - started
        assert len(slots) == 20, "the clinic is not full"
        if warm >= 3:
            taken.append(seconds)
            queries.append(env.cr.sql_log_count - before)
    return taken, queries


def queries_for(env, doctors):
    """Queries of the same search narrowed to some doctors."""
    practitioners = env["clinic.practitioner"].search([], limit=doctors).ids
    ((service, day),) = questions(env, 1)
    for _turn in range(2):
        env.invalidate_all()
        before = env.cr.sql_log_count
        ask(env, service, day, practitioners=practitioners)
    return env.cr.sql_log_count - before


def raw(env, count):
    """Seconds of the bare multirange query: shifts minus claims of all doctors, first 20 intervals."""
    taken = []
    for _service, day in questions(env, count):
        started = time.perf_counter()
        env.cr.execute(
            """
            WITH busy AS (
                SELECT ref, range_agg(tsrange(start, stop)) AS r FROM clinic_slot_claim
                 WHERE kind = 'resource' AND tsrange(start, stop) && tsrange(%(low)s, %(high)s) GROUP BY ref)
            SELECT s.resource_id, f.f FROM clinic_shift s LEFT JOIN busy b ON b.ref = s.resource_id
             CROSS JOIN LATERAL unnest(tsmultirange(tsrange(s.start, s.stop)) - COALESCE(b.r, '{}')) AS f(f)
             WHERE s.active AND s.start < %(high)s AND s.stop > %(low)s ORDER BY lower(f.f) LIMIT 20
            """,
            {"low": day, "high": day + timedelta(days=14)},
        )
        env.cr.fetchall()
        taken.append(time.perf_counter() - started)
    return taken
