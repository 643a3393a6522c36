# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tables of constants of scheduling; no imports from models."""

from .waiting_const import WAITING_SETTINGS

#: Who may see what of a visit besides the patient's name, time and branch.
SCHEDULE_READERS = "clinic_schedule.group_clinic_schedule_reader,base.group_portal"

STATES = [
    ("held", "Held"),
    ("booked", "Booked"),
    ("confirmed", "Confirmed"),
    ("arrived", "Arrived"),
    ("in_progress", "In progress"),
    ("done", "Done"),
    ("cancelled_patient", "Cancelled by patient"),
    ("cancelled_clinic", "Cancelled by clinic"),
    ("no_show", "No-show"),
]

#: States in which an appointment occupies its place.
OCCUPYING = ("held", "booked", "confirmed", "arrived", "in_progress", "done")

#: States from which a visit may still be moved or cancelled.
OPEN = ("held", "booked", "confirmed")

#: States in which the patient is still to come or is here: the shift must stay.
LIVE = ("held", "booked", "confirmed", "arrived", "in_progress")

#: The same without the held ones, which are nobody's yet: the visits of a course that are not over.
COMING = tuple(state for state in LIVE if state != "held")

CANCELLED = ("cancelled_patient", "cancelled_clinic")

#: The one table of allowed moves: action -> {state before: states after}. The empty
#: state is "no appointment yet". Undo returns to a state listed under ``undone``.
MOVES = {
    "held": {None: ("held",)},
    "booked": {None: ("booked",), "held": ("booked",)},
    "moved": {"held": ("held",), "booked": ("booked",), "confirmed": ("booked", "confirmed")},
    "confirmed": {"booked": ("confirmed",)},
    "cancelled": {
        "held": CANCELLED,
        "booked": CANCELLED,
        "confirmed": CANCELLED,
        "arrived": CANCELLED,
    },
    "arrived": {"booked": ("arrived",), "confirmed": ("arrived",)},
    "started": {
        "booked": ("in_progress",),
        "confirmed": ("in_progress",),
        "arrived": ("in_progress",),
    },
    "done": {"arrived": ("done",), "in_progress": ("done",)},
    "no_show": {"booked": ("no_show",), "confirmed": ("no_show",)},
    "undone": {
        "booked": ("cancelled_clinic", "booked"),
        "confirmed": ("booked", "confirmed"),
        "arrived": ("booked", "confirmed"),
        "in_progress": ("booked", "confirmed", "arrived"),
        "done": ("arrived", "in_progress"),
        "no_show": ("booked", "confirmed"),
        "cancelled_patient": ("booked", "confirmed", "arrived"),
        "cancelled_clinic": ("booked", "confirmed", "arrived"),
    },
}

ACTIONS = [
    ("held", "Held"),
    ("booked", "Booked"),
    ("moved", "Moved"),
    ("confirmed", "Confirmed"),
    ("cancelled", "Cancelled"),
    ("arrived", "Arrived"),
    ("started", "Started"),
    ("done", "Done"),
    ("no_show", "No-show"),
    ("undone", "Undone"),
    ("clock", "Local time changed"),
]

CHANNELS = [
    ("reception", "Reception"),
    ("phone", "Phone"),
    ("site", "Site"),
    ("bot", "Messenger bot"),
    ("api", "API"),
    ("referral", "Referral by a doctor"),
    ("aggregator", "Aggregator"),
    ("corporate", "Corporate client"),
    ("import", "Import"),
]

#: Channels in which the patient chooses himself: grid starts, online switches, horizon, lead time.
PATIENT_CHANNELS = ("site", "bot", "api", "aggregator")

STAFF_CHANNELS = ("reception", "phone", "referral", "corporate")

PAYER_KINDS = [
    ("self", "Patient"),
    ("insurer", "Insurer"),
    ("employer", "Employer"),
    ("oms", "OMS"),
]

REASON_KINDS = [("cancel", "Cancellation"), ("move", "Move")]

REASON_BY = [("patient", "Patient"), ("clinic", "Clinic")]

ABSENCE_KINDS = [
    ("vacation", "Vacation"),
    ("sick", "Sick leave"),
    ("training", "Training"),
    ("repair", "Repair"),
    ("lunch", "Lunch"),
    ("meeting", "Staff meeting"),
    ("disinfection", "Disinfection by UV light"),
    ("other", "Other"),
]

#: States in which a visit waits for somebody who may turn out to be away: it is to be moved then.
WAITING = ("held", "booked", "confirmed", "arrived")

CLAIM_KINDS = [
    ("resource", "Resource"),
    ("patient", "Patient"),
    ("quota", "Quota"),
    ("seat", "Seat"),
    ("spare", "Reduced price"),
]

CLAIM_STATES = [("hold", "Hold"), ("booked", "Booked")]

EVENT_KINDS = [
    ("opened", "Booking opened"),
    ("shown", "Times shown"),
    ("chosen", "Time chosen"),
    ("lost", "Lost"),
    ("booked", "Booked"),
    ("refused", "Refused as taken"),
    ("cancelled", "Cancelled"),
    ("moved", "Moved"),
]

#: What a visitor's browser may report itself; the rest is written by the booking service.
VISITOR_EVENTS = ("opened", "shown", "chosen")

#: Where a service is given; home visits and online consultations occupy no room.
PLACES = [("clinic", "In the clinic"), ("home", "Home visit"), ("tele", "Online consultation")]

#: What a branch does with a home visit to an address outside of its list.
DISTRICT_MODES = [
    ("off", "Goes anywhere"),
    ("warn", "Warns outside of the list"),
    ("refuse", "Goes by the list only"),
]

#: What becomes of a patient who has missed too many visits.
NO_SHOW_RULES = [
    ("prepay", "New visits only with prepayment"),
    ("phone", "New visits by phone only, so that somebody asks"),
]

#: Lanes of a resource from here on serve extra visits into taken time (CITO); no doctor's day has more.
OVER_LANE, MAX_OVER = 100, 20

#: No group session has more places: every place is a lane that a booking may have to try.
MAX_SEATS = 60

#: Step of starts when neither service nor shift names one, minutes.
DEFAULT_STEP = 15

WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]

#: Settings: key of ``ir.config_parameter`` -> value when absent.
SETTINGS = {
    "clinic_schedule.site_horizon_days": 60,
    "clinic_schedule.site_lead_minutes": 30,
    "clinic_schedule.staff_past_minutes": 15,
    "clinic_schedule.hold_minutes": 10,
    # the pace at which days fill is counted from so many past weeks
    "clinic_schedule.pace_weeks": 8,
    "clinic_schedule.hold_minutes_max": 60,
    "clinic_schedule.holds_per_patient": 3,
    "clinic_schedule.patient_claim": 1,
    "clinic_schedule.claim_keep_days": 2,
    "clinic_schedule.overbook_per_day": 2,
    "clinic_schedule.emergency_list_hour": 20,
    "clinic_schedule.emergency_list_days": 3,
    **WAITING_SETTINGS,
}
