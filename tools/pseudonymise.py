"""./clinic pseudonymise: a copy of a database without the people in it, for tests and developers.

The copy is made by pg_dump into a temporary database without the file store, changed there
(``tools/pseudonyms.py``), dumped, and the dump is searched for everything the original held. Anything
found: no file.
"""

import json
import os
import pathlib
import subprocess
import tarfile
import tempfile

from . import backup, proc
from .out import Failure, say, step
from .pseudonym_grep import Finder

SHOWN = 12


def make(ground, name, target):
    """Write the pseudonymised copy of a database; returns how much was changed."""
    target = pathlib.Path(target)
    databases, building = ground.databases, ground.databases.temporary("pseudonyms")
    with tempfile.TemporaryDirectory(dir=ground.home.backups) as folder:
        os.chmod(folder, 0o700)
        secrets = pathlib.Path(folder, "originals.json")
        try:
            with step("Копирую базу"):
                _copy(ground, name, building, folder)
            with step("Заменяю имена, телефоны, документы, тексты"):
                log = "pseudonymise.log"
                counts = ground.odoo.inside(building, "tools.pseudonyms:replace", str(secrets), log=log)
            dump = pathlib.Path(folder, backup.DUMP)
            with step("Выгружаю копию"):
                _dump(ground, building, dump)
            with step("Ищу в копии всё, что было в оригинале"):
                found = search(ground, dump, json.loads(secrets.read_text(encoding="utf-8")))
            if found:
                shown = "\n    ".join(found[:SHOWN])
                raise Failure(
                    f"В копии нашлось то, что было в оригинале, поэтому файла нет. Места:\n    {shown}"
                )
            _pack(dump, target)
        finally:
            databases.drop(building)
    return counts


def _copy(ground, name, building, folder):
    dump = os.path.join(folder, "source.dump")
    _dump(ground, name, dump)
    ground.databases.create(building, durable=False)
    proc.run(
        ground.home,
        ["pg_restore", "--no-owner", "--exit-on-error", "-d", building, dump],
        ground.home.logs / "pseudonymise.log",
        env=ground.databases.env,
        what="pg_restore не удался",
    )
    os.unlink(dump)


def _dump(ground, name, path):
    proc.run(
        ground.home,
        ["pg_dump", "-Fc", "-Z", "3", "--no-owner", "-f", path, name],
        ground.home.logs / "pseudonymise.log",
        env=ground.databases.env,
        what="pg_dump не удался",
    )


def search(ground, dump, originals):
    """Places in a dump that hold anything of the original; the values themselves are not told."""
    finder = Finder(originals)
    command = ["pg_restore", "-f", "-", str(dump)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=ground.databases.env) as process:
        for line in process.stdout:
            finder.feed(line.decode("utf-8", "replace"))
    if process.returncode:
        raise Failure("pg_restore не прочитал готовую копию, поэтому файла нет.")
    return originals.get("found", []) + finder.found()


def _pack(dump, target):
    """The same form as ``./clinic backup``: ``./clinic restore`` reads it. No file store goes along."""
    temporary = target.with_name(target.name + f".tmp-{os.getpid()}")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            with tarfile.open(fileobj=stream, mode="w") as tar:
                tar.add(dump, backup.DUMP)
            os.fsync(stream.fileno())
        os.replace(temporary, target)
    except OSError as error:
        raise Failure(f"Не удалось записать {target}: {error.strerror}.") from error
    finally:
        temporary.unlink(missing_ok=True)
    say(f"Копия без людей: {target} ({target.stat().st_size / 1e6:.1f} МБ)")
