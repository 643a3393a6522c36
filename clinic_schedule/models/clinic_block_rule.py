# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import WEEKDAYS
from ..slot_algebra import Block, Pattern
from .clinic_shift_template_line import PARITIES, WEEKS
from .clinic_shift_template_plan import MAX_DAYS

KINDS = [
    ("week", "Every week"),
    ("two_weeks", "Two weeks in turn"),
    ("parity", "Odd and even dates"),
    ("cycle", "Days on and off in turn"),
]

#: Names of the fields of the days, Monday first.
DAYS = ("on_monday", "on_tuesday", "on_wednesday", "on_thursday", "on_friday", "on_saturday", "on_sunday")

#: Fields whose change makes the closed time of the future anew.
FRAME = {
    "resource_ids", "branch_id", "reason_id", "note", "kind", "week", "parity", "anchor_date", "days_on",
    "days_off", "minute_from", "minute_to", "hour_from", "hour_to", "date_from", "date_to", "horizon_days",
    "active", *DAYS,
}  # fmt: skip


class ClinicBlockRule(models.Model):
    """Time that is closed again and again: disinfection of rooms, lunch, the meeting of Monday.

    Kept by senior nurses. Becomes dated absences for a rolling horizon; time in which visits stand is
    not closed but told, and tried again until it is free.
    """

    _name = "clinic.block.rule"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Regular closed time"
    _order = "branch_id, minute_from, id"

    branch_id = fields.Many2one("clinic.branch", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="branch_id.company_id", store=True, index=True)
    resource_ids = fields.Many2many(
        "resource.resource",
        string="Rooms, devices, doctors",
        required=True,
        domain="[('clinic_kind', '!=', False)]",
    )
    reason_id = fields.Many2one(
        "clinic.block.reason",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["clinic.block.reason"].search([], limit=1),
    )
    note = fields.Char(string="Own text", help="Read by everybody on the board instead of the reason.")
    kind = fields.Selection(KINDS, string="Pattern", required=True, default="week", tracking=True)
    on_monday = fields.Boolean(string="Mon", default=True)
    on_tuesday = fields.Boolean(string="Tue", default=True)
    on_wednesday = fields.Boolean(string="Wed", default=True)
    on_thursday = fields.Boolean(string="Thu", default=True)
    on_friday = fields.Boolean(string="Fri", default=True)
    on_saturday = fields.Boolean(string="Sat", default=True)
    on_sunday = fields.Boolean(string="Sun", default=True)
    week = fields.Selection(WEEKS, required=True, default="0")
    parity = fields.Selection(PARITIES, string="Dates", required=True, default="0")
    anchor_date = fields.Date(string="Counted from", default=fields.Date.context_today)
    days_on = fields.Integer(default=1)
    days_off = fields.Integer(default=1)
    minute_from = fields.Integer(required=True, default=13 * 60)
    minute_to = fields.Integer(required=True, default=13 * 60 + 30)
    hour_from = fields.Float(string="From", compute="_compute_hours", inverse="_inverse_hours")
    hour_to = fields.Float(string="To", compute="_compute_hours", inverse="_inverse_hours")
    date_from = fields.Date(string="Since", required=True, default=fields.Date.context_today)
    date_to = fields.Date(string="Until", help="Empty: without an end.")
    horizon_days = fields.Integer(string="Days ahead", required=True, default=60)
    responsible_id = fields.Many2one(
        "res.users",
        string="Told about conflicts",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        index="btree_not_null",
    )
    absence_ids = fields.One2many("clinic.absence", "rule_id", string="Closed time", readonly=True)
    refreshed_on = fields.Date(readonly=True, copy=False)
    conflict_count = fields.Integer(string="Not closed because of visits", readonly=True, copy=False)
    active = fields.Boolean(default=True)

    _minutes = models.Constraint(
        "CHECK (minute_from >= 0 AND minute_from < 1440 AND minute_to > 0 AND minute_to <= 1440"
        " AND minute_from <> minute_to)",
        "The time lies between 0:00 and 24:00 and has an end; an end before the begin is on the next day.",
    )
    _horizon_sensible = models.Constraint(
        f"CHECK (horizon_days > 0 AND horizon_days <= {MAX_DAYS})",
        f"Time is closed 1 to {MAX_DAYS} days ahead.",
    )
    _cycle_sensible = models.Constraint(
        "CHECK (kind != 'cycle' OR (days_on > 0 AND days_on <= 60 AND days_off >= 0 AND days_off <= 60))",
        "There are 1 to 60 days in a row, and at most 60 free ones after them.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)", "The last day must not come before the first."
    )

    @api.depends("minute_from", "minute_to")
    def _compute_hours(self):
        for rule in self:
            rule.hour_from, rule.hour_to = rule.minute_from / 60, rule.minute_to / 60

    def _inverse_hours(self):
        for rule in self:
            rule.minute_from, rule.minute_to = round(rule.hour_from * 60), round(rule.hour_to * 60)

    @api.onchange("hour_from", "hour_to")
    def _onchange_hours(self):
        self._inverse_hours()

    @api.depends("reason_id", "note", "minute_from", "minute_to")
    def _compute_display_name(self):
        for rule in self:
            low, high = (f"{m // 60:02d}:{m % 60:02d}" for m in (rule.minute_from, rule.minute_to))
            rule.display_name = f"{rule.note or rule.reason_id.name or ''} {low}–{high}"

    @api.constrains("resource_ids", "branch_id")
    def _check_resources(self):
        for rule in self:
            if not rule.resource_ids:
                raise ValidationError(self.env._("Choose whose time is closed: doctors, rooms or devices."))
            # sudo: where a room stands counts, whoever keeps the rule
            for resource in rule.sudo().resource_ids:
                own = resource.clinic_room_ids.branch_id | resource.clinic_device_ids.branch_id
                if own and rule.branch_id not in own:
                    raise ValidationError(
                        self.env._(
                            "“%(name)s” stands in another branch. Choose rooms and devices of “%(branch)s”.",
                            name=resource.name,
                            branch=rule.branch_id.name,
                        )
                    )
                if resource.company_id and resource.company_id != rule.company_id:
                    raise ValidationError(
                        self.env._("“%(name)s” belongs to another company.", name=resource.name)
                    )

    def _pattern(self):
        """The rule for ``slot_algebra``."""
        self.ensure_one()
        return Pattern(
            kind=self.kind,
            anchor=self.anchor_date or date(2000, 1, 3),
            days_on=max(self.days_on, 1),
            days_off=max(self.days_off, 0),
        )

    def _blocks(self):
        """The hours for ``slot_algebra``: one block for each chosen day of the week, or just one."""
        self.ensure_one()
        common = {
            "minute_from": self.minute_from,
            "minute_to": self.minute_to,
            "tz": self.branch_id.tz or "UTC",
        }
        if self.kind not in ("week", "two_weeks"):
            return [Block(key=self.id, parity=int(self.parity), **common)]
        return [
            Block(key=self.id, weekday=int(weekday), week=int(self.week), **common)
            for (weekday, _label), name in zip(WEEKDAYS, DAYS, strict=True)
            if self[name]
        ]

    @api.model_create_multi
    def create(self, vals_list):
        """Create rules and close the time of their horizon."""
        rules = super().create(vals_list)
        rules._refresh()
        return rules

    def write(self, vals):
        """Change rules; the time of the future follows, what has passed stays."""
        result = super().write(vals)
        if FRAME & vals.keys():
            self._refresh()
        return result

    def unlink(self):
        """Delete rules together with the time they would close in the future."""
        self._refresh(drop=True)
        return super().unlink()
