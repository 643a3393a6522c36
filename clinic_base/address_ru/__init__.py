"""Russian addresses without the network: free text, КЛАДР, ГАР, and the way from text to code.

Free of Odoo: text and rows in, dataclasses out. The classifier itself is looked up by whoever calls
(:class:`Book`); files are read by readers that the caller hands in. Nothing here logs.
"""

from .dadata import SUGGEST_PATH, read_suggestions, suggest_payload
from .free_text import Address, read_address, show_address
from .gar import GarError, gar_houses, gar_objects, gar_parents, gar_postcodes
from .houses import has_house
from .kladr import kladr_houses, kladr_objects, parent_code, region_of
from .names import name_key, similar_names
from .places import LEVELS, Place
from .resolve import EXACT, LIKELY, NONE, SEVERAL, Book, Result, resolve

__all__ = [
    "EXACT",
    "LEVELS",
    "LIKELY",
    "NONE",
    "SEVERAL",
    "SUGGEST_PATH",
    "Address",
    "Book",
    "GarError",
    "Place",
    "Result",
    "gar_houses",
    "gar_objects",
    "gar_parents",
    "gar_postcodes",
    "has_house",
    "kladr_houses",
    "kladr_objects",
    "name_key",
    "parent_code",
    "read_address",
    "read_suggestions",
    "region_of",
    "resolve",
    "show_address",
    "similar_names",
    "suggest_payload",
]
