# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The tables of the demo clinic (``data/*.json``) and what all its builders share."""

import json
from functools import cache
from pathlib import Path

#: The same clinic each time; only the dates move with the calendar.
SEED = 38

#: Password of every demo login; demo databases only.
PASSWORD = "demo"

#: Demo phone numbers: the code 945 is not given to any operator.
PHONE_PREFIX = "+7945000"


@cache
def table(name):
    """The table ``data/<name>.json``."""
    path = Path(__file__).with_name("data") / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))
