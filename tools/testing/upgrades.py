"""Upgrade from earlier commits: their databases, filled and updated by today's code, keep what people stored
and end with the tables of a fresh one.

The plain call takes the newest commit whose addons differ from today's (CLINIC_UPGRADE_FROM names another);
``--all`` adds the last commit of every earlier version in the manifests, every tag and some steps between.
"""

import os
import re
import shutil
import tarfile

from .. import addons, clinicdb, proc
from ..home import remove_tree
from ..odoo import Odoo
from ..out import Failure, say
from . import keeping
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
STEPS = 4  # how many further points of the history --all begins from


def run(context):
    tally = Tally()
    revisions, why = _starts(context)
    if not revisions:
        tally.skip("обновление", why)
    folder = context.home.root / "previous"
    for revision in revisions:
        title = f"обновление с {revision[:10]}"
        say(f"  … {title}")
        try:
            _export(context, revision, folder)
            for name, problems in _upgrade(context, folder, tally.notes):
                tally.check(f"{title}: {name}", problems)
        except Failure as failure:
            tally.check(title, str(failure).splitlines())
        finally:
            remove_tree(folder)
    return tally


def _starts(context):
    """(commits to upgrade from, '') or ([], reason)."""
    if not (context.repo / ".git").exists() or not shutil.which("git"):
        return [], "нет истории git"
    wanted = os.environ.get("CLINIC_UPGRADE_FROM")
    if wanted:
        return wanted.split(","), ""
    git = ["git", "-C", context.repo]
    names = list(addons.suite(context.repo))
    states = _states(git, None if context.everything else LOOK_BACK)
    today = _state(git, "HEAD")
    dirty = bool(proc.capture([*git, "status", "--porcelain", "--", *names], check=False).strip())
    earlier = [(commit, state) for commit, state in states if state and (dirty or state != today)]
    if not earlier:
        return [], "нет предыдущего состояния модулей"
    chosen = [earlier[0][0]]
    if context.everything:
        chosen += _long_way(git, earlier)
    return list(dict.fromkeys(chosen)), ""


def _states(git, limit):
    """[(commit, {addon folder: its tree})] of the history, newest first."""
    words = [f"--max-count={limit}"] if limit else []
    commits = proc.capture([*git, "rev-list", *words, "HEAD"], check=False).split()
    return [(commit, _state(git, commit)) for commit in commits]


def _state(git, commit):
    """{addon: hash of its folder} in a commit."""
    listed = proc.capture([*git, "ls-tree", commit], check=False).splitlines()
    trees = {line.split("\t")[1]: line.split()[2] for line in listed if line.split()[1] == "tree"}
    return {name: tree for name, tree in trees.items() if name.startswith("clinic_")}


def _long_way(git, earlier):
    """The newest commit of each set of manifest versions, the tags, and steps through the whole history."""
    by_version = {}
    for commit, state in earlier:
        versions = tuple(sorted((name, _version(git, commit, name)) for name in state))
        by_version.setdefault(versions, commit)
    known = {commit for commit, _state in earlier}
    tags = proc.capture(
        [*git, "for-each-ref", "--format=%(objectname)%(*objectname)", "refs/tags"], check=False
    )
    tagged = [line[-40:] for line in tags.splitlines() if line[-40:] in known]
    pace = max(1, len(earlier) // STEPS)
    between = [commit for commit, _state in earlier[pace::pace]][: STEPS - 1]
    return [*between, *by_version.values(), *tagged, earlier[-1][0]]


def _version(git, commit, name):
    text = proc.capture([*git, "show", f"{commit}:{name}/__manifest__.py"], check=False)
    found = re.search(r"[\"']version[\"']\s*:\s*[\"']([\d.]+)", text)
    return found[1] if found else ""


def _export(context, revision, folder):
    remove_tree(folder)
    folder.mkdir()
    archive = folder / "tree.tar"
    command = ["git", "-C", context.repo, "archive", f"--output={archive}", revision]
    proc.run(context.home, command, context.home.logs / "upgrade-test.log", what="git archive")
    with tarfile.open(archive) as tar:
        tar.extractall(folder)
    archive.unlink()


def _upgrade(context, folder, notes):
    """[(check, problems)] of one upgrade."""
    ground = context.ground
    old_odoo = Odoo(context.home, context.python, ground.server, ground.odoo.source, repo=folder)
    old = ground.templates.cold(old_odoo)
    say("  … прежняя версия готова, обновляю")
    database = ground.databases.temporary("upgrade")
    log = "upgrade-test.log"
    try:
        ground.databases.create(database, old, durable=False)
        _fill(context, old_odoo, database, folder, notes)
        before = keeping.picture(ground.databases, database)
        notes += [f"в таблице {table} не было строк" for table in keeping.empty(before)]
        installed = ground.databases.modules(database)
        names = addons.ordered(addons.suite(context.repo))
        changed = [name for name in names if name in installed]
        new = [name for name in names if name not in installed]
        words = ["-u", ",".join(changed)] if changed else []
        words += ["-i", ",".join(new)] if new else []
        ground.odoo.update(database, *words, log=log)
        after = keeping.picture(ground.databases, database, before)
        return [
            ("таблицы как у новой базы", _differences(context, database)),
            ("строки и значения целы", keeping.differences(before, after)),
        ]
    finally:
        ground.databases.drop(database)


def _fill(context, old_odoo, database, folder, notes):
    """Make people's data in the old database with the old code."""
    log = "upgrade-test.log"
    if (folder / "tools" / "demo" / "__init__.py").exists():
        context.ground.databases.set_parameter(database, clinicdb.DEMO_FLAG, "1")
        old_odoo.inside(database, "tools.demo:load", log=log)
    refused = old_odoo.inside(database, "tools.testing.filling:fill", log=log, tools=context.repo)
    notes += [f"строку не создать: {model} – {why}" for model, why in refused.items()]


def _differences(context, upgraded):
    """What a fresh database has and the upgraded one lacks (leftovers are no error)."""
    ground = context.ground
    want = schema(ground.databases, ground.templates.cold(ground.odoo))
    return [f"нет после обновления: {line}" for line in sorted(want - schema(ground.databases, upgraded))]


def schema(databases, name):
    """The suite's tables as a set of lines."""
    return {alike(line) for line in databases.sql(name, SCHEMA).splitlines()}


def alike(line):
    """The same text for a table of links whichever of its two sides was declared first."""
    if not re.search(r"_rel\b", line) or not line.startswith(("constraint", "index")):
        return line
    line = re.sub(r"^(index CREATE (?:UNIQUE )?INDEX) \S+", r"\1", line)
    return re.sub(r"\(([^()]*, [^()]*)\)", lambda found: f"({', '.join(sorted(found[1].split(', ')))})", line)
