"""Databases and their file stores: create, clone, rename, drop, ask."""

import os
import re
import shutil
import time

from .home import remove_tree
from .out import Failure
from .proc import capture, environment

TEMPORARY = "tmp_clinic_"


class Databases:
    """Everything the command does to databases of one Server; file stores lie in Odoo's data folder."""

    def __init__(self, home, server):
        self.home, self.server = home, server
        self.env = environment(home, **server.env)

    def sql(self, database, statement, **values):
        """Run SQL by psql, return its unaligned output; ``values`` become psql variables (:'name')."""
        variables = [part for key, value in values.items() for part in ("-v", f"{key}={value}")]
        command = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", *variables, "-d", database]
        return capture(command, env=self.env, text_in=statement).strip()

    def exists(self, name):
        return bool(self.sql("postgres", "SELECT 1 FROM pg_database WHERE datname = :'name'", name=name))

    def names(self, prefix=""):
        out = self.sql("postgres", "SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1")
        return [name for name in out.splitlines() if name.startswith(prefix)]

    def filestore(self, name):
        return self.home.data / "filestore" / name

    def create(self, name, template=None, durable=True):
        """Create or clone a database with its file store."""
        if template:
            self._copy_files(template, name)
        statement = "CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE {}".format(
            quoted(name), quoted(template or "template0")
        )
        for attempt in range(20):
            try:
                self.sql("postgres", statement)
                break
            except Failure as failure:
                # a template in use by a connection that is just closing
                if "being accessed by other users" not in str(failure) or attempt == 19:
                    raise
                time.sleep(0.5)
        if not durable:
            self.sql("postgres", f"ALTER DATABASE {quoted(name)} SET synchronous_commit = off")

    def _copy_files(self, source, target):
        remove_tree(self.filestore(target))
        if self.filestore(source).exists():
            # file store entries are named by their content and never change: links are enough
            shutil.copytree(self.filestore(source), self.filestore(target), copy_function=_link)

    def rename(self, old, new):
        """Give a finished database its name; the file store goes first, so the name means: complete."""
        remove_tree(self.filestore(new))
        if self.filestore(old).exists():
            os.rename(self.filestore(old), self.filestore(new))
        self.disconnect(old)
        self.sql("postgres", f"ALTER DATABASE {quoted(old)} RENAME TO {quoted(new)}")

    def disconnect(self, name):
        """Close our own connections; PostgreSQL itself sends its autovacuum away."""
        self.sql(
            "postgres",
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = :'name' "
            "AND pid <> pg_backend_pid() AND usename = current_user",
            name=name,
        )

    def drop(self, name):
        # not WITH (FORCE): that fails for everybody but a superuser while autovacuum is at work there,
        # while a plain drop sends it away and waits for those who have been told to go
        self.disconnect(name)
        self.sql("postgres", f"DROP DATABASE IF EXISTS {quoted(name)}")
        remove_tree(self.filestore(name))

    def temporary(self, purpose):
        """Name of a database that the next call may throw away once this process is gone."""
        return f"{TEMPORARY}{purpose}_{os.getpid()}_{int(time.time()) % 100000}"

    def drop_leftovers(self):
        """Remove temporary databases of calls that were killed."""
        for name in self.names(TEMPORARY):
            pid = int(re.search(r"_(\d+)_\d+$", name)[1])
            if pid != os.getpid() and not os.path.exists(f"/proc/{pid}"):
                self.drop(name)

    def parameter(self, name, key):
        """Value of a system parameter of an Odoo database ('' when absent)."""
        return self.sql(name, "SELECT value FROM ir_config_parameter WHERE key = :'key'", key=key)

    def set_parameter(self, name, key, value):
        self.sql(
            name,
            "INSERT INTO ir_config_parameter (key, value, create_date, write_date) "
            "VALUES (:'key', :'value', now(), now()) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            key=key,
            value=value,
        )

    def modules(self, name, state="installed"):
        """Names of the addons in a state."""
        out = self.sql(name, "SELECT name FROM ir_module_module WHERE state = :'state'", state=state)
        return set(out.splitlines())

    def hide_modules(self, name, modules):
        """Make addons that a checkout does not have unknown to a database until Odoo finds them again."""
        self.sql(
            name,
            "UPDATE ir_module_module SET state = 'uninstallable' "
            "WHERE state = 'uninstalled' AND name = ANY(string_to_array(:'modules', ','))",
            modules=",".join(sorted(modules)),
        )


def quoted(name):
    return '"{}"'.format(name.replace('"', '""'))


def _link(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
