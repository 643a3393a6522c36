"""I2: a CSV of 200 MB is read and checked; the memory of the process above what it had before."""

import csv
import pathlib
import random
import re
import tempfile
import time

from clinic_bench import people

NAME = "I2"
MEGABYTES, SMALL_MEGABYTES = 200, 10
PEOPLE, NOTE = 5_000, 900
#: Of reading, and of checking, which compares all people of a piece of the file with each other.
MEMORY_MB = 300
WORDS = ("приходит", "с", "мужем", "просит", "звонить", "после", "обеда", "не", "раньше", "вторника")


def run(ctx):
    """One process reads the file into sealed rows, another one checks them against each other."""
    database = ctx.clone()
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "in.csv")
        rows = write(path, (SMALL_MEGABYTES if ctx.small else MEGABYTES) << 20)
        size = path.stat().st_size >> 20
        with ctx.env(database) as env:
            row = env["clinic.import"].create({"name": path.name, "kind": "patient", "source": "bench"})
            payload = {"load": row.id, "path": str(path)}
        ((read_seconds, read_mb, _none),) = ctx.workers(1, "i2:read", database, payload)
    ((check_seconds, check_mb, states),) = ctx.workers(1, "i2:check", database, payload)
    return {
        "ok": read_mb <= MEMORY_MB and check_mb <= MEMORY_MB and sum(states.values()) == rows,
        "megabytes": size,
        "rows": rows,
        "read_mb": read_mb,
        "read_seconds": read_seconds,
        "check_mb": check_mb,
        "check_seconds": check_seconds,
        "states": states,
    }


def write(path, size, seed=9):
    """A file of at least ``size`` bytes with long notes; the number of its rows."""
    dice = random.Random(seed)
    persons, _truth, _town = people.generate(PEOPLE, seed)
    titles, count = list(persons[0]), 0
    with path.open("w", encoding="cp1251", errors="replace", newline="") as stream:
        table = csv.writer(stream, delimiter=";")
        table.writerow(titles)
        while stream.tell() < size:
            for person in persons:
                count += 1
                note = " ".join(dice.choices(WORDS, k=NOTE // 7))
                row = {**person, "id": f"{count:08}", "source": "", "note": note}
                table.writerow([row[title] for title in titles])
            persons, _truth, _town = people.generate(PEOPLE, seed + count)
    return count


def read(worker):
    """Worker: ``(seconds, megabytes above the rest, None)`` of reading."""
    return _measured(worker, lambda load: load._stage(worker.payload["path"]))


def check(worker):
    """Worker: ``(seconds, megabytes above the rest, {state: rows})`` of checking."""

    def work(load):
        load.action_check()
        load.env.cr.commit()
        load._run(wait=True)
        load.env.cr.execute(
            "SELECT state, count(*) FROM clinic_import_row WHERE import_id = %s GROUP BY state", [load.id]
        )
        return dict(load.env.cr.fetchall())

    return _measured(worker, work)


def _measured(worker, work):
    with worker.env() as env:
        load = env["clinic.import"].browse(worker.payload["load"])
        load.mapped("state")
        worker.barrier()
        pathlib.Path("/proc/self/clear_refs").write_text("5")
        before, started = _memory("VmRSS"), time.perf_counter()
        answer = work(load)
        return round(time.perf_counter() - started, 1), _memory("VmHWM") - before, answer


def _memory(name):
    status = pathlib.Path("/proc/self/status").read_text()
    return int(re.search(rf"{name}:\s+(\d+)", status).group(1)) // 1024
