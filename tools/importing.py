"""./clinic import: a file of another program → records, with a report and a workbook of rejects."""

import itertools
import json
import os
import pathlib

from . import clinicdb, proc, setup
from .out import Failure, say

#: Word of the call → kind of an import.
KINDS = {
    "patients": "patient",
    "services": "service",
    "doctors": "practitioner",
    "shifts": "shift",
    "visits": "visit",
    "bookings": "booking",
    "balances": "balance",
}
MARK = "import: "


def load(options):
    """Entry of the call. ``options``: dict of the command line; returns the exit code."""
    from . import running

    path = pathlib.Path(options["file"]).resolve()
    if not path.is_file():
        raise Failure(f"Нет файла {path}.")
    if not os.access(path, os.R_OK):
        raise Failure(f"Файл {path} нельзя прочитать.")
    rejects = pathlib.Path(options["rejects"] or _free_name(path)).resolve()
    if rejects == path:
        raise Failure("Файл отказов совпадает с исходным. Укажите в --rejects другое имя.")
    running.must_be_installed()
    ground = setup.ready()
    name = options["database"] or clinicdb.current(ground.home, ground.server)
    running.must_exist(ground, name)
    answer = _inside(ground, name, {**options, "file": str(path), "rejects": str(rejects)})
    for line in answer["lines"]:
        say(line)
    if answer["problem"]:
        raise Failure(answer["problem"])
    return 0


def _free_name(path):
    """Where rejects go when nobody says: beside the file, and never over a workbook somebody corrects."""
    for number in itertools.count(1):
        found = path.with_name(f"{path.stem}-отказы{f'-{number}' if number > 1 else ''}.xlsx")
        if not found.exists():
            return found


def _inside(ground, name, options):
    odoo, answer = ground.odoo, ground.home.run / f"import-{name}-{os.getpid()}.json"
    command = [odoo.python, "-m", "tools.inside", odoo.conf, name, "tools.importing_inside:run"]
    try:
        proc.run(
            ground.home,
            [*command, json.dumps([options]), answer],
            ground.home.logs / "import.log",
            env=odoo.environment(PYTHONPATH=str(ground.home.repo)),
            cwd=ground.home.repo,
            what="Загрузка остановилась",
            echo=progress,
        )
        return json.loads(answer.read_text(encoding="utf-8"))
    finally:
        answer.unlink(missing_ok=True)


def progress(text):
    """The newest line about the work, out of the end of the log."""
    lines = [line[len(MARK) :] for line in text.splitlines() if line.startswith(MARK)]
    return lines[-1] if lines else ""
