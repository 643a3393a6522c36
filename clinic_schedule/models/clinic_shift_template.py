# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.const import AUDIENCES

from ..slot_algebra import local_date, overlaps, wall_to_utc

#: Longest period of one generation, days.
MAX_DAYS = 400


@dataclass
class LeftOut:
    """What of a pattern was not made, and why: UTC pairs, and dates for the days off."""

    conflicts: list = field(default_factory=list)
    archived: list = field(default_factory=list)
    days_off: set = field(default_factory=set)

    def counts(self):
        return {name: len(getattr(self, name)) for name in ("conflicts", "archived", "days_off")}


class ClinicShiftTemplate(models.Model):
    """A weekly pattern of one practitioner, room or device, from which dated shifts are made.

    Kept by senior nurses. The template is never looked at when visits are booked.
    """

    _name = "clinic.shift.template"
    _description = "Shift template"
    _order = "name, id"

    name = fields.Char(required=True)
    resource_id = fields.Many2one(
        "resource.resource",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('clinic_kind', '!=', False)]",
    )
    branch_id = fields.Many2one("clinic.branch", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="branch_id.company_id", store=True, index=True)
    room_id = fields.Many2one("clinic.room", index="btree_not_null", domain="[('branch_id', '=', branch_id)]")
    step = fields.Integer(string="Step, min", default=15)
    audience = fields.Selection(AUDIENCES, required=True, default="all")
    service_ids = fields.Many2many(
        "product.product", string="Only services", domain="[('clinic_is_service', '=', True)]"
    )
    line_ids = fields.One2many("clinic.shift.template.line", "template_id", string="Week", copy=True)
    date_from = fields.Date(string="Generate from", default=fields.Date.context_today)
    date_to = fields.Date(
        string="Generate to", default=lambda self: fields.Date.context_today(self) + timedelta(days=60)
    )
    on_days_off = fields.Boolean(
        string="On days off too", help="Make shifts on the days off of the branch, too."
    )
    again_archived = fields.Boolean(
        string="Archived ones again", help="Make again the shifts that somebody has archived."
    )
    active = fields.Boolean(default=True)
    shift_ids = fields.One2many("clinic.shift", "template_id", string="Shifts")
    shift_count = fields.Integer(compute="_compute_shift_count")

    @api.depends("shift_ids")
    def _compute_shift_count(self):
        counts = dict(
            self.env["clinic.shift"]._read_group(
                [("template_id", "in", self.ids)], ["template_id"], ["__count"]
            )
        )
        for template in self:
            template.shift_count = counts.get(template, 0)

    def action_generate(self, date_from=None, date_to=None):
        """Make the dated shifts of the period and say how many were made and what was left out.

        Rights: those of creating shifts. Repeating it adds nothing; days on which the
        resource already has another shift at that time are left as they are, and so are, unless
        the template says otherwise, the days off of the branch and what somebody has archived.
        """
        total = Counter()
        for template in self:
            made, left = template._generate(date_from or template.date_from, date_to or template.date_to)
            total.update(left.counts(), made=len(made))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if total["conflicts"] else "success",
                "message": self._generation_message(total),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _generation_message(self, total):
        """What was made and what was not, in words; what did not happen is not told."""
        parts = [self.env._("Shifts made: %(count)s.", count=total["made"])]
        if total["conflicts"]:
            parts.append(
                self.env._(
                    "Left out because another shift stands there: %(count)s.", count=total["conflicts"]
                )
            )
        if total["days_off"]:
            parts.append(
                self.env._("Days skipped, days off of the branch: %(count)s.", count=total["days_off"])
            )
        if total["archived"]:
            parts.append(
                self.env._("Not made again because they were archived: %(count)s.", count=total["archived"])
            )
        return " ".join(parts)

    def action_open_shifts(self):
        """Open the shifts made from this template."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Shifts"),
            "res_model": "clinic.shift",
            "view_mode": "list,calendar,form",
            "domain": [("template_id", "=", self.id)],
        }

    def _generate(self, date_from, date_to):
        """Create what is missing of the pattern between two dates (both included).

        Wall time becomes UTC here, with the zone of the branch. Idempotent. Returns the
        created shifts and what was ``LeftOut``.
        """
        self.ensure_one()
        date_from, date_to = fields.Date.to_date(date_from), fields.Date.to_date(date_to)
        if not date_from or not date_to or date_to < date_from:
            raise UserError(self.env._("Give the first and the last day of the shifts, in this order."))
        if (date_to - date_from).days > MAX_DAYS:
            raise UserError(
                self.env._(
                    "Shifts are made for at most %(days)s days at once. Choose a shorter period.",
                    days=MAX_DAYS,
                )
            )
        existing, archived = self._existing_ranges(date_from, date_to)
        closed = [] if self.on_days_off else self._days_off(date_from, date_to)
        vals_list, left = [], LeftOut()
        for pair in self._wanted_ranges(date_from, date_to):
            if pair in existing:
                continue
            if any(low <= pair[0] < high for low, high in closed):
                left.days_off.add(local_date(pair[0], self.branch_id.tz))
            elif any(overlaps(pair, other) for other in existing):
                left.conflicts.append(pair)
            elif not self.again_archived and any(overlaps(pair, other) for other in archived):
                left.archived.append(pair)
            else:
                vals_list.append(self._prepare_shift_vals(*pair))
                # hours over midnight may meet the next day's, which are left out then
                existing.add(pair)
        return self.env["clinic.shift"].create(vals_list), left

    def _wanted_ranges(self, date_from, date_to):
        """UTC pairs of the pattern, in order; what the clock skips altogether is left out."""
        pairs = []
        day = date_from
        while day <= date_to:
            for line in self.line_ids.filtered(lambda line, day=day: int(line.weekday) == day.weekday()):
                start = wall_to_utc(day, line.minute_from, self.branch_id.tz)
                stop = wall_to_utc(day, line._last_minute(), self.branch_id.tz)
                if start < stop:
                    pairs.append((start, stop))
            day += timedelta(days=1)
        return sorted(pairs)

    def _existing_ranges(self, date_from, date_to):
        """UTC pairs of the resource's shifts, and those of this template that somebody has archived."""
        low, high = self._bounds(date_from, date_to)
        shifts = (
            self.env["clinic.shift"]
            .sudo()
            .with_context(active_test=False)
            .search_fetch(
                [("resource_id", "=", self.resource_id.id), ("stop", ">", low), ("start", "<", high)],
                ["start", "stop", "active", "template_id"],
            )
        )
        archived = shifts.filtered(lambda shift: not shift.active and shift.template_id == self)
        return tuple(
            {(shift.start, shift.stop) for shift in some} for some in (shifts.filtered("active"), archived)
        )

    def _days_off(self, date_from, date_to):
        """UTC pairs of the days off in the working hours of the branch.

        Sudo: the days off count, whether or not the one who makes shifts may read calendars.
        """
        low, high = self._bounds(date_from, date_to)
        leaves = self.sudo().branch_id.calendar_id.global_leave_ids
        return [
            (leave.date_from, leave.date_to)
            for leave in leaves
            if leave.date_to > low and leave.date_from < high
        ]

    def _bounds(self, date_from, date_to):
        """UTC bounds of everything that begins on the dates, nights included."""
        tz = self.branch_id.tz
        return wall_to_utc(date_from, 0, tz), wall_to_utc(date_to + timedelta(days=2), 0, tz)

    def _prepare_shift_vals(self, start, stop):
        """Values of one generated shift; bridges may add fields."""
        return {
            "resource_id": self.resource_id.id,
            "branch_id": self.branch_id.id,
            "room_id": self.room_id.id,
            "start": start,
            "stop": stop,
            "step": self.step,
            "audience": self.audience,
            "service_ids": [fields.Command.set(self.service_ids.ids)],
            "template_id": self.id,
        }
