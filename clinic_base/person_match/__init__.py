"""People as they are written: names, birth dates, one-line registrations.

Free of Odoo: text in, dataclasses out. The matcher of duplicate cards grows
here as well; so far the package reads single values.
"""

from .birth_date import BirthDateError, find_birth_date, parse_birth_date
from .given_names import canonical_names, fold, is_given_name, sex_of_given_name
from .names import PersonName, parse_full_name, proper_case
from .quick_entry import QuickEntry, parse_quick_entry
from .search_query import SearchQuery, parse_search
from .sex import sex_from_name, sex_from_patronymic

__all__ = [
    "BirthDateError",
    "PersonName",
    "QuickEntry",
    "SearchQuery",
    "canonical_names",
    "find_birth_date",
    "fold",
    "is_given_name",
    "parse_birth_date",
    "parse_full_name",
    "parse_quick_entry",
    "parse_search",
    "proper_case",
    "sex_from_name",
    "sex_from_patronymic",
    "sex_of_given_name",
]
