"""Blocking keys: cards that share one are worth comparing.

A key is ``(kind, *values)``. In a database it is kept as a keyed 64-bit hash, so that the table
of keys tells nothing about people without the secret.
"""

import hashlib
from array import array

PHONE, EMAIL, DOCUMENT, ADDRESS = "phone", "email", "document", "address"
BIRTH_GIVEN, BIRTH_SURNAME, FULL_NAME = "birth_given", "birth_surname", "full_name"
NAME_YEAR, FATHER_YEAR, NAME = "name_year", "father_year", "name"

BLOCK_CAP = 200
NAME_CAP = 10
CAPS = {NAME: NAME_CAP}


def blocking_keys(card):
    """Keys of a card, a list of tuples without repetitions."""
    keys = [(PHONE, phone) for phone in card.phones]
    keys += [(DOCUMENT, kind, number) for kind, number in card.documents.items()]
    if card.email:
        keys.append((EMAIL, card.email))
    given, surname = card.given, card.surname
    names = () if given is None or given.initial else given.keys
    stems = _stems(card)
    birth, year = card.birth, card.year
    if birth:
        keys += [(BIRTH_GIVEN, birth, name) for name in names]
        keys += [(BIRTH_SURNAME, birth, piece) for piece in dict.fromkeys(stem[:3] for stem in stems)]
    if names and surname is not None:
        _name_keys(card, names, stems, year, keys)
    if names and card.patronymic is not None and not card.patronymic.initial and year:
        father = card.patronymic.father
        keys += [(FATHER_YEAR, year, father, name) for name in names]
    address = card.address
    if address is not None and address.house and given is not None:
        place = (address.street[-1][:5] if address.street else "", address.house, address.flat)
        keys += [(ADDRESS, *place, name[:3]) for name in names or given.skeletons]
    return keys


def _stems(card):
    """Keys of all surnames of the card, halves of double ones included."""
    if not card.former:
        return card.surname.keys if card.surname is not None else ()
    found = card.surname.keys if card.surname is not None else ()
    for word in card.former:
        found += word.keys
    return tuple(dict.fromkeys(found))


def _name_keys(card, names, stems, year, keys):
    father = card.patronymic.father if card.patronymic is not None else ""
    if card.patronymic is not None and card.patronymic.initial:
        father = ""
    for name in names:
        for stem in stems:
            # sorted: the same key when surname and given name have changed places
            pair = (stem, name) if stem < name else (name, stem)
            keys.append((NAME, *pair))
            if father:
                keys.append((FULL_NAME, *pair, father))
            if year:
                keys.append((NAME_YEAR, *pair, year))


def hash_key(key, secret):
    """A key as a signed 64-bit number, different for every secret (bytes)."""
    text = "\x1f".join(map(str, key)).encode("utf-8", "surrogatepass")
    digest = hashlib.blake2b(text, digest_size=8, key=secret).digest()
    return int.from_bytes(digest, "big", signed=True)


def hashed_keys(card, secret):
    """``[(kind, number)]`` of a card, for a table of keys."""
    return [(key[0], hash_key(key, secret)) for key in blocking_keys(card)]


def candidate_pairs(keys_of_cards, cap=BLOCK_CAP):
    """Sorted pairs ``(i, j)``, ``i < j``, of cards that share a key in a block within its cap.

    Of a key only its kind and its 64-bit hash are remembered: a base has ten times as many keys as cards, and
    their tuples would take more room than all the rest. Two keys with one hash would only make one more pair
    to be compared.

    :param keys_of_cards: for each card, its keys; read once, in order
    :return: ``(pairs, skipped)``, the second – how many blocks were over the cap
    """
    marks_of, count = {}, 0
    for number, keys in enumerate(keys_of_cards):
        count += 1
        for key in keys:
            marks = marks_of.get(key[0])
            if marks is None:
                marks = marks_of[key[0]] = (array("q"), array("I"))
            marks[0].append(hash(key))
            marks[1].append(number)
    skipped, found = 0, set()
    for kind in list(marks_of):
        most = CAPS.get(kind, cap)
        for block in _blocks(*marks_of.pop(kind)):
            if len(block) > most:
                skipped += 1
                continue
            for place, left in enumerate(block):
                base = left * count
                found.update([base + right for right in block[place + 1 :]])
    return [divmod(pair, count) for pair in sorted(found)], skipped


def _blocks(hashes, numbers):
    """The different cards, in order, of each key that several have."""
    alone, several = {}, {}
    for key, number in zip(hashes, numbers, strict=True):
        first = alone.setdefault(key, number)
        if first != number:
            block = several.get(key)
            if block is None:
                several[key] = [first, number]
            elif block[-1] != number:
                block.append(number)
    return several.values()
