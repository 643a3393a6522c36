"""What a whole base says about its values: how frequent, and which belong to crowds."""

from collections import Counter

MASS_PHONE = 15
MASS_EMAIL = 6
MASS_DOCUMENT = 2
FREQUENT = 5
FREQUENT_SHARE = 1 / 4000


class Census:
    """Counts of a base and the values that are no evidence.

    ``phones``, ``emails``, ``documents`` – values that more people have than a family;
    ``frequent_given`` – given names so frequent here that none of them is a typing error.
    """

    def __init__(self, cards=(), mass_phone=MASS_PHONE):
        self.count = 0
        self.surnames, self.givens, self.patronymics = Counter(), Counter(), Counter()
        self.phones, self.emails, self.documents = frozenset(), frozenset(), frozenset()
        self.frequent_given = frozenset()
        if cards:
            self._count(cards, mass_phone)

    def _count(self, cards, mass_phone):
        self.count = len(cards)
        given_texts = {}
        # most values stand on a card or two: only of the others the people are counted
        phones = _frequent((phone for card in cards for phone in card.phones), mass_phone)
        emails = _frequent((card.email for card in cards if card.email), MASS_EMAIL)
        documents = _frequent((each for card in cards for each in card.documents.items()), MASS_DOCUMENT)
        for card in cards:
            surname, given = card.surname, card.given
            if surname is not None:
                self.surnames[surname.stem] += 1
            if card.patronymic is not None and not card.patronymic.initial:
                self.patronymics[card.patronymic.father] += 1
            name = ""
            if given is not None and not given.initial:
                name = given.names[0]
                self.givens[name] += 1
                if not given.known:
                    given_texts.setdefault(given.text, set()).add(surname.stem if surname else "")
            person = (surname.stem if surname else "", name)
            for phone in card.phones:
                if phone in phones:
                    phones[phone].add(person)
            if card.email in emails:
                emails[card.email].add(person)
            for document in card.documents.items():
                if document in documents:
                    documents[document].add((name, card.birth) if card.birth else (name,))
        self.phones = _crowds(phones, mass_phone)
        self.emails = _crowds(emails, MASS_EMAIL)
        self.documents = frozenset(
            key for key, people in documents.items() if _people(people) > MASS_DOCUMENT
        )
        least = max(FREQUENT, self.count * FREQUENT_SHARE)
        self.frequent_given = frozenset(
            text
            for text, surnames in given_texts.items()
            if len(surnames) >= FREQUENT and self.givens[text] >= least
        )


def _frequent(values, limit):
    """An empty set for each value seen more often than the limit."""
    return {value: set() for value, seen in Counter(values).items() if seen > limit}


def _crowds(holders, limit):
    return frozenset(value for value, people in holders.items() if len(people) > limit)


def _people(holders):
    """How many people at least: a wrong letter in the name or in the date makes nobody new."""
    return min(len({holder[0] for holder in holders}), len({holder[1:] for holder in holders}))
