"""Debian's odoo-19 from sid through a private apt configuration; signatures are checked by apt.

Nothing of the system's apt is touched: own source list, own lists, own cache. The mirror's address
is taken from what apt already uses.
"""

import os
import pathlib
import shutil

from .out import Failure, step
from .proc import capture, environment, run

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
SID = ("odoo-19", "fonts-montserrat")
# sid's Font Awesome 7 lacks the files that Odoo links to, so these come from the stable suite
STABLE = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-ocr-b",
    "fonts-font-awesome",
    "fonts-inconsolata",
)
ROLLING = ("", "sid", "unstable", "testing")


def fetch(home, target):
    """Unpack Odoo and the packages its static files link to into ``target``; return the import folder."""
    uri, suite = _mirror()
    archive = home.downloads / "deb"
    archive.mkdir(exist_ok=True)
    options = _configuration(home, uri, suite)
    log = home.logs / "debian.log"
    env = environment(home)
    with step("Читаю список пакетов Debian sid"):
        run(home, ["apt-get", *options, "update"], log, env=env, what="apt-get update не удался")
    wanted = [f"{name}/sid" for name in SID] + [f"{name}/{suite}" for name in STABLE]
    with step("Скачиваю Odoo 19 (пакет odoo-19, около 120 МБ)"):
        # apt leaves complete files alone and resumes the others
        run(
            home,
            ["apt-get", *options, "download", *wanted],
            log,
            env=env,
            cwd=archive,
            what="apt-get download",
        )
    with step("Распаковываю Odoo 19"):
        for name in (*SID, *STABLE):
            files = sorted(archive.glob(name + "_*.deb"), key=os.path.getmtime)
            run(home, ["dpkg", "-x", files[-1], target], log, env=env, what="dpkg -x")
    return target / "usr/lib/python3/dist-packages"


def _mirror():
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        raise Failure("это не Debian: нет apt-get")
    release = _os_release()
    if release.get("ID") != "debian":
        raise Failure("это не Debian, а {}".format(release.get("ID", "неизвестная система")))
    if not os.path.exists(KEYRING):
        raise Failure(f"нет ключей {KEYRING} (пакет debian-archive-keyring)")
    out = capture(["apt-get", "indextargets", "--format", "$(REPO_URI)|$(COMPONENT)", "Created-By: Packages"])
    rows = [line.split("|") for line in out.splitlines() if "|" in line]
    uris = [uri for uri, component in rows if component == "main" and "security" not in uri]
    if not uris:
        raise Failure("apt не знает ни одного зеркала Debian")
    debian_first = sorted(uris, key=lambda uri: "/debian" not in uri)
    codename = release.get("VERSION_CODENAME", "")
    return debian_first[0], "bookworm" if codename in ROLLING else codename


def _os_release():
    try:
        lines = pathlib.Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line)
    return {key: value.strip().strip('"') for key, value in pairs}


def _configuration(home, uri, suite):
    base = home.downloads / "apt"
    for folder in ("lists/partial", "cache/archives/partial", "etc"):
        (base / folder).mkdir(parents=True, exist_ok=True)
    sources = base / "etc" / "clinic.list"
    sources.write_text(
        "".join(f"deb [signed-by={KEYRING}] {uri} {name} main\n" for name in ("sid", suite)),
        encoding="utf-8",
    )
    # apt splits nothing here: each option is one argument, so a path with blanks is safe
    settings = {
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "-",
        "Dir::State::Lists": base / "lists",
        "Dir::Cache": base / "cache",
        "Acquire::Languages": "none",
        # the folder may be closed to the _apt user
        "APT::Sandbox::User": "root" if os.geteuid() == 0 else "",
    }
    return [part for key, value in settings.items() for part in ("-o", f"{key}={value}")]
