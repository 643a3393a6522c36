"""Folders, ports, addresses and hashes of the command."""

import os
import pathlib
import socket
import subprocess
import sys
import tarfile
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools import addons, backup, clinicdb, cluster, lock, proc, server, source
from tools import home as home_module
from tools.home import Home, remove_tree, write_atomic
from tools.out import Failure, duration


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / ".clinic", tmp_path).prepare()


def test_home_closes_folders_with_peoples_data(home):
    for folder in (home.data, home.backups, home.logs, home.etc, home.run):
        assert folder.stat().st_mode & 0o077 == 0, folder


def test_home_moves_with_the_variable(monkeypatch, tmp_path):
    monkeypatch.setenv("CLINIC_HOME", str(tmp_path / "elsewhere"))
    assert Home().root == tmp_path / "elsewhere"


def test_unwritable_home_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Failure, match="CLINIC_HOME"):
        Home(tmp_path / "file" / ".clinic", tmp_path).prepare()


def test_socket_path_has_a_limit(tmp_path):
    home = Home(tmp_path / ".clinic", tmp_path)
    assert home.fits_socket("/var/tmp/clinic-0123456789ab/run")
    assert not home.fits_socket("/" + "a" * 90)
    assert not home.fits_socket("/" + "я" * 45), "the limit is in bytes, not letters"
    assert home.fits_socket(home.var_tmp / "run")


def test_long_home_puts_the_socket_into_var_tmp(tmp_path):
    home = Home(tmp_path / ("x" * 120) / ".clinic", tmp_path)
    assert cluster.Cluster(home).socket == home.var_tmp / "run"


def test_write_atomic_replaces_and_leaves_nothing_behind(tmp_path):
    path = tmp_path / "note"
    write_atomic(path, "one")
    write_atomic(path, "two")
    assert path.read_text() == "two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["note"]


def test_remove_tree_takes_read_only_folders(tmp_path):
    folder = tmp_path / "tree" / "inner"
    folder.mkdir(parents=True)
    (folder / "file").write_text("")
    folder.chmod(0o500)
    remove_tree(tmp_path / "tree")
    remove_tree(tmp_path / "tree")
    assert not (tmp_path / "tree").exists()


def test_taken_port_is_announced_and_the_next_one_used(capsys):
    with socket.socket() as taken:
        taken.bind((server.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not server.is_free(port)
        assert server.free_port(port) > port
    assert f"порт {port} занят" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://clinic:p%40ss@db.example:6543/main", ("db.example", "clinic", 6543, "p@ss", "main")),
        ("postgres://clinic@localhost", ("localhost", "clinic", 5432, "", "")),
        ("postgresql:///main?host=/run/pg&user=odoo&port=5433", ("/run/pg", "odoo", 5433, "", "main")),
    ],
)
def test_database_url(url, expected):
    found = cluster.from_url(url)
    assert (found.host, found.user, found.port, found.password, found.database) == expected
    assert not found.own


@pytest.mark.parametrize("url", ["mysql://a@b/c", "postgresql://host/db", "postgresql://postgres@host/db"])
def test_unusable_database_url_is_a_sentence(url):
    with pytest.raises(Failure):
        cluster.from_url(url)


def test_password_stays_out_of_the_environment_when_there_is_none():
    assert "PGPASSWORD" not in cluster.Server("h", "u").env
    assert (
        cluster.Server("h", "u", password="x'y").dsn("d")
        == "host='h' port='5432' user='u' dbname='d' password='x\\'y'"
    )


def test_grandchildren_of_a_killed_call_are_ended_by_the_next(home):
    code = (
        "import sys; from tools import proc; from tools.home import Home; home = Home(sys.argv[1])\n"
        "proc.run(home, ['sh', '-c', f'sleep 300 & echo $! > {home.root}/pid; wait'], home.logs / 'x')"
    )
    call = subprocess.Popen([sys.executable, "-c", code, home.root], cwd=home_module.REPO)
    note = home.root / "pid"
    while not (note.exists() and note.read_text().strip()):
        assert call.poll() is None
        time.sleep(0.05)
    orphan = int(note.read_text())
    proc.end_orphans(home)
    assert proc.started_at(orphan), "a living call keeps its processes"
    call.kill()
    call.wait()
    assert proc.started_at(orphan), "the kernel ends children only"
    proc.end_orphans(Home(home.root.with_name("other"), home.repo))
    assert proc.started_at(orphan), "another folder's"
    proc.end_orphans(home)
    assert proc.started_at(orphan) is None


def make_addon(folder, name, depends=("base",), **files):
    (folder / name).mkdir()
    (folder / name / "__manifest__.py").write_text(repr({"name": name, "depends": list(depends)}))
    for path, text in files.items():
        (folder / name / path).write_text(text)


def test_suite_is_found_ordered_and_its_foundations_named(tmp_path):
    make_addon(tmp_path, "clinic_b", ["clinic_a", "sms"])
    make_addon(tmp_path, "clinic_a", ["mail"])
    (tmp_path / "docs").mkdir()
    suite = addons.suite(tmp_path)
    assert list(suite) == ["clinic_a", "clinic_b"]
    assert addons.ordered(suite) == ["clinic_a", "clinic_b"]
    assert addons.foreign_depends(suite) == ["mail", "sms"]


def test_circular_dependencies_are_named(tmp_path):
    make_addon(tmp_path, "clinic_a", ["clinic_b"])
    make_addon(tmp_path, "clinic_b", ["clinic_a"])
    with pytest.raises(ValueError, match="clinic_a → clinic_b → clinic_a"):
        addons.ordered(addons.suite(tmp_path))


def test_digest_sees_code_and_ignores_tests_and_papers(tmp_path):
    make_addon(tmp_path, "clinic_a", **{"models.py": "one"})
    before = addons.digest(tmp_path / "clinic_a")
    (tmp_path / "clinic_a" / "README.rst").write_text("paper")
    (tmp_path / "clinic_a" / "tests").mkdir()
    (tmp_path / "clinic_a" / "tests" / "test_x.py").write_text("")
    assert addons.digest(tmp_path / "clinic_a") == before
    (tmp_path / "clinic_a" / "models.py").write_text("two")
    assert addons.digest(tmp_path / "clinic_a") != before


def test_version_of_a_source_tree(tmp_path):
    (tmp_path / "odoo").mkdir()
    (tmp_path / "odoo" / "release.py").write_text(
        "FINAL = 'final'\nversion_info = (19, 0, 0, FINAL, 0, '')\n"
    )
    assert source.version_of(tmp_path) == "19.0"
    assert source.version_of(tmp_path / "nowhere") is None


def test_odoo_source_without_odoo_is_a_sentence(monkeypatch, tmp_path, home):
    monkeypatch.setenv("ODOO_SOURCE", str(tmp_path))
    with pytest.raises(Failure, match="odoo/release.py"):
        source.obtain(home)


def test_odoo_source_of_another_series_is_refused(monkeypatch, tmp_path, home):
    (tmp_path / "odoo").mkdir()
    (tmp_path / "odoo" / "release.py").write_text("version_info = (18, 0, 0, 'final', 0, '')\n")
    monkeypatch.setenv("ODOO_SOURCE", str(tmp_path))
    with pytest.raises(Failure, match=r"18\.0"):
        source.obtain(home)


@given(st.floats(min_value=0, max_value=100_000))
def test_duration_is_never_rounded_to_sixty_seconds(seconds):
    assert " 60 с" not in duration(seconds) or seconds < 90


def test_lock_is_held_against_another_process_and_dies_with_it(home):
    code = (
        "import sys, time; sys.path.insert(0, sys.argv[1])\n"
        "from tools.home import Home; from tools.lock import locked\n"
        "with locked(Home(sys.argv[2], sys.argv[2]), 'setup'):\n"
        "    print('held', flush=True); time.sleep(60)\n"
    )
    root = pathlib.Path(__file__).resolve().parents[2]
    holder = subprocess.Popen([sys.executable, "-c", code, str(root), str(home.root)], stdout=subprocess.PIPE)
    try:
        assert holder.stdout.readline().strip() == b"held"
        holder.kill()
        holder.wait()
        started = time.monotonic()
        with lock.locked(home, "setup"), lock.locked(home, "setup"):
            assert time.monotonic() - started < 5
    finally:
        holder.kill()
        holder.stdout.close()


def test_lock_keeps_threads_of_one_process_apart(home):
    second_may_enter, entered = threading.Event(), []

    def second():
        second_may_enter.wait()
        with lock.locked(home, "setup"):
            entered.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with lock.locked(home, "setup"):
        second_may_enter.set()
        thread.join(0.2)  # it must still wait: an answer too early would be the fault
        entered.append("first")
    thread.join()
    assert entered == ["first", "second"]


def test_recorded_process_is_ended_only_when_it_is_the_same():
    sleeper = subprocess.Popen(["sleep", "60"])
    ticks = proc.started_at(sleeper.pid)
    assert not proc.end_recorded(sleeper.pid, ticks + 1), "another process with this number must live"
    assert sleeper.poll() is None
    sleeper.kill()
    sleeper.wait()
    assert not proc.end_recorded(sleeper.pid, ticks)


def test_failed_command_shows_the_end_of_its_log(home):
    with pytest.raises(Failure, match="сломалось"):
        proc.run(home, ["sh", "-c", "echo сломалось; exit 3"], home.logs / "x.log", what="Проба")


def test_environment_drops_the_users_python_and_postgres(home, monkeypatch):
    for name in ("PYTHONPATH", "PGHOST", "PGPASSWORD", "ODOO_RC"):
        monkeypatch.setenv(name, "x")
    env = proc.environment(home, PGHOST="ours")
    assert env["PGHOST"] == "ours"
    assert not {"PYTHONPATH", "PGPASSWORD", "ODOO_RC"} & set(env)


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "stranger", "filestore/../../evil"])
def test_backup_with_foreign_paths_is_refused(tmp_path, name):
    path = tmp_path / "evil.tar"
    (tmp_path / "payload").write_text("x")
    with tarfile.open(path, "w") as tar:
        tar.add(tmp_path / "payload", name)
        info = tar.getmembers()[0]
    with tarfile.open(path, "w") as tar:
        info.name = name
        with open(tmp_path / "payload", "rb") as stream:
            tar.addfile(info, stream)
    with pytest.raises(Failure):
        backup._unpack(path, tmp_path / "target")
    assert not os.path.exists(tmp_path / "evil")


def test_broken_backup_is_a_sentence(tmp_path):
    path = tmp_path / "broken.tar"
    path.write_bytes(b"not a tar file")
    with pytest.raises(Failure, match="повреждён"):
        backup._unpack(path, tmp_path / "target")


class Answers:
    """A database whose psql answers are known."""

    def __init__(self, table, *constraints):
        self.table, self.constraints = table, constraints

    def sql(self, _database, statement):
        return self.table if "to_regclass" in statement else "\n".join(self.constraints)


def test_status_misses_the_guards_against_double_booking():
    both = clinicdb.GUARDS
    assert clinicdb.missing_guards(Answers("clinic_slot_claim", *both), "x") == []
    assert clinicdb.missing_guards(Answers("clinic_slot_claim", both[0]), "x") == [both[1]]
    assert clinicdb.missing_guards(Answers("clinic_slot_claim"), "x") == list(both)
    assert clinicdb.missing_guards(Answers(""), "x") == [], "no schedule, nothing to guard"
