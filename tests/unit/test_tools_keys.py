"""The key file of ./clinic: one key for everybody who starts at once, readable by the addon."""

import os
import stat
from concurrent.futures import ProcessPoolExecutor

from vault import read_key_file

from tools import keys
from tools.home import Home


def make(root):
    os.environ.pop(keys.ENVIRONMENT, None)
    return open(keys.ensure(Home(root)), "rb").read()


def test_starts_at_once_agree_on_one_key(tmp_path):
    with ProcessPoolExecutor(8) as pool:
        texts = set(pool.map(make, [tmp_path] * 32))
    assert len(texts) == 1
    assert os.listdir(tmp_path / "keys") == ["clinic.key"]


def test_a_key_is_never_replaced_and_only_the_owner_reads_it(tmp_path, monkeypatch):
    monkeypatch.delenv(keys.ENVIRONMENT, raising=False)
    path = keys.ensure(Home(tmp_path))
    first = read_key_file(path)
    assert list(first) == [1]
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    keys._make(Home(tmp_path).keys / "clinic.key")
    assert read_key_file(path) == first


def test_the_administrators_own_file_is_taken(tmp_path, monkeypatch):
    monkeypatch.setenv(keys.ENVIRONMENT, "/etc/odoo/clinic.key")
    assert keys.ensure(Home(tmp_path)) == "/etc/odoo/clinic.key"
    assert not (tmp_path / "keys").exists()
