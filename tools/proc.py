"""Child processes: no orphans, logs in files, a heartbeat on long ones, clear failures."""

import contextlib
import ctypes
import os
import pathlib
import re
import signal
import subprocess
import time

from .out import Failure, say

PR_SET_PDEATHSIG = 1
HEARTBEAT = 15
# in the environment of every step: which call of which folder it belongs to
MARK = "CLINIC_CALL"
# lines that tell a user nothing: pip's warnings about the machine's own settings
NOISE = re.compile(r"Location .* is ignored|Running pip as the 'root' user|notice\] .*pip", re.IGNORECASE)
_DROP = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "VIRTUAL_ENV", "ODOO_RC", "OPENERP_SERVER")

try:
    _libc = ctypes.CDLL(None)
except OSError:
    _libc = None


def die_with_parent():
    """Make the kernel end this child when ./clinic dies, however it dies."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def environment(home, **extra):
    """Environment of the children: no Python or PostgreSQL settings of the user, caches in .clinic."""
    env = {k: v for k, v in os.environ.items() if k not in _DROP and not k.startswith("PG")}
    env.update(
        PYTHONPYCACHEPREFIX=str(home.root / "pycache"),
        PYTHONUTF8="1",
        PYTHONUNBUFFERED="1",
        PIP_CACHE_DIR=str(home.downloads / "pip"),
        npm_config_cache=str(home.downloads / "npm"),
        LC_ALL="C.UTF-8",
        LANG="C.UTF-8",
    )
    env.update(extra)
    return env


def run(
    home,
    command,
    log,
    *,
    env=None,
    cwd=None,
    check=True,
    what="",
    timeout=None,
    echo=None,
    quiet=False,
    lasting=False,
):
    """Run a command with its output in ``log`` (a path, appended). Returns the exit code.

    ``what`` names the step in a failure; ``echo(text)`` may turn the end of the log into a progress text;
    ``quiet`` says nothing while it runs; ``lasting``: it goes on when this call is killed.
    """
    log = pathlib.Path(log)
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "ab") as stream:
        start = stream.tell()
        env = env or environment(home)
        process = _spawn(command, stream, env if lasting else {**env, MARK: _mark(home)}, cwd, lasting)
        _wait(process, log, start, timeout, None if quiet else echo or last_line)
    if check and process.returncode:
        raise Failure(
            "{}: команда «{}» закончилась с кодом {}.\n{}\nПолный журнал: {}".format(
                what or "Шаг не удался", _shown(command), process.returncode, tail(log, start), log
            )
        )
    return process.returncode


def _spawn(command, stream, env, cwd, lasting):
    try:
        return subprocess.Popen(
            [os.fspath(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            preexec_fn=None if lasting else die_with_parent,  # noqa: PLW1509  one prctl call, no lock is taken
            start_new_session=lasting,
        )
    except OSError as error:
        raise Failure(f"Не удалось запустить «{_shown(command)}»: {error.strerror}.") from error


def _wait(process, log, start, timeout, echo):
    started = time.monotonic()
    try:
        while True:
            try:
                process.wait(HEARTBEAT)
                return
            except subprocess.TimeoutExpired:
                passed = time.monotonic() - started
                if timeout and passed > timeout:
                    raise Failure(f"Команда не закончилась за {timeout} с. Журнал: {log}") from None
                if echo:
                    now = echo(tail(log, start))
                    say(f"  … {round(passed)} с" + (f": {now[:100]}" if now else ""))
    finally:
        end(process)


def end(process, patience=10):
    """Stop a child gently, then firmly."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def capture(command, env=None, cwd=None, check=True, text_in=None):
    """Run a short command, return its standard output."""
    try:
        done = subprocess.run(
            [os.fspath(part) for part in command],
            input=text_in,
            capture_output=True,
            text=True,
            env=env,
            cwd=cwd,
            check=False,
            preexec_fn=die_with_parent,
        )
    except OSError as error:
        raise Failure(f"Не удалось запустить «{_shown(command)}»: {error.strerror}.") from error
    if check and done.returncode:
        raise Failure(f"Команда «{_shown(command)}» не удалась: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def tail(path, offset=0, lines=15):
    """The last lines of a log, from ``offset`` on."""
    with open(path, "rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(offset, size - 32000))
        text = stream.read().decode("utf-8", "replace")
    kept = [line for line in text.rstrip().splitlines() if not NOISE.search(line)]
    return "\n".join("    " + line for line in kept[-lines:])


def last_line(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""


def _shown(command):
    text = " ".join(os.fspath(part) for part in command)
    return text if len(text) < 200 else text[:197] + "…"


# --- processes of calls that were killed -------------------------------------------------------


def _mark(home):
    return f"{home.digest}:{os.getpid()}:{started_at(os.getpid())}"


def end_orphans(home):
    """End what a killed call has left behind: the kernel takes its children along, not theirs.

    An orphan would go on writing into the folders that the next call clears and fills.
    """
    for entry in os.scandir("/proc"):
        mark = _mark_of(entry.name) if entry.name.isdigit() else None
        if not mark or mark[0] != home.digest or started_at(int(mark[1])) == int(mark[2]):
            continue
        pid, ticks = int(entry.name), started_at(entry.name)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        while ticks is not None and started_at(pid) == ticks:
            time.sleep(0.05)


def _mark_of(pid):
    """[folder, pid, ticks] out of a process's environment, or None."""
    try:
        words = pathlib.Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return None
    found = [word.split(b"=", 1)[1].decode() for word in words if word.startswith(MARK.encode() + b"=")]
    parts = found[0].split(":") if found else []
    return parts if len(parts) == 3 and parts[1].isdigit() and parts[2].isdigit() else None


# --- processes recorded in a file ------------------------------------------------------------


def started_at(pid):
    """Start time of a process in clock ticks: with the pid it names a process for good; None when gone."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = stat.rsplit(")", 1)[1].split()
    return None if fields[0] == "Z" else int(fields[19])


def end_recorded(pid, ticks, patience=20):
    """End a process of an earlier call, only if it is still the very same one."""
    if started_at(pid) != ticks or ticks is None:
        return False
    os.kill(pid, signal.SIGTERM)
    limit = time.monotonic() + patience
    while started_at(pid) == ticks:
        if time.monotonic() > limit:
            os.kill(pid, signal.SIGKILL)
            limit += 5
        time.sleep(0.1)
    return True
