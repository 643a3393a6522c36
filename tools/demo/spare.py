# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reduced prices of the demo clinic: two rules, visits that had or will have them; two time tickets."""

from datetime import timedelta

from odoo import fields

RULES = [
    {"name": "Утро будних дней", "percent": 20, "hour_from": 8, "hour_to": 13, "lead_to": 72, "on_sat": False,
     "on_sun": False},
    {"name": "Вечер: осталось меньше суток", "percent": 30, "hour_from": 16, "hour_to": 21, "lead_to": 24,
     "load_below": 50, "patient_days": 30},
]  # fmt: skip
PAST, COMING = 40, 6


def build(env, world, rng):
    """Rules that are open for the site and the desk; the report has something to tell."""
    company = env.company
    own = env["clinic.spare.rule"].create([{**vals, "company_id": company.id} for vals in RULES])
    env["clinic.booking.pace"]._cron_count()
    _past(env, own, rng)
    _coming(env, world, rng)
    _tickets(env, world)


def _tickets(env, world):
    """One for whoever has it, one made out to a patient."""
    services = env["product.product"].union(*world["service"].values())
    dear = services.filtered(lambda service: service.list_price >= 2000 and not service.clinic_group_size)[:2]
    vals = [{"note": "Акция с соседней школой", "hour_from": 9, "hour_to": 13, "on_sun": False},
            {"note": "Клиника дважды перенесла приём", "patient_id": world["patient"][0].id}]  # fmt: skip
    env["clinic.time.ticket"].create(
        [
            {"service_id": service.id, "price": service.list_price // 200 * 100, **own}
            for service, own in zip(dear, vals, strict=True)
        ]
    )


def _past(env, rules, rng):
    """Visits that took place within the hours of a rule, as they would have been booked."""
    past = env["clinic.appointment"].search(
        [("state", "in", ("done", "no_show")), ("price", ">", 0), ("payer_kind", "=", "self"),
         ("session_id", "=", False), ("company_id", "=", rules[:1].company_id.id)],
        limit=2000,
    )  # fmt: skip
    fitting = [
        (visit, rule)
        for visit in past
        for rule in rules
        if rule.hour_from <= fields.Datetime.context_timestamp(visit, visit.start).hour < rule.hour_to
    ]
    for visit, rule in rng.sample(fitting, min(PAST, len(fitting))):
        if not visit.spare_rule_id:
            full = visit.price
            cheap = full * (100 - rule.percent) // 1000 * 10
            chance = rng.randrange(10, 55) / 100
            visit._write_guarded(
                {"spare_rule_id": rule.id, "price_before": full, "price": cheap, "spare_chance": chance}
            )


def _coming(env, world, rng):
    """Some of the times that are cheaper now are booked on the site's terms."""
    booking = env["clinic.booking"]
    services = (
        env["product.product"]
        .union(*world["service"].values())
        .filtered(lambda service: not service.clinic_group_size)
    )
    today = fields.Date.context_today(env.user)
    slots = booking.search_slots(services, date_to=today + timedelta(days=2), limit=2000)
    cheap = [slot for slot in slots if slot["price_before"]]
    patients = [patient for patient in world["patient"] if (today - patient.birth_date).days > 20 * 365]
    for slot in rng.sample(cheap, min(COMING, len(cheap))):
        patient = patients.pop()
        offered = booking.search_slots(
            slot["service_id"],
            resources=slot["resource_id"],
            date_from=slot["start"],
            patient=patient,
            limit=1,
        )
        if offered and offered[0]["start"] == slot["start"]:
            booking.book(offered[0], patient)
