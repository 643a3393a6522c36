# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Visits of the demo clinic from today on: booked like anybody's, then led through their states."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError

from .agenda import Agenda
from .history import CHANNELS, PAYERS, choose, journal_lines
from .tables import table

#: how full the days are: (days ahead, share of the time that is taken)
FILLING = [(0, 0.75), (1, 0.45), (3, 0.22), (7, 0.1), (14, 0.04), (30, 0.012), (60, 0.004)]


def _share(days):
    return next(share for limit, share in FILLING if days <= limit)


def build(env, world, rng):
    """Book today and the coming days through ``clinic.booking``; every rule and claim counts."""
    today = fields.Date.context_today(env.user)
    agenda = Agenda(env, world, rng)
    shifts = env["clinic.shift"].search([("local_date", ">=", today)], order="start, id")
    visits = env["clinic.appointment"]
    for shift in shifts:
        share = _share(max((shift.local_date - today).days, 0))
        for service, start, patient in agenda.day(shift, share):
            visits += _book(env, rng, shift, service, start, patient)
    over = _live(env, visits, rng).filtered(lambda visit: visit.state == "done")
    env["clinic.appointment.journal"].create(
        [
            line
            for visit in over
            for line in journal_lines(visit, visit.start, world, rng)
            if line["action"] != "booked"
        ]
    )
    _date_back(env, visits, world)
    _held(env, world)


def _book(env, rng, shift, service, start, patient):
    """One visit; nothing when the rules refuse it (patient busy, no free device, wrong age)."""
    channel = choose(rng, CHANNELS)
    now = fields.Datetime.now()
    # times that have passed today may be entered by the import channel only
    late = start < now + timedelta(hours=1)
    slot = {"service_id": service.id, "resource_id": shift.resource_id.id, "start": start}
    vals = {"payer_kind": choose(rng, PAYERS)}
    if rng.random() < 0.12:
        vals["note"] = rng.choice(table("people")["notes"])
    try:
        visit = env["clinic.booking"].book(slot, patient, channel="import" if late else channel, **vals)
    except UserError:
        # a service that is closed to the site is booked by phone; other refusals leave the time free
        if channel != "site" or late:
            return env["clinic.appointment"]
        try:
            visit = env["clinic.booking"].book(slot, patient, channel="phone", **vals)
        except UserError:
            return env["clinic.appointment"]
    if late:
        visit._write_guarded({"channel": channel})
    return visit


# -- states ------------------------------------------------------------------------------------


def _live(env, visits, rng):
    """Lead the visits through the states that fit the present moment."""
    now = fields.Datetime.now()
    reasons = env["clinic.appointment.reason"].search([])
    over = visits.browse()
    for visit in visits:
        ago = (now - visit.start).total_seconds() / 60
        chance = rng.random()
        if chance < 0.05:
            _cancel(env, visit, reasons, rng)
        elif ago > visit.duration:
            over += visit
            if chance < 0.11:
                visit.action_no_show()
            else:
                visit._write_guarded({"state": "done"})
        elif ago > 0:
            visit.action_arrive()
            if chance < 0.85:
                visit.action_start()
        elif ago > -25 and chance < 0.5:
            visit.action_arrive()
        elif ago > -48 * 60 and chance < 0.6:
            visit.action_confirm()
        elif chance > 0.97:
            _move(env, visit, reasons)
    _every_state(visits)
    return over


def _every_state(visits):
    """At night nobody sits in the clinic: the first visits then stand for the states of the day."""
    waiting = visits.filtered(lambda visit: visit.state == "confirmed").sorted("start")
    for state, steps in (("in_progress", ("arrive", "start")), ("arrived", ("arrive",))):
        if not visits.filtered(lambda visit, state=state: visit.state == state):
            visit, waiting = waiting[:1], waiting[1:]
            for step in steps:
                getattr(visit, f"action_{step}")()


def _cancel(env, visit, reasons, rng):
    reason = rng.choice(reasons.filtered(lambda reason: reason.kind == "cancel"))
    env["clinic.booking"].cancel(visit, by=reason.by, reason=reason, channel="phone")


def _move(env, visit, reasons):
    """A quarter of an hour or more later on the same day, if that is free."""
    reason = reasons.filtered(lambda reason: reason.kind == "move")[:1]
    slots = env["clinic.booking"].search_slots(
        visit.service_id, resources=visit.resource_id, date_from=visit.stop,
        date_to=visit.stop + timedelta(days=2), patient=visit.patient_id, limit=1,
    )  # fmt: skip
    if slots:
        env["clinic.booking"].reschedule(visit, slots[0], reason=reason, channel="phone")


def _date_back(env, visits, world):
    """Visits are booked by the desk and by visitors some days before, not all at once by nobody."""
    desk = {"phone": world["user"]["operator"], "site": env.ref("base.public_user")}
    for channel in CHANNELS:
        booked = visits.filtered(lambda visit, channel=channel: visit.channel == channel)
        booked.write({"user_id": desk.get(channel, world["user"]["registrar"]).id})
    env.flush_all()
    env.cr.execute(
        """
        UPDATE clinic_appointment_journal line
           SET at = LEAST(line.at, visit.start) - interval '2h' - visit.id %% 97 * interval '101 min',
               user_id = visit.user_id, channel = visit.channel
          FROM clinic_appointment visit
         WHERE visit.id = line.appointment_id AND line.action = 'booked' AND visit.id = ANY(%s)
        """,
        [visits.ids],
    )
    env.invalidate_all()


def _held(env, world):
    """Two times that visitors of the site are just looking at."""
    service = world["service"]["ther1"]
    slots = env["clinic.booking"].search_slots(service, channel="site", limit=200)
    by_doctor = {slot["resource_id"]: slot for slot in slots}
    for number, slot in enumerate(list(by_doctor.values())[:2]):
        env["clinic.booking"].hold(slot, f"demo-visitor-{number:08d}", channel="site")
