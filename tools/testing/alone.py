"""Each addon installed alone and uninstalled again: neither leaves an error in the log.

The plain call takes the ground addon and one more, chosen by the day's commit; ``--all`` takes all.
"""

import random

from .. import addons
from ..odoo import error_lines
from ..out import Failure, say
from .tally import Tally


def run(context):
    ground, tally = context.ground, Tally()
    suite = addons.suite(context.repo)
    for name in _chosen(context, addons.ordered(suite)):
        say(f"  … {name}")
        tally.check(f"{name} отдельно", _try(ground, name))
    return tally


def _chosen(context, names):
    if context.everything or len(names) < 2:
        return names
    return [names[0], random.Random(context.seed).choice(names[1:])]


def _try(ground, name):
    """Problems of installing and uninstalling one addon on bare Odoo."""
    database = ground.databases.temporary("alone")
    log = ground.home.logs / "alone.log"
    log.unlink(missing_ok=True)
    try:
        ground.databases.create(database, ground.templates.plain(), durable=False)
        ground.odoo.install(database, [name], log=log.name)
        ground.odoo.inside(database, "tools.prepare:uninstall", name, log=log.name)
        problems = error_lines(log)
        if name in ground.databases.modules(database):
            problems.append(f"{name} остался установленным")
        return problems
    except Failure as failure:
        return str(failure).splitlines()
    finally:
        ground.databases.drop(database)
