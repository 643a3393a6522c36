"""Upgrade from the previous commit: its template database, updated by today's code, must equal a fresh one.

The previous commit is the newest one whose addons differ from today's (CLINIC_UPGRADE_FROM names another).
"""

import os
import shutil
import tarfile

from .. import addons, proc
from ..home import remove_tree
from ..odoo import Odoo
from ..out import Failure, say
from .tally import Tally

# how a table looks, as text that two databases can be compared by
SCHEMA = """
SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable
  FROM information_schema.columns WHERE table_schema = 'public' AND table_name LIKE 'clinic%'
UNION ALL
SELECT 'constraint ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text LIKE 'clinic%'
UNION ALL
SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename LIKE 'clinic%'
ORDER BY 1
"""
LOOK_BACK = 50


def run(context):
    tally = Tally()
    revision, why = _previous(context)
    if not revision:
        tally.skip("обновление", why)
        return tally
    folder = context.home.root / "previous"
    try:
        _export(context, revision, folder)
        tally.check(f"обновление с {revision[:10]}", _upgrade(context, folder))
    except Failure as failure:
        tally.check(f"обновление с {revision[:10]}", str(failure).splitlines())
    finally:
        remove_tree(folder)
    return tally


def _previous(context):
    """(commit, '') or (None, reason)."""
    wanted = os.environ.get("CLINIC_UPGRADE_FROM")
    if not (context.repo / ".git").exists() or not shutil.which("git"):
        return None, "нет истории git"
    if wanted:
        return wanted, ""
    git = ["git", "-C", context.repo]
    names = list(addons.suite(context.repo))
    commits = proc.capture([*git, "rev-list", f"--max-count={LOOK_BACK}", "HEAD"], check=False).split()
    for commit in commits:
        same = proc.capture([*git, "diff", "--name-only", commit, "--", *names], check=False).strip()
        if same and _has_addons(git, commit):
            return commit, ""
    return None, "нет предыдущего состояния модулей"


def _has_addons(git, commit):
    listed = proc.capture([*git, "ls-tree", "-r", "--name-only", commit], check=False)
    return any(line.count("/") == 1 and line.endswith("/__manifest__.py") for line in listed.splitlines())


def _export(context, revision, folder):
    remove_tree(folder)
    folder.mkdir()
    archive = folder / "tree.tar"
    command = ["git", "-C", context.repo, "archive", f"--output={archive}", revision]
    proc.run(context.home, command, context.home.logs / "upgrade-test.log", what="git archive")
    with tarfile.open(archive) as tar:
        tar.extractall(folder)
    archive.unlink()


def _upgrade(context, folder):
    ground = context.ground
    old_odoo = Odoo(context.home, context.python, ground.server, ground.odoo.source, repo=folder)
    old = ground.templates.cold(old_odoo)
    say("  … прежняя версия готова, обновляю")
    database = ground.databases.temporary("upgrade")
    log = "upgrade-test.log"
    try:
        ground.databases.create(database, old, durable=False)
        installed = ground.databases.modules(database)
        names = addons.ordered(addons.suite(context.repo))
        changed = [name for name in names if name in installed]
        new = [name for name in names if name not in installed]
        words = ["-u", ",".join(changed)] if changed else []
        words += ["-i", ",".join(new)] if new else []
        ground.odoo.update(database, *words, log=log)
        return _differences(context, database)
    finally:
        ground.databases.drop(database)


def _differences(context, upgraded):
    """What a fresh database has and the upgraded one lacks (leftovers are no error)."""
    ground = context.ground
    want = context.schema
    if not want:
        want = schema(ground.databases, ground.templates.cold(ground.odoo))
    return [f"нет после обновления: {line}" for line in sorted(want - schema(ground.databases, upgraded))]


def schema(databases, name):
    """The suite's tables as a set of lines."""
    return set(databases.sql(name, SCHEMA).splitlines())
