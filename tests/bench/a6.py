"""A6: the search of A1 beside OCA resource_booking 19.0: the same doctors, hours and visits, one Odoo.

The peer (AGPL, only here) is installed from its package into a database of its own; its doctors are users,
the faster of its two ways. Each side is asked for the free starts of one service over all doctors and
fourteen days; each shows what it shows to a person: ours the first twenty, the peer all of them.
"""

import datetime
import time

from clinic_bench import clinic60, searching

NAME = "A6"
VISITS, DAYS = 10_000, 14
RUNS, PEER_RUNS = 100, 5
BOUND = 20
MODULE, MODEL = "resource_booking", "resource.booking"


def run(ctx):
    """``ratio`` of the medians, theirs to ours, at so many visits in the window."""
    database = clinic60.dataset(ctx)
    first = datetime.date.today() + datetime.timedelta(days=1)
    with ctx.env(database) as env:
        world = export(env, first, ctx.count(VISITS))
        ours, queries = searching.measure(env, RUNS if not ctx.small else 20)
    peer = ctx.clone(ctx.ground.templates.plain())
    payload = {"world": world, "first": first.isoformat(), "packages": ctx.peer_addons()}
    ((theirs, free, peer_queries),) = ctx.workers(1, "a6:ask_peer", peer, payload)
    mine, other = ctx.timings(ours), ctx.timings(theirs)
    ratio = round(other["p50_ms"] / mine["p50_ms"], 1)
    return {
        "ok": free > 0 and (ctx.small or ratio >= BOUND),
        "ratio": ratio,
        **mine,
        "queries": max(queries),
        "peer_p50_ms": other["p50_ms"],
        "peer_p95_ms": other["p95_ms"],
        "peer_queries": peer_queries,
        "peer_free": free,
        "visits": len(world["visits"]),
    }


def export(env, first, visits):
    """Doctors with the weekdays and hours of their shifts, and booked visits of the window."""
    last = first + datetime.timedelta(days=DAYS)
    env.cr.execute(
        """
        SELECT p.id, min(b.tz), json_agg(DISTINCT jsonb_build_array(
                   extract(isodow FROM s.local_date)::int - 1,
                   extract(epoch FROM (s.start AT TIME ZONE 'UTC' AT TIME ZONE b.tz)::time) / 3600,
                   extract(epoch FROM (s.stop AT TIME ZONE 'UTC' AT TIME ZONE b.tz)::time) / 3600))
          FROM clinic_practitioner p
          JOIN clinic_shift s ON s.resource_id = p.resource_id AND s.active
          JOIN clinic_branch b ON b.id = s.branch_id
         WHERE s.local_date >= %s AND s.local_date < %s
         GROUP BY p.id ORDER BY p.id
        """,
        [first, last],
    )
    doctors = env.cr.fetchall()
    env.cr.execute(
        "SELECT practitioner_id, start::text, stop::text FROM clinic_appointment"
        " WHERE state = 'booked' AND start >= %s AND start < %s ORDER BY id LIMIT %s",
        [first, last, visits],
    )
    return {"doctors": doctors, "visits": env.cr.fetchall()}


def ask_peer(worker):
    """Worker: install, fill and ask the peer; ``(seconds, free starts, queries)``."""
    install(worker)
    first = datetime.datetime.fromisoformat(worker.payload["first"])
    with worker.env() as env:
        booking = fill(env, **worker.payload["world"])
    taken, queries, free = [], 0, 0
    worker.barrier()
    with worker.env() as env:
        start = datetime.datetime.combine(first, datetime.time(), datetime.UTC)
        for turn in range(PEER_RUNS + 1):
            env.invalidate_all()
            before, started = env.cr.sql_log_count, time.perf_counter()
            slots = (
                env[booking._name]
                .browse(booking.id)
                ._get_available_slots(start, start + datetime.timedelta(days=DAYS))
            )
            seconds = time.perf_counter() - started
            free, queries = sum(map(len, slots.values())), env.cr.sql_log_count - before
            if turn:
                taken.append(seconds)
    return taken, free, queries


def install(worker):
    """Install the peer in the worker's database."""
    worker.join(worker.payload["packages"])
    with worker.env() as env:
        env["ir.module.module"].update_list()
        env["ir.module.module"].search([("name", "=", MODULE)]).button_immediate_install()


def fill(env, doctors, visits):
    """The peer's own records for doctors and one booking type; visits by SQL. Answers a pending booking."""
    combinations = {number: make_doctor(env, number, tz, hours) for number, tz, hours in doctors}
    always = make_calendar(env, "Open", "UTC", [(day, 0, 24) for day in range(7)])
    kind = env["resource.booking.type"].create(
        {
            "name": "Examination",
            "duration": 0.25,
            "slot_duration": 0.25,
            "modifications_deadline": 0,
            "resource_calendar_id": always.id,
            "combination_rel_ids": [(0, 0, {"combination_id": each.id}) for each in combinations.values()],
        }
    )
    patient = env["res.partner"].create({"name": "Patient"})
    for number, start, stop in visits:
        add_visit(env.cr, kind.id, combinations[number], patient.id, start, stop)
    env.cr.execute("ANALYZE calendar_event; ANALYZE calendar_attendee; ANALYZE resource_booking")
    return env["resource.booking"].create({"type_id": kind.id, "partner_ids": [(4, patient.id)]})


def make_calendar(env, name, tz, hours):
    """A calendar with these (weekday, from, to)."""
    lines = [
        (0, 0, {"name": "h", "dayofweek": str(day), "hour_from": low, "hour_to": high or 24})
        for day, low, high in hours
    ]
    return env["resource.calendar"].create({"name": name, "tz": tz, "attendance_ids": [(5, 0), *lines]})


def make_doctor(env, number, tz, hours):
    """A user with a resource and its combination."""
    user = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create({"name": f"Doctor {number}", "login": f"doctor{number}", "tz": tz})
    )
    calendar = make_calendar(env, f"Doctor {number}", tz, hours)
    resource = env["resource.resource"].create(
        {"name": user.name, "resource_type": "user", "user_id": user.id, "calendar_id": calendar.id, "tz": tz}
    )
    return env["resource.booking.combination"].create({"resource_ids": [(4, resource.id)]})


def add_visit(cr, kind, combination, patient, start, stop):
    """One confirmed booking with its meeting, as the peer's own code leaves it."""
    user = combination.resource_ids.user_id
    cr.execute(
        "INSERT INTO calendar_event (name, start, stop, active, show_as, privacy, user_id, duration)"
        " VALUES ('Visit', %s, %s, true, 'busy', 'public', %s, 0.25) RETURNING id",
        [start, stop, user.id],
    )
    (event,) = cr.fetchone()
    for partner in (user.partner_id.id, patient):
        cr.execute(
            "INSERT INTO calendar_event_res_partner_rel (calendar_event_id, res_partner_id) VALUES (%s, %s)",
            [event, partner],
        )
        cr.execute(
            "INSERT INTO calendar_attendee (event_id, partner_id, state) VALUES (%s, %s, 'accepted')",
            [event, partner],
        )
    cr.execute(
        "INSERT INTO resource_booking"
        " (type_id, combination_id, meeting_id, active, state, start, stop, duration)"
        " VALUES (%s, %s, %s, true, 'confirmed', %s, %s, 0.25) RETURNING id",
        [kind, combination.id, event, start, stop],
    )
    (booking,) = cr.fetchone()
    cr.execute(
        "INSERT INTO res_partner_resource_booking_rel (resource_booking_id, res_partner_id) VALUES (%s, %s)",
        [booking, patient],
    )
