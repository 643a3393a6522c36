"""R4: fifty visitors of the site tap one free time at once, through real routes and worker processes."""

import html
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from clinic_bench import racing

NAME = "R4"

SLOT = re.compile(r'name="slot"[^>]*?value="([^"]+)"')
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
HELD = "SELECT count(*) FROM clinic_appointment WHERE state = 'held'"


class Visitor:
    """One browser: its own session, the page with the times, one tap."""

    def __init__(self, address):
        import requests

        self.address, self.session = address, requests.Session()

    def look(self):
        """Open the first screen; returns the times on it."""
        self.page = self.session.get(self.address + "/clinic", timeout=300).text
        return [html.unescape(value) for value in SLOT.findall(self.page)]

    def tap(self, slot, barrier=None):
        """Tap one time; returns ``won``, ``taken`` or the status, the other times shown, the seconds."""
        data = {"csrf_token": CSRF.search(self.page).group(1), "slot": slot, "back": ""}
        if barrier:
            barrier.wait()
        started = time.perf_counter()
        answer = self.session.post(
            self.address + "/clinic/hold", data=data, allow_redirects=False, timeout=300
        )
        seconds = time.perf_counter() - started
        if answer.status_code == 303 and answer.headers["Location"].endswith("/clinic/booking"):
            return "won", [], seconds
        lost = re.search(r'class="o_clinic_lost".*?</section>', answer.text, re.DOTALL)
        if answer.status_code == 409 and lost:
            return "taken", [html.unescape(value) for value in SLOT.findall(lost.group())], seconds
        return f"HTTP {answer.status_code}", [], seconds


def run(ctx):
    """50 visitors, 4 worker processes (small: 10 and 2): one wins, the others get times that are free."""
    crowd, workers = (10, 2) if ctx.small else (50, 4)
    database = ctx.clone()
    with ctx.env(database) as env:
        payload = racing.build(env, 2, 40)
    with ctx.server(database, workers) as address:
        fields, timings = storm(address, payload["slots"][0], crowd)
    fields["overlaps"] = racing.number(ctx, database, racing.OVERLAPS)
    fields["deadlocks"] = ctx.deadlocks(database)
    fields["worst_ms"] = round(max(timings) * 1000)
    fields["ok"] = (
        fields["winners"] == fields["expected"] == 1
        and fields["taken"] == crowd - 1
        and not (fields["errors"] or fields["overlaps"] or fields["deadlocks"])
    )
    return {**fields, **ctx.timings(timings)}


def storm(address, wanted, crowd):
    """The taps themselves, and then a visitor who takes each time that was offered instead."""
    visitors = [Visitor(address) for _number in range(crowd)]
    for visitor in visitors:
        visitor.look()
    slot = next(value for value in visitors[0].look() if _same(value, wanted))
    barrier = threading.Barrier(crowd)
    with ThreadPoolExecutor(crowd) as pool:
        answers = list(pool.map(lambda visitor: visitor.tap(slot, barrier), visitors))
    outcomes = [outcome for outcome, _others, _seconds in answers]
    errors = sorted({outcome for outcome in outcomes if outcome not in ("won", "taken")})
    if any(outcome == "taken" and not others for outcome, others, _seconds in answers):
        errors.append("a loser was shown no other time")
    for other in sorted({value for _outcome, others, _seconds in answers for value in others}):
        visitor = Visitor(address)
        visitor.look()
        if visitor.tap(other)[0] != "won":
            errors.append("a time that was offered instead was not free")
    fields = {
        "winners": outcomes.count("won"),
        "expected": 1,
        "taken": outcomes.count("taken"),
        "errors": errors,
    }
    return fields, [seconds for _outcome, _others, seconds in answers]


def _same(value, wanted):
    """Whether a button stands for a slot of ``racing.build``."""
    service, resource, _branch, start, *_price = value.split("|")
    same = (int(service), int(resource)) == (wanted["service_id"], wanted["resource_id"])
    return same and start.replace("T", " ") == wanted["start"]
