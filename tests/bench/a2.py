"""A2: the search of A1 through HTTP (JSON), four clients at once, a server with two workers."""

import threading
import time
from datetime import timedelta

from clinic_bench import clinic60, desk, searching

NAME = "A2"
CLIENTS, WORKERS, RUNS = 4, 2, 200
BOUND_MS = 300
CALL = "/web/dataset/call_kw/clinic.booking/search_slots"


def run(ctx):
    """p95 of one answer as a client sees it; every answer has its twenty times."""
    database = ctx.clone(clinic60.dataset(ctx))
    count = RUNS if not ctx.small else 40
    with ctx.env(database) as env:
        desk.make_registrar(env)
        asked = searching.questions(env, count, seed=2)
    ctx.forget_registry(database)
    taken, wrong = [], []
    with ctx.server(database, WORKERS) as address:
        clients = [threading.Thread(target=client, args=(address, asked[n::CLIENTS], taken, wrong))
                   for n in range(CLIENTS)]  # fmt: skip
        for each in clients:
            each.start()
        for each in clients:
            each.join()
    timings = ctx.timings(taken)
    ok = timings["p95_ms"] <= ctx.bound(BOUND_MS) and not wrong and len(taken) == count
    return {"ok": ok, **timings, "answers": len(taken), "errors": wrong[:3]}


def client(address, asked, taken, wrong):
    """One registrar's program: signs in once, warms its worker, then asks one thing after another."""
    import requests

    session = requests.Session()
    try:
        sign_in(session, address)
        for turn in range(4):
            ask(session, address, asked[turn % len(asked)])
        for question in asked:
            started = time.perf_counter()
            answer = ask(session, address, question)
            taken.append(time.perf_counter() - started)
            if len(answer.get("result") or ()) != 20:
                wrong.append(str(answer.get("error", {}).get("message", "not 20 times")))
    except (requests.RequestException, ValueError, LookupError) as error:
        wrong.append(f"{type(error).__name__}: {error}")


def sign_in(session, address):
    """A session of the registrar through the form of the site, as any program without a key does."""
    page = session.get(f"{address}/web/login", timeout=300).text
    token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    data = {"login": desk.LOGIN, "password": desk.LOGIN, "csrf_token": token}
    session.post(f"{address}/web/login", data=data, timeout=300).raise_for_status()


def ask(session, address, question):
    """The answer to one question as JSON."""
    service, day = question
    kwargs = {"date_from": day.isoformat(), "date_to": (day + timedelta(days=13)).isoformat(), "limit": 20}
    params = {"model": "clinic.booking", "method": "search_slots", "args": [service], "kwargs": kwargs}
    body = {"jsonrpc": "2.0", "method": "call", "params": params}
    return session.post(address + CALL, json=body, timeout=300).json()
