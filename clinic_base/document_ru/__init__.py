# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Checks of the numbers of Russian documents; no Odoo inside.

A check gives a code of doubt, never a refusal: old and foreign numbers exist that no rule fits.
"""

from .check import CHECKS, check_number
from .parts import split_number

__all__ = ["CHECKS", "check_number", "split_number"]
