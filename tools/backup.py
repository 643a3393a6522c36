"""Backup and restore: one tar file with a pg_dump and the file store."""

import os
import pathlib
import tarfile
import tempfile
import time

from . import proc
from .home import remove_tree
from .out import Failure, say

DUMP, FILES = "database.dump", "filestore"


def save(ground, name, reason="manual", target=None):
    """Write a backup of a database, return its path. The file appears only when it is complete."""
    home = ground.home
    stamp = time.strftime("%Y%m%d-%H%M%S")
    path = pathlib.Path(target) if target else home.backups / f"{name}-{stamp}-{reason}.tar"
    temporary = path.with_name(path.name + f".tmp-{os.getpid()}")
    try:
        with tempfile.TemporaryDirectory(dir=home.backups) as folder:
            dump = os.path.join(folder, DUMP)
            # the dump first: rows name files, and files are never changed, only added
            proc.run(
                home,
                ["pg_dump", "-Fc", "-Z", "3", "--no-owner", "-f", dump, name],
                home.logs / "backup.log",
                env=ground.databases.env,
                what="pg_dump не удался",
            )
            with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
                with tarfile.open(fileobj=stream, mode="w") as tar:
                    tar.add(dump, DUMP)
                    if ground.databases.filestore(name).exists():
                        tar.add(ground.databases.filestore(name), FILES)
                os.fsync(stream.fileno())
        os.replace(temporary, path)
    except OSError as error:
        raise Failure(f"Не удалось записать резервную копию {path}: {error.strerror}.") from error
    finally:
        temporary.unlink(missing_ok=True)
    return path


def listed(home, name=""):
    """Backups, newest first."""
    files = [path for path in home.backups.glob(name + "*.tar") if path.is_file()]
    return sorted(files, key=os.path.getmtime, reverse=True)


def forget_old(home, name, reason, keep):
    for path in [p for p in listed(home, name + "-") if p.name.endswith(f"-{reason}.tar")][keep:]:
        say(f"  удаляю старую копию {path.name}")
        path.unlink()


def restore(ground, name, path):
    """Replace a database by a backup; the present one is saved first. The server must be stopped."""
    path = pathlib.Path(path)
    if not path.exists():
        raise Failure(f"Нет файла {path}. Копии лежат в {ground.home.backups}.")
    databases = ground.databases
    building = databases.temporary("restore")
    with tempfile.TemporaryDirectory(dir=ground.home.backups) as folder:
        _unpack(path, folder)
        try:
            databases.create(building)
            proc.run(
                ground.home,
                ["pg_restore", "--no-owner", "--exit-on-error", "-d", building, os.path.join(folder, DUMP)],
                ground.home.logs / "restore.log",
                env=databases.env,
                what="pg_restore не удался",
            )
            files = pathlib.Path(folder, FILES)
            if files.exists():
                databases.filestore(building).parent.mkdir(exist_ok=True)
                remove_tree(databases.filestore(building))
                os.rename(files, databases.filestore(building))
            if databases.exists(name):
                say("  нынешняя база сохранена: {}".format(save(ground, name, "before-restore")))
                databases.drop(name)
            databases.rename(building, name)
        except BaseException:
            databases.drop(building)
            raise


def _unpack(path, folder):
    try:
        with tarfile.open(path) as tar:
            for member in tar.getmembers():
                inside = pathlib.PurePosixPath(member.name)
                if inside.is_absolute() or ".." in inside.parts or not (member.isfile() or member.isdir()):
                    raise Failure(f"В файле {path} недопустимый путь «{member.name}».")
                if inside.parts[0] not in (DUMP, FILES):
                    raise Failure(f"{path} – не резервная копия ./clinic.")
            tar.extractall(folder)
    except (tarfile.TarError, EOFError) as error:
        raise Failure(f"Файл {path} повреждён или это не резервная копия: {error}.") from error
    if not os.path.exists(os.path.join(folder, DUMP)):
        raise Failure(f"В файле {path} нет базы данных.")
