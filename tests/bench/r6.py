"""R6: one filled form of the site sent many times at once (impatient taps, a bad line) makes one record."""

import html
import re
import threading
from concurrent.futures import ThreadPoolExecutor

from clinic_bench import racing
from clinic_bench.r4 import CSRF, Visitor

NAME = "R6"

LOGIN = "bench_patient"
TOKEN = re.compile(r'name="token" value="([^"]+)"')
CODE = "SELECT demo_code FROM clinic_phone_code WHERE state = 'sent' ORDER BY id DESC LIMIT 1"
RECORDS = """
    SELECT (SELECT count(*) FROM clinic_appointment WHERE channel = 'site' AND state = 'booked')
         + (SELECT count(*) FROM clinic_site_request)
"""
CARDS = "SELECT count(*) FROM res_partner WHERE family_name = 'Повторнова'"
#: Kinds of forms, each sent so many times at once; a code bears five attempts, so a new patient sends fewer.
FORMS = (("account", 8), ("new", 4), ("request", 8))


class Sender(Visitor):
    """One browser with a filled form, whose button is pressed many times."""

    def get(self, path):
        self.page = self.session.get(self.address + path, timeout=300).text
        return self.page

    def post(self, path, page=None, **data):
        data = {"csrf_token": self.field(CSRF, page), **data}
        return self.session.post(self.address + path, data=data, allow_redirects=False, timeout=300)

    def field(self, pattern, page=None):
        return html.unescape(pattern.search(page or self.page).group(1))

    def log_in(self):
        self.get("/web/login")
        answer = self.post("/web/login", login=LOGIN, password=LOGIN)
        if answer.status_code != 303:
            raise RuntimeError("the patient cannot sign in")

    def hold(self, number):
        """Keep a time of one's own; the page with the form is the last page."""
        slots = self.look()
        if self.tap(slots[number])[0] != "won":
            raise RuntimeError("the time was not kept")
        self.get("/clinic/booking")

    def press(self, path, times, **data):
        """Send the last page's form ``times`` times at once; returns where each was led."""
        data.update(token=self.field(TOKEN))
        page, barrier = self.page, threading.Barrier(times)

        def send(_number):
            barrier.wait()
            answer = self.post(path, page, **data)
            return answer.headers.get("Location") or f"HTTP {answer.status_code}"

        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(send, range(times)))


def run(ctx):
    """Four worker processes (small: 2), every kind of form three times (small: once)."""
    database = ctx.clone()
    with ctx.env(database) as env:
        setup = prepare(env)
    rounds, workers = (1, 2) if ctx.small else (3, 4)
    with ctx.server(database, workers) as address:
        errors = storm(address, setup, rounds, lambda: racing.number(ctx, database, CODE))
    fields = {
        "winners": racing.number(ctx, database, RECORDS),
        "expected": rounds * len(FORMS),
        "overlaps": racing.number(ctx, database, racing.OVERLAPS),
        "deadlocks": ctx.deadlocks(database),
        "errors": errors,
    }
    if racing.number(ctx, database, CARDS) != rounds:
        fields["errors"].append("a new patient has not exactly one card")
    fields["ok"] = fields["winners"] == fields["expected"] and not (
        fields["overlaps"] or fields["deadlocks"] or fields["errors"]
    )
    return fields


def prepare(env):
    """Doctors with times, a patient with an account and a consent, codes that can be read."""
    payload = racing.build(env, 2, 40)
    env["ir.config_parameter"].set_param("clinic_base.demo_database", "1")
    user = env["res.users"].create(
        {
            "name": "Повторов Иван",
            "login": LOGIN,
            "password": LOGIN,
            "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
        }
    )
    user.partner_id.write({"is_patient": True, "birth_date": "1990-01-02"})
    env["clinic.consent"]._grant(user.partner_id, "personal_data", "paper")
    text = env["clinic.consent.purpose"]._find("personal_data").current_text_id
    return {
        "patient": str(user.partner_id.id),
        "consent": str(text.id),
        "service": payload["slots"][0]["service_id"],
    }


def storm(address, setup, rounds, read_code):
    """Send every form; returns what went wrong with the answers."""
    errors = []
    for turn in range(rounds):
        for kind, times in FORMS:
            done = "/clinic/request/done" if kind == "request" else "/clinic/done"
            led = SENDERS[kind](Sender(address), setup, turn, times, read_code)
            errors += [f"{kind}: {place}" for place in led if not place.endswith(done)]
    return sorted(set(errors))


def _account(sender, setup, turn, times, _read_code):
    sender.log_in()
    sender.hold(2 * turn)
    return sender.press("/clinic/booking", times, action="confirm", patient=setup["patient"])


def _new(sender, setup, turn, times, read_code):
    person = {
        "name": "Повторнова Анна Ивановна",
        "birth_date": f"0{turn + 1}.05.1985",
        "phone": f"+7 914 555-01-0{turn}",
        "consent": setup["consent"],
    }
    sender.hold(2 * turn + 1)
    sender.page = sender.post("/clinic/booking", action="code", token=sender.field(TOKEN), **person).text
    return sender.press("/clinic/booking", times, action="confirm", code=read_code(), **person)


def _request(sender, setup, _turn, times, _read_code):
    sender.log_in()
    sender.get(f"/clinic/request?service={setup['service']}")
    return sender.press(
        "/clinic/request", times, action="confirm", patient=setup["patient"], service=str(setup["service"])
    )


SENDERS = {"account": _account, "new": _new, "request": _request}
