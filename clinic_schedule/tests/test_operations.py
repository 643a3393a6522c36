# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged

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


@tagged("post_install", "-at_install")
class TestCopyWeek(OperationCommon):
    """A week is laid over later ones; what stands there, days off and visits are respected."""

    def _source(self, **vals):
        return self._make_shift(self.doctor, day=self.monday, room_id=self.room.id, step=20, **vals)

    def test_copy_and_undo(self):
        source = self._source(service_ids=[Command.set(self.service.ids)])
        self._make_shift(self.doctor, day=self.monday + timedelta(days=2), minute_from=840, minute_to=1440)
        wizard = self._wizard("copy", weeks=2, resource_ids=self._who(self.doctor))
        self.assertEqual(self._actions(wizard), ["make"] * 4)
        self.assertEqual(len(self._hours(self.doctor)), 2, "a preview changes nothing")
        operation = self._do(wizard)
        monday = self.monday + timedelta(days=14)
        self.assertEqual(len(operation.shift_ids), 4)
        self.assertIn((monday + timedelta(days=2), "14:00", "00:00"), self._hours(self.doctor))
        made = operation.shift_ids.filtered(lambda shift: shift.local_date == monday)
        self.assertEqual(made._pattern_vals(), source._pattern_vals())
        self.assertEqual((operation.user_id, operation.state), (self.nurse, "done"))
        self._undo(operation)
        self.assertEqual(len(self._hours(self.doctor)), 2)
        self.assertEqual((operation.state, operation.undone_by_id), ("undone", self.nurse))
        with self.assertRaisesRegex(UserError, "already"):
            self._undo(operation)

    def test_copy_twice_makes_nothing(self):
        self._source()
        self._do(self._wizard("copy"))
        wizard = self._wizard("copy")
        self.assertFalse(wizard.has_changes)
        self.assertIn("Already so: 1", wizard.summary)
        with self.assertRaisesRegex(UserError, "nothing to do"):
            wizard.action_apply()

    def test_what_stands_there(self):
        """Another shift stays; with “replace” it goes unless it has visits, and comes back by undo."""
        self._source()
        target = self.monday + timedelta(days=7)
        there = self._make_shift(self.doctor, day=target, minute_from=600, minute_to=840)
        self.assertEqual(self._actions(self._wizard("copy")), ["taken"])
        operation = self._do(self._wizard("copy", replace=True))
        self.assertFalse(there.active)
        self.assertEqual(self._hours(self.doctor)[1:], [(target, "09:00", "12:00")])
        self._undo(operation)
        self.assertTrue(there.active)
        self._book(600, target, owner=self.doctor)
        wizard = self._wizard("copy", replace=True)
        self.assertEqual(self._actions(wizard), ["taken", "visits"])
        self.assertFalse(wizard.has_changes)

    def test_days_off_and_archived_room(self):
        self._source()
        self.branch.calendar_id = self.env["resource.calendar"].create({"name": "C", "tz": self.branch.tz})
        target = self.monday + timedelta(days=7)
        leave = self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.branch.calendar_id.id,
                "date_from": self._at(target, 0),
                "date_to": self._at(target, 1439),
            }
        )
        self.assertEqual(self._actions(self._wizard("copy")), ["day_off"])
        self.assertEqual(self._actions(self._wizard("copy", on_days_off=True)), ["make"])
        leave.unlink()
        self.env["clinic.shift"].search([("room_id", "=", self.room.id)]).active = False
        self.room.active = False
        self.env["clinic.shift"].with_context(active_test=False).search([]).invalidate_recordset()
        source = self._make_shift(self.other, day=self.monday)
        self.assertEqual(self._actions(self._wizard("copy")), ["make"])
        self.env.cr.execute("UPDATE clinic_shift SET room_id = %s WHERE id = %s", [self.room.id, source.id])
        self.env.invalidate_all()
        self.assertEqual(self._actions(self._wizard("copy")), ["room"])

    def test_change_of_the_clock(self):
        """Berlin, the last Sunday of March: hours on the wall stay, though one of them is skipped."""
        branch = self._make_branch(tz="Europe/Berlin")
        doctor = self._make_practitioner(branches=branch, services=self.service)
        day = date(2027, 3, 21)
        for low, high in ((60, 240), (1320, 1560)):
            self._make_shift(doctor, day=day, minute_from=low, minute_to=high, branch=branch)
        self._make_shift(doctor, day=day - timedelta(days=1), minute_from=1380, minute_to=1500, branch=branch)
        operation = self._do(
            self._wizard("copy", branch_id=branch.id, date_from=day, to_week=day + timedelta(days=7))
        )
        walls = [
            (self._wall(s.start, branch), self._wall(s.stop, branch))
            for s in operation.shift_ids.sorted("start")
        ]
        self.assertEqual(walls, [("23:00", "01:00"), ("01:00", "04:00"), ("22:00", "02:00")])
        short = operation.shift_ids.sorted("start")[1]
        self.assertEqual(short.stop - short.start, timedelta(hours=2))

    def test_bad_input(self):
        self._source()
        for vals, words in (
            ({"to_week": self.monday}, "later weeks"),
            ({"weeks": 0}, "1–8 weeks"),
            ({"weeks": 99}, "1–8 weeks"),
        ):
            wizard = self._wizard("copy", **vals)
            self.assertIn(words, wizard.summary)
            self.assertFalse(wizard.has_changes)
            with self.assertRaisesRegex(UserError, words):
                wizard.action_apply()

    def test_two_nurses(self):
        """The second one saw another week: clear words, nothing done twice."""
        self._source()
        first, second = self._wizard("copy"), self._wizard("copy")
        self.assertEqual(first.mark, second.mark)
        self._do(first)
        with self.assertRaisesRegex(UserError, "has changed since you looked"):
            second.action_apply()
        self.assertEqual(len(self._hours(self.doctor)), 2)

    def test_what_stands_in_the_way_of_undo(self):
        self._source()
        target = self.monday + timedelta(days=7)
        operation = self._do(self._wizard("copy", replace=True))
        made = operation.shift_ids
        visit = self._book(540, target, owner=self.doctor)
        with self.assertRaisesRegex(UserError, "Visits are booked already"):
            self._undo(operation)
        self.assertTrue(made.exists())
        self.booking.cancel(visit, "clinic", self.env.ref("clinic_schedule.reason_cancel_ill"))
        made.note = "words do not count"
        made.step = 30
        with self.assertRaisesRegex(UserError, "changed by hand"):
            self._undo(operation)
        made.step = 20
        self._make_shift(self.other, day=target, minute_from=780, minute_to=900)
        later = self._do(
            self._wizard(
                "swap", date_from=target, date_to=target,
                resource_id=self.doctor.resource_id.id, other_id=self.other.resource_id.id,
            )
        )  # fmt: skip
        with self.assertRaisesRegex(UserError, "was done later"):
            self._undo(operation)
        self._undo(later)
        self._undo(operation)
        self.assertFalse(made.exists())

    def test_queries_do_not_grow(self):
        for number in range(3):
            self._make_shift(self.doctor, day=self.monday + timedelta(days=number))
        operations = self.env["clinic.shift.operation"]

        def count():
            params = self._wizard("copy", weeks=4)._params()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            operations._plan("copy", params)
            return self.env.cr.sql_log_count - before

        few = count()
        for owner in (self.other, *(self._make_practitioner(branches=self.branch) for _n in range(4))):
            for number in range(5):
                self._make_shift(
                    owner, day=self.monday + timedelta(days=number), minute_from=800, minute_to=900
                )
        self.assertLessEqual(count(), few + 2)


@tagged("post_install", "-at_install")
class TestSwap(OperationCommon):
    """Two doctors take over each other's shifts; a day with visits is told, never broken."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls._make_shift(cls.doctor, day=cls.monday, room_id=cls.room.id)
        cls.theirs = cls._make_shift(cls.other, day=cls.monday, minute_from=780, minute_to=900)

    def _swap(self, **vals):
        return self._wizard(
            "swap", resource_id=self.doctor.resource_id.id, other_id=self.other.resource_id.id, **vals
        )

    def test_swap_and_undo(self):
        wizard = self._swap()
        self.assertEqual(self._actions(wizard), ["make", "make", "remove", "remove"])
        operation = self._do(wizard)
        self.assertEqual(self._hours(self.doctor), [(self.monday, "13:00", "15:00")])
        self.assertEqual(self._hours(self.other), [(self.monday, "09:00", "12:00")])
        self.assertEqual(
            operation.shift_ids.filtered(lambda s: s.resource_id == self.other.resource_id).room_id, self.room
        )
        self._undo(operation)
        self.assertEqual(self._hours(self.doctor), [(self.monday, "09:00", "12:00")])
        self.assertTrue(self.mine.active and self.theirs.active)

    def test_swap_twice_is_as_before(self):
        self._do(self._swap())
        self._do(self._swap())
        self.assertEqual(self._hours(self.doctor), [(self.monday, "09:00", "12:00")])
        self.assertEqual(self._hours(self.other), [(self.monday, "13:00", "15:00")])

    def test_a_day_with_visits_stays(self):
        visit = self._book(570, self.monday, owner=self.doctor)
        tuesday = self.monday + timedelta(days=1)
        self._make_shift(self.other, day=tuesday)
        wizard = self._swap(date_to=tuesday)
        self.assertEqual(self._actions(wizard), ["held", "make", "remove", "visits"])
        self._do(wizard)
        self.assertTrue(self.mine.active and self.theirs.active)
        self.assertFalse(visit.needs_move)
        self.assertIn((tuesday, "09:00", "12:00"), self._hours(self.doctor))

    def test_with_visits(self):
        """The doctor of the visits keeps his shift closed; the other one is there, so they can be moved."""
        visit = self._book(570, self.monday, owner=self.doctor)
        wizard = self._swap(with_visits=True)
        self.assertEqual(self._actions(wizard), ["close_visits", "make", "make", "remove"])
        operation = self._do(wizard)
        self.env.invalidate_all()
        self.assertTrue(visit.needs_move)
        self.assertEqual(visit.resource_id, self.doctor.resource_id)
        proposal = self.env["clinic.substitution"].with_user(self.nurse)._propose(visit)[visit.id]
        self.assertEqual(proposal["substitute"]["resource_id"], self.other.resource_id.id)
        self._undo(operation)
        self.assertFalse(visit.needs_move)

    def test_own_visits_at_the_same_hours(self):
        self.theirs.write({"start": self.mine.start, "stop": self.mine.stop})
        self._book(570, self.monday, owner=self.doctor)
        wizard = self._swap(with_visits=True)
        self.assertIn("taken", self._actions(wizard))
        self.assertFalse(wizard.has_changes)

    def test_same_hours_other_rooms(self):
        room = self._make_room(self.branch)
        self.theirs.write({"start": self.mine.start, "stop": self.mine.stop, "room_id": room.id})
        self._do(self._swap())
        shifts = self.env["clinic.shift"].search(
            [("start", "=", self.mine.start), ("local_date", "=", self.monday)]
        )
        rooms = {shift.resource_id: shift.room_id for shift in shifts}
        self.assertEqual(rooms[self.doctor.resource_id], room)
        self.assertEqual(rooms[self.other.resource_id], self.room)

    def test_bad_input(self):
        same = self._wizard(
            "swap", resource_id=self.doctor.resource_id.id, other_id=self.doctor.resource_id.id
        )
        self.assertIn("two different doctors", same.summary)
        room = self._wizard("swap", resource_id=self.doctor.resource_id.id, other_id=self.room.resource_id.id)
        self.assertIn("a room with a room", room.summary)
        self.assertIn("in this order", self._swap(date_to=self.monday - timedelta(days=1)).summary)
        self.assertIn("62 days", self._swap(date_to=self.monday + timedelta(days=90)).summary)


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
