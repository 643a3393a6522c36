# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Visits of the past month. Their time is over, so they occupy nothing and are written as rows."""

from datetime import timedelta

from odoo import fields, models

from .agenda import Agenda

CHANNELS = {"reception": 33, "phone": 36, "site": 23, "referral": 5, "corporate": 3}
PAYERS = {"self": 80, "insurer": 13, "employer": 4, "oms": 3}
FILLING = 0.16
ENDINGS = {"done": 86, "no_show": 5, "cancelled_patient": 6, "cancelled_clinic": 3}


def choose(rng, weights):
    """One key of the dictionary by its weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


def build(env, world, rng):
    """Create past visits with their journals."""
    today = fields.Date.context_today(env.user)
    agenda = Agenda(env, world, rng)
    shifts = env["clinic.shift"].search([("local_date", "<", today)], order="start, id")
    reasons = env["clinic.appointment.reason"].search([("kind", "=", "cancel")])
    seen, busy, values = set(), set(), []
    for shift in shifts:
        for service, start, patient in agenda.day(shift, FILLING):
            if (patient, shift.local_date) in busy:
                continue
            busy.add((patient, shift.local_date))
            vals = _values(env, world, rng, shift, service, start, patient, seen)
            mine = reasons.filtered(lambda reason, vals=vals: vals["state"] == f"cancelled_{reason.by}")
            values.append({**vals, "cancel_reason_id": rng.choice(mine).id if mine else False})
    # the model's own create is closed on purpose: new visits must occupy their place; these are over
    visits = models.BaseModel.create(env["clinic.appointment"], values)
    env["clinic.appointment.journal"].create(
        [line for visit in visits for line in journal_lines(visit, world, rng)]
    )


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


def journal_lines(visit, world, rng):
    """The journal that such a visit leaves behind."""
    booked_at = visit.start - timedelta(hours=rng.randint(3, 240), minutes=rng.randrange(60))
    lines = [(booked_at, "booked", "booked", visit.channel)]
    if visit.state.startswith("cancelled"):
        lines.append((visit.start - timedelta(hours=2), "cancelled", visit.state, "phone"))
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
