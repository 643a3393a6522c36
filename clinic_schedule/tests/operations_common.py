# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import Command

from .common import ScheduleCommon


class OperationCommon(ScheduleCommon):
    """Two doctors without shifts, a senior nurse, and a week far enough ahead."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.doctor = cls._make_practitioner(branches=cls.branch, services=cls.service)
        cls.other = cls._make_practitioner(branches=cls.branch, services=cls.service)
        cls.nurse = cls._make_user("t_ops_nurse", "senior_nurse")
        today = cls._day(0)
        cls.monday = today + timedelta(days=14 - today.weekday())
        cls.reason_block = cls.env.ref("clinic_schedule.block_reason_meeting")

    @classmethod
    def _wizard(cls, kind, user=None, **vals):
        values = {
            "kind": kind,
            "branch_id": cls.branch.id,
            "date_from": cls.monday,
            "date_to": cls.monday,
            "to_week": cls.monday + timedelta(days=7),
            **vals,
        }
        if kind in ("close", "block"):
            values.setdefault("reason_id", cls.reason_block.id)
        return cls.env["clinic.shift.operate"].with_user(user or cls.nurse).create(values)

    @classmethod
    def _who(cls, *owners):
        return [Command.set([owner.resource_id.id for owner in owners])]

    def _do(self, wizard):
        """Press the button; the operation made."""
        answer = wizard.action_apply()
        self.assertEqual(answer["tag"], "clinic_schedule.operation_done")
        return self.env["clinic.shift.operation"].browse(answer["params"]["operation_id"])

    def _undo(self, operation, user=None):
        operation.with_user(user or self.nurse).action_undo()
        self.env.invalidate_all()

    def _actions(self, wizard):
        return sorted(wizard.line_ids.mapped("action"))

    def _hours(self, owner, branch=None):
        """``(date, from, to)`` of the active shifts of the week and later."""
        shifts = self.env["clinic.shift"].search(
            [("resource_id", "=", owner.resource_id.id), ("local_date", ">=", self.monday)], order="start"
        )
        return [(s.local_date, self._wall(s.start, branch), self._wall(s.stop, branch)) for s in shifts]
