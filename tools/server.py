"""The running Odoo server: a free port, the record of the process, waiting for the first page."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

from . import proc
from .home import write_atomic
from .out import Failure, say

HOST = "127.0.0.1"
PORT_TRIES = 100
PATIENCE = 240


def is_free(port, host=HOST):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port(wanted, tell=True):
    """``wanted`` or the next free port; says so when it had to move."""
    for port in range(wanted, min(wanted + PORT_TRIES, 65536)):
        if is_free(port):
            if port != wanted and tell:
                say(f"  порт {wanted} занят, беру {port}")
            return port
    raise Failure(
        f"Порты {wanted}–{wanted + PORT_TRIES - 1} заняты. Укажите другой: ./clinic run --port 9000"
    )


class Running:
    """The server started by ``run``: at most one per .clinic folder."""

    def __init__(self, home, note=None):
        self.home = home
        self.note = note or home.run / "server.json"

    def info(self):
        """{pid, ticks, port, database} of the living server, or None."""
        try:
            data = json.loads(self.note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return data if proc.started_at(data["pid"]) == data["ticks"] else None

    def stop(self):
        data = self.info()
        stopped = bool(data) and proc.end_recorded(data["pid"], data["ticks"])
        self.note.unlink(missing_ok=True)
        return stopped

    def start(self, odoo, database, port, background=False):
        """Start the server and wait for its first page; returns the process."""
        log = self.home.logs / "server.log"
        if log.exists() and log.stat().st_size > 20_000_000:
            os.replace(log, log.with_suffix(".old.log"))
        offset = log.stat().st_size if log.exists() else 0
        command = odoo.command("-d", database, f"--http-port={port}", "--max-cron-threads=1")
        with open(log, "ab") as stream:
            process = subprocess.Popen(
                [os.fspath(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                env=odoo.environment(),
                cwd=self.home.repo,
                start_new_session=background,
                preexec_fn=None if background else proc.die_with_parent,  # noqa: PLW1509
            )
        data = {"pid": process.pid, "ticks": proc.started_at(process.pid), "port": port, "database": database}
        write_atomic(self.note, json.dumps(data))
        self._wait(process, port, log, offset)
        return process

    def _wait(self, process, port, log, offset):
        limit = time.monotonic() + PATIENCE
        told = time.monotonic()
        while time.monotonic() < limit:
            if process.poll() is not None:
                self.note.unlink(missing_ok=True)
                raise Failure(f"Odoo не запустилась:\n{proc.tail(log, offset)}\nПолный журнал: {log}")
            if answers(port):
                return
            if time.monotonic() - told > proc.HEARTBEAT:
                say("  … жду первую страницу")
                told = time.monotonic()
            time.sleep(0.2)
        proc.end(process)
        raise Failure(f"Odoo запустилась, но за {PATIENCE} с не открыла страницу входа. Журнал: {log}")

    def serve(self, process):
        """Stay until the server ends or the user presses Ctrl-C; returns the exit code."""

        def polite(_number, _frame):
            raise KeyboardInterrupt

        signal.signal(signal.SIGTERM, polite)
        signal.signal(signal.SIGHUP, polite)
        try:
            code = process.wait()
        except KeyboardInterrupt:
            say("\nОстанавливаю Odoo …")
            proc.end(process, patience=20)
            code = 0
        self.note.unlink(missing_ok=True)
        if code not in (0, -signal.SIGTERM, -signal.SIGKILL):
            raise Failure(
                "Odoo закончилась с кодом {}:\n{}".format(code, proc.tail(self.home.logs / "server.log"))
            )
        return 0


def answers(port):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://{HOST}:{port}/web/login", timeout=60) as answer:
            return answer.status == 200
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False
