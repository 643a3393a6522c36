# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Forms and check digits.

``""`` means nothing to say against the number, ``length`` a wrong count of digits, ``form`` another
shape than usual, ``check`` check digits that do not fit.
"""

import re

#: Numbers up to this one were given before check digits were introduced.
SNILS_WITHOUT_CHECK = 1_001_998
_BIRTH = re.compile(r"[IVXLCІУХЛС1]+[А-ЯЁA-Z]{2}\d{6}")
_INN_FIRST = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_SECOND = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)


def check_number(kind, number):
    """Code of doubt for a number as a person typed it.

    :param kind: a key of ``CHECKS``; any other kind is never doubted
    """
    check = CHECKS.get(kind)
    return check(number or "") if check and number else ""


def _digits(number):
    """ASCII digits of the number; any other digit is not one here."""
    return [int(char) for char in number if "0" <= char <= "9"]


def _has_letters(number):
    return any(char.isalpha() for char in number)


def check_snils(number):
    """11 digits; the last two are the weighted sum of the first nine (order of the Pension Fund)."""
    digits = _digits(number)
    if _has_letters(number):
        return "form"
    if len(digits) != 11:
        return "length"
    body = digits[:9]
    if int("".join(map(str, body))) <= SNILS_WITHOUT_CHECK:
        return ""
    total = sum(digit * (9 - place) for place, digit in enumerate(body)) % 101
    return "" if total % 100 == digits[9] * 10 + digits[10] else "check"


def check_enp(number):
    """The policy of compulsory insurance of the common form: 16 digits, the last one by Luhn's rule."""
    digits = _digits(number)
    if _has_letters(number):
        return "form"
    if len(digits) != 16:
        return "length"
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return "" if total % 10 == 0 else "check"


def check_passport_rf(number):
    """Series of 4 digits and number of 6 digits."""
    if _has_letters(number):
        return "form"
    return "" if len(_digits(number)) == 10 else "length"


def check_birth_certificate(number):
    """Roman number, two letters, six digits; people type the Roman number with either alphabet."""
    kept = "".join(char for char in number.upper() if char.isalnum())
    return "" if _BIRTH.fullmatch(kept) else "form"


def check_inn(number):
    """INN of a person: 12 digits, the last two are check digits (order of the tax service)."""
    digits = _digits(number)
    if _has_letters(number):
        return "form"
    if len(digits) != 12:
        return "length"
    first = sum(a * b for a, b in zip(_INN_FIRST, digits[:10], strict=True)) % 11 % 10
    second = sum(a * b for a, b in zip(_INN_SECOND, digits[:11], strict=True)) % 11 % 10
    return "" if (first, second) == (digits[10], digits[11]) else "check"


CHECKS = {
    "snils": check_snils,
    "enp": check_enp,
    "passport_rf": check_passport_rf,
    "birth_certificate": check_birth_certificate,
    "inn": check_inn,
}
