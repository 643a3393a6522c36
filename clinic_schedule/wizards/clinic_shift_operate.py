# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ..models.clinic_shift_operation import ACTIONS, CHANGES

#: A preview longer than this is cut; the counts are of all of it.
MAX_LINES = 300

OPERATIONS = [
    ("copy", "Copy a week"),
    ("swap", "Swap two doctors"),
    ("close", "Close a day"),
    ("block", "Close time"),
]


class ClinicShiftOperate(models.TransientModel):
    """Window of the senior nurse: chooses an operation, shows what it would do, and does it.

    What is done is planned anew at that moment; if it is not what was shown, nothing is done.
    """

    _name = "clinic.shift.operate"
    _description = "Work on the schedule"

    kind = fields.Selection(OPERATIONS, string="What to do", required=True, default="copy")
    branch_id = fields.Many2one("clinic.branch", required=True, ondelete="cascade")
    resource_ids = fields.Many2many(
        "resource.resource", string="Doctors, rooms, devices", domain="[('clinic_kind', '!=', False)]"
    )
    resource_id = fields.Many2one(
        "resource.resource",
        string="One doctor",
        ondelete="cascade",
        domain="[('clinic_kind', '=', 'practitioner')]",
    )
    other_id = fields.Many2one(
        "resource.resource",
        string="Other doctor",
        ondelete="cascade",
        domain="[('clinic_kind', '=', 'practitioner'), ('id', '!=', resource_id)]",
    )
    date_from = fields.Date(string="First day", required=True, default=fields.Date.context_today)
    date_to = fields.Date(string="Last day", default=fields.Date.context_today)
    to_week = fields.Date(
        string="To the week of", compute="_compute_to_week", store=True, readonly=False, help="Any day of it."
    )
    weeks = fields.Integer(default=1, help="How many weeks in a row are filled.")
    replace = fields.Boolean(
        string="Take off what stands there", help="Shifts with visits stay all the same."
    )
    on_days_off = fields.Boolean(string="On days off of the branch too")
    with_visits = fields.Boolean(
        string="Days with visits too",
        help="Visits stay with their doctor, whose hours are closed; they stand in the list to be moved,"
        " where the other doctor is proposed.",
    )
    reason_id = fields.Many2one("clinic.block.reason", ondelete="cascade")
    note = fields.Char(string="Own text", help="Read by everybody on the board instead of the reason.")
    hour_from = fields.Float(string="From (branch time)", default=13.0)
    hour_to = fields.Float(string="To (branch time)", default=13.5)
    line_ids = fields.One2many(
        "clinic.shift.operate.line", "operate_id", compute="_compute_preview", store=True, readonly=True
    )
    summary = fields.Text(compute="_compute_preview", store=True)
    mark = fields.Char(compute="_compute_preview", store=True)
    has_changes = fields.Boolean(compute="_compute_preview", store=True)
    is_cut = fields.Boolean(compute="_compute_preview", store=True)
    has_visits = fields.Boolean(compute="_compute_preview", store=True)

    @api.model
    def default_get(self, fields_list):
        """Branch and doctors of the chosen shifts, or the first branch of the user."""
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "clinic.shift" and self.env.context.get("active_ids"):
            shifts = self.env["clinic.shift"].browse(self.env.context["active_ids"]).exists()
            values["branch_id"] = shifts[:1].branch_id.id
            values["resource_ids"] = [Command.set(shifts.resource_id.ids)]
            days = shifts.mapped("local_date")
            if days:
                values.update(date_from=min(days), date_to=max(days))
            doctors = shifts.resource_id.filtered(lambda one: one.clinic_kind == "practitioner")
            values["resource_id"], values["other_id"] = doctors[:1].id, doctors[1:2].id
        if not values.get("branch_id"):
            user = self.env.user
            branches = user.clinic_branch_ids or self.env["clinic.branch"].search([], limit=1)
            values["branch_id"] = branches[:1].id
        if values.get("kind") == "block" and not values.get("reason_id"):
            values["reason_id"] = self.env["clinic.block.reason"].search([], limit=1).id
        return values

    @api.depends("date_from")
    def _compute_to_week(self):
        for wizard in self:
            if wizard.date_from and (not wizard.to_week or wizard.to_week <= wizard.date_from):
                wizard.to_week = wizard.date_from + timedelta(days=7 - wizard.date_from.weekday())

    @api.onchange("date_from")
    def _onchange_date_from(self):
        if self.date_from and (not self.date_to or self.date_to < self.date_from):
            self.date_to = self.date_from

    def _params(self):
        """What ``clinic.shift.operation`` wants to know."""
        self.ensure_one()
        swap = self.kind == "swap"
        who = (self.resource_id | self.other_id) if swap else self.resource_ids
        reason = self.note or self.reason_id.name
        return {
            "branch": self.branch_id._origin,
            "resources": who._origin,
            "date_from": self.date_from,
            "date_to": self.to_week if self.kind == "copy" else self.date_to,
            "weeks": self.weeks,
            "replace": self.replace,
            "on_days_off": self.on_days_off,
            "with_visits": self.with_visits,
            "minute_from": round(self.hour_from * 60),
            "minute_to": round(self.hour_to * 60),
            "reason": self.env._("Swap of doctors") if swap else reason,
            "absence_kind": "other" if swap else self.reason_id.kind,
            "now": fields.Datetime.now(),
        }

    @api.depends(
        "kind", "branch_id", "resource_ids", "resource_id", "other_id", "date_from", "date_to", "to_week",
        "weeks", "replace", "on_days_off", "with_visits", "hour_from", "hour_to",
    )  # fmt: skip
    def _compute_preview(self):
        for wizard in self:
            wizard.update(
                {"summary": "", "mark": "", "has_changes": False, "is_cut": False, "has_visits": False}
            )
            wizard.line_ids = [Command.clear()]
            if not wizard.branch_id or not wizard.date_from or not wizard._is_ready():
                continue
            operations = self.env["clinic.shift.operation"]
            try:
                steps = operations._plan(wizard.kind, wizard._params())
            except UserError as error:
                wizard.summary = str(error)
                continue
            counts = Counter(step.action for step in steps)
            shown = [step for step in steps if step.action != "keep"]
            rank = {action: number for number, (action, _label) in enumerate(ACTIONS)}
            shown.sort(key=lambda step, rank=rank: (rank[step.action] > 5, step.start, rank[step.action]))
            lines = self.env["clinic.shift.operate.line"]
            wizard.line_ids = [Command.create(lines._prepare(step)) for step in shown[:MAX_LINES]]
            wizard.update(
                {
                    "summary": operations._summary(steps)
                    or self.env._("There are no shifts in this time: nothing would be changed."),
                    "mark": operations._mark_of(steps),
                    "has_changes": any(counts[action] for action in CHANGES),
                    "is_cut": len(shown) > MAX_LINES,
                    "has_visits": bool(counts["close_visits"]),
                }
            )

    def _is_ready(self):
        """Whether enough is chosen for a preview."""
        if self.kind == "swap":
            return self.resource_id and self.other_id
        return self.kind != "block" or self.resource_ids

    def _name_of(self):
        """What the operation is called in the journal, in the language of the user."""
        self.ensure_one()
        params = self._params()
        who = ", ".join(params["resources"].mapped("name")[:3]) or self.branch_id.name
        if len(params["resources"]) > 3:
            who += "…"
        low = format_date(self.env, params["date_from"], date_format="d MMM")
        high = format_date(self.env, params["date_to"] or params["date_from"], date_format="d MMM")
        days = low if low == high else f"{low} – {high}"
        labels = dict(self._fields["kind"]._description_selection(self.env))
        words = [labels[self.kind], who, days]
        if self.kind == "block":
            words.append(f"{_clock(self.hour_from)}–{_clock(self.hour_to)}")
        if self.kind in ("close", "block"):
            words.append(params["reason"])
        return ", ".join(words)

    def action_apply(self):
        """Button: do what the preview shows. Rights: those of creating and changing shifts.

        Answers a client action that offers to take it back and, of visits met, to move them.
        """
        self.ensure_one()
        if self.kind in ("close", "block") and not (self.reason_id or (self.note or "").strip()):
            raise UserError(
                self.env._("Say why the time is closed: choose a reason or write a text of your own.")
            )
        if not self._is_ready():
            raise UserError(self.env._("Choose who it is about first."))
        operations = self.env["clinic.shift.operation"]
        operation = operations._apply(self.kind, self._params(), self._name_of(), self.mark)
        visits = self.env["clinic.appointment"]
        met = operation.absence_ids.ids
        rows = self.env.execute_query(visits._away_sql(absence_ids=met)) if met else []
        return {
            "type": "ir.actions.client",
            "tag": "clinic_schedule.operation_done",
            "params": {
                "operation_id": operation.id,
                "name": operation.name,
                "summary": operation.summary,
                "visits": len({row[0] for row in rows}),
            },
        }


def _clock(hours):
    minutes = round(hours * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
