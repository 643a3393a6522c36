# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass, field
from hashlib import blake2s

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import WAITING

KINDS = [
    ("copy", "Week copied"),
    ("swap", "Doctors swapped"),
    ("close", "Day closed"),
    ("block", "Time closed"),
]

#: What may happen to a shift or to time, what has to be looked at first of all.
ACTIONS = [
    ("taken", "Taken by another shift"),
    ("visits", "Stays: has visits"),
    ("room", "Not made: the room is archived"),
    ("gone", "Not made: archived"),
    ("past", "Stays: has begun or passed"),
    ("close_visits", "Closed, visits are to be moved"),
    ("remove", "Taken off"),
    ("make", "Made"),
    ("close", "Closed"),
    ("held", "Stays with its day"),
    ("day_off", "Not made: day off"),
    ("keep", "Already so"),
]

#: Actions that change something.
CHANGES = ("remove", "make", "close", "close_visits")

#: Longest period of one operation, days.
MAX_DAYS = 62


@dataclass(frozen=True)
class OperationStep:
    """One line of the preview, and at the same time what is done by it.

    ``shift``: the one that is taken off, stays, or stands in the way; ``vals``: what ``_pattern_vals``
    tells of a shift to be made; ``visits``: how many visits are to be moved.
    """

    action: str
    resource: object
    branch: object
    start: object
    stop: object
    shift: object = None
    vals: dict = field(default=None, compare=False)
    visits: int = 0


class ClinicShiftOperation(models.Model):
    """An operation of a senior nurse on many shifts at once, and the journal of them.

    It owns what it has made, closed and taken off, so that one click takes it back. Made only by
    the window that shows beforehand what will happen; nobody writes it by hand.
    """

    _name = "clinic.shift.operation"
    _description = "Operation on the schedule"
    _order = "id desc"

    name = fields.Char(required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    state = fields.Selection(
        [("done", "Carried out"), ("undone", "Taken back")], required=True, default="done", readonly=True
    )
    branch_id = fields.Many2one(
        "clinic.branch", required=True, index=True, ondelete="restrict", readonly=True
    )
    company_id = fields.Many2one(related="branch_id.company_id", store=True, index=True)
    user_id = fields.Many2one(
        "res.users", string="Done by", required=True, ondelete="restrict", readonly=True, index=True
    )
    undone_by_id = fields.Many2one("res.users", string="Taken back by", readonly=True, index="btree_not_null")
    undone_at = fields.Datetime(string="Taken back on", readonly=True)
    summary = fields.Char(readonly=True)
    shift_ids = fields.One2many("clinic.shift", "operation_id", string="Shifts made", readonly=True)
    closed_shift_ids = fields.One2many(
        "clinic.shift", "closed_by_id", string="Shifts taken off", readonly=True
    )
    absence_ids = fields.One2many("clinic.absence", "operation_id", string="Closed time", readonly=True)

    @api.model
    def _plan(self, kind, params):
        """What the operation would do, as a list of OperationStep in order of time. Changes nothing.

        ``params``: a dictionary with ``branch``, ``resources``, ``date_from``, ``date_to`` and what the
        kind wants besides. The number of queries does not grow with the shifts.
        """
        steps = getattr(self, f"_plan_{kind}")(params)
        rank = {action: number for number, (action, _label) in enumerate(ACTIONS)}
        return sorted(steps, key=lambda step: (step.start, step.stop, rank[step.action], step.resource.id))

    @api.model
    def _mark_of(self, steps):
        """A fingerprint of a plan: another one later means that somebody was quicker."""
        text = repr(
            [
                (s.action, s.resource.id, str(s.start), str(s.stop), s.shift and s.shift.id or 0, s.visits)
                for s in steps
            ]
        )
        return blake2s(text.encode(), digest_size=8).hexdigest()

    @api.model
    def _apply(self, kind, params, name, mark=None):
        """Do what ``_plan`` says and return the record of it.

        Rights: those of creating and changing shifts and absences; ``mark`` is that of the plan the
        user has seen. Sudo only for the record itself, which nobody may write by hand.
        """
        self.env["clinic.shift"].check_access("create")
        self.env["clinic.shift"].check_access("write")
        self.env["clinic.absence"].check_access("create")
        steps = self._plan(kind, params)
        if mark is not None and mark != self._mark_of(steps):
            raise UserError(
                self.env._(
                    "The schedule has changed since you looked at it: somebody else has just worked on these"
                    " days, or a visit was booked. Look at the preview once more and repeat."
                )
            )
        if not any(step.action in CHANGES for step in steps):
            raise UserError(
                self.env._(
                    "There is nothing to do here. Look at the preview: it says what stands in the way."
                )
            )
        self.env["clinic.shift"]._queue(step.resource.id for step in steps if step.action in CHANGES)
        operation = self.sudo().create(
            {
                "name": name,
                "kind": kind,
                "branch_id": params["branch"].id,
                "user_id": self.env.uid,
                "summary": self._summary(steps),
            }
        )
        operation.with_user(self.env.user)._carry_out(steps, params)
        return operation.with_env(self.env)

    def _carry_out(self, steps, params):
        """Take off, make and close what the steps say, by the rights of the user."""
        shifts = self.env["clinic.shift"]
        gone = shifts.union(*(step.shift for step in steps if step.action == "remove"))
        gone.with_env(self.env).write({"active": False, "closed_by_id": self.id})
        self.env.flush_all()
        prepare = self.env["clinic.shift.template"]._dated_vals
        shifts.create(
            [
                {**prepare(step.vals, step.start, step.stop), "operation_id": self.id}
                for step in steps
                if step.action == "make"
            ]
        )
        self.env["clinic.absence"].create(
            [
                {
                    "resource_id": step.resource.id,
                    "start": step.start,
                    "stop": step.stop,
                    "kind": params.get("absence_kind") or "other",
                    "reason": params.get("reason") or self.name,
                    "board_text": params.get("reason") or False,
                    "operation_id": self.id,
                }
                for step in steps
                if step.action in ("close", "close_visits")
            ]
        )

    @api.model
    def _summary(self, steps):
        """The counts in one line of words."""
        labels = dict(self._action_labels())
        counts = dict.fromkeys((action for action, _label in ACTIONS), 0)
        for step in steps:
            counts[step.action] += 1
        parts = [f"{labels[action]}: {count}" for action, count in counts.items() if count]
        visits = sum(step.visits for step in steps if step.action == "close_visits")
        if visits:
            parts.append(self.env._("visits to be moved: %(count)s", count=visits))
        return " · ".join(parts)

    @api.model
    def _action_labels(self):
        return self.env["clinic.shift.operate.line"]._fields["action"]._description_selection(self.env)

    # ------------------------------------------------------------- questions

    @api.model
    def _standing_shifts(self, resources, low, high, branch=None):
        """Active shifts of the resources that meet the instants, in order of time.

        Sudo: what stands in the way counts, whether or not the user may see its branch.
        """
        domain = [("resource_id", "in", resources.ids), ("stop", ">", low), ("start", "<", high)]
        if branch:
            domain.append(("branch_id", "=", branch.id))
        return self.env["clinic.shift"].sudo().search(domain, order="start, id")

    @api.model
    def _visits_met(self, ranges):
        """``{position: count}`` of waiting visits within ``(resource, start, stop)``; one statement.

        By the claims, so that visits count of the doctor as of the room and of the device. Sudo is not
        wanted: only numbers are read.
        """
        if not ranges:
            return {}
        self.env["clinic.appointment"].flush_model(["state", "start", "stop"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT r.n, count(DISTINCT a.id)
                  FROM unnest(%s::int[], %s::int[], %s::timestamp[], %s::timestamp[]) r(n, ref, low, high)
                  JOIN clinic_slot_claim c ON c.kind = 'resource' AND c.ref = r.ref
                                          AND c.start < r.high AND c.stop > r.low
                  JOIN clinic_appointment a ON a.id = c.appointment_id AND a.start < r.high AND a.stop > r.low
                 WHERE a.state = ANY(%s)
                 GROUP BY r.n
                """,
                list(range(len(ranges))),
                [resource.id for resource, _start, _stop in ranges],
                [start for _resource, start, _stop in ranges],
                [stop for _resource, _start, stop in ranges],
                list(WAITING),
            )
        )
        return dict(rows)

    @api.model
    def _checked_days(self, params):
        """The first and the last day of the operation; errors in words."""
        low, high = params.get("date_from"), params.get("date_to") or params.get("date_from")
        if not low or high < low:
            raise UserError(self.env._("Give the first and the last day, in this order."))
        if (high - low).days >= MAX_DAYS:
            raise UserError(
                self.env._(
                    "At most %(days)s days are changed at once. Choose a shorter period.", days=MAX_DAYS
                )
            )
        return low, high

    def action_visits(self):
        """Button: the window “Move visits” with the visits that the closed time meets."""
        self.ensure_one()
        visits = self.env["clinic.appointment"]
        rows = self.env.execute_query(visits._away_sql(absence_ids=self.absence_ids.ids))
        return self.env["clinic.absence.move"]._open([("id", "in", sorted({row[0] for row in rows}))])
