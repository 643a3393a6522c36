# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tables of constants shared by the models of the suite."""

#: Doctors, and nurses (средний медперсонал) who receive patients on their own.
PRACTITIONER_ROLES = [("doctor", "Doctor"), ("nurse", "Nurse")]

#: Who a practitioner, service or shift is for.
AUDIENCES = [("all", "Adults and children"), ("adult", "Adults"), ("child", "Children")]

#: A patient younger than this many years is a child.
ADULT_AGE = 18

SEXES = [("male", "Male"), ("female", "Female")]

#: Kinds of bookable resources; any of them may lead a service.
RESOURCE_KINDS = [("practitioner", "Practitioner"), ("room", "Room"), ("device", "Device")]

#: How a service of a practitioner may be booked by the patient himself.
ONLINE_MODES = [("yes", "Yes"), ("request", "On request"), ("no", "No")]

#: Which visit of the patient a service row is meant for.
VISIT_TYPES = [("first", "First visit"), ("repeat", "Repeat visit")]

#: Fields of a contact that only roles with ``group_clinic_patient_contact`` read on patients; the note
#: of the staff is one of them.
PATIENT_CONTACT_FIELDS = frozenset(
    [
        "phone",
        "phone_sanitized",
        "phone_mobile_search",
        "email",
        "email_normalized",
        "email_formatted",
        "street",
        "street2",
        "zip",
        "city",
        "state_id",
        "contact_address",
        "contact_address_inline",
        "contact_address_complete",
        "partner_latitude",
        "partner_longitude",
        "birth_date",
        "age",
        "clinic_phone_ids",
        "clinic_phone_masked",
        "clinic_address_ids",
        "comment",
    ]
)

#: Whose number it is, seen from the patient.
PHONE_OWNERS = [
    ("self", "Own"),
    ("mother", "Mother's"),
    ("father", "Father's"),
    ("child", "Child's"),
    ("spouse", "Spouse's"),
    ("guardian", "Guardian's"),
    ("employer", "Employer's"),
    ("other", "Somebody else's"),
]

#: Who acts for a patient.
RELATION_KINDS = [
    ("mother", "Mother"),
    ("father", "Father"),
    ("parent", "Parent"),
    ("child", "Son or daughter"),
    ("spouse", "Spouse"),
    ("guardian", "Guardian"),
    ("other", "Other"),
]

#: Ways in which a consent may be asked for or a message may be sent.
CONTACT_CHANNELS = [
    ("call", "Call"),
    ("sms", "SMS"),
    ("messenger", "Messenger"),
    ("email", "E-mail"),
    ("push", "Push notification"),
]

#: How the will of the person was recorded.
CONSENT_WAYS = [
    ("paper", "Signed paper"),
    ("site", "Box on the site"),
    ("code", "Code sent to the phone"),
    ("esign", "Electronic signature"),
    ("voice", "Spoken, recorded"),
]

#: In what quality a consent was signed.
SIGNED_AS = [
    ("self", "The patient"),
    ("representative", "Representative of the patient"),
    ("unverified", "Somebody without a recorded right"),
    ("minor", "A child for himself or somebody unknown"),
]

#: From what age a person signs himself; the ages are settings.
OWN_SIGNATURE = [("adult", "Of full age"), ("medical", "From the age of medical decisions")]

#: Why a consent is to be signed again.
RESIGN_REASONS = [
    ("expired", "Its term is over"),
    ("ending", "Its term ends soon"),
    ("wider", "The new text is wider"),
    ("age", "The patient signs himself now"),
    ("signer", "Signed without a recorded right"),
]

#: What an address of a patient is.
ADDRESS_KINDS = [
    ("residence", "Where the patient lives"),
    ("registration", "Registration"),
    ("other", "Other"),
]

#: What the classifier has made of an address.
ADDRESS_STATES = [
    ("new", "Waits"),
    ("exact", "Exact"),
    ("likely", "Probably this one"),
    ("several", "Several fit"),
    ("none", "Not found"),
    ("confirmed", "Confirmed"),
]

#: Why; codes of ``address_ru``.
ADDRESS_REASONS = [
    ("full", "Everything agrees"),
    ("own_city", "Everything agrees, the city is the clinic's"),
    ("empty", "There is no address in the text"),
    ("no_place", "The town is not in the classifier"),
    ("several_places", "Several towns of this name"),
    ("no_street", "The street is not in the classifier"),
    ("several_streets", "Several streets of this name"),
    ("spelling", "The name is spelled otherwise"),
    ("other_kind", "Another kind of street"),
    ("no_such_house", "There is no such house in the street"),
    ("no_house", "There is no house"),
    ("without_street", "There is no street"),
]
