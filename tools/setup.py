"""From a bare machine to a ready Odoo and PostgreSQL: the steps every call begins with."""

import os

from . import cluster, system, venv
from . import source as odoo_source
from .database import Databases
from .home import Home
from .lock import locked
from .odoo import Odoo
from .out import say
from .proc import end_orphans
from .template import Templates


class Ground:
    """Everything a command works with."""

    def __init__(self, home, odoo, databases):
        self.home, self.odoo, self.databases = home, odoo, databases
        self.server = databases.server
        self.templates = Templates(home, odoo, databases)


def ready(for_tests=False):
    """Prepare whatever is missing and return the Ground; quick when nothing is."""
    home = Home().prepare()
    with locked(home, "setup"):
        end_orphans(home)
        own_cluster = not os.environ.get("DATABASE_URL")
        system.ensure(home, for_tests=for_tests, own_cluster=own_cluster)
        source = odoo_source.obtain(home)
        python = venv.ensure(home, source, for_tests)
        server = cluster.ensure(home)
        databases = Databases(home, server)
        databases.drop_leftovers()
        odoo = Odoo(home, python, server, source, with_tests=for_tests)
    if os.geteuid() == 0:
        _say_once(home, "root", "  работаю под root: для постоянной работы лучше обычный пользователь")
    return Ground(home, odoo, databases)


def _say_once(home, key, text):
    marker = home.run / ("told-" + key)
    if not marker.exists():
        say(text)
        marker.touch()
