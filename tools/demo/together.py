# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Visits of the demo clinic that were booked together: courses, and several services in one coming.

Found and booked by the windows of the desk. On a day without enough free time one is left out.
"""

from datetime import timedelta

from odoo import Command, fields

#: (service, visits, every so many days, about this hour)
COURSES = [("inject", 10, 1, 10.0), ("tonsil", 5, 2, 11.0), ("dressing", 4, 2, 16.0)]
#: services of one coming
COMINGS = [("blood", "usab", "gast1"), ("ecg", "card1"), ("blood", "ther1")]


def build(env, world, rng):
    """Book the courses and comings of adults, from tomorrow on."""
    tomorrow = fields.Date.context_today(env.user) + timedelta(days=1)
    services = world["service"]
    patients = iter(_adults(env, world, tomorrow))
    for key, count, every, hour in COURSES:
        if key in services:
            window = env["clinic.course.find"].create(
                {
                    "patient_id": next(patients).id,
                    "service_id": services[key].id,
                    "count": count,
                    "every": every,
                    "hour": hour,
                    "first_day": tomorrow,
                }
            )
            window.action_find()
            if window.line_ids:
                window.action_book()
    for keys in COMINGS:
        if all(key in services for key in keys):
            lines = [Command.create({"service_id": services[key].id}) for key in keys]
            window = env["clinic.chain.find"].create(
                {"patient_id": next(patients).id, "line_ids": lines, "first_day": tomorrow}
            )
            window.action_find()
            if window.option_ids:
                window.option_ids[0].action_take()


def _adults(env, world, day):
    """Adults, those with the fewest visits ahead first."""
    ahead = env["clinic.appointment"]._read_group(
        [("local_date", ">=", day)], groupby=["patient_id"], aggregates=["__count"]
    )
    counts = dict(ahead)
    grown = [patient for patient in world["patient"] if (day - patient.birth_date).days > 20 * 365]
    return sorted(grown, key=lambda patient: (counts.get(patient, 0), patient.id))
