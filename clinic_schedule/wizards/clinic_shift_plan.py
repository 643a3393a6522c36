# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..slot_algebra.plan import KEEP

ACTIONS = [
    ("taken", "Taken by another shift"),
    ("visits", "Stays: has visits"),
    ("edited", "Stays: changed by hand"),
    ("remove", "Removed"),
    ("make", "Made"),
    ("archived", "Not made: archived"),
    ("day_off", "Not made: day off"),
]

#: A preview longer than this is cut; the counts are of all of it.
MAX_LINES = 500


class ClinicShiftPlan(models.TransientModel):
    """Shows what bringing shifts in line with their templates would change, before it is done.

    Opened by senior nurses from templates. What is done is planned anew at that moment.
    """

    _name = "clinic.shift.plan"
    _description = "Making shifts"

    template_ids = fields.Many2many("clinic.shift.template", string="Templates", required=True)
    date_from = fields.Date(required=True, default=fields.Date.context_today)
    date_to = fields.Date(required=True)
    line_ids = fields.One2many(
        "clinic.shift.plan.line", "plan_id", compute="_compute_line_ids", store=True, readonly=True
    )
    summary = fields.Text(compute="_compute_line_ids", store=True)
    is_cut = fields.Boolean(compute="_compute_line_ids", store=True)
    has_changes = fields.Boolean(compute="_compute_line_ids", store=True)
    is_single = fields.Boolean(compute="_compute_is_single")

    @api.model
    def default_get(self, fields_list):
        """The widest period of the chosen templates, from today on."""
        values = super().default_get(fields_list)
        ids = self.env.context.get("default_template_ids") or self.env.context.get("active_ids") or []
        templates = self.env["clinic.shift.template"].browse(ids).exists()
        today = fields.Date.context_today(self)
        starts = [day for day in templates.mapped("date_from") if day]
        stops = [day for day in templates.mapped("date_to") if day]
        values["template_ids"] = [Command.set(templates.ids)]
        values["date_from"] = max(min(starts, default=today), today)
        values["date_to"] = max(max(stops, default=today), values["date_from"])
        return values

    @api.depends("template_ids")
    def _compute_is_single(self):
        for plan in self:
            plan.is_single = len(plan.template_ids) == 1

    @api.depends("template_ids", "date_from", "date_to")
    def _compute_line_ids(self):
        for plan in self:
            plan.summary, plan.is_cut, plan.has_changes = "", False, False
            plan.line_ids = [Command.clear()]
            if not plan.template_ids or not plan.date_from or not plan.date_to:
                continue
            templates = plan.template_ids._origin
            try:
                steps = templates._plan(plan.date_from, plan.date_to)
            except UserError as error:
                plan.summary = str(error)
                continue
            counts = Counter(step.action for step in steps)
            shown = [step for step in steps if step.action != KEEP]
            rank = {action: number for number, (action, _label) in enumerate(ACTIONS)}
            shown.sort(key=lambda step, rank=rank: (rank[step.action], step.start))
            lines = self.env["clinic.shift.plan.line"]
            plan.line_ids = [Command.create(lines._prepare(step)) for step in shown[:MAX_LINES]]
            plan.is_cut = len(shown) > MAX_LINES
            plan.has_changes = bool(counts["make"] or counts["remove"])
            plan.summary = plan._summary(counts)

    def _summary(self, counts):
        """The counts in one line of words."""
        labels = dict(self.env["clinic.shift.plan.line"]._fields["action"]._description_selection(self.env))
        parts = [f"{labels[action]}: {counts[action]}" for action, _label in ACTIONS if counts[action]]
        if counts[KEEP]:
            parts.append(self.env._("Already as the pattern says: %(count)s", count=counts[KEEP]))
        return " · ".join(parts) or self.env._("The pattern has no hours on these days.")

    def action_apply(self):
        """Button: bring the shifts in line. Rights: those of creating and removing shifts."""
        self.ensure_one()
        return self.template_ids.action_generate(self.date_from, self.date_to)
