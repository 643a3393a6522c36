# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.clinic_base.const import AUDIENCES

from ..const import WEEKDAYS
from ..slot_algebra import Block

WEEKS = [("0", "Both weeks"), ("1", "First week"), ("2", "Second week")]
PARITIES = [("0", "All dates"), ("1", "Odd dates"), ("2", "Even dates")]


class ClinicShiftTemplateLine(models.Model):
    """One block of hours of a shift template, on the clock of its branch.

    Stored as whole minutes after midnight; an end not after the start lies on the next day. Breaks
    are the gaps between blocks. What a block does not say is as the template says.
    """

    _name = "clinic.shift.template.line"
    _inherit = ["clinic.shift.scope"]
    _description = "Hours of a shift template"
    _order = "template_id, week, weekday, parity, cycle_day, date, minute_from, id"

    template_id = fields.Many2one("clinic.shift.template", required=True, index=True, ondelete="cascade")
    kind = fields.Selection(related="template_id.kind")
    weekday = fields.Selection(WEEKDAYS, string="Day", default="0")
    week = fields.Selection(WEEKS, required=True, default="0")
    parity = fields.Selection(PARITIES, string="Dates", required=True, default="0")
    cycle_day = fields.Integer(string="Working day", help="1 for the first one in a row; 0 for all of them.")
    date = fields.Date()
    minute_from = fields.Integer(required=True, default=9 * 60)
    minute_to = fields.Integer(required=True, default=15 * 60)
    hour_from = fields.Float(string="From", compute="_compute_hours", inverse="_inverse_hour_from")
    hour_to = fields.Float(string="To", compute="_compute_hours", inverse="_inverse_hour_to")
    branch_id = fields.Many2one("clinic.branch", index="btree_not_null", ondelete="restrict")
    effective_branch_id = fields.Many2one("clinic.branch", compute="_compute_effective_branch_id")
    room_id = fields.Many2one(
        "clinic.room", index="btree_not_null", domain="[('branch_id', '=', effective_branch_id)]"
    )
    step = fields.Integer(string="Step, min", help="0: as the template.")
    audience = fields.Selection(AUDIENCES, string="Patients")

    _minutes = models.Constraint(
        "CHECK (minute_from >= 0 AND minute_from < 1440 AND minute_to > 0 AND minute_to <= 1440)",
        "Hours of a shift must lie between 0:00 and 24:00.",
    )
    _step_sensible = models.Constraint(
        "CHECK (step IS NULL OR (step >= 0 AND step <= 1440))",
        "The step of hours must be between 0 and 1440 minutes.",
    )
    _cycle_day_sensible = models.Constraint(
        "CHECK (cycle_day IS NULL OR (cycle_day >= 0 AND cycle_day <= 60))",
        "Working days are counted from 1; 0 means all of them.",
    )

    @api.depends("minute_from", "minute_to")
    def _compute_hours(self):
        for line in self:
            line.hour_from = line.minute_from / 60
            line.hour_to = line.minute_to / 60

    def _inverse_hour_from(self):
        for line in self:
            line.minute_from = round(line.hour_from * 60)

    def _inverse_hour_to(self):
        for line in self:
            line.minute_to = round(line.hour_to * 60)

    @api.depends("branch_id", "template_id.branch_id")
    def _compute_effective_branch_id(self):
        for line in self:
            line.effective_branch_id = line.branch_id or line.template_id.branch_id

    @api.onchange("branch_id")
    def _onchange_branch_id(self):
        if self.room_id.branch_id != self.effective_branch_id:
            self.room_id = False

    @api.constrains("weekday", "date", "cycle_day")
    def _check_day(self):
        for line in self:
            template = line.template_id
            if template.kind in ("week", "two_weeks") and not line.weekday:
                raise ValidationError(self.env._("Say for each of the hours which day of the week they are."))
            if template.kind == "dates" and not line.date:
                raise ValidationError(self.env._("Say for each of the hours which date they are for."))
            if template.kind == "cycle" and line.cycle_day > template.days_on:
                raise ValidationError(
                    self.env._(
                        "There are only %(days)s working days in a row: there is no day %(day)s among them.",
                        days=template.days_on,
                        day=line.cycle_day,
                    )
                )

    @api.constrains("branch_id", "room_id")
    def _check_room(self):
        for line in self:
            branch = line.effective_branch_id
            if line.room_id and line.room_id.branch_id != branch:
                raise ValidationError(
                    self.env._(
                        "The room “%(room)s” is in another branch. Choose a room of “%(branch)s”.",
                        room=line.room_id.name,
                        branch=branch.name,
                    )
                )
            if line.branch_id and line.branch_id.company_id != line.template_id.company_id:
                raise ValidationError(
                    self.env._("The hours of a template must be in branches of one company.")
                )

    def _blocks(self):
        """The hours for ``slot_algebra``, with the line as key."""
        return [
            Block(
                key=line,
                minute_from=line.minute_from,
                minute_to=line.minute_to,
                tz=line.effective_branch_id.tz or "UTC",
                weekday=int(line.weekday) if line.weekday else None,
                week=int(line.week),
                parity=int(line.parity),
                cycle_day=line.cycle_day,
                day=line.date or None,
            )
            for line in self
        ]

    def _words(self):
        """The hours in words: “Monday 09:00–13:00”."""
        self.ensure_one()
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("weekday", "week", "parity")
        }
        if self.kind == "dates":
            day = self.template_id._date_words(self.date) if self.date else ""
        elif self.kind == "cycle":
            day = (
                self.env._("day %(number)s", number=self.cycle_day)
                if self.cycle_day
                else self.env._("working days")
            )
        elif self.kind == "parity":
            day = labels["parity"][self.parity]
        else:
            day = labels["weekday"].get(self.weekday, "")
            if self.kind == "two_weeks" and self.week != "0":
                day = f"{day} ({labels['week'][self.week].lower()})"
        low, high = (f"{value // 60:02d}:{value % 60:02d}" for value in (self.minute_from, self.minute_to))
        return f"{day} {low}–{high}".strip()

    def _shift_vals(self):
        """What a shift of these hours has besides its time: the block's own word, else the template's."""
        self.ensure_one()
        template = self.template_id
        branch = self.effective_branch_id
        # a block in another branch does not take place in a room of the template's
        room = self.room_id or (
            template.room_id if branch == template.branch_id else template.room_id.browse()
        )
        limited = self if self.service_ids or self.categ_ids else template
        return {
            "resource_id": template.resource_id.id,
            "branch_id": branch.id,
            "room_id": room.id,
            "step": self.step or template.step,
            "audience": self.audience or template.audience,
            "service_ids": sorted(limited.service_ids.ids),
            "categ_ids": sorted(limited.categ_ids.ids),
            "channel_ids": sorted((self.channel_ids or template.channel_ids).ids),
            "quotas": template.quota_ids._as_tuples(),
        }
