"""The configuration shown in docs/install.md: the programs it is for accept it."""

import configparser
import os
import re
import shutil
import socket
import subprocess
import sys

import pytest

from tools.home import REPO

INSTALL = (REPO / "docs" / "install.md").read_text(encoding="utf-8")
# administrators' programs lie here even when the caller's PATH does not say so
PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])


def snippets(language):
    return re.findall(rf"^```{language}\n(.*?)^```", INSTALL, re.MULTILINE | re.DOTALL)


def program(name):
    found = shutil.which(name, path=PATH)
    if not found:
        pytest.skip(f"нет программы {name}")
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def local_nginx(folder, http, https, odoo=8069, live=8072):
    """Configuration file for nginx with the snippet of the guide, a certificate and ports of its own."""
    (text,) = snippets("nginx")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = [program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=clinic.example", "-keyout", key, "-out", certificate]
    subprocess.run(command, check=True, capture_output=True)
    for old, new in (
        ("/etc/letsencrypt/live/clinic.example/fullchain.pem", str(certificate)),
        ("/etc/letsencrypt/live/clinic.example/privkey.pem", str(key)),
        ("listen 80;", f"listen 127.0.0.1:{http};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{https} ssl"),
        ("127.0.0.1:8069", f"127.0.0.1:{odoo}"),
        ("127.0.0.1:8072", f"127.0.0.1:{live}"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    temporary = "\n".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    path = folder / "nginx.conf"
    path.write_text(
        f"pid {folder}/nginx.pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\n{temporary}\n{text}\n}}\n"
    )
    return path


def test_nginx_accepts_the_configuration(tmp_path):
    nginx = program("nginx")
    path = local_nginx(tmp_path, free_port(), free_port())
    done = subprocess.run(
        [nginx, "-t", "-c", path, "-p", tmp_path], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr, done.stderr


def test_systemd_accepts_the_unit(tmp_path):
    analyze = program("systemd-analyze")
    (text,) = [part for part in snippets("ini") if "[Unit]" in part]
    started = re.search(r"^ExecStart=(\S+)", text, re.MULTILINE)[1]
    unit = tmp_path / "clinic.service"
    unit.write_text(text.replace(started, sys.executable))
    done = subprocess.run([analyze, "verify", unit], check=False, capture_output=True, text=True)
    told = [line for line in done.stderr.splitlines() if "clinic.service" in line]
    assert not told, told


def test_odoo_knows_every_option(tmp_path):
    (text,) = [part for part in snippets("ini") if "[options]" in part]
    shown, shipped = configparser.RawConfigParser(), configparser.RawConfigParser()
    shown.read_string(text)
    shipped.read(REPO / "odoo.conf", encoding="utf-8")
    names = sorted({*shown["options"], *shipped["options"]})
    code = "import sys; from odoo.tools import config; print(*set(sys.argv[1:]) - set(config.options))"
    done = subprocess.run(
        [sys.executable, "-c", code, *names], check=False, capture_output=True, text=True, cwd=tmp_path
    )
    if "No module named 'odoo'" in done.stderr:
        pytest.skip("Odoo не видна")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
