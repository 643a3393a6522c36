# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2s

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..slot_algebra import Standing, Wanted, expand, plan_shifts, wall_to_utc
from ..slot_algebra.plan import ARCHIVED, DAY_OFF, EDITED, MAKE, REMOVE, TAKEN, VISITS

#: Longest period of one generation, days.
MAX_DAYS = 400

#: Steps that somebody has to look at.
PROBLEMS = (VISITS, EDITED, TAKEN)

LISTS = ("service_ids", "categ_ids", "channel_ids")


@dataclass(frozen=True)
class TemplateStep:
    """One step of a plan: what happens to hours of a template (``line``) or to a shift of it.

    Of hours that are taken, ``shift`` is the one that stands in their place, if it stands already.
    """

    template: object
    action: str
    start: object
    stop: object
    branch: object
    line: object = None
    shift: object = None


class ClinicShiftTemplate(models.Model):
    """How dated shifts are brought in line with their templates, without touching a visit."""

    _inherit = "clinic.shift.template"  # pylint: disable=consider-merging-classes-inherited

    def action_generate(self, date_from=None, date_to=None):
        """Bring the shifts of the period in line with the templates and say what was done.

        Rights: those of creating and removing shifts. Repeating it changes nothing. Shifts with visits
        and shifts changed by hand stay as they are, and so do those of other templates; days off of
        the branch and what somebody has archived are left out, unless the template says otherwise.
        """
        steps = []
        for (low, high), templates in self.grouped(
            lambda one: (date_from or one.date_from, date_to or one.date_to)
        ).items():
            steps += templates._generate(low, high)[1]
        counts = Counter(step.action for step in steps)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if any(counts[action] for action in PROBLEMS) else "success",
                "message": self._generation_message(counts),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _generation_message(self, counts):
        """What was done and what was not, in words; what did not happen is not told."""
        words = {
            REMOVE: self.env._("Shifts removed that the pattern no longer has: %(count)s."),
            VISITS: self.env._("Left as they are because of their visits: %(count)s."),
            EDITED: self.env._("Left as they were changed by hand: %(count)s."),
            TAKEN: self.env._("Left out because another shift stands there: %(count)s."),
            DAY_OFF: self.env._("Left out, days off of the branch: %(count)s."),
            ARCHIVED: self.env._("Not made again because they were archived: %(count)s."),
        }
        parts = [self.env._("Shifts made: %(count)s.", count=counts[MAKE])]
        parts += [words[action] % {"count": counts[action]} for action in words if counts[action]]
        return " ".join(parts)

    def _generate(self, date_from, date_to):
        """Do what ``_plan`` says. Returns the created shifts and the steps."""
        steps = self._plan(date_from, date_to)
        shifts = self.env["clinic.shift"]
        shifts.union(*(step.shift for step in steps if step.action == REMOVE)).unlink()
        made = [step for step in steps if step.action == MAKE]
        return shifts.create([step.template._prepare_shift_vals(step) for step in made]), steps

    def _plan(self, date_from, date_to):
        """What bringing the shifts of the dates (both included) in line would do, as TemplateStep.

        The number of queries does not grow with the templates. Changes nothing. A shift that has
        begun is history and never removed.
        """
        low, high = self._checked_period(date_from, date_to)
        standing, archived = self._standing(low, high)
        closed = self._days_off(low, high)
        now = fields.Datetime.now()
        steps = []
        for template in self:
            owner = template.resource_id.id
            wanted = template._wanted(low, high, closed)
            known = [template._as_own(shift, low, high) for shift in standing[owner]]
            gone = [] if template.again_archived else archived[template.id]
            plan = plan_shifts(wanted, known, gone, now)
            steps += [template._template_step(step) for step in plan]
            # the next template of the same doctor finds what this one leaves
            removed = {step.standing.shift for step in plan if step.action == REMOVE}
            made = [step.wanted for step in plan if step.action == MAKE]
            standing[owner] = [one for one in standing[owner] if one.shift not in removed] + [
                Standing(one.start, one.stop, one.mark, is_own=False) for one in made
            ]
        return steps

    def _checked_period(self, date_from, date_to):
        low, high = fields.Date.to_date(date_from), fields.Date.to_date(date_to)
        if not low or not high or high < low:
            raise UserError(self.env._("Give the first and the last day of the shifts, in this order."))
        if (high - low).days > MAX_DAYS:
            raise UserError(
                self.env._(
                    "Shifts are made for at most %(days)s days at once. Choose a shorter period.",
                    days=MAX_DAYS,
                )
            )
        return low, high

    def _wanted(self, low, high, closed):
        """The hours of the pattern between two dates, with what a shift made of them would be."""
        self.ensure_one()
        marks = {line: line._shift_vals() for line in self.line_ids}
        wanted = []
        for start, stop, block in expand(self._pattern(), self.line_ids._blocks(), low, high):
            line = block.key
            is_closed = not self.on_days_off and any(
                first <= start < last for first, last in closed[line.effective_branch_id.id]
            )
            wanted.append(Wanted(start, stop, self._mark(start, stop, marks[line]), is_closed, line))
        return wanted

    def _standing(self, low, high):
        """Active shifts of the resources around the dates, and ranges that somebody has archived.

        Two dictionaries: resource id -> list of Standing, template id -> list of pairs. Sudo: what
        stands in the way counts, whether or not the user may see its branch.
        """
        bounds = [
            wall_to_utc(low, 0, "Etc/GMT-14"),
            wall_to_utc(high + timedelta(days=2), 0, "Etc/GMT+12"),
        ]
        shifts = (
            self.env["clinic.shift"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("resource_id", "in", self.resource_id.ids),
                    ("stop", ">", bounds[0]),
                    ("start", "<", bounds[1]),
                ],
                order="start, id",
            )
        )
        visited = shifts.filtered("active")._with_visits()
        standing, archived = defaultdict(list), defaultdict(list)
        for shift in shifts:
            if not shift.active:
                archived[shift.template_id.id].append((shift.start, shift.stop))
                continue
            mark = self._mark(shift.start, shift.stop, shift._pattern_vals())
            standing[shift.resource_id.id].append(
                Standing(
                    shift.start,
                    shift.stop,
                    mark,
                    is_edited=shift.made_as != mark,
                    has_visits=shift.id in visited,
                    shift=shift,
                )
            )
        return standing, archived

    def _as_own(self, standing, low, high):
        """The standing shift as this template sees it: its own of these dates, or another one."""
        shift = standing.shift
        is_own = bool(shift) and shift.template_id == self and low <= shift.local_date <= high
        return Standing(
            standing.start,
            standing.stop,
            standing.mark,
            is_own,
            standing.is_edited,
            standing.has_visits,
            shift,
        )

    def _template_step(self, step):
        line = step.wanted.block if step.wanted else None
        shift = step.standing.shift if step.standing else None
        branch = line.effective_branch_id if line else shift.branch_id
        return TemplateStep(self, step.action, step.start, step.stop, branch, line, shift)

    def _days_off(self, low, high):
        """Branch id -> UTC pairs of the days off in its working hours.

        Sudo: the days off count, whether or not the one who makes shifts may read calendars.
        """
        return self._days_off_of(self.sudo().branch_id | self.sudo().line_ids.branch_id, low, high)

    @api.model
    def _days_off_of(self, branches, low, high):
        """The same of any branches, which the caller has made sudo."""
        closed = defaultdict(list)
        for branch in branches:
            first = wall_to_utc(low, 0, branch.tz)
            last = wall_to_utc(high + timedelta(days=2), 0, branch.tz)
            closed[branch.id] = [
                (leave.date_from, leave.date_to)
                for leave in branch.calendar_id.global_leave_ids
                if leave.date_to > first and leave.date_from < last
            ]
        return closed

    @staticmethod
    def _mark(start, stop, vals):
        """A short fingerprint of everything that a template gives a shift."""
        text = repr([str(start), str(stop), sorted((name, value or 0) for name, value in vals.items())])
        return blake2s(text.encode(), digest_size=8).hexdigest()

    def _prepare_shift_vals(self, step):
        """Values of one generated shift; bridges may add fields."""
        return {**self._dated_vals(step.line._shift_vals(), step.start, step.stop), "template_id": self.id}

    @api.model
    def _dated_vals(self, vals, start, stop):
        """Values of a shift at these moments, of what ``_pattern_vals`` tells of another one."""
        vals, mark = dict(vals), self._mark(start, stop, vals)
        quotas = [
            Command.create({"channel_id": channel, "seats": seats, "release_hours": hours})
            for channel, seats, hours in vals.pop("quotas")
        ]
        return {
            **vals,
            "quota_ids": quotas,
            **{name: [Command.set(vals[name])] for name in LISTS},
            "start": start,
            "stop": stop,
            "made_as": mark,
        }
