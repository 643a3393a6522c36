"""The databases people work in: the demo clinic and the new empty one; creation and upgrade."""

import json

from . import addons, backup
from .home import write_atomic
from .lock import locked
from .out import say, step, warn

DEMO, EMPTY = "clinic_demo", "clinic"
DIGESTS = "clinic.addon_digests"
DEMO_FLAG = "clinic_base.demo_database"


def name_for(server, empty):
    """Name of the database; DATABASE_URL may name its own."""
    name = server.database or DEMO
    return (name if server.database else EMPTY) if empty else name


def current(home, server):
    """Database of the last run: what shell, backup and restore work on."""
    note = home.etc / "database"
    if note.exists():
        return note.read_text(encoding="utf-8").strip()
    return server.database or DEMO


def remember(home, name):
    write_atomic(home.etc / "database", name + "\n")


def ensure(ground, empty):
    """Create the database or bring it to the state of the checkout; returns its name."""
    home, databases = ground.home, ground.databases
    name = name_for(ground.server, empty)
    with locked(home, "database"):
        if not databases.exists(name) or _is_blank(databases, name):
            _create(ground, name, empty)
        else:
            upgrade(ground, name)
        remember(home, name)
    return name


def logins(home, name):
    """[(role, login, password)] printed by run."""
    path = _logins_file(home, name)
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def _logins_file(home, name):
    return home.etc / (f"logins-{name}.json")


def _is_blank(databases, name):
    """An administrator's freshly created database without a single table is ours to fill."""
    return databases.sql(name, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == "0"


def _create(ground, name, empty):
    template = ground.templates.suite()
    building = ground.databases.temporary("new")
    try:
        with step("Создаю %s" % ("новую пустую клинику" if empty else "демонстрационную клинику")):
            ground.databases.create(building, template)
            if empty:
                password = ground.odoo.inside(building, "tools.prepare:new_admin_password")
                rows = [["Администратор", "admin", password]]
            else:
                ground.databases.set_parameter(building, DEMO_FLAG, "1")
                ground.odoo.inside(building, "tools.demo:load", log="demo.log")
                rows = ground.odoo.inside(building, "tools.demo:logins", log="demo.log")
            write_atomic(_logins_file(ground.home, name), json.dumps(rows, ensure_ascii=False))
            ground.databases.drop(name)
            ground.databases.rename(building, name)
    except BaseException:
        ground.databases.drop(building)
        raise


def changes(ground, name):
    """(changed, new) addons of the checkout as seen from a database."""
    now = addons.digests(ground.home.repo)
    stored = json.loads(ground.databases.parameter(name, DIGESTS) or "{}")
    installed = ground.databases.modules(name)
    changed = [addon for addon in now if addon in installed and stored.get(addon) != now[addon]]
    new = [addon for addon in now if addon not in installed and addon not in stored]
    return changed, new, now


#: Constraints of clinic_schedule without which two visits could take one time.
GUARDS = ("clinic_slot_claim_no_overlap", "clinic_shift_no_overlap")


def missing_guards(databases, name):
    """Guards against double booking that a database with clinic_schedule lacks."""
    rows = databases.sql(
        name,
        "SELECT conname FROM pg_constraint WHERE contype = 'x' AND NOT condeferrable AND convalidated",
    )
    has_schedule = databases.sql(name, "SELECT to_regclass('clinic_slot_claim')")
    return [guard for guard in GUARDS if has_schedule and guard not in rows.splitlines()]


def upgrade(ground, name):
    """After a pull: back up, update the changed addons, install the new ones."""
    changed, new, now = changes(ground, name)
    if not changed and not new:
        return
    say("Изменились модули: {}".format(", ".join(changed + new)))
    gone = {addon for addon in ground.databases.modules(name) if addon.startswith("clinic_")} - set(now)
    if gone:
        warn("в базе установлены модули, которых больше нет в папке: {}".format(", ".join(sorted(gone))))
    with step("Сохраняю резервную копию перед обновлением"):
        say("  {}".format(backup.save(ground, name, "before-upgrade")))
        backup.forget_old(ground.home, name, "before-upgrade", keep=5)
    words = ["-u", ",".join(changed)] if changed else []
    words += ["-i", ",".join(new)] if new else []
    with step("Обновляю базу"):
        ground.odoo.update(name, *words)
        ground.databases.set_parameter(name, DIGESTS, json.dumps(now))
