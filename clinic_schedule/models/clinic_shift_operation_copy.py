# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

from ..slot_algebra import Standing, Wanted, copy_range, local_day, plan_shifts
from .clinic_shift_operation import OperationStep

#: Weeks that one copy fills.
MAX_WEEKS = 8

WEEK = timedelta(days=7)


class ClinicShiftOperation(models.Model):
    """Copies a week: the hours of one week on the clock of the branch, laid over later weeks."""

    _inherit = "clinic.shift.operation"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _plan_copy(self, params):
        """Shifts of the week of ``date_from`` for ``weeks`` weeks from that of ``date_to`` on.

        ``replace``: shifts that stand there and have no visits are taken off. Days off of the branch
        are left out unless ``on_days_off``.
        """
        branch = params["branch"]
        monday, target, weeks = self._checked_weeks(params)
        source = self._source_shifts(params, monday)
        bounds = (
            local_day(target - timedelta(days=2), branch.tz)[0],
            local_day(target + weeks * WEEK + timedelta(days=2), branch.tz)[1],
        )
        closed = self._closed_hours(params, target, target + weeks * WEEK)
        templates = self.env["clinic.shift.template"]
        standing = self._standing_shifts(source.resource_id, *bounds).grouped("resource_id")
        visited = source.union(*standing.values())._with_visits() if standing else set()
        first, last = local_day(target, branch.tz)[0], local_day(target + weeks * WEEK, branch.tz)[0]
        steps = []
        for resource, shifts in source.grouped("resource_id").items():
            wanted = self._copied(shifts, monday, target, weeks, closed)
            known = [
                Standing(
                    shift.start,
                    shift.stop,
                    templates._mark(shift.start, shift.stop, shift._pattern_vals()),
                    is_own=shift.branch_id == branch and first <= shift.start < last,
                    has_visits=shift.id in visited or shift.start <= params["now"],
                    shift=shift,
                )
                for shift in standing.get(resource, self.env["clinic.shift"])
            ]
            steps += self._copy_steps(resource, branch, wanted, known, params)
        return steps

    @api.model
    def _checked_weeks(self, params):
        """Monday copied from, Monday copied to, and how many weeks; errors in words."""
        if not params.get("date_from") or not params.get("date_to"):
            raise UserError(self.env._("Choose the week to be copied and the first week to be filled."))
        monday, target = (
            day - timedelta(days=day.weekday()) for day in (params["date_from"], params["date_to"])
        )
        if target <= monday:
            raise UserError(
                self.env._("A week is copied to later weeks. Choose a week after the one that is copied.")
            )
        weeks = params.get("weeks") or 0
        if not 1 <= weeks <= MAX_WEEKS:
            raise UserError(self.env._("A week is copied to 1–%(weeks)s weeks at once.", weeks=MAX_WEEKS))
        return monday, target, weeks

    @api.model
    def _source_shifts(self, params, monday):
        """The shifts of the week, as the user sees them."""
        domain = [
            ("branch_id", "=", params["branch"].id),
            ("local_date", ">=", monday),
            ("local_date", "<", monday + WEEK),
        ]
        if params["resources"]:
            domain.append(("resource_id", "in", params["resources"].ids))
        return self.env["clinic.shift"].search(domain, order="start, id")

    @api.model
    def _closed_hours(self, params, low, high):
        """UTC pairs of the days off of the branch, unless they do not count."""
        if params.get("on_days_off"):
            return []
        # sudo: the days off count, whether or not the one who copies may read calendars
        branch = params["branch"].sudo()
        return self.env["clinic.shift.template"]._days_off_of(branch, low, high)[branch.id]

    @api.model
    def _copied(self, shifts, monday, target, weeks, closed):
        """The hours of the shifts in each of the weeks, as Wanted."""
        mark = self.env["clinic.shift.template"]._mark
        wanted = []
        for shift in shifts:
            vals = shift._pattern_vals()
            for number in range(weeks):
                days = (target - monday).days + 7 * number
                pair = copy_range(shift.start, shift.stop, days, shift.branch_id.tz)
                if pair:
                    is_closed = any(low <= pair[0] < high for low, high in closed)
                    wanted.append(Wanted(*pair, mark(*pair, vals), is_closed, shift))
        return wanted

    @api.model
    def _copy_steps(self, resource, branch, wanted, known, params):
        """The plan of one resource in steps of the operation."""
        replace = params.get("replace")
        marks = {(item.start, item.stop, item.mark) for item in wanted}
        if not replace:
            # nothing that stands is taken off; what is just so already is told
            known = [
                Standing(
                    one.start, one.stop, one.mark, (one.start, one.stop, one.mark) in marks, shift=one.shift
                )
                for one in known
            ]
        gone, ready = [], []
        for item in wanted:
            action = self._copy_obstacle(resource, item, params)
            if action:
                gone.append(OperationStep(action, resource, branch, item.start, item.stop))
            else:
                ready.append(item)
        return gone + [
            OperationStep(
                step.action,
                resource,
                branch,
                step.start,
                step.stop,
                step.standing.shift if step.standing else None,
                vals=step.wanted.block._pattern_vals() if step.wanted else None,
            )
            for step in plan_shifts(ready, known)
        ]

    @api.model
    def _copy_obstacle(self, resource, item, params):
        """Why hours cannot be made at all, as an action; None when they can."""
        room = item.block.room_id
        if item.start <= params["now"]:
            return "past"
        if not resource.active:
            return "gone"
        return "room" if room and not room.active else None
