"""House numbers of the classifier: lists with ranges, ``1,3,5-9,Н(11-25),Ч(2-10),12А``."""

import re

_RANGE = re.compile(r"^([0-9]+)-([0-9]+)$")
_SIDE = re.compile(r"^([нч])\(([0-9]+)-([0-9]+)\)$")


def plain_house(text):
    """A house number in one form: ``12 А/1`` → ``12а/1``, without marks of kind."""
    text = str(text or "").lower().replace("ё", "е").replace("\\", "/")
    text = re.sub(r"\s+|[.№]|влд|дом", "", text)
    return text.replace("корпус", "к").replace("корп", "к").replace("строение", "стр")


def has_house(lists, house):
    """Whether a house stands in any of the lists; ``None`` when there are no lists to look in.

    :param lists: texts as КЛАДР writes them
    """
    known, wanted = False, plain_house(house)
    number = int(wanted) if re.fullmatch(r"[0-9]{1,9}", wanted) else 0
    for text in lists:
        for piece in str(text or "").split(","):
            piece = plain_house(piece)
            if not piece:
                continue
            known = True
            if piece == wanted or (number and _in_range(piece, number)):
                return True
    return False if known else None


def _in_range(piece, number):
    sided = _SIDE.match(piece)
    if sided:
        low, high = int(sided.group(2)), int(sided.group(3))
        return low <= number <= high and number % 2 == (sided.group(1) == "н")
    plain = _RANGE.match(piece)
    return bool(plain) and int(plain.group(1)) <= number <= int(plain.group(2))
