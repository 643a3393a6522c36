# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Series and number apart, as print forms and the exchange with the state need them."""


def split_number(kind, number):
    """``(series, number)`` of a document.

    A Russian passport has a series of four digits, a birth certificate everything before its last
    six digits; other kinds have no series.
    """
    kept = " ".join((number or "").split())
    digits = "".join(char for char in kept if "0" <= char <= "9")
    if kind == "passport_rf" and len(digits) == 10:
        return digits[:4], digits[4:]
    if kind == "birth_certificate" and kept[-6:].isdecimal() and len(kept) > 6:
        return kept[:-6].strip(" -№"), kept[-6:]
    return "", kept
