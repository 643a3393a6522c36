"""What a bench gets: databases, connections, Odoo environments, worker processes, HTTP servers, time."""

import contextlib
import hashlib
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import time

from .. import proc
from ..lock import locked
from ..server import HOST, free_port
from . import odoo_env, peers
from .loading import FOLDER

CALIBRATION = "SELECT sum(i) FROM generate_series(1,3000000) i"
REFERENCE = FOLDER / "reference.json"
FIRST_PORT = 8110
SHRINK = 20


class Context:
    """Handed to ``run(ctx)`` of every bench of one call."""

    def __init__(self, ground, small):
        self.ground, self.small = ground, small
        self.home, self.databases, self.odoo = ground.home, ground.databases, ground.odoo
        self.scale = 1 / SHRINK if small else 1
        self.calibration_ms = None
        self._clones = []

    # --- size and time ------------------------------------------------------------------------

    def count(self, full):
        """``full`` of something, or a twentieth of it with --small."""
        return max(1, round(full * self.scale))

    def calibrate(self):
        """Time the calibration query (best of 5) in this run."""
        import psycopg2

        best = math.inf
        with contextlib.closing(psycopg2.connect(self.dsn("postgres"))) as connection:
            cursor = connection.cursor()
            for _turn in range(5):
                started = time.perf_counter()
                cursor.execute(CALIBRATION)
                best = min(best, time.perf_counter() - started)
        self.calibration_ms = round(best * 1000, 1)
        return self.calibration_ms

    @property
    def factor(self):
        """How much slower this machine is now than the reference (never below 1)."""
        reference = json.loads(REFERENCE.read_text(encoding="utf-8"))["calibration_ms"]
        return max(1.0, self.calibration_ms / reference)

    def bound(self, milliseconds):
        """A bound of the design, scaled to this machine."""
        return milliseconds * self.factor

    @staticmethod
    def timings(seconds):
        """{p50_ms, p95_ms} of a list of durations in seconds."""
        ordered = sorted(seconds)
        p95 = ordered[max(0, math.ceil(len(ordered) * 0.95) - 1)]
        return {"p50_ms": round(statistics.median(ordered) * 1000, 2), "p95_ms": round(p95 * 1000, 2)}

    # --- databases ----------------------------------------------------------------------------

    def dsn(self, database):
        return self.databases.server.dsn(database)

    def connect(self, database):
        """A psycopg2 connection of one's own."""
        import psycopg2

        return psycopg2.connect(self.dsn(database))

    def dataset(self, name, build, *sources, **options):
        """Name of a cached data set database, e.g. ``Clinic-60``; do not write to it: clone it.

        It is keyed by the suite's template, the text of the modules ``sources``, ``options`` and --small.
        ``build(ctx, database, **options)`` fills a clone of the suite's template when it is missing.
        """
        text = [pathlib.Path(module.__file__).read_text(encoding="utf-8") for module in sources]
        parts = [self.ground.templates.suite_name(), text, options, self.small]
        digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]
        family = f"bench_{name.lower()}_{'small' if self.small else 'full'}_"
        final = family + digest
        with locked(self.home, "bench"):
            if not self.databases.exists(final):
                for old in self.databases.names(family):
                    self.databases.drop(old)
                building = self.databases.temporary("bench")
                try:
                    self.databases.create(building, self.ground.templates.suite(), durable=False)
                    build(self, building, **options)
                    self.forget_registry(building)
                    self.databases.sql(building, "VACUUM ANALYZE")
                    self.databases.rename(building, final)
                except BaseException:
                    self.forget_registry(building)
                    self.databases.drop(building)
                    raise
        return final

    def clone(self, template=None):
        """A throw-away copy of a data set (default: the empty suite); dropped when the bench ends."""
        name = self.databases.temporary(f"bench{len(self._clones)}")
        if template:
            self.forget_registry(template)
        self.databases.create(name, template or self.ground.templates.suite(), durable=False)
        self._clones.append(name)
        return name

    def drop_clones(self):
        for name in self._clones:
            self.forget_registry(name)
            self.databases.drop(name)
        self._clones.clear()

    @staticmethod
    def forget_registry(database):
        """Close this process's connections to a database."""
        if "odoo" in sys.modules and "odoo.modules.registry" in sys.modules:
            from odoo.modules.registry import Registry
            from odoo.sql_db import close_db

            Registry.delete(database)
            close_db(database)

    def deadlocks(self, database):
        """Deadlocks PostgreSQL has seen in a database so far."""
        self.databases.sql(database, "SELECT pg_stat_clear_snapshot()")
        query = "SELECT deadlocks FROM pg_stat_database WHERE datname = :'name'"
        return int(self.databases.sql("postgres", query, name=database))

    # --- peers --------------------------------------------------------------------------------

    def peers(self):
        """Make what benches compare with importable (tests/bench/requirements.txt)."""
        folder = str(peers.obtain(self.home, sys.executable))
        if folder not in sys.path:
            sys.path.append(folder)

    def peer_addons(self):
        """Folder with the addons to compare with (tests/bench/requirements-odoo.txt), for ``Worker.join``."""
        return str(peers.obtain_addons(self.home, sys.executable))

    # --- Odoo ---------------------------------------------------------------------------------

    def env(self, database, login=None):
        """Context manager: an Odoo environment in this process; commits when left without exception."""
        return odoo_env.environment(self.odoo.conf, database, login)

    def workers(self, count, function, database, payload=None, timeout=1800):
        """Run ``function`` ("module:name" in tests/bench) in ``count`` processes; returns their results.

        Each is called with a ``tools.bench.worker.Worker``; ``worker.barrier()`` makes all start together.
        """
        spec = {"function": function, "database": database, "payload": payload, "conf": str(self.odoo.conf)}
        spec["dsn"] = self.dsn(database)
        processes = [self._spawn({**spec, "index": index, "count": count}) for index in range(count)]
        try:
            return _conduct(processes, timeout)
        finally:
            for process in processes:
                proc.end(process)

    def _spawn(self, spec):
        with open(self.home.logs / f"bench-worker-{spec['index']}.log", "wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tools.bench.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=self.odoo.environment(PYTHONPATH=str(self.home.repo)),
                cwd=self.home.repo,
                preexec_fn=proc.die_with_parent,  # noqa: PLW1509
            )
        process.stdin.write(json.dumps(spec) + "\n")
        process.stdin.flush()
        return process

    @contextlib.contextmanager
    def server(self, database, workers=0, *words):
        """Context manager: an HTTP server on a database, gives its address; ``workers`` 0 means threads."""
        port = free_port(FIRST_PORT, tell=False)
        log = self.home.logs / "bench-server.log"
        live = free_port(port + 1, tell=False)
        words = [f"--workers={workers}", f"--http-port={port}", f"--gevent-port={live}", *words]
        # the settings file switches the limit off, which worker processes read as "at once"
        words += ["--limit-time-real=3600", "--limit-time-cpu=3600", "--max-cron-threads=0"]
        command = self.odoo.command("-d", database, *words)
        with open(log, "wb") as stream:
            process = subprocess.Popen(
                [os.fspath(part) for part in command],
                stdout=stream,
                stderr=subprocess.STDOUT,
                env=self.odoo.environment(),
                cwd=self.home.repo,
                preexec_fn=proc.die_with_parent,  # noqa: PLW1509
            )
        try:
            _until_answers(port, process, log)
            yield f"http://{HOST}:{port}"
        finally:
            proc.end(process)


def _conduct(processes, timeout):
    """Read the workers' lines: all "ready" → everybody gets "go"; then one result each."""
    limit = time.monotonic() + timeout
    results, waiting = [None] * len(processes), set(range(len(processes)))
    for index, process in enumerate(processes):
        line = process.stdout.readline()
        if not line.startswith("ready"):
            results[index] = _result(process, index, line)
            waiting.discard(index)
    for index in waiting:
        processes[index].stdin.write("go\n")
        processes[index].stdin.flush()
    for index in waiting:
        results[index] = _result(processes[index], index, processes[index].stdout.readline())
        if time.monotonic() > limit:
            raise TimeoutError("bench workers took too long")
    return results


def _result(process, index, line):
    if not line:
        process.wait()
        raise RuntimeError(
            f"bench worker {index} died (code {process.returncode}), see bench-worker-{index}.log"
        )
    return json.loads(line)


def _until_answers(port, process, log):
    from ..server import answers

    for _turn in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"the server did not start: {proc.tail(log)}")
        if answers(port):
            return
        time.sleep(0.2)
    raise RuntimeError("the server did not answer")
