# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime

from psycopg2 import errors

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form

from ..slot_algebra import utc_to_wall
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
        shifts, left = template._generate("2026-11-30", "2026-12-13")
        self.assertEqual(len(shifts), 4)
        self.assertEqual(left.counts(), {"conflicts": 0, "archived": 0, "days_off": 0})
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
        shifts, left = self._template([("0", 540, 900), ("1", 540, 900)])._generate(
            "2026-11-30", "2026-12-01"
        )
        self.assertEqual((len(shifts), len(left.conflicts)), (1, 1))
        self.assertEqual(own.stop, datetime(2026, 11, 30, 4))

    def test_days_off_of_the_branch(self):
        """A Monday off is left out and told, unless the template works on it; nights count by their start."""
        self.branch.hours_text = "Mon-Fri 8:00-20:00"
        self.branch.holiday_ids = [
            Command.create(
                {"name": "New year", "date_from": "2026-12-06 16:00:00", "date_to": "2026-12-07 15:59:59"}
            )
        ]
        template = self._template([("6", 1320, 360), ("0", 540, 900), ("0", 960, 1080), ("1", 540, 900)])
        shifts, left = template._generate("2026-12-06", "2026-12-08")
        self.assertEqual(shifts.mapped("local_date"), [date(2026, 12, 6), date(2026, 12, 8)])
        self.assertEqual(left.days_off, {date(2026, 12, 7)})
        message = template.action_generate("2026-12-06", "2026-12-08")["params"]["message"]
        self.assertEqual(message, "Shifts made: 0. Days skipped, days off of the branch: 1.")
        template.on_days_off = True
        shifts, left = template._generate("2026-12-06", "2026-12-08")
        self.assertEqual((len(shifts), left.counts()["days_off"]), (2, 0))

    def test_archived_shifts_are_not_made_again(self):
        template = self._template([("0", 540, 900), ("1", 540, 900)])
        shifts, _left = template._generate("2026-11-30", "2026-12-01")
        shifts[0].active = False
        self.env.flush_all()
        shifts, left = template._generate("2026-11-30", "2026-12-01")
        self.assertEqual((len(shifts), len(left.archived)), (0, 1))
        template.again_archived = True
        shifts, left = template._generate("2026-11-30", "2026-12-01")
        self.assertEqual((len(shifts), len(left.archived)), (1, 0))

    def test_over_midnight(self):
        shift, _left = self._template([("4", 1320, 120)])._generate("2026-12-04", "2026-12-04")
        self.assertEqual((shift.start, shift.stop), (datetime(2026, 12, 4, 14), datetime(2026, 12, 4, 18)))
        self.assertEqual(shift.local_date, date(2026, 12, 4))

    def test_summer_time(self):
        """The zone of the branch counts, in both directions; a shift in the skipped hour vanishes."""
        berlin = self._make_branch(tz="Europe/Berlin")
        template = self._template([("6", 540, 900)], berlin)
        shifts, _left = template._generate("2026-03-22", "2026-03-29")
        self.assertEqual([shift.start.hour for shift in shifts.sorted("start")], [8, 7])
        night = self._template([("6", 120, 180)], berlin)
        self.assertFalse(night._generate("2026-03-29", "2026-03-29")[0])
        autumn, _left = night._generate("2026-10-25", "2026-10-25")
        self.assertEqual(autumn.stop - autumn.start, datetime(1, 1, 1, 2) - datetime(1, 1, 1))

    def test_hours_of_a_template_that_meet_after_midnight(self):
        """Friday's night reaches into Saturday's morning: one of them is made, the other is told."""
        template = self._template([("4", 1320, 360), ("5", 300, 540), ("5", 600, 720)])
        shifts, left = template._generate("2026-12-04", "2026-12-05")
        walls = [(self._wall(shift.start), self._wall(shift.stop)) for shift in shifts.sorted("start")]
        self.assertEqual(walls, [("22:00", "06:00"), ("10:00", "12:00")])
        self.assertEqual([self._wall(start) for start, _stop in left.conflicts], ["05:00"])

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
                shifts, left = template._generate(first, last)
                self.assertEqual((len(shifts), len(left.conflicts)), (6, 0))
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
        shift, _left = template._generate("2026-11-30", "2026-11-30")
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

    def test_archived_rooms(self):
        """A room in which somebody is to work stays; nobody is sent into an archived room."""
        shift = self._make_shift(self.doctor, room_id=self.room.id)
        with self.assertRaisesRegex(UserError, "1 shifts to come"), self.env.cr.savepoint():
            self.room.active = False
        other = self._make_room(self.branch)
        shift.room_id = other
        self.room.active = False
        with self.assertRaisesRegex(ValidationError, "is archived"), self.env.cr.savepoint():
            shift.room_id = self.room
        shift.active = False
        other.active = False
        with self.assertRaisesRegex(ValidationError, "is archived"), self.env.cr.savepoint():
            shift.active = True

    def test_archived_branch_takes_its_rooms_along(self):
        branch = self._make_branch()
        room = self._make_room(branch)
        doctor = self._make_practitioner(branches=branch, services=self.service)
        self._make_shift(doctor, branch=branch, room_id=room.id)
        branch.active = False
        self.assertFalse(room.active)

    def test_guards_ask_once_however_many(self):
        """One question about all the shifts, all the visits and all the absences, not one for each."""
        shifts = self.shift
        for day in range(2, 12):
            shifts |= self._make_shift(day=day)
        few, many = shifts[:2], shifts[2:]
        counts = []
        for some in (few, many):
            self.env.invalidate_all()
            some.mapped("active")
            before = self.env.cr.sql_log_count
            some._open_visits()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
        absences = self.env["clinic.absence"].create(
            [
                {"resource_id": self.shift.resource_id.id, "start": shift.start, "stop": shift.stop}
                for shift in shifts
            ]
        )
        counts = []
        for some in (absences[:2], absences[2:]):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._notify_boards()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_absence_has_a_name(self):
        values = {"resource_id": self.doctor.resource_id.id, "kind": "sick"}
        day = datetime(2026, 11, 30)
        one = self.env["clinic.absence"].create(
            {**values, "start": day.replace(hour=1), "stop": day.replace(hour=3)}
        )
        long = self.env["clinic.absence"].create(
            {**values, "start": day.replace(hour=1), "stop": datetime(2026, 12, 4, 10)}
        )
        name = self.doctor.resource_id.name
        zone = self.doctor.resource_id.tz
        first, last = self._wall_day(one.start, zone), self._wall_day(one.stop, zone)[-5:]
        self.assertEqual(one.display_name, f"{name}, Sick leave {first}–{last}")
        self.assertEqual(long.display_name, f"{name}, Sick leave {first} – {self._wall_day(long.stop, zone)}")

    @staticmethod
    def _wall_day(moment, zone):
        return f"{utc_to_wall(moment, zone):%d.%m.%Y %H:%M}"

    def test_move_asks_on_the_clock_of_the_branch(self):
        """The registrar sits in New York; day and hour are those of Irkutsk."""
        visit = self._book(600)
        user = self._make_user("t_far_desk", "registrar", tz="America/New_York")
        action = visit.with_user(user).action_move()
        wizard = self.env["clinic.appointment.move"].with_user(user).with_context(**action["context"])
        form = Form(wizard)
        self.assertEqual((form.day, form.hour), (self._day(1), 10.0))
        form.hour = 11.25
        form.reason_id = self.env["clinic.appointment.reason"].search([("kind", "=", "move")], limit=1)
        form.save().action_move()
        self.assertEqual(visit.start, self._at(1, 675))

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
