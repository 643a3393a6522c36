# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter
from hashlib import blake2s

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class ClinicClockKeep(models.TransientModel):
    """Window of the administrator after a decree about the local time: what moved, and what to do about it.

    Only the lines of the branch chosen are ever touched; they are made anew before anything is done.
    """

    _name = "clinic.clock.keep"
    _description = "Changed local time"

    branch_id = fields.Many2one("clinic.branch", required=True, ondelete="cascade")
    tz = fields.Selection(related="branch_id.tz", string="Time zone")
    line_ids = fields.One2many("clinic.clock.keep.line", "keep_id", readonly=True)
    summary = fields.Text(readonly=True)
    is_empty = fields.Boolean(readonly=True)
    has_problems = fields.Boolean(readonly=True)
    has_kept = fields.Boolean(readonly=True)
    mark = fields.Char(readonly=True)

    @api.depends("branch_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for window in self:
            window.display_name = self.env._("Changed local time: %(branch)s", branch=window.branch_id.name)

    @api.model
    def _open(self, branch=None):
        """The action that shows the window; without a branch that of the first one that has lines."""
        if not branch:
            branches = self.env["clinic.board"]._own_branches()
            clock = self.env["clinic.clock"]
            clock._flush()
            found = (one for one in branches if any(
                moment[2] != moment[0] for moment in clock._moments(one, clock._absences(one))
            ))  # fmt: skip
            branch = next(found, branches[:1])
        if not branch:
            raise UserError(self.env._("There is no branch yet. Make one first."))
        window = self.create({"branch_id": branch.id})
        window._refill()
        return window._action()

    def _action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Changed local time"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "current",
        }

    def _check_rights(self):
        """Only who may write the branch and its shifts decides about its time."""
        self.ensure_one()
        self.branch_id.check_access("write")
        self.env["clinic.shift"].check_access("write")

    def _refill(self):
        """Make the lines anew and say in one sentence what they are. Sudo: nobody writes lines by hand."""
        self._check_rights()
        window = self.sudo()
        self.env["clinic.clock"].sudo()._fill(window)
        rows = self.env.execute_query(
            SQL(
                "SELECT kind, problem, res_id, new_start::text, new_stop::text FROM clinic_clock_keep_line"
                " WHERE keep_id = %s ORDER BY kind, res_id",
                self.id,
            )
        )
        kept = [row for row in rows if not row[1]]
        window.write(
            {
                "mark": blake2s(repr(rows).encode(), digest_size=8).hexdigest(),
                "is_empty": not rows,
                "has_kept": bool(kept),
                "has_problems": len(kept) < len(rows),
                "summary": self._sentence(rows),
            }
        )

    def _sentence(self, rows):
        """Counts by kind and how many cannot be kept."""
        if not rows:
            return self.env._("Everything to come in this branch shows the wall time that was agreed.")
        labels = {
            "visit": self.env._("Visits"),
            "shift": self.env._("Shifts"),
            "session": self.env._("Group sessions"),
            "absence": self.env._("Absences"),
        }
        counts = Counter(row[0] for row in rows)
        parts = [f"{labels[kind]}: {counts[kind]}" for kind in labels if counts[kind]]
        refused = sum(1 for row in rows if row[1])
        if refused:
            parts.append(self.env._("cannot be kept: %(count)s", count=refused))
        return " · ".join(parts)

    def action_refresh(self):
        """Button: look once more, e.g. after the branch was changed in the window."""
        self._refill()
        return self._action()

    def action_keep(self):
        """Button: move the moments, so that the clock shows what was agreed. Rights: administrators.

        Changes visits, shifts, sessions and absences and the time they occupy in one transaction; refused
        when the schedule has changed since the preview.
        """
        return self._decide("_carry", self.env._("Wall time kept after a change of the local time"))

    def action_accept(self):
        """Button: leave the moments; the wall time that the clock shows now counts as agreed."""
        return self._decide("_accept", self.env._("New wall time accepted after a change of the local time"))

    def _decide(self, deed, title):
        self._check_rights()
        clock, mark = self.env["clinic.clock"].sudo(), self.mark
        clock._lock(self.branch_id)
        self._refill()
        if self.mark != mark:
            raise UserError(
                self.env._(
                    "The schedule has changed since you looked at it. Press “Look again” and repeat: only"
                    " what you have seen is changed."
                )
            )
        if self.is_empty or (deed == "_carry" and not self.has_kept):
            raise UserError(self.env._("There is nothing that could be changed here."))
        text = self.summary
        getattr(clock, deed)(self.sudo())
        # sudo: the journal of the branch is written by whoever was allowed to decide
        self.branch_id.sudo().message_post(
            author_id=self.env.user.partner_id.id, body=Markup("{}<br/>{}").format(title, text)
        )
        self._refill()
        if self.is_empty:
            self.branch_id.activity_feedback(["clinic_schedule.mail_activity_clock"])
        return self._action()
