"""A headless Chromium for benches, driven over its debugging protocol. Needs ``websocket-client``."""

import contextlib
import itertools
import json
import re
import shutil
import subprocess
import tempfile
import time
import urllib.request

from tools import proc

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--window-size=1440,900",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Page:
    """One tab: open addresses, evaluate JavaScript."""

    def __init__(self, socket):
        self.socket = socket
        self.serial = itertools.count(1)

    def send(self, method, **params):
        number = next(self.serial)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(answer["error"]["message"])
                return answer["result"]

    def open(self, url):
        self.send("Page.navigate", url=url)

    def evaluate(self, script):
        """Value of an expression; promises are awaited."""
        answer = self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise RuntimeError(details.get("exception", {}).get("description") or details["text"])
        return answer["result"].get("value")

    def wait(self, script, seconds=60):
        """Until the expression is true; a page that is being replaced counts as not yet."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            with contextlib.suppress(RuntimeError):
                if self.evaluate(f"Boolean({script})"):
                    return
            time.sleep(0.05)
        raise TimeoutError(f"the page never showed: {script}")


@contextlib.contextmanager
def chromium():
    """Context manager: a Page of a fresh browser profile."""
    import websocket

    program = next(filter(None, map(shutil.which, NAMES)), None)
    if not program:
        raise RuntimeError("Chromium is not installed")
    folder = tempfile.mkdtemp(prefix="clinic-bench-")
    process = subprocess.Popen(
        [program, *FLAGS, f"--user-data-dir={folder}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=proc.die_with_parent,  # noqa: PLW1509
    )
    try:
        port = _debugging_port(process)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
            target = next(row for row in json.load(answer) if row["type"] == "page")
        socket = websocket.create_connection(
            target["webSocketDebuggerUrl"], timeout=120, suppress_origin=True
        )
        try:
            yield Page(socket)
        finally:
            socket.close()
    finally:
        proc.end(process)
        shutil.rmtree(folder, ignore_errors=True)


def _debugging_port(process):
    for line in process.stderr:
        found = re.search(r"DevTools listening on ws://[^:]+:(\d+)/", line)
        if found:
            return found.group(1)
    raise RuntimeError("Chromium did not start")


def log_in(page, address, login, password):
    """Sign in through the ordinary form."""
    page.open(f"{address}/web/login")
    page.wait("document.querySelector('input[name=login]')")
    page.evaluate(
        f"document.querySelector('input[name=login]').value = {json.dumps(login)};"
        f"document.querySelector('input[name=password]').value = {json.dumps(password)};"
        "document.querySelector('form.oe_login_form').submit()"
    )
    page.wait("window.odoo && odoo.__WOWL_DEBUG__ && document.querySelector('.o_main_navbar')", 120)
