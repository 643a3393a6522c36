"""Starting Odoo: settings file, command line, scripts inside a database."""

import json
import re

from . import keys, proc, venv
from .home import write_atomic
from .out import Failure

PROGRESS = re.compile(
    r"Loading module (\S+) \((\d+)/(\d+)\)|: Starting (\S+) \.\.\.|/web/assets/\S*?([\w.]+\.(?:js|css))\b"
    r"|(?:loading |addons/)(\w+)/\S+|demo clinic: \S*?(\w+) in "
)
# parts of the demo clinic (tools/demo)
DEMO = {
    "staff": "врачи",
    "people": "пациенты",
    "accounts": "учётные записи",
    "shifts": "смены",
    "history": "прошлые приёмы",
    "visits": "записи",
    "together": "курсы и несколько услуг за приход",
}


class Odoo:
    """One way of starting Odoo: Python of the environment, server, addons path."""

    def __init__(self, home, python, server, source, with_tests=False, repo=None):
        self.home, self.python, self.server, self.source = home, python, server, source
        self.repo = repo or home.repo
        self.conf = home.etc / ("odoo-test.conf" if with_tests else "odoo.conf")
        if repo:
            self.conf = home.etc / "odoo-previous.conf"
        self._write_conf(with_tests)

    def _write_conf(self, with_tests):
        paths = [str(self.repo)] if any(self.repo.glob("*/__manifest__.py")) else []
        extra = self.repo / "tests" / "addons"
        if with_tests and any(extra.glob("*/__manifest__.py")):
            paths.append(str(extra))
        lines = [
            "[options]",
            "addons_path = " + ",".join(paths),
            f"data_dir = {self.home.data}",
            "db_host = " + self.server.host,
            f"db_port = {self.server.port}",
            "db_user = " + self.server.user,
            "db_sslmode = prefer",
            "http_interface = 127.0.0.1",
            "list_db = False",
            "workers = 0",
            "limit_time_real = 0",
            "limit_time_cpu = 0",
        ]
        if self.server.password:
            lines.append("db_password = " + self.server.password)
        # a "%" would start an interpolation in Odoo's reader of this file
        write_atomic(self.conf, "\n".join(line.replace("%", "%%") for line in lines) + "\n")

    @property
    def program(self):
        return [self.python, self.python.parent / venv.SCRIPT]

    def command(self, *words):
        """Command line of a server call."""
        return [*self.program, "-c", self.conf, *words]

    def environment(self, **extra):
        return proc.environment(self.home, **{keys.ENVIRONMENT: keys.ensure(self.home), **extra})

    def call(self, database, *words, log, what, check=True, **extra):
        """Install, update or test: runs to its end. Returns the exit code."""
        words = ["-d", database, "--stop-after-init", "--max-cron-threads=0", *words]
        return proc.run(
            self.home,
            self.command(*words),
            self.home.logs / log,
            env=self.environment(**extra),
            cwd=self.home.repo,
            what=what,
            check=check,
            echo=progress,
        )

    def install(self, database, names, *words, log="install.log"):
        """Install addons; an ERROR in the log is a failure although Odoo's exit code is 0."""
        self._strict(database, ["-i", ",".join(names), *words], log, "При установке модулей")

    def update(self, database, *words, log="upgrade.log"):
        """Update (and install) addons with the same strictness."""
        self._strict(database, words, log, "При обновлении модулей")

    def _strict(self, database, words, log, what):
        path = self.home.logs / log
        before = path.stat().st_size if path.exists() else 0
        self.call(database, *words, log=log, what=what)
        errors = error_lines(path, before)
        if errors:
            raise Failure(
                "{} Odoo записала ошибки ({}):\n    {}".format(what, path, "\n    ".join(errors[:8]))
            )

    def inside(self, database, function, *arguments, log="inside.log", tools=None):
        """Run ``module:function(env, *arguments)`` inside a database; returns its JSON-able result.

        ``tools`` is the checkout whose ``tools`` are imported, when it is not the one of the addons.
        """
        tools = tools or self.repo
        answer = self.home.run / (f"answer-{database}.json")
        answer.unlink(missing_ok=True)
        command = [
            self.python,
            "-m",
            "tools.inside",
            self.conf,
            database,
            function,
            json.dumps(arguments),
            answer,
        ]
        proc.run(
            self.home,
            command,
            self.home.logs / log,
            env=self.environment(PYTHONPATH=str(tools)),
            cwd=tools,
            what=f"Не удался шаг внутри базы ({function})",
            echo=progress,
        )
        try:
            return json.loads(answer.read_text(encoding="utf-8"))
        finally:
            answer.unlink()


def progress(text):
    """What Odoo is doing, out of the end of its log."""
    found = [*PROGRESS.finditer(text)]
    if not found:
        return ""
    module, number, total, test, bundle, data, part = found[-1].groups()
    if part:
        return f"готово: {DEMO.get(part, part)}"
    if data:
        return f"{data}: данные и переводы"
    if module:
        return f"{module} ({number} из {total})"
    return f"тест {test}" if test else f"собираю {bundle}"


def error_lines(path, offset=0):
    """ERROR and CRITICAL lines of a log from ``offset`` on."""
    with open(path, "rb") as stream:
        stream.seek(offset)
        text = stream.read().decode("utf-8", "replace")
    return re.findall(r"^\S+ \S+ \d+ (?:ERROR|CRITICAL) .*$", text, re.MULTILINE)
