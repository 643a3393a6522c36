# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tables of constants shared by the models of the suite."""

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
