# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tables of constants of the waiting list; no imports from models."""

ENTRY_STATES = [
    ("waiting", "Waiting"),
    ("offered", "Offered"),
    ("booked", "Booked"),
    ("withdrawn", "Withdrawn"),
    ("expired", "Expired"),
]

#: States in which somebody still waits.
ENTRY_OPEN = ("waiting", "offered")

WAVE_STATES = [
    ("due", "To be looked at"),
    ("running", "Being offered"),
    ("taken", "Taken"),
    ("over", "Open to all"),
    ("late", "Call the patients"),
    ("closed", "Done"),
]

OFFER_STATES = [
    ("open", "Waiting for an answer"),
    ("accepted", "Accepted"),
    ("declined", "Declined"),
    ("lost", "Somebody was faster"),
    ("expired", "Not answered"),
]

URGENCY = [("0", "Usual"), ("1", "Soon"), ("2", "Urgent")]

WEEKDAY_FIELDS = ("on_mon", "on_tue", "on_wed", "on_thu", "on_fri", "on_sat", "on_sun")

ANSWERED_BY = [("link", "Patient, by the link"), ("staff", "Staff, by phone")]

#: Settings: key of ``ir.config_parameter`` -> value when absent.
WAITING_SETTINGS = {
    # people of one round of offers
    "clinic_schedule.waiting_people": 3,
    # rounds of one place, then it is open to all
    "clinic_schedule.waiting_rounds": 3,
    # minutes to answer; the second one when the visit begins within so many hours
    "clinic_schedule.waiting_minutes": 15,
    "clinic_schedule.waiting_minutes_near": 5,
    "clinic_schedule.waiting_near_hours": 3,
    # less than so many minutes before the visit nothing is offered: the reception calls
    "clinic_schedule.waiting_least_minutes": 45,
    # at most so many offers to one person within 24 hours
    "clinic_schedule.waiting_offers_per_day": 5,
    # how far ahead a freed place is offered
    "clinic_schedule.waiting_horizon_days": 60,
}

#: How much longer than the offers the place is held: time for the answer on its way and for the cron.
GRACE_MINUTES = 3
