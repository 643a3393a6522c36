# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

from ..slot_algebra import contains, local_day, merge, wall_to_utc
from .clinic_shift_operation import OperationStep

DAY_MINUTES = 24 * 60


class ClinicShiftOperation(models.Model):
    """Closes days or hours with a reason; what is booked there is told and stays until it is moved."""

    _inherit = "clinic.shift.operation"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _plan_close(self, params):
        """Whole days of the resources; without resources the shifts of everybody in the branch."""
        low, high = self._checked_days(params)
        branch, resources = params["branch"], params["resources"]
        first, last = local_day(low, branch.tz)[0], local_day(high, branch.tz)[1]
        if resources:
            days = [low + timedelta(days=number) for number in range((high - low).days + 1)]
            ranges = [(one, *local_day(day, branch.tz)) for one in resources for day in days]
        else:
            ranges = self._branch_hours(branch, first, last)
        return self._closing(ranges, branch, params)

    @api.model
    def _branch_hours(self, branch, first, last):
        """``(resource, start, stop)`` of the work in the branch: who works elsewhere too does so on."""
        shifts = self.env["clinic.shift"].search(
            [("branch_id", "=", branch.id), ("start", "<", last), ("stop", ">", first)]
        )
        spans = defaultdict(list)
        for shift in shifts:
            spans[shift.resource_id].append((max(shift.start, first), min(shift.stop, last)))
        return [(resource, *pair) for resource, pairs in spans.items() for pair in merge(pairs)]

    @api.model
    def _plan_block(self, params):
        """The same hours of the clock of the branch, on each of the days, of each of the resources."""
        low, high = self._checked_days(params)
        branch, resources = params["branch"], params["resources"]
        if not resources:
            raise UserError(self.env._("Choose whose time is closed: doctors, rooms or devices."))
        begin, end = params["minute_from"], params["minute_to"]
        if not (0 <= begin < DAY_MINUTES and 0 < end <= DAY_MINUTES):
            raise UserError(self.env._("Hours lie between 00:00 and 24:00."))
        if end <= begin:
            raise UserError(
                self.env._(
                    "The time must end after it begins. Time across midnight is closed in two parts: up to"
                    " 24:00, and from 00:00 of the next day."
                )
            )
        ranges = []
        for number in range((high - low).days + 1):
            day = low + timedelta(days=number)
            pair = wall_to_utc(day, begin, branch.tz), wall_to_utc(day, end, branch.tz)
            if pair[0] < pair[1]:
                ranges += [(resource, *pair) for resource in resources]
        if not ranges:
            raise UserError(
                self.env._("The clock skips this time on that day: there is nothing to be closed.")
            )
        return self._closing(ranges, branch, params)

    @api.model
    def _closing(self, ranges, branch, params):
        """The steps that close the ranges, without what is closed already or has passed."""
        closed = self._closed_already(ranges)
        open_ranges, steps = [], []
        for resource, start, stop in ranges:
            if stop <= params["now"]:
                steps.append(OperationStep("past", resource, branch, start, stop))
            elif contains(closed[resource.id], (start, stop)):
                steps.append(OperationStep("keep", resource, branch, start, stop))
            else:
                open_ranges.append((resource, start, stop))
        counts = self._visits_met(open_ranges)
        for number, (resource, start, stop) in enumerate(open_ranges):
            visits = counts.get(number, 0)
            action = "close_visits" if visits else "close"
            steps.append(OperationStep(action, resource, branch, start, stop, visits=visits))
        return steps

    @api.model
    def _closed_already(self, ranges):
        """Resource id -> ranges of its absences around. Sudo: they count, whoever may read them."""
        closed = defaultdict(list)
        if ranges:
            absences = (
                self.env["clinic.absence"]
                .sudo()
                .search(
                    [
                        ("resource_id", "in", list({resource.id for resource, _start, _stop in ranges})),
                        ("start", "<", max(stop for _resource, _start, stop in ranges)),
                        ("stop", ">", min(start for _resource, start, _stop in ranges)),
                    ]
                )
            )
            for absence in absences:
                closed[absence.resource_id.id].append((absence.start, absence.stop))
        return closed
