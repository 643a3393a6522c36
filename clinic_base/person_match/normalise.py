"""Records with any of the known fields → :class:`~.card.Card`, with every repeated value read once."""

import itertools

from .address_key import AddressKey, read_address
from .card import Card, Given, Patronymic, Surname
from .contacts import read_email, read_phones
from .dates import read_birth, read_moment
from .documents import KINDS, read_document
from .given_names import canonical_names, fold, is_full_name, is_given_name, names_of_sex, sex_of_given_name
from .name_fields import read_names
from .patronymics import father_of
from .sex import read_sex, sex_from_patronymic
from .skeleton import skeletons
from .surnames import former_in_note, parts, stem

# words of several normalisers meet in one comparer, which remembers pairs of numbers
_numbers = itertools.count(1)


class Normaliser:
    """Reads records of one base. Keep one for many records: values are remembered.

    :param today: the date on the clinic's calendar
    :param parse_phones: ``text → iterable of E.164 numbers`` for cells that are not one plain number
    """

    def __init__(self, today, parse_phones=None):
        self.today, self._parse_phones = today, parse_phones
        self._surnames, self._givens, self._patronymics = {}, {}, {}
        self._births, self._moments = {}, {}

    def card(self, record):
        """The card of a mapping with any of :data:`~.card.FIELDS`; never raises on any text."""
        return self.card_of(self.values(record))

    def values(self, record):
        """What a record says, as a tuple of plain values: they may be handed to another process."""
        get = record.get
        names = read_names(
            get("family_name") or "", get("given_name") or "", get("patronymic") or "", get("full_name") or ""
        )
        birth, created, note = get("birth_date"), get("created"), get("note")
        phones, others, email, address = self._contacts(
            get("phone"), get("phone2"), get("email"), get("address")
        )
        documents = {}
        for kind in KINDS:
            text = get(kind)
            if text:
                number = read_document(kind, text)
                if number:
                    documents[kind] = number
        sex = get("sex")
        return (
            str(get("id") or ""),
            (names.family, names.given, names.patronymic, names.former, names.note, names.latin),
            self._birth(birth) if birth else (0, 0),
            self._moment(created) if created else 0,
            (phones, others, email, address),
            documents,
            read_sex(sex) if sex else "",
            tuple(fold(word) for word in former_in_note(str(note)[:500])) if note else (),
        )

    def card_of(self, values):
        """The card of what ``values`` of this or of another process has found."""
        number, names, birth, created, contacts, documents, sex, former = values
        card = Card(id=number, created=created, documents=documents, note=names[4])
        given, latin = names[1], dict(names[5])
        self._put_names(card, names, latin)
        card.birth, card.year = birth
        card.phones, card.others_phone, card.email, address = contacts
        if address is not None:
            card.address = AddressKey(*address)
        card.sex = sex or self._sex(card)
        if card.sex and card.given is not None and len(card.given.names) > 1:
            card.given = self._given(given, latin, card.sex)
        if former:
            card.former += tuple(self._surname(word, {}) for word in former)
        return card

    def _put_names(self, card, names, latin):
        family, given, patronymic, former = names[:4]
        if family:
            card.surname = self._surname(family, latin)
        if patronymic:
            card.patronymic = self._patronymic(patronymic, latin)
        if given:
            card.given = self._given(given, latin, "")
        if former:
            card.former = tuple(self._surname(word, {}) for word in former)

    def _surname(self, text, latin):
        key = (text, latin[text]) if text in latin else text
        found = self._surnames.get(key)
        if found is None:
            spelt = latin.get(text, text)
            found = Surname(next(_numbers), text, text in latin, skeletons(_stem_of(spelt)))
            found.stem = stem(text)
            pieces = parts(text)
            found.parts = tuple(stem(piece) for piece in pieces) if len(pieces) > 1 else ()
            halves = [skeletons(part)[0] for part in found.parts]
            found.keys = tuple(dict.fromkeys([*found.skeletons, *halves]))
            self._surnames[key] = found
        return found

    def _given(self, text, latin, sex):
        key = (text, latin.get(text), sex)
        found = self._givens.get(key)
        if found is None:
            spelt = latin.get(text, text)
            found = Given(next(_numbers), text, text in latin, skeletons(spelt))
            found.known, found.full = is_given_name(text), is_full_name(text)
            names = tuple(sorted(fold(name) for name in canonical_names(text))) or (text,)
            # Алёна, Дарина, Арина are names of their own, even if some Елена is called so
            found.names = (text,) if is_full_name(text) else names_of_sex(names, sex)
            keys = [skeletons(name)[0] for name in found.names] if found.known else found.skeletons
            found.keys = tuple(dict.fromkeys(keys))
            self._givens[key] = found
        return found

    def _patronymic(self, text, latin):
        key = (text, latin[text]) if text in latin else text
        found = self._patronymics.get(key)
        if found is None:
            spelt = latin.get(text, text)
            found = Patronymic(next(_numbers), text, text in latin, skeletons(spelt))
            found.father, found.known = father_of(text)
            found.sex = sex_from_patronymic(text) or ""
            self._patronymics[key] = found
        return found

    def _birth(self, text):
        found = self._births.get(text)
        if found is None:
            found = self._births[text] = read_birth(text, self.today)
        return found

    def _moment(self, text):
        text = str(text)[:10]
        found = self._moments.get(text)
        if found is None:
            found = self._moments[text] = read_moment(text, self.today)
        return found

    def _contacts(self, phone, phone2, email, address):
        """``(numbers, whether they are somebody else's, e-mail, values of the address or None)``."""
        phones, others = (), False
        if phone:
            phones, others = read_phones(phone, self._parse_phones)
        if phone2:
            more, more_others = read_phones(phone2, self._parse_phones)
            phones = tuple(dict.fromkeys(phones + more))
            others = others or more_others
        found = read_address(address) if address else None
        return phones, others, read_email(email) if email else "", found and found.values

    @staticmethod
    def _sex(card):
        """Told by the name."""
        sex = card.patronymic.sex if card.patronymic else ""
        if not sex and card.given:
            sex = sex_of_given_name(card.given.text) or ""
        return sex


def _stem_of(word):
    """A Latin surname keeps its ending for the key, a Cyrillic one loses the gender."""
    if word.isascii():
        for ending in ("ova", "eva", "ina", "yna"):
            if word.endswith(ending) and len(word) > 5:
                return word[:-1]
        for ending in ("skaya", "skaia", "skaja", "skiy", "skii", "skij", "sky", "ski"):
            if word.endswith(ending):
                return word[: -len(ending)] + "sk"
        return word
    return stem(word)
