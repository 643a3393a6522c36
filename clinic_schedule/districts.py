# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whether an address lies in one of the places of a list. No models, no translation."""

import re

#: Words that say what a place is and not which: they differ between two ways of writing one place.
KINDS = {
    "г", "гор", "город", "ул", "улица", "пр", "пр-кт", "просп", "проспект", "пер", "переулок", "б-р",
    "бульвар", "ш", "шоссе", "р-н", "район", "мкр", "мкрн", "микрорайон", "пос", "поселок", "п", "с", "село",
    "д", "дом", "обл", "область",
}  # fmt: skip


def words(text):
    """Words of an address that tell places apart, lower case, ё as е."""
    plain = (text or "").lower().replace("ё", "е")
    found = re.findall(r"[0-9a-zа-я]+(?:-[0-9a-zа-я]+)*", plain)
    return [word for word in found if word not in KINDS]


def is_served(address, places):
    """Whether the words of one of ``places`` stand in the address one after another; no places: anywhere."""
    wanted = [words(place) for place in places]
    wanted = [place for place in wanted if place]
    if not wanted:
        return True
    have = words(address)
    return any(
        have[n : n + len(place)] == place for place in wanted for n in range(len(have) - len(place) + 1)
    )
