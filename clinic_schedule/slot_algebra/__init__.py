# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Arithmetic of time for booking, without Odoo and without a database.

Intervals are pairs ``(start, stop)``, half-open; their ends may be integers (minutes) or
datetimes. The SQL of ``clinic.availability`` is held against this package by tests.
"""

from .age import add_years, age_window, full_years
from .chain import Chain, Place, find_chains
from .intervals import contains, intersect, merge, overlaps, subtract
from .lanes import free_lane
from .model import Lead, Need, Unit, find_starts
from .clock import clock_rules, kept_moment, offset_at, rules_differ
from .copying import copy_range
from .cutter import cut_starts, grid_index
from .pattern import Block, Pattern, expand, self_overlaps
from .plan import Standing, Wanted, plan_shifts
from .series import Rhythm, Start, choose_series
from .spare import DayLoad, SpareRule, SpareTime, best_rule, fits, is_idle, reduced_price
from .walltime import local_date, local_day, utc_to_wall, wall_to_utc
from .waiting import Waiter, Wish, offer_minutes, rank, suits
