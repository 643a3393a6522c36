# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Full years and limits of age; no Odoo inside."""

#: "No upper limit" in comparisons; nobody is older.
AGE_LIMIT = 200


def full_years(born, on):
    """Completed years between two dates; somebody born on 29 February grows up on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
