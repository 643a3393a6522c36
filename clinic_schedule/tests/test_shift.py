# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime

from psycopg2 import errors

from odoo import Command
from odoo.exceptions import UserError, ValidationError

from .common import ScheduleCommon


class TestShift(ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.doctor = cls._make_practitioner(branches=cls.branch, services=cls.service)

    def _template(self, lines, branch=None, **vals):
        return self.env["clinic.shift.template"].create(
            {
                "name": "Week",
                "resource_id": self.doctor.resource_id.id,
                "branch_id": (branch or self.branch).id,
                "line_ids": [
                    Command.create({"weekday": weekday, "minute_from": low, "minute_to": high})
                    for weekday, low, high in lines
                ],
                **vals,
            }
        )

    def test_no_overlap(self):
        refused = self.assertRaises(errors.ExclusionViolation)
        with refused, self.assertLogs("odoo.sql_db", "ERROR"), self.env.cr.savepoint():
            self._make_shift(minute_from=700, minute_to=800)
        self._make_shift(minute_from=720, minute_to=800)

    def test_generate(self):
        template = self._template([("0", 540, 900), ("2", 780, 1080)], room_id=self.room.id, step=20)
        shifts, conflicts = template._generate("2026-11-30", "2026-12-13")
        self.assertEqual(len(shifts), 4)
        self.assertFalse(conflicts)
        first = shifts.sorted("start")[0]
        self.assertEqual((first.start, first.stop), (datetime(2026, 11, 30, 1), datetime(2026, 11, 30, 7)))
        self.assertEqual((first.room_id, first.step, first.local_date), (self.room, 20, date(2026, 11, 30)))
        self.assertEqual(template.shift_count, 4)
        self.assertFalse(template._generate("2026-11-30", "2026-12-13")[0], "idempotent")

    def test_generate_leaves_other_shifts(self):
        own = self.env["clinic.shift"].create(
            {
                "resource_id": self.doctor.resource_id.id,
                "branch_id": self.branch.id,
                "start": datetime(2026, 11, 30, 2),
                "stop": datetime(2026, 11, 30, 4),
            }
        )
        shifts, conflicts = self._template([("0", 540, 900), ("1", 540, 900)])._generate(
            "2026-11-30", "2026-12-01"
        )
        self.assertEqual((len(shifts), len(conflicts)), (1, 1))
        self.assertEqual(own.stop, datetime(2026, 11, 30, 4))

    def test_over_midnight(self):
        shift, _conflicts = self._template([("4", 1320, 120)])._generate("2026-12-04", "2026-12-04")
        self.assertEqual((shift.start, shift.stop), (datetime(2026, 12, 4, 14), datetime(2026, 12, 4, 18)))
        self.assertEqual(shift.local_date, date(2026, 12, 4))

    def test_summer_time(self):
        """The zone of the branch counts, in both directions; a shift in the skipped hour vanishes."""
        berlin = self._make_branch(tz="Europe/Berlin")
        template = self._template([("6", 540, 900)], berlin)
        shifts, _conflicts = template._generate("2026-03-22", "2026-03-29")
        self.assertEqual([shift.start.hour for shift in shifts.sorted("start")], [8, 7])
        night = self._template([("6", 120, 180)], berlin)
        self.assertFalse(night._generate("2026-03-29", "2026-03-29")[0])
        autumn, _conflicts = night._generate("2026-10-25", "2026-10-25")
        self.assertEqual(autumn.stop - autumn.start, datetime(1, 1, 1, 2) - datetime(1, 1, 1))

    def test_hours_of_a_template_that_meet_after_midnight(self):
        """Friday's night reaches into Saturday's morning: one of them is made, the other is told."""
        template = self._template([("4", 1320, 360), ("5", 300, 540), ("5", 600, 720)])
        shifts, conflicts = template._generate("2026-12-04", "2026-12-05")
        walls = [(self._wall(shift.start), self._wall(shift.stop)) for shift in shifts.sorted("start")]
        self.assertEqual(walls, [("22:00", "06:00"), ("10:00", "12:00")])
        self.assertEqual([self._wall(start) for start, _stop in conflicts], ["05:00"])

    def test_days_on_which_a_zone_changes(self):
        """By day 9 to 15 on the clock of the branch; by night the length is what the clock makes it."""
        for tz, first, last, hours in (
            ("Asia/Chita", "2014-10-25", "2014-10-27", {8, 10}),
            ("Asia/Chita", "2016-03-26", "2016-03-28", {8, 7}),
            ("Asia/Irkutsk", "2014-10-25", "2014-10-27", {8, 9}),
            ("Asia/Sakhalin", "2016-03-26", "2016-03-28", {8, 7}),
            ("Asia/Irkutsk", "2026-03-28", "2026-03-30", {8}),
            ("Europe/Berlin", "2026-03-28", "2026-03-30", {8, 7}),
            ("America/Santiago", "2026-04-03", "2026-04-05", {8, 9}),
        ):
            with self.subTest(tz=tz, first=first):
                branch = self._make_branch(tz=tz)
                doctor = self._make_practitioner(branches=branch, services=self.service)
                lines = [(str(day), *pair) for day in range(7) for pair in ((540, 900), (1320, 360))]
                template = self._template(lines, branch, resource_id=doctor.resource_id.id)
                shifts, conflicts = template._generate(first, last)
                self.assertEqual((len(shifts), len(conflicts)), (6, 0))
                walls = {(self._wall(s.start, branch), self._wall(s.stop, branch)) for s in shifts}
                self.assertEqual(walls, {("09:00", "15:00"), ("22:00", "06:00")})
                lengths = {shift: (shift.stop - shift.start).total_seconds() / 3600 for shift in shifts}
                night = shifts.filtered(lambda s: self._wall(s.start, s.branch_id) == "22:00")
                self.assertEqual({lengths[shift] for shift in shifts - night}, {6})
                self.assertEqual({lengths[shift] for shift in night}, hours)
                self.assertFalse(template._generate(first, last)[0], "idempotent")

    def test_user_zone_does_not_matter(self):
        user = self._make_user("t_far", "senior_nurse", tz="America/New_York")
        template = self._template([("0", 540, 900)]).with_user(user)
        shift, _conflicts = template._generate("2026-11-30", "2026-11-30")
        self.assertEqual(shift.start, datetime(2026, 11, 30, 1))

    def test_bad_periods(self):
        template = self._template([("0", 540, 900)])
        for low, high in (("2026-12-01", "2026-11-01"), (False, "2026-12-01"), ("2026-01-01", "2030-01-01")):
            with self.assertRaises(UserError):
                template._generate(low, high)

    def test_room_of_another_branch(self):
        other = self._make_branch()
        with self.assertRaises(ValidationError):
            self._make_shift(self.doctor, room_id=self._make_room(other).id)
        with self.assertRaises(ValidationError):
            self._make_shift(self._make_room(other))

    def test_visits_keep_their_shift(self):
        visit = self._book(660)
        for vals in ({"stop": self._at(1, 660)}, {"active": False}, {"start": self._at(1, 675)}):
            with self.assertRaisesRegex(UserError, "1 visits"), self.env.cr.savepoint():
                self.shift.write(vals)
        with self.assertRaisesRegex(UserError, "1 visits"):
            self.shift.unlink()
        self.shift.write({"stop": self._at(1, 690), "note": "shorter"})
        self.booking.cancel(visit, "clinic")
        self.shift.unlink()
