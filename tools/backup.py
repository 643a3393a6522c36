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
    path = pathlib.Path(target) if target else home.backups / ("%s-%s-%s.tar" % (name, stamp, reason))
    temporary = path.with_name(path.name + ".tmp-%d" % os.getpid())
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
        raise Failure("Не удалось записать резервную копию %s: %s." % (path, error.strerror)) from error
    finally:
        temporary.unlink(missing_ok=True)
    return path


def listed(home, name=""):
    """Backups, newest first."""
    files = [path for path in home.backups.glob(name + "*.tar") if path.is_file()]
    return sorted(files, key=os.path.getmtime, reverse=True)


def forget_old(home, name, reason, keep):
    for path in [p for p in listed(home, name + "-") if p.name.endswith("-%s.tar" % reason)][keep:]:
        say("  удаляю старую копию %s" % path.name)
        path.unlink()


def restore(ground, name, path):
    """Replace a database by a backup; the present one is saved first. The server must be stopped."""
    path = pathlib.Path(path)
    if not path.exists():
        raise Failure("Нет файла %s. Копии лежат в %s." % (path, ground.home.backups))
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
                say("  нынешняя база сохранена: %s" % save(ground, name, "before-restore"))
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
                    raise Failure("В файле %s недопустимый путь «%s»." % (path, member.name))
                if inside.parts[0] not in (DUMP, FILES):
                    raise Failure("%s – не резервная копия ./clinic." % path)
            tar.extractall(folder)
    except (tarfile.TarError, EOFError) as error:
        raise Failure("Файл %s повреждён или это не резервная копия: %s." % (path, error)) from error
    if not os.path.exists(os.path.join(folder, DUMP)):
        raise Failure("В файле %s нет базы данных." % path)
