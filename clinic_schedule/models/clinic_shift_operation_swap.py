# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

from ..slot_algebra import local_day, overlaps
from .clinic_shift_operation import OperationStep


class ClinicShiftOperation(models.Model):
    """Swaps two doctors: each takes over the shifts of the other, day by day.

    Visits stay with their doctor. A day is exchanged whole or not at all: where visits stand, it stays
    as it is, unless ``with_visits``: then the shift with visits stays, closed for its doctor, and its
    visits stand in the list to be moved, where the other doctor is a substitute.
    """

    _inherit = "clinic.shift.operation"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _plan_swap(self, params):
        """Shifts of two resources in the branch between ``date_from`` and ``date_to``, exchanged."""
        low, high = self._checked_days(params)
        pair, branch = params["resources"], params["branch"]
        if len(pair) != 2:
            raise UserError(self.env._("Choose two different doctors who swap their shifts."))
        if pair[0].clinic_kind != pair[1].clinic_kind:
            raise UserError(self.env._("A doctor swaps with a doctor, a room with a room."))
        if not all(pair.mapped("active")):
            raise UserError(self.env._("One of the two is archived. Choose those who work."))
        around = self._standing_shifts(
            pair,
            local_day(low - timedelta(days=2), branch.tz)[0],
            local_day(high + timedelta(days=2), branch.tz)[1],
        )
        visited = around._with_visits()
        inside = around.filtered(
            lambda shift: shift.branch_id == branch and low <= shift.local_date <= high
        ).with_env(self.env)
        steps = []
        for shifts in inside.grouped("local_date").values():
            rest = around - shifts.sudo()
            steps += self._swap_day(pair, shifts, rest, visited, params)
        return self._count_visits(steps)

    @api.model
    def _swap_day(self, pair, shifts, rest, visited, params):
        """The steps of one day: all of it, or what stands in the way."""
        staying = shifts.filtered(lambda shift: shift.id in visited)
        stands = defaultdict(list)
        for shift in rest | staying.sudo():
            stands[shift.resource_id.id].append(shift)
        problems, steps = [], []
        for shift in shifts:
            other = pair - shift.resource_id
            frame = {"branch": shift.branch_id, "start": shift.start, "stop": shift.stop}
            action, there = self._swap_obstacle(shift, stands[other.id], staying, params)
            if action:
                problems.append(OperationStep(action, shift.resource_id, shift=there, **frame))
                continue
            vals = {**shift._pattern_vals(), "resource_id": other.id}
            own = "close" if shift in staying else "remove"
            steps.append(OperationStep(own, shift.resource_id, shift=shift, **frame))
            steps.append(OperationStep("make", other, vals=vals, **frame))
        if not problems:
            return steps
        held = [step for step in steps if step.action != "make"]
        return problems + [
            OperationStep("held", step.resource, step.branch, step.start, step.stop, step.shift)
            for step in held
        ]

    @api.model
    def _swap_obstacle(self, shift, stands, staying, params):
        """``(action, shift that stands in the way)``; a pair of None when the shift may change hands."""
        if shift.start <= params["now"]:
            return "past", shift
        if shift in staying and not params.get("with_visits"):
            return "visits", shift
        if shift.room_id and not shift.room_id.active:
            return "room", shift
        pair = (shift.start, shift.stop)
        there = next((one for one in stands if overlaps(pair, (one.start, one.stop))), None)
        return ("taken", there) if there else (None, None)

    @api.model
    def _count_visits(self, steps):
        """The steps with the numbers of visits in the time they close."""
        closing = [step for step in steps if step.action == "close"]
        counts = self._visits_met([(step.resource, step.start, step.stop) for step in closing])
        met = {id(step): counts.get(number, 0) for number, step in enumerate(closing)}
        return [
            OperationStep(
                "close_visits",
                step.resource,
                step.branch,
                step.start,
                step.stop,
                step.shift,
                None,
                met[id(step)],
            )
            if met.get(id(step))
            else step
            for step in steps
        ]
