"""K1: a region of the classifier, 5 000 streets, 200 000 houses: load, memory, codes, suggestions."""

import base64
import pathlib
import random
import re
import tempfile
import time

from clinic_bench import region

NAME = "K1"
STREETS, HOUSES = 5_000, 40
QUESTIONS = 400
LOAD_SECONDS, MEMORY_MB, SUGGEST_MS = 60, 300, 50
FILES = {"places_file": "KLADR.DBF", "streets_file": "STREET.DBF", "houses_file": "DOMA.DBF"}


def run(ctx):
    """КЛАДР, then ГАР over it, each in a process of its own; then free texts and beginnings of them."""
    database, count = ctx.clone(), ctx.count(STREETS)
    names = region.streets(count)
    fields = {"streets": count, "houses": count * HOUSES}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        region.write_kladr(folder, names, HOUSES)
        region.write_gar(folder / "gar.zip", names, HOUSES)
        for kind in ("kladr", "gar"):
            with ctx.env(database) as env:
                payload = {"load": prepare(env, kind, folder)}
            ((seconds, memory, answer),) = ctx.workers(1, "k1:load", database, payload)
            fields |= {f"{kind}_seconds": seconds, f"{kind}_mb": memory, f"{kind}_rows": answer}
    with ctx.env(database) as env:
        env.cr.execute("ANALYZE clinic_address_object, clinic_address_house")
        codes, texts, found = ask(env, names)
    expected = {"kladr": [count + 2, count * HOUSES // 10], "gar": [count + 2, count * HOUSES]}
    timings = ctx.timings(texts)
    fields |= {"code_ms": ctx.timings(codes)["p95_ms"], "exact": found, **timings}
    fields["ok"] = (
        all(fields[f"{kind}_rows"] == rows for kind, rows in expected.items())
        and all(fields[f"{kind}_seconds"] * 1000 <= ctx.bound(LOAD_SECONDS * 1000) for kind in expected)
        and all(fields[f"{kind}_mb"] <= MEMORY_MB for kind in expected)
        and found == 1
        and timings["p95_ms"] <= ctx.bound(SUGGEST_MS)
    )
    return fields


def prepare(env, kind, folder):
    """A load that waits; its id."""
    env.company.clinic_home_city = region.CITY
    files = {"archive_file": "gar.zip"} if kind == "gar" else FILES
    vals = {name: base64.b64encode((folder / title).read_bytes()) for name, title in files.items()}
    load = env["clinic.address.load"].create({"kind": kind, "regions": region.REGION, **vals})
    load.action_start()
    return load.id


def load(worker):
    """Worker: ``(seconds, megabytes above the rest, [places, rows of houses])``."""
    with worker.env() as env:
        row = env["clinic.address.load"].browse(worker.payload["load"])
        row.mapped("state")
        worker.barrier()
        pathlib.Path("/proc/self/clear_refs").write_text("5")
        before, started = _memory("VmRSS"), time.perf_counter()
        row._run()
        seconds = round(time.perf_counter() - started, 1)
        return seconds, _memory("VmHWM") - before, [row.place_count, row.house_count]


def _memory(name):
    status = pathlib.Path("/proc/self/status").read_text()
    return int(re.search(rf"{name}:\s+(\d+)", status).group(1)) // 1024


def ask(env, names):
    """Seconds for each free text and for each beginning; the share of free texts read exactly."""
    dice, book = random.Random(1), env["clinic.address.book"]
    codes, texts, exact = [], [], 0
    for _question in range(QUESTIONS):
        name, kind = dice.choice(names)
        title, house = region.KINDS[kind][0], dice.randrange(1, HOUSES + 1)
        started = time.perf_counter()
        (found,) = book._resolve([f"г. {region.CITY}, {title} {name}, д. {house}, кв {house}"])
        codes.append(time.perf_counter() - started)
        exact += found["state"] == "exact"
        started = time.perf_counter()
        book.suggest(f"{title} {name[: dice.randrange(4, 9)]}")
        texts.append(time.perf_counter() - started)
    return codes, texts, exact / QUESTIONS
