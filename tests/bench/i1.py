"""I1: 100 000 patients from a dirty file by ./clinic import, killed in the middle, run again, taken back."""

import json
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from clinic_bench import people_file

NAME = "I1"
ROWS, SMALL_ROWS = 100_000, 2_000
BOUND_SECONDS = 1800
PATIENTS = "SELECT count(*) FROM res_partner WHERE is_patient"
LINKS = "SELECT count(*) || ' ' || count(DISTINCT res_id) FROM clinic_import_link"
STATES = "SELECT state || ' ' || count(*) FROM clinic_import_row WHERE import_id = %s GROUP BY state"
MUTE = "SELECT count(*) FROM clinic_import_row WHERE state = 'reject' AND COALESCE(codes, '') = ''"
FOUND = "SELECT count(*) FROM clinic_import_row WHERE import_id = %s AND state = 'reject' AND line IN (%s)"


def start(ctx, database, folder, number):
    """The part of the command inside the database, as a process of its own."""
    options = {"kind": "patients", "file": f"{folder}/in.csv", "rejects": f"{folder}/no{number}.xlsx"}
    options |= {"dry_run": False, "source": "bench", "profile": None, "attach": False}
    command = [ctx.odoo.python, "-m", "tools.inside", ctx.odoo.conf, database, "tools.importing_inside:run"]
    command += [json.dumps([options]), f"{folder}/answer{number}.json"]
    with open(f"{folder}/log{number}", "wb") as log:
        return subprocess.Popen(
            [str(part) for part in command],
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=ctx.home.repo,
            env=ctx.odoo.environment(PYTHONPATH=str(ctx.home.repo)),
        )


def finish(process, folder, number, timeout):
    """What the process answered; its log when it failed."""
    if process.wait(timeout):
        raise RuntimeError(Path(folder, f"log{number}").read_text(encoding="utf-8", errors="replace")[-2000:])
    answer = json.loads(Path(folder, f"answer{number}.json").read_text(encoding="utf-8"))
    if answer["problem"]:
        raise RuntimeError(answer["problem"])


def kill_in_the_middle(ctx, database, process, links):
    """Kill the process once so many rows are loaded; how many there are then."""
    while process.poll() is None:
        loaded = int(ctx.databases.sql(database, LINKS).split()[0])
        if loaded >= links:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            return loaded
        time.sleep(0.3)
    return 0


def counts(ctx, database, load_id):
    rows = ctx.databases.sql(database, STATES % load_id).splitlines()
    return {state: int(amount) for state, amount in (row.split() for row in rows)}


def run(ctx):
    size = SMALL_ROWS if ctx.small else ROWS
    database, errors = ctx.clone(), []
    with tempfile.TemporaryDirectory() as folder:
        bad = people_file.write(f"{folder}/in.csv", size)
        begun = time.monotonic()
        killed_at = kill_in_the_middle(ctx, database, start(ctx, database, folder, 1), size // 4)
        if not killed_at:
            errors.append("was not killed: " + Path(folder, "log1").read_text(encoding="utf-8")[-500:])
        finish(start(ctx, database, folder, 2), folder, 2, 2 * BOUND_SECONDS)
        seconds = time.monotonic() - begun
        first = int(ctx.databases.sql(database, "SELECT min(id) FROM clinic_import"))
        states = counts(ctx, database, first)
        found = int(ctx.databases.sql(database, FOUND % (first, ",".join(map(str, bad)))))
        errors += same_counts(ctx, database, states)
        again = time.monotonic()
        finish(start(ctx, database, folder, 3), folder, 3, 2 * BOUND_SECONDS)
        again = time.monotonic() - again
        errors += ["second run: " + text for text in same_counts(ctx, database, states)]
    undo = time.monotonic()
    with ctx.env(database) as env:
        load = env["clinic.import"].browse(first)
        load.action_undo()
        load._run()
    undo = time.monotonic() - undo
    left = int(ctx.databases.sql(database, PATIENTS))
    errors += [f"{left} cards are left after the undo"] if left else []
    fields = {
        "rows": size,
        "seconds": round(seconds, 1),
        "per_second": round(size / seconds),
        "again_seconds": round(again, 1),
        "undo_seconds": round(undo, 1),
        "killed_at": killed_at,
        "winners": found,
        "expected": len(bad),
        "errors": errors,
        **states,
    }
    fields["ok"] = not errors and found == len(bad) and (ctx.small or seconds <= BOUND_SECONDS * ctx.factor)
    return fields


def same_counts(ctx, database, states):
    """What does not fit together: rows made, cards, identifiers; rejects without a reason."""
    errors = []
    cards = int(ctx.databases.sql(database, PATIENTS))
    links, distinct = map(int, ctx.databases.sql(database, LINKS).split())
    if not cards == links == distinct == states.get("loaded"):
        errors.append(f"cards {cards}, identifiers {links}, of cards {distinct}, rows {states.get('loaded')}")
    if set(states) - {"loaded", "reject", "skipped"}:
        errors.append(f"states {states}")
    mute = int(ctx.databases.sql(database, MUTE))
    return errors + ([f"{mute} rejects without a reason"] if mute else [])
