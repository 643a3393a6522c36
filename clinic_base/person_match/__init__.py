"""People as they are written, and whether two cards are of one person.

Free of Odoo: text in, dataclasses out. Reading of single values: ``parse_full_name``, ``parse_birth_date``,
``parse_quick_entry``, ``parse_search``. Matching, in the order of its steps:

* ``Normaliser(today, parse_phones).card(record)`` – a record with any of ``card.FIELDS`` → ``Card``;
* ``hashed_keys(card, secret)`` – blocking keys for a table of a database; ``blocking_keys`` in memory;
* ``find_duplicates(cards, today)`` – everything at once: a learnt ``Model``, pairs, clusters;
* ``Scorer(model, Comparer(census, today)).score(left, right)`` – one pair; ``check_card`` – one new card
  against the candidates found by its keys;
* ``explain`` and ``brief`` – why.
"""

from .birth_date import BirthDateError, find_birth_date, parse_birth_date
from .card import FIELDS, NORMALISATION, Card
from .census import Census
from .clusters import Apart, grouped
from .compare import Comparer
from .contacts import read_email
from .documents import read_document
from .explain import brief, explain
from .find import Result, check_card, find_duplicates
from .given_names import canonical_names, fold, is_given_name, sex_of_given_name
from .keys import BLOCK_CAP, CAPS, blocking_keys, hash_key, hashed_keys
from .learn import LEAST_CARDS
from .model import Model
from .names import PersonName, parse_full_name, proper_case
from .normalise import Normaliser
from .quick_entry import QuickEntry, parse_quick_entry
from .score import AUTO, IGNORE, REVIEW, Match, Scorer
from .search_query import SearchQuery, parse_search
from .sex import read_sex, sex_from_name, sex_from_patronymic
from .strings import FAST, PLAIN, measures

__all__ = [
    "AUTO",
    "BLOCK_CAP",
    "CAPS",
    "FAST",
    "FIELDS",
    "IGNORE",
    "LEAST_CARDS",
    "NORMALISATION",
    "PLAIN",
    "REVIEW",
    "Apart",
    "BirthDateError",
    "Card",
    "Census",
    "Comparer",
    "Match",
    "Model",
    "Normaliser",
    "PersonName",
    "QuickEntry",
    "Result",
    "Scorer",
    "SearchQuery",
    "blocking_keys",
    "brief",
    "canonical_names",
    "check_card",
    "explain",
    "find_birth_date",
    "find_duplicates",
    "fold",
    "grouped",
    "hash_key",
    "hashed_keys",
    "is_given_name",
    "measures",
    "parse_birth_date",
    "parse_full_name",
    "parse_quick_entry",
    "parse_search",
    "proper_case",
    "read_document",
    "read_email",
    "read_sex",
    "sex_from_name",
    "sex_from_patronymic",
    "sex_of_given_name",
]
