"""T1: uncontended bookings through the full path, four processes, beside the peer of A6 on the same machine.

The full path is what the addons installed that day do: visit, claims, journal, event log. The peer's is a
booking with its meeting and attendees; no mail is sent on either side. Each process has doctors of its own.
"""

import datetime
import time

from clinic_bench import a6, racing

NAME = "T1"
PROCESSES, DOCTORS, TIMES = 4, 8, 100
PEER_TIMES = 20
BOUND_MS, TIMES_FASTER = 200, 2


def run(ctx):
    """``per_second`` of all processes together, p95 of one booking, ``ratio`` to the peer's rate."""
    times = TIMES if not ctx.small else 10
    database = ctx.clone()
    with ctx.env(database) as env:
        payload = racing.build(env, DOCTORS, times, wishers=1)
    results = ctx.workers(PROCESSES, "t1:book", database, payload)
    mine = [seconds for _spent, timings in results for seconds in timings]
    rate = _rate(results)
    booked = racing.number(ctx, database, racing.BOOKED)
    theirs = _peer(ctx, PEER_TIMES if not ctx.small else 3)
    timings, ratio = ctx.timings(mine), round(rate / _rate(theirs), 1)
    return {
        "ok": booked == len(mine) == DOCTORS * times
        and timings["p95_ms"] <= ctx.bound(BOUND_MS)
        and (ctx.small or ratio >= TIMES_FASTER),
        "per_second": round(rate, 1),
        **timings,
        "ratio": ratio,
        "peer_per_second": round(_rate(theirs), 1),
        "bookings": booked,
    }


def _rate(results):
    """Bookings a second while all processes work."""
    return sum(len(timings) for _spent, timings in results) / max(spent for spent, _timings in results)


def book(worker):
    """Worker: books every time of its own doctors; ``(seconds in all, [seconds of each])``."""
    with worker.env() as env:
        env["clinic.booking"]._setting("clinic_schedule.hold_minutes")
    (patients,) = worker.payload["patients"]
    pairs = dict(zip(worker.payload["resources"], patients, strict=True))
    mine = worker.payload["resources"][worker.index :: worker.count]
    slots = [slot for slot in worker.payload["slots"] if slot["resource_id"] in mine]

    def one(env, slot):
        return env["clinic.booking"].book(slot, pairs[slot["resource_id"]]).id

    return _timed(worker, [lambda env, slot=slot: one(env, slot) for slot in slots])


def _timed(worker, jobs):
    worker.barrier()
    begun, timings = time.perf_counter(), []
    for job in jobs:
        started = time.perf_counter()
        racing.attempt(worker.database, job)
        timings.append(time.perf_counter() - started)
    return time.perf_counter() - begun, timings


def _peer(ctx, times):
    """The same with the peer: a fresh database with doctors who are always there."""
    database = ctx.clone(ctx.ground.templates.plain())
    payload = {"packages": ctx.peer_addons(), "times": times}
    ((kind, patient, combinations),) = ctx.workers(1, "t1:build_peer", database, payload)
    payload |= {"kind": kind, "patient": patient, "combinations": combinations}
    return ctx.workers(PROCESSES, "t1:book_peer", database, payload)


def build_peer(worker):
    """Worker: install and fill the peer; ids of the type, the patient and the doctors' combinations."""
    a6.install(worker)
    worker.barrier()
    doctors = [[n, "UTC", [(day, 0, 24) for day in range(7)]] for n in range(DOCTORS)]
    with worker.env() as env:
        pending = a6.fill(env, doctors, [])
        rows = pending.type_id.combination_rel_ids.combination_id
        return pending.type_id.id, pending.partner_ids.id, rows.ids


def book_peer(worker):
    """Worker: books times of its own doctors with the peer; as :func:`book`."""
    worker.join(worker.payload["packages"])
    with worker.env() as env:
        env[a6.MODEL].search_count([])
    first = datetime.datetime.now().replace(hour=6, minute=0, second=0, microsecond=0)
    mine = worker.payload["combinations"][worker.index :: worker.count]

    def one(env, combination, number):
        vals = {
            "type_id": worker.payload["kind"],
            "partner_ids": [(4, worker.payload["patient"])],
            "combination_id": combination,
            "combination_auto_assign": False,
            "start": first + datetime.timedelta(days=3 + number // 40, minutes=15 * (number % 40)),
            "duration": 0.25,
        }
        quiet = {"mail_notrack": True, "mail_create_nolog": True, "no_mail_to_attendees": True}
        return env[a6.MODEL].with_context(tracking_disable=True, **quiet).create(vals).id

    jobs = [
        lambda env, c=combination, n=number: one(env, c, n)
        for number in range(worker.payload["times"])
        for combination in mine
    ]
    return _timed(worker, jobs)
