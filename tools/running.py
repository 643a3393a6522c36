"""The calls around a running clinic: run, stop, status, shell, backup, restore, reset."""

import json
import os
import subprocess
import time

from . import backup, clinicdb, keys, pseudonymise, setup
from .cluster import Cluster, from_url
from .database import Databases
from .home import Home, remove_tree
from .lock import locked
from .out import Failure, duration, say, warn
from .server import HOST, Running, free_port


def run(port, empty, background):
    started = time.monotonic()
    ground = setup.ready()
    running = Running(ground.home)
    wanted = clinicdb.name_for(ground.server, empty)
    info = running.info()
    if info:
        if info["database"] == wanted and not any(clinicdb.changes(ground, wanted)[:2]):
            say("Клиника уже работает.")
            _show(ground, info["port"], wanted)
            return 0
        say("Останавливаю прежний сервер (база {}) …".format(info["database"]))
        running.stop()
    name = clinicdb.ensure(ground, empty)
    process = running.start(ground.odoo, name, free_port(port), background)
    say(f"Готово за {duration(time.monotonic() - started)}.")
    _show(ground, running.info()["port"], name)
    if background:
        say("Остановить: ./clinic stop")
        return 0
    say("Остановить: Ctrl-C")
    return running.serve(process)


def _show(ground, port, name):
    say()
    say(f"  Адрес:         http://{HOST}:{port}")
    if "clinic_portal" in ground.databases.modules(name):
        say(f"  Для пациентов: http://{HOST}:{port}/clinic")
    say(f"  База:          {name}")
    rows = clinicdb.logins(ground.home, name)
    if rows:
        width = max(len(role) for role, _login, _password in rows)
        say("  Вход:")
        for role, login, password in rows:
            say(f"    {role.ljust(width)}  {login} / {password}")
    say()


def stop():
    home = Home()
    if not home.root.exists():
        say(f"Нечего останавливать: {home.root} ещё нет.")
        return 0
    if Running(home).stop():
        say("Сервер Odoo остановлен.")
    if not os.environ.get("DATABASE_URL") and Cluster(home).stop():
        say("PostgreSQL остановлен.")
    say("Всё остановлено.")
    return 0


def shell(database):
    must_be_installed()
    ground = setup.ready()
    name = database or clinicdb.current(ground.home, ground.server)
    must_exist(ground, name)
    say(f"База {name}. Изменения сохраняет env.cr.commit().")
    command = [*ground.odoo.program, "shell", "-c", ground.odoo.conf, "-d", name, "--no-http"]
    return subprocess.call(
        [os.fspath(part) for part in command], env=ground.odoo.environment(), cwd=ground.home.repo
    )


def _must_have_copy(source):
    """On a bare machine restore may install everything, but only for a copy that is there."""
    home = Home()
    if source and not os.path.isfile(source):
        raise Failure(f"Нет файла {source}. Копии лежат в {home.backups}.")
    if not source and not backup.listed(home):
        raise Failure(f"Копий в {home.backups} нет. Укажите файл: ./clinic restore ФАЙЛ")


def must_be_installed():
    """Nothing is downloaded for a call that has nothing to work on."""
    home = Home()
    if not os.environ.get("DATABASE_URL") and not (home.etc / "database").exists():
        raise Failure(f"В {home.root} ещё нет клиники. Сначала выполните ./clinic run.")


def must_exist(ground, name):
    """Stop with a sentence when there is no such database."""
    if not ground.databases.exists(name):
        raise Failure(f"Базы {name} нет. Сначала выполните ./clinic run.")


def backup_call(target, database):
    must_be_installed()
    ground = setup.ready()
    name = database or clinicdb.current(ground.home, ground.server)
    must_exist(ground, name)
    path = backup.save(ground, name, target=target)
    say(f"Копия базы {name}: {path} ({path.stat().st_size / 1e6:.1f} МБ)")
    keys.remind(ground.home)
    return 0


def pseudonymise_call(target, database):
    must_be_installed()
    ground = setup.ready()
    name = database or clinicdb.current(ground.home, ground.server)
    must_exist(ground, name)
    counts = pseudonymise.make(ground, name, target)
    say(f"Заменено: людей {counts['people']}, телефонов {counts['phones']}; файлов убрано {counts['files']}.")
    say("Номера документов в копии вымышлены, паролей нет: задайте их через ./clinic shell.")
    return 0


def restore_call(source, database):
    _must_have_copy(source)
    ground = setup.ready()
    name = database or clinicdb.current(ground.home, ground.server)
    files = [source] if source else backup.listed(ground.home, name + "-")
    if not files:
        raise Failure(f"Копий базы {name} в {ground.home.backups} нет.")
    running = Running(ground.home)
    info = running.info()
    if info and info["database"] == name:
        say("Останавливаю сервер …")
        running.stop()
    with locked(ground.home, "database"):
        backup.restore(ground, name, files[0])
        clinicdb.remember(ground.home, name)
    say(f"База {name} восстановлена из {files[0]}. Запустите ./clinic run.")
    return 0


def reset(yes):
    home = Home()
    if not home.root.exists() and not home.var_tmp.exists():
        say("Нечего удалять.")
        return 0
    real = home.etc / (f"logins-{clinicdb.EMPTY}.json")
    if real.exists() and not yes:
        raise Failure(
            f"Здесь есть не демонстрационная клиника (база {clinicdb.EMPTY}), копии – в {home.backups}. "
            "Если они не нужны: ./clinic reset --yes"
        )
    # servers on databases of DATABASE_URL keep their notes in folders of their own
    for note in home.root.glob("run*/server.json"):
        if Running(home, note).stop():
            say("Сервер Odoo остановлен.")
    Cluster(home).remove()
    remove_tree(home.root)
    say(f"Удалено: {home.root}")
    return 0


def status():
    home = Home()
    say(f"Папка:       {home.root}")
    if not home.root.exists():
        say("Ещё ничего не установлено. Начните с ./clinic run.")
        return 0
    note = home.root / "odoo.json"
    found = json.loads(note.read_text(encoding="utf-8")) if note.exists() else None
    say(
        f"Odoo:        {found['version']}, {found['origin']}: {found['path']}"
        if found
        else "Odoo:        нет"
    )
    say(f"Окружение:   {', '.join(p.parent.name for p in home.root.glob('venv-*/clinic-ok')) or 'нет'}")
    info = Running(home).info()
    say(
        "Сервер:      %s"
        % (f"http://{HOST}:{info['port']}, база {info['database']}" if info else "остановлен")
    )
    if os.environ.get("DATABASE_URL"):
        say("PostgreSQL:  из DATABASE_URL")
        server = from_url(os.environ["DATABASE_URL"])
    else:
        server = _cluster_status(home)
    copies = backup.listed(home)
    say(f"Копии:       {len(copies)}" + (f", последняя {copies[0].name}" if copies else ""))
    return _guards_status(home, server) if server else 0


def _cluster_status(home):
    """Say whether the own cluster runs; its server if it does."""
    cluster = Cluster(home)
    alive = cluster.running()
    say("PostgreSQL:  %s" % (f"работает, {cluster.socket}" if alive else "остановлен"))
    if not alive:
        return None
    names = Databases(home, cluster.server).names()
    say("Базы:        %s" % (", ".join(n for n in names if n != "postgres") or "нет"))
    return cluster.server


def _guards_status(home, server):
    """Say whether the database of the clinic itself forbids double booking; 1 when it does not."""
    databases, name = Databases(home, server), clinicdb.current(home, server)
    if not databases.exists(name):
        return 0
    missing = clinicdb.missing_guards(databases, name)
    if not missing:
        return 0
    warn(
        f"в базе {name} нет ограничений {', '.join(missing)}: двойная запись не исключена, запись закрыта. "
        "Обновите модуль clinic_schedule и прочитайте журнал: он назовёт записи, которые мешают."
    )
    return 1
