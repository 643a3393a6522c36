# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Visits of the past month. Their time is over, so they occupy nothing and are written as rows."""

from datetime import timedelta
from itertools import count

from odoo import fields, models

from .agenda import Agenda

CHANNELS = {"reception": 33, "phone": 36, "site": 23, "referral": 5, "corporate": 3}
PAYERS = {"self": 80, "insurer": 13, "employer": 4, "oms": 3}
FILLING = 0.16
ENDINGS = {"done": 86, "no_show": 5, "cancelled_patient": 6, "cancelled_clinic": 3}
CONFIRMED, REFILLED, REFUSED = 0.72, 0.45, 0.02
#: Hours before the visit at which it was cancelled.
FREED = 5
#: Seconds that a booking takes, and how many visitors of the site look for each one who books.
SITE_SECONDS, DESK_SECONDS, LOOKERS = (55, 240), (20, 95), 3


def choose(rng, weights):
    """One key of the dictionary by its weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


def build(env, world, rng):
    """Create past visits with their journals."""
    today = fields.Date.context_today(env.user)
    agenda = Agenda(env, world, rng)
    shifts = env["clinic.shift"].search([("local_date", "<", today)], order="start, id")
    reasons = env["clinic.appointment.reason"].search([("kind", "=", "cancel")])
    seen, busy, late, values = set(), set(), set(), []
    for shift in shifts:
        for service, start, patient in agenda.day(shift, FILLING):
            if (patient, shift.local_date) in busy:
                continue
            busy.add((patient, shift.local_date))
            vals = _values(env, world, rng, shift, service, start, patient, seen)
            mine = reasons.filtered(lambda reason, vals=vals: vals["state"] == f"cancelled_{reason.by}")
            values.append({**vals, "cancel_reason_id": rng.choice(mine).id if mine else False})
            other = mine and rng.random() < REFILLED and rng.choice(world["patient"])
            if other and (other, shift.local_date) not in busy and other.city == patient.city:
                busy.add((other, shift.local_date))
                again = _values(env, world, rng, shift, service, start, other, seen)
                values.append({**again, "state": "done", "cancel_reason_id": False})
                late.add(len(values) - 1)
    # the model's own create is closed on purpose: new visits must occupy their place; these are over
    visits = models.BaseModel.create(env["clinic.appointment"], values)
    env["clinic.appointment.journal"].create(
        [
            line
            for number, visit in enumerate(visits)
            for line in journal_lines(visit, _booked_at(visit, number in late, rng), world, rng)
        ]
    )
    _log(env, visits, rng)


def _booked_at(visit, late, rng):
    """Days ahead; a freed place is taken after it was freed."""
    if late:
        return visit.start - timedelta(hours=FREED) + timedelta(minutes=rng.randint(4, 150))
    return visit.start - timedelta(hours=rng.randint(6, 240), minutes=rng.randrange(60))


def _log(env, visits, rng):
    """What the log of bookings holds of them, and of those who only looked."""
    booked = env["clinic.appointment.journal"].search(
        [("appointment_id", "in", visits.ids), ("action", "=", "booked")]
    )
    rows, session = [], count()
    for line in booked:
        visit = line.appointment_id
        row = {
            "channel": visit.channel,
            "branch_id": visit.branch_id.id,
            "service_id": visit.service_id.id,
            "resource_id": visit.resource_id.id,
        }
        site = visit.channel == "site"
        seconds = rng.randint(*(SITE_SECONDS if site else DESK_SECONDS))
        begun = line.at - timedelta(seconds=seconds)
        if site:
            mine = f"demo-{next(session)}"
            rows += [
                {"at": begun, "kind": kind, "channel": "site", "session_hash": mine}
                for kind in ("opened", "shown")
            ]
            row["session_hash"] = mine
            for _looker in range(rng.randint(0, 2 * LOOKERS)):
                at = begun - timedelta(minutes=rng.randrange(600))
                other = f"demo-{next(session)}"
                rows.append({"at": at, "kind": "opened", "channel": "site", "session_hash": other})
        if rng.random() < REFUSED:
            rows.append({**row, "at": begun, "kind": "refused"})
        rows.append({**row, "at": line.at, "kind": "booked", "duration_ms": 1000 * seconds})
    env["clinic.booking.event"].create(rows)


def _values(env, world, rng, shift, service, start, patient, seen):
    practitioner = shift.resource_id.clinic_practitioner_ids
    room = shift.room_id or shift.resource_id.clinic_room_ids or shift.resource_id.clinic_device_ids.room_id
    line = practitioner.service_line_ids.filtered(lambda line: line.service_id == service)
    minutes = line.duration or service.clinic_duration
    channel = choose(rng, CHANNELS)
    pair = (patient.id, service.clinic_specialty_id.id)
    desk = world["user"]["operator" if channel == "phone" else "registrar"]
    vals = {
        "number": env["ir.sequence"].next_by_code("clinic.appointment"),
        "patient_id": patient.id,
        "service_id": service.id,
        "resource_id": shift.resource_id.id,
        "practitioner_id": practitioner.id,
        "branch_id": shift.branch_id.id,
        "room_id": room.id,
        "device_ids": shift.resource_id.clinic_device_ids.ids,
        "start": start,
        "stop": start + timedelta(minutes=minutes),
        "state": choose(rng, ENDINGS),
        "channel": channel,
        "visit_type": "repeat" if pair in seen else "first",
        "payer_kind": choose(rng, PAYERS),
        "price": line.price if line.own_price else service.list_price,
        "user_id": env.ref("base.public_user").id if channel == "site" else desk.id,
    }
    seen.add(pair)
    return vals


def journal_lines(visit, booked_at, world, rng):
    """The journal that such a visit leaves behind."""
    lines = [(booked_at, "booked", "booked", visit.channel)]
    asked_at = visit.start - timedelta(hours=rng.randint(20, 40))
    if booked_at < asked_at and rng.random() < CONFIRMED:
        lines.append((asked_at, "confirmed", "confirmed", "phone"))
    if visit.state.startswith("cancelled"):
        lines.append((visit.start - timedelta(hours=FREED), "cancelled", visit.state, "phone"))
    elif visit.state == "no_show":
        lines.append((visit.stop, "no_show", "no_show", "reception"))
    else:
        lines += [
            (visit.start - timedelta(minutes=rng.randint(2, 15)), "arrived", "arrived", "reception"),
            (visit.start, "started", "in_progress", "reception"),
            (visit.stop, "done", "done", "reception"),
        ]
    result, before = [], False
    for at, action, state, channel in lines:
        result.append(
            {
                "appointment_id": visit.id,
                "user_id": (visit.user_id if action == "booked" else world["user"]["registrar"]).id,
                "at": at,
                "channel": channel,
                "action": action,
                "state_from": before,
                "state_to": state,
                "start_to": visit.start,
                "reason_id": visit.cancel_reason_id.id if action == "cancelled" else False,
            }
        )
        before = state
    return result
