"""The command's own PostgreSQL cluster on a Unix socket, or the server named by DATABASE_URL."""

import os
import pathlib
import pwd
import shutil
import stat
import subprocess
import urllib.parse

from . import system
from .home import remove_tree, write_atomic
from .out import Failure, say, step
from .proc import capture, environment, run

ROLE = "odoo"
AS_POSTGRES = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
# where a parent folder is closed to others, the server keeps the one right to walk through it
WITH_OVERRIDE = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
SETTINGS = """\
# written by ./clinic
listen_addresses = ''
unix_socket_directories = '%(socket)s'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = %(buffers)dMB
work_mem = 16MB
maintenance_work_mem = 128MB
effective_cache_size = %(cache)dMB
random_page_cost = 1.1
max_wal_size = 2GB
checkpoint_timeout = 15min
# personal data must not reach the log with a failed statement
log_error_verbosity = terse
log_min_error_statement = panic
log_statement = none
"""


class Server:
    """How to reach PostgreSQL: used for psql, pg_dump and for Odoo's settings."""

    def __init__(self, host, user, port=5432, password="", database="", own=False):
        self.host, self.user, self.port, self.password = str(host), user, int(port), password
        self.database, self.own = database, own

    @property
    def env(self):
        """libpq's variables; the password never stands in a process list."""
        env = {"PGHOST": self.host, "PGPORT": str(self.port), "PGUSER": self.user, "PGAPPNAME": "clinic"}
        if self.password:
            env["PGPASSWORD"] = self.password
        return env

    def dsn(self, database):
        """Connection string for psycopg2 (benches)."""
        parts = {"host": self.host, "port": self.port, "user": self.user, "dbname": database}
        if self.password:
            parts["password"] = self.password
        return " ".join(
            "{}='{}'".format(k, str(v).replace("\\", "\\\\").replace("'", "\\'")) for k, v in parts.items()
        )


def from_url(url):
    """Server described by DATABASE_URL."""
    parts = urllib.parse.urlsplit(url)
    query = dict(urllib.parse.parse_qsl(parts.query))
    if parts.scheme not in ("postgres", "postgresql"):
        raise Failure(f"DATABASE_URL должен начинаться с postgresql://, а не с «{parts.scheme}://».")
    user = urllib.parse.unquote(parts.username or query.get("user") or "")
    if not user:
        raise Failure("В DATABASE_URL нет имени пользователя: postgresql://имя:пароль@сервер/база.")
    if user == "postgres":
        raise Failure(
            "Odoo не работает под пользователем postgres: создайте роль с правом CREATEDB и укажите её."
        )
    host = urllib.parse.unquote(parts.hostname or "") or query.get("host") or "/var/run/postgresql"
    password = urllib.parse.unquote(parts.password or "")
    database = urllib.parse.unquote(parts.path.lstrip("/"))
    return Server(host, user, parts.port or query.get("port") or 5432, password, database)


def ensure(home):
    """Return a reachable Server, creating and starting the own cluster when needed (set-up lock held)."""
    url = os.environ.get("DATABASE_URL")
    if url:
        server = from_url(url)
        _check(home, server, "PostgreSQL из DATABASE_URL не отвечает")
        return server
    cluster = Cluster(home)
    cluster.ensure()
    return cluster.server


def _check(home, server, what):
    env = environment(home, **server.env)
    done = subprocess.run(  # noqa: PLW1510
        ["psql", "-XAtqd", "postgres", "-c", "SHOW server_version_num"],
        env=env,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise Failure(f"{what}: {done.stderr.strip()}")
    if int(done.stdout) < 140000:
        raise Failure(f"PostgreSQL слишком старый ({done.stdout.strip()}): нужен 14 или новее.")


class Cluster:
    """Data folder, socket folder and the user who owns them."""

    def __init__(self, home):
        self.home = home
        self.as_root = os.geteuid() == 0

    # --- where -------------------------------------------------------------------------------

    @property
    def data(self):
        """Data folder: inside .clinic, unless the postgres user cannot get there."""
        inside = self.home.pg / "data"
        outside = self.home.var_tmp / "data"
        if self.as_root and (outside.exists() or (not inside.exists() and not self._reachable())):
            return outside
        return inside

    @property
    def socket(self):
        folder = self.data.parent / "run"
        return folder if self.home.fits_socket(folder) else self.home.var_tmp / "run"

    @property
    def server(self):
        return Server(self.socket, ROLE, own=True)

    @property
    def bin(self):
        version = self.data / "PG_VERSION"
        major = version.read_text(encoding="ascii").strip() if version.exists() else None
        folder = system.postgres_bin(major)
        if not folder:
            raise Failure(
                f"База создана PostgreSQL {major}, а его программ больше нет. "
                f"Установите пакет postgresql-{major}."
                if major
                else "Нет PostgreSQL 14 или новее: установите пакет postgresql."
            )
        return folder

    # --- who ---------------------------------------------------------------------------------

    def _prefix(self):
        """Words before a command so that it runs as the cluster's owner."""
        if not self.as_root:
            return []
        return AS_POSTGRES if _open_to_others(self.data.parent) else [*AS_POSTGRES, *WITH_OVERRIDE]

    def _reachable(self):
        """Can the postgres user work inside .clinic (open parents, or the capability)?"""
        if _open_to_others(self.home.root):
            return True
        # "test -x" would ask access(2), which ignores capabilities of ordinary users
        look = [*AS_POSTGRES, *WITH_OVERRIDE, "ls", "-d", self.home.root / "."]
        return subprocess.run(look, capture_output=True, cwd="/", check=False).returncode == 0

    def _own_folder(self, folder):
        """Create a 0700 folder owned by the cluster's user; refuse one that somebody else prepared."""
        folder = pathlib.Path(folder)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        info = folder.lstat()
        me = pwd.getpwnam("postgres").pw_uid if self.as_root else os.geteuid()
        if not stat.S_ISDIR(info.st_mode) or info.st_uid not in (me, os.geteuid()):
            raise Failure(
                f"Папка {folder} принадлежит другому пользователю; удалите её или задайте CLINIC_HOME."
            )
        os.chmod(folder, 0o700)
        if self.as_root:
            os.chown(folder, me, pwd.getpwnam("postgres").pw_gid)

    # --- life --------------------------------------------------------------------------------

    def ensure(self):
        if self.as_root:
            self._require_postgres_user()
        if self.data.is_relative_to(self.home.var_tmp) or self.socket.is_relative_to(self.home.var_tmp):
            self._own_folder(self.home.var_tmp)
        self._own_folder(self.data.parent)
        self._own_folder(self.socket)
        if not (self.data / "PG_VERSION").exists():
            self._create()
        if not self.running():
            self._start()
        self._roles()

    def _require_postgres_user(self):
        try:
            pwd.getpwnam("postgres")
        except KeyError:
            raise Failure(
                "Под root кластер PostgreSQL работает от пользователя postgres, а его нет: "
                "установите пакет postgresql или запустите ./clinic обычным пользователем."
            ) from None
        if not shutil.which("setpriv"):
            raise Failure("Нет программы setpriv (пакет util-linux).")

    def _create(self):
        for rest in self.data.parent.glob("data.tmp-*"):
            remove_tree(rest)
        building = self.data.with_name(f"data.tmp-{os.getpid()}")
        log = self.home.logs / "initdb.log"
        with step(f"Создаю свой кластер PostgreSQL в {self.data}"):
            # no --no-sync: a demo clinic should survive a power cut too
            command = [os.path.join(self.bin, "initdb"), "-D", building, "-U", "postgres", "-A", "trust"]
            command += ["-E", "UTF8", "--locale=C.UTF-8"]
            run(self.home, [*self._prefix(), *command], log, cwd=self.data.parent, what="initdb не удался")
            with open(building / "postgresql.conf", "a", encoding="utf-8") as stream:
                stream.write("\ninclude 'clinic.conf'\n")
            self._write_settings(building)
            os.rename(building, self.data)
        if self.data.is_relative_to(self.home.var_tmp) or self.socket.is_relative_to(self.home.var_tmp):
            say(f"  часть файлов PostgreSQL лежит в {self.home.var_tmp}; ./clinic reset уберёт и её")

    def _write_settings(self, data):
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
        quoted = '"{}"'.format(str(self.socket).replace('"', '""'))
        text = SETTINGS % {
            "socket": quoted.replace("'", "''"),
            "buffers": max(64, min(512, memory // 8)),
            "cache": max(256, min(4096, memory // 2)),
        }
        path = data / "clinic.conf"
        write_atomic(path, text)
        if self.as_root:
            owner = pwd.getpwnam("postgres")
            os.chown(path, owner.pw_uid, owner.pw_gid)

    def _ctl(self, *words, check=True):
        log = self.home.logs / "pg_ctl.log"
        command = [*self._prefix(), os.path.join(self.bin, "pg_ctl"), "-D", self.data, *words]
        # the server outlives this call
        return run(
            self.home,
            command,
            log,
            cwd=self.data.parent,
            check=check,
            what="PostgreSQL не запустился",
            lasting=True,
        )

    def running(self):
        return (self.data / "PG_VERSION").exists() and self._ctl("status", check=False) == 0

    def _start(self):
        self._write_settings(self.data)  # the checkout may have moved
        log = self.data.parent / "server.log"
        if log.exists() and log.stat().st_size > 20_000_000:
            os.replace(log, log.with_suffix(".old.log"))
        try:
            self._ctl("start", "-w", "-t", "120", "-s", "-l", log)
        except Failure as failure:
            lines = (
                log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:] if log.exists() else []
            )
            raise Failure(
                "{}\nЖурнал PostgreSQL ({}):\n    {}".format(failure, log, "\n    ".join(lines))
            ) from None

    def stop(self):
        if self.running():
            self._ctl("stop", "-m", "fast", "-w", "-t", "60")
            return True
        return False

    def _roles(self):
        sql = (
            f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') "
            f"THEN CREATE ROLE {ROLE} LOGIN CREATEDB; END IF; END $$"
        )
        env = environment(self.home, **Server(self.socket, "postgres").env)
        capture(["psql", "-XqAtd", "postgres", "-c", sql], env=env)

    def remove(self):
        self.stop()
        remove_tree(self.home.pg)
        remove_tree(self.home.var_tmp)


def _open_to_others(folder):
    """True when anybody may walk into ``folder`` (search permission on it and all its parents)."""
    folder = pathlib.Path(folder)
    return all(_passable(part) for part in (folder, *folder.parents))


def _passable(folder):
    try:
        info = folder.stat()
    except FileNotFoundError:
        return True  # will be created
    except PermissionError:
        return False
    # the cluster's own 0700 folder belongs to postgres and is no obstacle
    return bool(info.st_mode & stat.S_IXOTH) or info.st_uid == _postgres_uid()


def _postgres_uid():
    try:
        return pwd.getpwnam("postgres").pw_uid
    except KeyError:
        return -1
