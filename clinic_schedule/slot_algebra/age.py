# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Full years of a person and the dates between which an age limit holds."""

from datetime import date


def add_years(birth, years):
    """The birthday in the year of that age; 29 February becomes 1 March in common years."""
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:
        return date(birth.year + years, 3, 1)


def full_years(birth, on):
    """Full years on a date; negative before birth."""
    years = on.year - birth.year
    return years - 1 if on < add_years(birth, years) else years


def age_window(birth, age_min=0, age_max=None):
    """``(first, after)``: the dates on which the person is ``age_min`` to ``age_max`` years old.

    0 years at the lower and None at the upper end mean no limit; the answer is then None at
    that end. ``after`` is exclusive.
    """
    first = add_years(birth, age_min) if age_min else None
    after = add_years(birth, age_max + 1) if age_max is not None else None
    return first, after
