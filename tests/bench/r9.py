"""R9: one file read twice, both loads pressed by two people and carried by two processes each – at once."""

import tempfile
import time

from clinic_bench.racing import attempt, number

NAME = "R9"
ROWS, SMALL_ROWS = 4000, 1200
LOADS, CARRIERS = 2, 2
SURNAMES = ("Ковалёв", "Орлов", "Зуев", "Лыткин", "Быков", "Седых", "Шадрин")
GIVEN = ("Иван", "Пётр", "Олег", "Егор", "Фёдор", "Роман", "Илья", "Денис", "Глеб", "Лев", "Марк")
CARDS = "SELECT count(*) FROM res_partner WHERE is_patient"
LINKS = "SELECT count(*) FROM clinic_import_link"
DISTINCT = "SELECT count(DISTINCT res_id) FROM clinic_import_link WHERE kind = 'patient'"
STATES = "SELECT count(*) FROM clinic_import_row WHERE state IN ({})"


def lines(rows):
    """Every row is a person of its own with an identifier and a card number of the old program."""
    yield "Код;№ карты;ФИО;Дата рождения;Телефон"
    for place in range(rows):
        name = f"{SURNAMES[place % 7]} {GIVEN[place % 11]} {GIVEN[place // 11 % 11]}ович"
        born = f"{1 + place % 28:02d}.{1 + place % 12:02d}.{1930 + place % 80}"
        yield f"{place};К-{place};{name};{born};8914{place:07d}"


def build(env, rows):
    """Two loads of one file, checked; their ids."""
    loads = env["clinic.import"].create([{"name": f"R9 {turn}", "source": "r9"} for turn in range(LOADS)])
    with tempfile.NamedTemporaryFile() as stream:
        stream.write("\n".join(lines(rows)).encode())
        stream.flush()
        for load in loads:
            load._stage(stream.name)
            load.action_check()
            env.cr.commit()
            load._run()
    return loads.ids


def press(env, load_id):
    """The button “Load”; a transaction that the other one overtook is repeated, as a request is."""
    env["clinic.import"].browse(load_id).action_load()
    env.flush_all()


def play(worker):
    """Worker: press the button, then carry the load to its end; ``(pressed, seconds, errors)``."""
    from odoo.exceptions import UserError

    load_id = worker.payload["loads"][worker.index % LOADS]
    pressed, errors = False, []
    with worker.env() as env:
        env["clinic.import"].browse(load_id).read(["state"])
    worker.barrier()
    begun = time.monotonic()
    try:
        attempt(worker.database, lambda env: press(env, load_id))
        pressed = True
    except UserError:
        pass  # the other one was first
    try:
        with worker.env() as env:
            env["clinic.import"].browse(load_id)._run(wait=True)
    except Exception as error:  # noqa: BLE001  every other answer is a finding
        errors.append(f"{type(error).__name__}: {error}"[:200])
    return pressed, time.monotonic() - begun, errors


def run(ctx):
    rows = SMALL_ROWS if ctx.small else ROWS
    database = ctx.clone()
    with ctx.env(database) as env:
        ids = build(env, rows)
    answers = ctx.workers(LOADS * CARRIERS, "r9:play", database, {"loads": ids})
    errors = {error for _pressed, _seconds, found in answers for error in found}
    for turn in range(LOADS):
        presses = sum(pressed for pressed, _seconds, _errors in answers[turn::LOADS])
        if presses != 1:
            errors.add(f"load {turn} was begun {presses} times")
    counts = {
        "cards": number(ctx, database, CARDS),
        "identifiers": number(ctx, database, LINKS),
        "cards with an identifier": number(ctx, database, DISTINCT),
        "rows made": number(ctx, database, STATES.format("'loaded'")),
        "rows left out": number(ctx, database, STATES.format("'skipped'")),
    }
    errors |= {f"{name}: {found} of {rows}" for name, found in counts.items() if found != rows}
    with ctx.env(database) as env:
        loads = env["clinic.import"].browse(ids)
        errors |= {f"left {load.state} {load.job}" for load in loads if load.state != "loaded" or load.job}
    fields = {
        "winners": counts["rows made"],
        "expected": rows,
        "overlaps": 0,
        "deadlocks": ctx.deadlocks(database),
        "errors": sorted(errors),
        "worst_ms": round(max(seconds for _pressed, seconds, _errors in answers) * 1000),
    }
    fields["ok"] = not errors and not fields["deadlocks"]
    return fields
