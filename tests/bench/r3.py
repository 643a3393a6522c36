"""R3: a mixed storm of everything that people and crons do with visits; then the books must agree."""

from clinic_bench import racing, storm

NAME = "R3"
WORKERS = 4
SECONDS, SMALL_ACTS = 60, 150
#: Places of the site in every second shift.
SEATS = 4


def run(ctx):
    """4 processes act for 60 s (small: 2, 150 acts each); counts what no order of the acts can explain."""
    doctors, days = (4, 1) if ctx.small else (8, 3)
    database = ctx.clone()
    with ctx.env(database) as env:
        world = racing.build(env, doctors, racing.PER_DAY * days, rooms=doctors - 1, wishers=6)
        payload = _world(env, world, ctx.small)
    results = ctx.workers(2 if ctx.small else WORKERS, "storm:play", database, payload)
    faults = {name: racing.number(ctx, database, query) for name, query in storm.FAULTS.items()}
    with ctx.env(database) as env:
        faults["visits forgotten in an absence"] = storm.forgotten(env)
    errors = sorted({text for result in results for text in result["errors"]})
    done, refused = (_sum(results, key) for key in ("done", "refused"))
    overlaps = racing.number(ctx, database, racing.OVERLAPS) + racing.number(ctx, database, racing.DOUBLED)
    answered = sum(done.values()) + sum(refused.values())
    fields = {
        "operations": answered,
        "violations": sum(faults.values()) + overlaps,
        "winners": answered,
        "expected": sum(len(result["timings"]) for result in results),
        "overlaps": overlaps,
        "deadlocks": ctx.deadlocks(database),
        "errors": errors + [f"{count} {name}" for name, count in faults.items() if count],
        "done": done,
        "refused": refused,
        **ctx.timings([seconds for result in results for seconds in result["timings"]]),
    }
    idle = sorted(set(storm.WEIGHTS) - set(done))
    if idle:
        fields["errors"].append("never done: " + ", ".join(idle))
    fields["ok"] = not (fields["violations"] or fields["deadlocks"] or fields["errors"])
    return fields


def _world(env, world, small):
    """People, reasons and, in every second shift, a quota of the site."""
    env["ir.config_parameter"].set_param("clinic_schedule.site_horizon_days", "30")
    site = env["clinic.booking.channel"].search([("code", "=", "site")], limit=1)
    shifts = env["clinic.shift"].search([], order="id")
    env["clinic.shift.quota"].create(
        [{"shift_id": shift.id, "channel_id": site.id, "seats": SEATS} for shift in shifts[::2]]
    )
    reasons = env["clinic.appointment.reason"]
    return {
        "slots": world["slots"],
        "people": [person for crowd in world["patients"] for person in crowd],
        "reasons": {kind: reasons.search([("kind", "=", kind)], limit=1).id for kind in ("move", "cancel")},
        "seconds": SECONDS * (10 if small else 1),
        "acts": SMALL_ACTS if small else 10**9,
    }


def _sum(results, key):
    total = {}
    for result in results:
        for name, count in result[key].items():
            total[name] = total.get(name, 0) + count
    return dict(sorted(total.items()))
