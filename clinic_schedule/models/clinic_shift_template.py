# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.const import AUDIENCES

from ..slot_algebra import overlaps, wall_to_utc

#: Longest period of one generation, days.
MAX_DAYS = 400


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
        """Make the dated shifts of the period and say how many were made and left out.

        Rights: those of creating shifts. Repeating it adds nothing; days on which the
        resource already has another shift at that time are left as they are.
        """
        made = left = 0
        for template in self:
            created, conflicts = template._generate(
                date_from or template.date_from, date_to or template.date_to
            )
            made += len(created)
            left += len(conflicts)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if left else "success",
                "message": self.env._(
                    "Shifts made: %(made)s. Left out because another shift stands there: %(left)s.",
                    made=made,
                    left=left,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

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
        created shifts and the list of ``(start, stop)`` that another shift occupies.
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
        wanted = self._wanted_ranges(date_from, date_to)
        existing = self._existing_ranges(date_from, date_to)
        vals_list, conflicts = [], []
        for pair in wanted:
            if pair in existing:
                continue
            if any(overlaps(pair, other) for other in existing):
                conflicts.append(pair)
            else:
                vals_list.append(self._prepare_shift_vals(*pair))
                # hours over midnight may meet the next day's, which are left out then
                existing.add(pair)
        return self.env["clinic.shift"].create(vals_list), conflicts

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
        shifts = (
            self.env["clinic.shift"]
            .sudo()
            .search_fetch(
                [
                    ("resource_id", "=", self.resource_id.id),
                    ("stop", ">", wall_to_utc(date_from, 0, self.branch_id.tz)),
                    ("start", "<", wall_to_utc(date_to + timedelta(days=2), 0, self.branch_id.tz)),
                ],
                ["start", "stop"],
            )
        )
        return {(shift.start, shift.stop) for shift in shifts}

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
