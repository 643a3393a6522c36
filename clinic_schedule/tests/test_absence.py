# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .common import ScheduleCommon


class AbsenceCommon(ScheduleCommon):
    @classmethod
    def _away(cls, owner=None, minute_from=540, minute_to=720, day=1, **vals):
        return cls.env["clinic.absence"].create(
            {
                "resource_id": (owner or cls.practitioner).resource_id.id,
                "start": cls._at(day, minute_from),
                "stop": cls._at(day, minute_to),
                **vals,
            }
        )

    def _red(self):
        return self.env["clinic.appointment"].search([("needs_move", "=", True)])


class TestRedList(AbsenceCommon):
    """Nobody whose doctor, room or device is away is forgotten."""

    def test_visit_of_an_absent_doctor(self):
        visit, later = self._book(), self._book(660)
        self.assertFalse(self._red())
        absence = self._away(minute_to=600)
        self.assertEqual(self._red(), visit)
        self.assertTrue(visit.needs_move)
        self.assertFalse(later.needs_move)
        self.assertEqual(visit.away_text, absence.display_name)
        self.assertEqual(absence.visit_count, 1)
        self.assertEqual(self.env["clinic.absence"].search([("visit_count", ">", 0)]), absence)
        self.assertIn(later, self.env["clinic.appointment"].search([("needs_move", "=", False)]))
        self.assertEqual(self.env["clinic.appointment"].search(absence.action_visits()["domain"]), visit)

    def test_touching_is_not_meeting(self):
        visit = self._book(600)
        self._away(minute_to=600)
        self._away(minute_from=self._minutes_after(visit))
        self.assertFalse(visit.needs_move)

    def _minutes_after(self, visit):
        return 600 + visit.duration

    def test_room_device_and_practitioner_count(self):
        device_type, room_type = self._make_device_type(), self._make_room_type()
        device = self._make_device(self.branch, device_type_id=device_type.id)
        room = self._make_room(self.branch, room_type_id=room_type.id)
        service = self._make_service(
            practitioners=self.practitioner,
            clinic_device_type_id=device_type.id,
            clinic_room_type_id=room_type.id,
        )
        visit = self._book(service=service)
        self.assertEqual((visit.device_ids, visit.room_id), (device, room))
        for owner in (device, room, self.practitioner):
            absence = self._away(owner)
            self.assertEqual(self._red(), visit, owner._name)
            absence.active = False
            self.assertFalse(self._red(), "an archived absence frees the list at once")
            absence.active = True
            self.assertTrue(visit.needs_move)
            absence.unlink()
            self.assertFalse(visit.needs_move)

    def test_it_stays_until_somebody_acts(self):
        visits = [self._book(540 + 30 * n) for n in range(4)]
        self._away()
        visits[0].action_arrive()
        self.assertEqual(len(self._red()), 4, "who has come waits as well")
        self.booking.cancel(visits[1], "clinic")
        self._make_shift(day=3)
        self.booking.reschedule(visits[2], self._slot(day=3))
        visits[0].action_start()
        self.assertEqual(self._red(), visits[3])
        self.booking.undo(visits[3])
        self.assertFalse(self._red())

    def test_one_question_for_any_number(self):
        visits = self.env["clinic.appointment"]
        for n in range(6):
            visits |= self._book(540 + 30 * n)
        self._away()
        counts = []
        for some in (visits[:2], visits):
            self.env.invalidate_all()
            some.mapped("start")
            before = self.env.cr.sql_log_count
            some.mapped("needs_move")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_who_sees_it(self):
        visit = self._book()
        self._away()
        for role in ("registrar", "senior_nurse", "operator", "doctor", "director"):
            user = self._make_user(f"r_{role}", role)
            found = self.env["clinic.appointment"].with_user(user).search([("needs_move", "=", True)])
            self.assertEqual(found, visit, role)
            self.assertTrue(found.away_text)
        caller = self.env["clinic.appointment"].with_user(self._make_user("r_caller", "external_caller"))
        for call in (
            lambda: caller.search([("needs_move", "=", True)]),
            lambda: caller.browse(visit.id).read(["away_text"]),
            lambda: caller.formatted_read_group([], ["needs_move"], ["__count"]),
        ):
            with self.assertRaises(AccessError):
                call()
        company = self._make_company()
        stranger = self._make_user("r_far", "registrar", company_id=company.id, company_ids=company.ids)
        self.assertFalse(
            self.env["clinic.appointment"].with_user(stranger).search([("needs_move", "=", True)])
        )

    def test_board_marks_it(self):
        visit, other = self._book(), self._book(600)
        self._away(minute_to=570)
        params = {"branch_id": self.branch.id, "date": self._day(1).isoformat(), "kind": "practitioner"}
        for role in ("registrar", "external_caller"):
            board = self.env["clinic.board"].with_user(self._make_user(f"b_{role}", role))
            rows = {row["id"]: row.get("away", False) for row in board.load(params)["visits"]}
            self.assertEqual(rows, {visit.id: role == "registrar", other.id: False}, role)


class TestAbsenceDates(AbsenceCommon):
    """Days and hours on the clock of the branch."""

    def test_form_of_whole_days(self):
        nurse = self._make_user("d_nurse", "senior_nurse", tz="America/New_York")
        form = Form(self.env["clinic.absence"].with_user(nurse))
        form.resource_id = self.practitioner.resource_id
        form.kind = "vacation"
        form.date_from, form.date_to = self._day(1), self._day(14)
        absence = form.save()
        self.assertEqual((absence.start, absence.stop), (self._at(1, 0), self._at(15, 0)))
        self.assertEqual((absence.date_to, absence.whole_days), (self._day(14), True))
        self.assertEqual(absence.wall_stop, f"{self._day(14):%d.%m.%Y}")
        self.assertTrue(absence.display_name.endswith(f"{self._day(1):%d.%m.%Y} – {self._day(14):%d.%m.%Y}"))
        with Form(absence) as form:
            form.whole_days = False
            form.date_to = self._day(1)
            form.hour_from, form.hour_to = 10.0, 13.25
        self.assertEqual((absence.start, absence.stop), (self._at(1, 600), self._at(1, 795)))
        self.assertEqual(absence.wall_start, f"{self._day(1):%d.%m.%Y} 10:00")

    def test_form_tells_what_it_touches(self):
        self._book()
        form = Form(self.env["clinic.absence"])
        form.resource_id = self.practitioner.resource_id
        form.date_from = form.date_to = self._day(1)
        self.assertEqual((form.visit_count, form.advice), (1, ""))
        form.date_to = form.date_from = self._day(2)
        self.assertEqual(form.visit_count, 0)
        self._away(day=2)
        form.date_from = form.date_to = self._day(2)
        form.date_to = self._day(3)
        self.assertIn("already", form.advice)
        form.date_from = form.date_to = self._day(-3)
        self.assertIn("passed", form.advice)
        form.save()

    def test_clear_words(self):
        values = {"resource_id": self.practitioner.resource_id.id}
        absences = self.env["clinic.absence"]
        for wall, words in (
            ({"date_from": "2027-03-10", "date_to": "2027-03-09"}, "must end after"),
            ({"date_from": "2027-03-10", "date_to": "2027-03-10", "hour_from": 9, "hour_to": 9}, "must end"),
            ({"date_from": "2027-03-10", "hour_from": 9, "hour_to": 25}, "between 00:00"),
            ({"date_from": False, "date_to": "2027-03-10"}, "first day"),
            ({"date_from": "2027-03-10", "date_to": "2072-03-10"}, "slip"),
        ):
            with self.subTest(wall=wall), self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
                absences.create({**values, **wall})

    def test_change_of_the_clock(self):
        """Berlin: 31 October 2027 has 25 hours, 28 March 2027 has 23."""
        branch = self._make_branch(tz="Europe/Berlin")
        room = self._make_room(branch)
        for day, hours in ((date(2027, 10, 31), 25), (date(2027, 3, 28), 23)):
            absence = self.env["clinic.absence"].create(
                {"resource_id": room.resource_id.id, "date_from": day, "date_to": day}
            )
            self.assertEqual(absence.tz, "Europe/Berlin")
            self.assertEqual(absence.stop - absence.start, timedelta(hours=hours))
            self.assertEqual((absence.date_from, absence.date_to, absence.whole_days), (day, day, True))

    def test_days_follow_the_resource(self):
        room = self._make_room(self._make_branch(tz="Asia/Irkutsk"))
        absence = self.env["clinic.absence"].create(
            {
                "resource_id": self.practitioner.resource_id.id,
                "date_from": "2027-06-01",
                "date_to": "2027-06-02",
            }
        )
        absence.write({"resource_id": room.resource_id.id, "date_from": "2027-06-01"})
        self.assertEqual(absence.start, datetime(2027, 5, 31, 16))
        self.assertEqual(absence.stop, datetime(2027, 6, 2, 16))

    def test_overlapping_absences_stay_both(self):
        visit = self._book()
        first, second = self._away(), self._away(kind="sick")
        first.active = False
        self.assertTrue(visit.needs_move)
        second.active = False
        self.assertFalse(visit.needs_move)

    def test_boards_of_a_room_without_shifts_hear_of_it(self):
        told = []
        self.patch(
            self.env.registry["clinic.booking"],
            "_bus_changed",
            lambda record, place, resources, dates, action, *args: told.append((place, resources, action)),
        )
        room = self._make_room(self.branch)
        self._away(room)
        self.assertEqual(told, [(self.branch, [room.resource_id.id], "absence")])
