# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Numbers and tables of the site booking. Limits may be changed in the settings."""

#: Settings with their defaults: ``ir.config_parameter`` key -> whole number.
LIMITS = {
    "clinic_portal.hold_minutes": 10,
    "clinic_portal.change_hours": 3,
    "clinic_portal.code_minutes": 5,
    "clinic_portal.code_attempts": 5,
    "clinic_portal.codes_per_phone": 4,
    "clinic_portal.codes_per_visitor": 6,
    "clinic_portal.codes_per_address": 40,
    "clinic_portal.holds_per_visitor": 40,
    "clinic_portal.holds_per_address": 400,
    "clinic_portal.requests_per_visitor": 6,
    "clinic_portal.requests_per_address": 60,
    "clinic_portal.visits_per_phone": 8,
    "clinic_portal.days_shown": 14,
}

#: Length of the window in which codes and holds are counted.
WINDOW_MINUTES = 60

#: Cards of doctors on one page and starts on each card of the first screen.
DOCTORS_PER_PAGE = 24
STARTS_PER_DOCTOR = 6

#: Longest texts a visitor may send; longer ones are refused with a sentence.
NAME_MAX = 120
PHONE_MAX = 40
DATE_MAX = 40
NOTE_MAX = 500

#: Fields of a visit that its patient may read by RPC and in the cabinet.
PATIENT_VISIT_FIELDS = frozenset(
    {
        "id",
        "display_name",
        "number",
        "patient_id",
        "service_id",
        "resource_id",
        "practitioner_id",
        "branch_id",
        "start",
        "stop",
        "duration",
        "local_date",
        "tz",
        "state",
        "place_kind",
        "meeting_url",
        "price",
        "currency_id",
        "company_id",
    }
)

#: Letters of Russian names in addresses of pages.
TRANSLITERATION = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        (
            *("a", "b", "v", "g", "d", "e", "e", "zh", "z", "i", "y"),
            *("k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f"),
            *("kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya"),
        ),
        strict=True,
    )
)
