# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sentences for the codes of phone_ru and person_match.

The packages know codes only; here they become what, why and what to do. The
value itself is never repeated, because errors are logged.
"""


def phone_problem(env, code):
    """A full sentence for a code of ``phone_ru``."""
    sentences = {
        "empty": env._(
            "There is no phone number. Enter it in any usual form, for example +7 and ten digits."
        ),
        "too_short": env._("The phone number has too few digits. Check it and enter all of them."),
        "too_long": env._(
            "The phone number has too many digits. Enter one number; a second one goes to its own row."
        ),
        "no_city_code": env._(
            "This is a city number without a city code. "
            "Enter the code too, or set the clinic's city code in the company."
        ),
        "placeholder": env._("This is not a real phone number but a filler. Leave the field empty instead."),
        "several": env._("There are several phone numbers here. Enter each of them in its own row."),
    }
    return sentences.get(code) or env._("There is no such phone number. Check the digits and enter it again.")


def birth_date_problem(env, code):
    """A full sentence for a code of ``person_match.BirthDateError``."""
    sentences = {
        "empty": env._("The birth date is empty. Enter it as day, month, year."),
        "impossible": env._("There is no such day in the calendar. Check the birth date."),
        "future": env._("The birth date lies in the future. Check the year."),
        "too_old": env._("Nobody is as old as this birth date says. Check the year."),
    }
    return sentences.get(code) or env._(
        "The birth date cannot be read. Enter it as day, month, year: 12.03.1985."
    )
