"""W1: from the commit of a cancel to the first offer to the waiting list."""

import json
import random
import select
import time

from clinic_bench import clinic60
from clinic_bench.racing import attempt

NAME = "W1"
RUNS = 100
ENTRIES = 2_000
BOUND_MS = 2_000
STOP = "clinic_bench.stop"
PERSONS, CRON = 0, 1


def run(ctx):
    """100 cancels one after another (small: 20) with 2 000 people waiting; a process does the cron's work."""
    database = ctx.clone(clinic60.dataset(ctx))
    with ctx.env(database) as env:
        _people_wait(env, ctx.count(ENTRIES))
    with ctx.env(database) as env:
        visits = _visits(env, RUNS if not ctx.small else 20)
    done, _cron = ctx.workers(2, "w1:play", database, {"visits": visits})
    offered = [seconds for seconds in done["offered"] if seconds is not None]
    timings = ctx.timings(offered or [60.0])
    cancels = ctx.timings(done["cancels"])
    return {
        "ok": len(offered) == len(visits) and timings["p95_ms"] <= ctx.bound(BOUND_MS),
        **timings,
        "cancels": len(visits),
        "offered": len(offered),
        "cancel_p95_ms": cancels["p95_ms"],
    }


def _people_wait(env, count):
    """Entries for random services, half of them for what every doctor does; only our cron stays."""
    rng = random.Random(clinic60.SEED)
    services = env["product.product"].search([("clinic_is_service", "=", True)], order="id").ids
    env.cr.execute("SELECT id FROM res_partner WHERE is_patient ORDER BY id LIMIT 20000")
    people = [row[0] for row in env.cr.fetchall()]
    env["clinic.waiting.entry"].create(
        [
            {
                "patient_id": rng.choice(people),
                "service_id": rng.choice(services[5:7] if n % 2 else services),
                "urgency": rng.choice("0001112"),
            }
            for n in range(count)
        ]
    )
    ours = env.ref("clinic_schedule.ir_cron_waiting").id
    env.cr.execute("UPDATE ir_cron SET active = (id = %s)", [ours])
    env.cr.execute("DELETE FROM ir_cron_trigger")


def _visits(env, count):
    """Booked visits of the next weeks for which somebody surely waits."""
    rng = random.Random(1)
    services = env["product.product"].search([("clinic_is_service", "=", True)], order="id").ids[5:7]
    env.cr.execute(
        "SELECT id FROM clinic_appointment WHERE state = 'booked' AND service_id = ANY(%s)"
        " AND start BETWEEN (now() AT TIME ZONE 'UTC') + interval '1 day'"
        " AND (now() AT TIME ZONE 'UTC') + interval '12 days' ORDER BY id",
        [services],
    )
    return rng.sample([row[0] for row in env.cr.fetchall()], count)


def play(worker):
    """Worker 0 cancels and looks for the first offer; worker 1 is the cron of a server."""
    with worker.env() as env:
        env["clinic.booking"]._setting("clinic_schedule.hold_minutes")
    worker.barrier()
    return _cancel(worker) if worker.index == PERSONS else _serve(worker)


def _cancel(worker):
    connection = worker.connect()
    connection.autocommit = True
    cursor, found = connection.cursor(), {"cancels": [], "offered": []}
    for visit_id in worker.payload["visits"]:
        cursor.execute("SELECT COALESCE(max(id), 0) FROM clinic_waiting_offer")
        last = cursor.fetchone()[0]
        started = time.perf_counter()
        attempt(
            worker.database,
            lambda env, key=visit_id: env["clinic.booking"].cancel(key, "clinic").id,
        )
        committed = time.perf_counter()
        found["cancels"].append(committed - started)
        found["offered"].append(_wait_for_offer(cursor, last, committed))
    cursor.execute(
        "INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)", [STOP, json.dumps(time.time())]
    )
    return found


def _wait_for_offer(cursor, last, since):
    """Seconds until a newer offer is committed; None after half a minute."""
    while time.perf_counter() - since < 30:
        cursor.execute("SELECT 1 FROM clinic_waiting_offer WHERE id > %s LIMIT 1", [last])
        if cursor.fetchone():
            return time.perf_counter() - since
        time.sleep(0.005)
    return None


def _serve(worker):
    """What a cron thread of Odoo does: sleeps until it is notified, then works off the jobs."""
    from odoo import sql_db

    from odoo.addons.base.models.ir_cron import IrCron

    stop = worker.connect()
    stop.autocommit = True
    cursor = stop.cursor()
    listener = sql_db.db_connect("postgres").cursor()
    listener.execute("LISTEN cron_trigger")
    listener.commit()
    while True:
        IrCron._process_jobs(worker.database)
        cursor.execute("SELECT 1 FROM ir_config_parameter WHERE key = %s", [STOP])
        if cursor.fetchone():
            listener.close()
            return True
        select.select([listener._cnx], [], [], 2)
        listener._cnx.poll()
        listener._cnx.notifies.clear()
