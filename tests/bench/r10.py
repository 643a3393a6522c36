"""R10: rights of people, at once: two approvals and destructions of one request, a phone added meanwhile, two
scans of one paper, a consent taken back while others ask whether they may."""

import random
import time

from clinic_bench import racing
from clinic_bench.rivals import _meet

NAME = "R10"

#: A card with its data destroyed has none of these.
LEFT = """
    SELECT count(*) FROM res_partner p
     WHERE p.id = ANY(%s) AND (p.erased_at IS NULL OR p.phone IS NOT NULL OR EXISTS (
           SELECT FROM clinic_phone f WHERE f.partner_id = p.id))
"""
ACTS = "SELECT count(*) FROM clinic_destruction_act WHERE patient_ref = ANY(%s)"
#: One consent for each paper that came back, however often it was scanned.
CONSENTS = """
    SELECT count(*) FROM clinic_consent c JOIN clinic_print_document d ON d.patient_id = c.patient_id
     WHERE d.id = ANY(%s) AND d.state = 'signed' AND d.consent_id IS NOT NULL
"""
WITHDRAWN = "SELECT count(*) FROM clinic_consent WHERE id = ANY(%s) AND state = 'withdrawn'"


def run(ctx):
    """8 rounds (small: 3) of each act; whatever the order, one of them wins and the other is told so."""
    rounds = 3 if ctx.small else 8
    database = ctx.clone()
    with ctx.env(database) as env:
        payload = prepare(env, rounds)
    sides = ctx.workers(2, "r10:play", database, payload)
    answers = [answer for side in sides for answer in side]
    errors = {f"{answer[0]}: {answer[1]}" for answer in answers if answer[1] not in ("done", "refused")}
    for turn in range(rounds):
        found = sorted(answer[1] for answer in answers if answer[0] == f"destroy {turn}")
        if found != (["done"] if turn % 2 else ["done", "refused"]):
            errors.add(f"destroy: {found}")
    faults = {
        "cards not destroyed or not empty": _count(ctx, database, LEFT, payload["gone"]),
        "acts too many or too few": abs(_count(ctx, database, ACTS, payload["gone"]) - rounds),
        "papers without one consent": abs(_count(ctx, database, CONSENTS, payload["documents"]) - rounds),
        "consents not withdrawn": rounds - _count(ctx, database, WITHDRAWN, payload["consents"]),
    }
    errors |= {f"{count} {name}" for name, count in faults.items() if count}
    timings = [answer[2] for answer in answers]
    fields = {
        "winners": 4 * rounds - len(errors),
        "expected": 4 * rounds,
        "overlaps": 0,
        "deadlocks": ctx.deadlocks(database),
        "errors": sorted(errors),
        "worst_ms": round(max(timings) * 1000),
        **ctx.timings(timings),
    }
    fields["ok"] = not errors and not fields["deadlocks"]
    return fields


def _count(ctx, database, query, ids):
    with ctx.connect(database) as connection:
        cursor = connection.cursor()
        cursor.execute(query, [ids])
        return cursor.fetchone()[0]


def prepare(env, rounds):
    """People to be destroyed with their requests, papers that come back, consents that are taken back."""
    branch = env["clinic.branch"].create({"name": "Race", "tz": "Asia/Irkutsk"})
    people = env["res.partner"].create(
        [
            {
                "is_patient": True,
                "family_name": f"Racer{n}",
                "given_name": "Ann",
                "birth_date": "1980-01-01",
                "phone": f"+7914555{n:04d}",
                "patient_branch_id": branch.id,
            }
            for n in range(3 * rounds)
        ]
    )
    gone, papers, agreed = people[:rounds], people[rounds : 2 * rounds], people[2 * rounds :]
    requests = env["clinic.subject.request"].create(
        [
            {
                "patient_id": each.id,
                "kind": "erasure",
                "identity_note": "passport",
                "answer": "x",
                "officers": "x",
            }
            for each in gone
        ]
    )
    requests.action_check_identity()
    form = env.ref("clinic_base.print_form_personal_data")
    nobody = env["clinic.relation"]
    documents = env["clinic.print.document"]._print(form._source(each, nobody, branch) for each in papers)
    consents = [env["clinic.consent"]._grant(each, "marketing", "paper").id for each in agreed]
    approvers = [_employee(env, f"race_{n}", "administrator", "privacy_officer") for n in range(3)]
    return {
        "rounds": rounds,
        "requests": requests.ids,
        "gone": gone.ids,
        "documents": documents.ids,
        "agreed": agreed.ids,
        "consents": consents,
        "approvers": approvers,
    }


def _employee(env, login, *roles):
    groups = [(4, env.ref(f"clinic_base.group_clinic_{role}").id) for role in roles]
    return env["res.users"].create({"name": login, "login": login, "group_ids": groups}).id


def play(worker):
    """Worker: both sides do nearly the same, each as an employee of its own; the third destroys."""
    payload, index = worker.payload, worker.index
    with worker.env() as env:
        env["clinic.vault"]._state()
    worker.barrier()
    connection, shuffle, answers = worker.connect(), random.Random(index), []
    acts = []
    for turn in range(payload["rounds"]):
        acts += [
            (f"scan {turn}", lambda env, turn=turn: _scan(env, payload["documents"][turn])),
            (f"withdraw {turn}", lambda env, turn=turn: _withdraw(env, payload, turn, index)),
            (f"approve {turn}", lambda env, turn=turn: _approve(env, payload, turn, index)),
            (f"phone {turn}", lambda env, turn=turn: _phone(env, payload["gone"][turn]))
            if turn % 2 and index
            else (f"destroy {turn}", lambda env, turn=turn: _destroy(env, payload, turn)),
        ]
    for number, (name, act) in enumerate(acts):
        _meet(connection.cursor(), number, worker.count)
        # sweep over the moments at which the two may cross
        time.sleep(shuffle.random() * 0.02)
        started = time.perf_counter()
        answers.append((name, _try(worker.database, act), time.perf_counter() - started))
    connection.close()
    return answers


def _try(database, act):
    from odoo.exceptions import UserError

    try:
        racing.attempt(database, act)
    except UserError:
        return "refused"
    except Exception as error:  # noqa: BLE001  every other answer is a finding
        return f"{type(error).__name__}: {error}"[:200]
    return "done"


def _scan(env, key):
    return bool(env["clinic.print.document"].browse(key)._accept())


def _withdraw(env, payload, turn, index):
    """One takes the consent back, the other asks whether he may send: yes or no, never half an answer."""
    consent = env["clinic.consent"].browse(payload["consents"][turn])
    if index:
        return consent._withdraw("paper")
    answer = env["clinic.consent"].may(payload["agreed"][turn], "marketing", "sms")
    if answer.reason not in ("granted", "withdrawn"):
        raise AssertionError(answer.reason)
    return answer.allowed


def _approve(env, payload, turn, index):
    request = env["clinic.subject.request"].browse(payload["requests"][turn])
    return request.with_user(payload["approvers"][index]).action_approve()


def _destroy(env, payload, turn):
    request = env["clinic.subject.request"].browse(payload["requests"][turn])
    return request.with_user(payload["approvers"][2]).action_destroy()


def _phone(env, card):
    """The desk writes a number down while the card is being destroyed by the other."""
    return bool(env["clinic.phone"].create({"partner_id": card, "number": "+79145559900"}))
