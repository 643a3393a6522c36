# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .operations_common import OperationCommon


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
