# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import format_date

from odoo.addons.clinic_base.const import AUDIENCES

from ..slot_algebra import Pattern, self_overlaps

KINDS = [
    ("week", "Every week"),
    ("two_weeks", "Two weeks in turn"),
    ("parity", "Odd and even dates"),
    ("cycle", "Days on and off in turn"),
    ("dates", "Single dates"),
]


class ClinicShiftTemplate(models.Model):
    """A pattern of working days of one practitioner, room or device, from which dated shifts are made.

    Kept by senior nurses. The template is never looked at when visits are booked.
    """

    _name = "clinic.shift.template"
    _inherit = ["mail.thread", "mail.activity.mixin", "clinic.shift.scope"]
    _description = "Shift template"
    _order = "name, id"

    name = fields.Char(required=True, tracking=True)
    resource_id = fields.Many2one(
        "resource.resource",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('clinic_kind', '!=', False)]",
        tracking=True,
    )
    branch_id = fields.Many2one("clinic.branch", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="branch_id.company_id", store=True, index=True)
    room_id = fields.Many2one("clinic.room", index="btree_not_null", domain="[('branch_id', '=', branch_id)]")
    step = fields.Integer(string="Step, min", default=15)
    audience = fields.Selection(AUDIENCES, required=True, default="all")
    kind = fields.Selection(
        KINDS,
        string="Pattern",
        required=True,
        default="week",
        tracking=True,
        help="How the working days follow each other.",
    )
    anchor_date = fields.Date(
        string="Counted from",
        default=fields.Date.context_today,
        help="Two weeks in turn: any day of a first week. Days on and off: the first working day.",
    )
    days_on = fields.Integer(default=2, help="Working days in a row.")
    days_off = fields.Integer(default=2, help="Free days after them.")
    skip_weekends = fields.Boolean(string="Monday to Friday only")
    line_ids = fields.One2many("clinic.shift.template.line", "template_id", string="Hours", copy=True)
    quota_ids = fields.One2many("clinic.shift.quota", "template_id", string="Quotas", copy=True)
    overlap_note = fields.Char(compute="_compute_overlap_note")
    date_from = fields.Date(string="Make from", default=fields.Date.context_today)
    date_to = fields.Date(
        string="Make to", default=lambda self: fields.Date.context_today(self) + timedelta(days=60)
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

    _step_sensible = models.Constraint(
        "CHECK (step >= 0 AND step <= 1440)", "The step of a template must be between 0 and 1440 minutes."
    )
    _cycle_sensible = models.Constraint(
        "CHECK (kind != 'cycle' OR (days_on > 0 AND days_on <= 60 AND days_off >= 0 AND days_off <= 60))",
        "There are 1 to 60 working days in a row, and at most 60 free ones after them.",
    )

    @api.depends("shift_ids")
    def _compute_shift_count(self):
        counts = dict(
            self.env["clinic.shift"]._read_group(
                [("template_id", "in", self.ids)], ["template_id"], ["__count"]
            )
        )
        for template in self:
            template.shift_count = counts.get(template, 0)

    @api.depends(
        "kind", "anchor_date", "days_on", "days_off", "skip_weekends", "line_ids.minute_from",
        "line_ids.minute_to", "line_ids.weekday", "line_ids.week", "line_ids.parity", "line_ids.cycle_day",
        "line_ids.date",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_overlap_note(self):
        for template in self:
            pairs = []
            if template.kind != "cycle" or template.days_on > 0:
                pairs = self_overlaps(template._pattern(), template.line_ids._blocks())
            words = [f"{one.key._words()} – {other.key._words()}" for one, other in pairs[:3]]
            template.overlap_note = "; ".join(words) + ("…" if len(pairs) > 3 else "")

    @api.constrains("kind", "anchor_date")
    def _check_anchor(self):
        for template in self:
            if template.kind in ("two_weeks", "cycle") and not template.anchor_date:
                raise ValidationError(
                    self.env._("Say from which day the pattern of “%(name)s” is counted.", name=template.name)
                )

    @api.constrains("kind", "line_ids")
    def _check_lines(self):
        self.line_ids._check_day()

    @api.constrains("branch_id", "room_id")
    def _check_room(self):
        for template in self:
            if template.room_id and template.room_id.branch_id != template.branch_id:
                raise ValidationError(
                    self.env._(
                        "The room “%(room)s” is in another branch. Choose a room of “%(branch)s”.",
                        room=template.room_id.name,
                        branch=template.branch_id.name,
                    )
                )

    @api.onchange("branch_id")
    def _onchange_branch_id(self):
        if self.room_id.branch_id != self.branch_id:
            self.room_id = False

    def _pattern(self):
        """The rule of the template for ``slot_algebra``."""
        self.ensure_one()
        return Pattern(
            kind=self.kind,
            anchor=self.anchor_date or date(2000, 1, 3),
            days_on=self.days_on,
            days_off=self.days_off,
            skip_weekends=self.skip_weekends,
        )

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

    def action_plan(self):
        """Open the preview of what making shifts would change."""
        if self:
            self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Make shifts"),
            "res_model": "clinic.shift.plan",
            "view_mode": "form",
            "target": "new",
            "context": {"default_template_ids": self.ids},
        }

    def _date_words(self, day):
        return format_date(self.env, day, date_format="EEEEEE d MMM")
