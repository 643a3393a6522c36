# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from psycopg2 import errors

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form

from ..slot_algebra import utc_to_wall
from .common import ScheduleCommon


class TestShift(ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.doctor = cls._make_practitioner(branches=cls.branch, services=cls.service)

    def test_no_overlap(self):
        refused = self.assertRaises(errors.ExclusionViolation)
        with refused, self.assertLogs("odoo.sql_db", "ERROR"), self.env.cr.savepoint():
            self._make_shift(minute_from=700, minute_to=800)
        self._make_shift(minute_from=720, minute_to=800)

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
