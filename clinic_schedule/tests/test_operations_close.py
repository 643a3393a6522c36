# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from .operations_common import OperationCommon


@tagged("post_install", "-at_install")
class TestCloseTime(OperationCommon):
    """A day or hours are closed with a reason; visits stay and stand in the red list."""

    def test_block_and_undo(self):
        shift = self._make_shift(self.doctor, day=self.monday)
        self._make_shift(self.doctor, day=self.monday + timedelta(days=7))
        wizard = self._wizard(
            "block", resource_ids=self._who(self.doctor), hour_from=10, hour_to=10.5, note="Meeting with X"
        )
        operation = self._do(wizard)
        absence = operation.absence_ids
        self.assertEqual((self._wall(absence.start), self._wall(absence.stop)), ("10:00", "10:30"))
        self.assertEqual((absence.kind, absence.board_text), ("meeting", "Meeting with X"))
        with self.assertRaises(UserError):
            self._book(600, self.monday, owner=self.doctor)
        self._book(570, self.monday, owner=self.doctor)
        self._undo(operation)
        self.assertFalse(absence.active)
        self._book(600, self.monday, owner=self.doctor)
        self.assertTrue(shift.active)

    def test_visits_are_told_and_stay(self):
        self._make_shift(self.doctor, day=self.monday, room_id=self.room.id)
        visit = self._book(600, self.monday, owner=self.doctor)
        for owner in (self.doctor, self.room):
            wizard = self._wizard("block", resource_ids=self._who(owner), hour_from=10, hour_to=11)
            self.assertEqual(
                wizard.line_ids.mapped(lambda line: (line.action, line.visits)), [("close_visits", 1)]
            )
            answer = wizard.action_apply()["params"]
            self.assertEqual(answer["visits"], 1)
            self.env.invalidate_all()
            self.assertTrue(visit.needs_move)
            operation = self.env["clinic.shift.operation"].browse(answer["operation_id"])
            window = operation.with_user(self.nurse).action_visits()
            self.assertEqual(window["res_model"], "clinic.absence.move")
            self._undo(operation)
            self.assertFalse(visit.needs_move)

    def test_close_a_day_of_a_doctor(self):
        self._make_shift(self.doctor, day=self.monday)
        operation = self._do(self._wizard("close", resource_ids=self._who(self.doctor)))
        self.assertTrue(operation.absence_ids.whole_days)
        self.assertIn("Already so: 1", self._wizard("close", resource_ids=self._who(self.doctor)).summary)

    def test_close_a_branch(self):
        """Who works in another branch as well goes on working there."""
        far = self._make_branch(tz="Asia/Yekaterinburg")
        self._make_shift(self.doctor, day=self.monday)
        self._make_shift(self.doctor, day=self.monday, minute_from=800, minute_to=900, branch=far)
        self._make_shift(self.room, day=self.monday)
        operation = self._do(self._wizard("close"))
        closed = operation.absence_ids
        self.assertEqual(closed.resource_id, self.doctor.resource_id | self.room.resource_id)
        self.assertEqual({(self._wall(a.start), self._wall(a.stop)) for a in closed}, {("09:00", "12:00")})

    def test_bad_input(self):
        who = self._who(self.doctor)
        for vals, words in (
            ({"hour_from": 23, "hour_to": 1}, "across midnight"),
            ({"hour_from": 10, "hour_to": 10}, "end after it begins"),
            ({"hour_from": 10, "hour_to": 25}, "between 00:00 and 24:00"),
            ({"hour_from": -1, "hour_to": 2}, "between 00:00 and 24:00"),
            ({"date_to": False, "date_from": self._day(-3)}, "passed: 1"),
        ):
            wizard = self._wizard("block", resource_ids=who, **vals)
            self.assertIn(words, wizard.summary)
            self.assertFalse(wizard.has_changes)
        silent = self._wizard("block", resource_ids=who, reason_id=False, note=" ")
        with self.assertRaisesRegex(UserError, "Say why"):
            silent.action_apply()
        with self.assertRaisesRegex(UserError, "who it is about"):
            self._wizard("block").action_apply()

    def test_the_clock_skips_the_hour(self):
        branch = self._make_branch(tz="Europe/Berlin")
        doctor = self._make_practitioner(branches=branch)
        day = date(2027, 3, 28)
        vals = {"branch_id": branch.id, "resource_ids": self._who(doctor), "date_from": day, "date_to": day}
        self.assertIn("clock skips", self._wizard("block", hour_from=2, hour_to=3, **vals).summary)
        operation = self._do(self._wizard("block", hour_from=1, hour_to=4, **vals))
        self.assertEqual(operation.absence_ids.start, datetime(2027, 3, 28, 0))
        self.assertEqual(operation.absence_ids.stop, datetime(2027, 3, 28, 2))

    def test_changed_by_hand(self):
        self._make_shift(self.doctor, day=self.monday)
        operation = self._do(self._wizard("block", resource_ids=self._who(self.doctor)))
        operation.absence_ids.date_to = self.monday + timedelta(days=5)
        with self.assertRaisesRegex(UserError, "changed by hand"):
            self._undo(operation)
        self.assertTrue(operation.absence_ids.active)

    def test_form(self):
        """The window as a nurse fills it: from the list of shifts, by its defaults."""
        shifts = self._make_shift(self.doctor, day=self.monday) | self._make_shift(
            self.other, day=self.monday
        )
        model = self.env["clinic.shift.operate"].with_user(self.nurse)
        with Form(model.with_context(active_model="clinic.shift", active_ids=shifts.ids)) as form:
            self.assertEqual(form.date_from, self.monday)
            self.assertEqual(form.to_week, self.monday + timedelta(days=7))
            self.assertTrue(form.has_changes)
            form.kind = "swap"
            self.assertEqual(form.resource_id | form.other_id, shifts.resource_id)


@tagged("post_install", "-at_install")
class TestOperationRights(OperationCommon):
    def _rpc(self, user, model, method, *args, **kwargs):
        return call_kw(self.env[model].with_user(user), method, args, kwargs)

    def test_only_the_senior_nurse(self):
        self._make_shift(self.doctor, day=self.monday)
        operation = self._do(self._wizard("block", resource_ids=self._who(self.doctor)))
        for role in ("registrar", "doctor", "director", "marketer", "operator"):
            user = self._make_user(f"t_ops_{role}", role)
            with self.subTest(role=role):
                with self.assertRaises(AccessError):
                    self._rpc(user, "clinic.shift.operation", "action_undo", [operation.id])
                with self.assertRaises(AccessError):
                    self._rpc(user, "clinic.shift.operate", "create", [{"branch_id": self.branch.id}])
                with self.assertRaises(AccessError):
                    self._rpc(user, "clinic.shift.operation", "read", [operation.id], ["name"])
        self.assertTrue(operation.absence_ids.active)

    def test_the_journal_is_not_written_by_hand(self):
        self._make_shift(self.doctor, day=self.monday)
        operation = self._do(self._wizard("block", resource_ids=self._who(self.doctor)))
        for method, args in (("write", ([operation.id], {"state": "undone"})), ("unlink", ([operation.id],))):
            with self.assertRaises(AccessError):
                self._rpc(self.nurse, "clinic.shift.operation", method, *args)
        with self.assertRaises(AccessError):
            self._rpc(self.nurse, "clinic.shift.operation", "_apply", "block", {}, "x")

    def test_another_company(self):
        self._make_shift(self.doctor, day=self.monday)
        operation = self._do(self._wizard("block", resource_ids=self._who(self.doctor)))
        company = self._make_company()
        stranger = self._make_user(
            "t_ops_far", "senior_nurse", company_id=company.id, company_ids=company.ids
        )
        with self.assertRaises(AccessError):
            self._rpc(stranger, "clinic.shift.operation", "action_undo", [operation.id])
        with self.assertRaises(AccessError):
            self._wizard("copy", user=stranger).action_apply()

    def test_reasons_are_the_administrators(self):
        admin = self._make_user("t_ops_admin", "clinic_admin")
        self.env["clinic.block.reason"].with_user(admin).create({"name": "Inspection"})
        with self.assertRaises(AccessError):
            self.env["clinic.block.reason"].with_user(self.nurse).create({"name": "Inspection"})
