# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..exceptions import SlotTaken
from .board_common import BoardHttpCommon
from .common import ScheduleCommon

TOKEN = "course-token-of-a-test"


class CourseCase(ScheduleCommon):
    """A doctor who works every day for two weeks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registrar = cls._make_user("t_course_desk", "registrar")
        for day in range(2, 15):
            cls._make_shift(day=day, minute_from=540, minute_to=720)

    def _window(self, **vals):
        window = self.env["clinic.course.find"].with_user(self.registrar)
        return window.create(
            {
                "patient_id": self.patient.id,
                "service_id": self.service.id,
                "count": 4,
                "every": 2,
                "slack": 1,
                "hour": 10.0,
                "first_day": self._day(1),
                **vals,
            }
        )

    def _walls(self, course):
        return [(visit.local_date - self._day(0)).days for visit in course.visit_ids.sorted("start")]

    def _course(self, **vals):
        window = self._window(**vals)
        window.action_find()
        return self.env["clinic.course"].browse(window.action_book()["res_id"])


@tagged("post_install", "-at_install")
class TestCourse(CourseCase):
    def test_every_other_day_at_about_ten(self):
        window = self._window()
        window.action_find()
        self.assertEqual((window.found, window.found_count, len(window.line_ids)), ("all", 4, 4))
        times = window.line_ids.option_id.mapped("start")
        self.assertEqual(times, [self._at(day, 600) for day in (1, 3, 5, 7)])
        course = self.env["clinic.course"].browse(window.action_book()["res_id"])
        self.assertEqual(self._walls(course), [1, 3, 5, 7])
        self.assertEqual(set(course.visit_ids.mapped("state")), {"booked"})
        self.assertEqual((course.state, course.coming_count, course.missing_count), ("running", 4, 0))
        claims = self.env["clinic.slot.claim"].search([("appointment_id", "in", course.visit_ids.ids)])
        self.assertEqual(claims.appointment_id, course.visit_ids, "each visit occupies its place")

    def test_a_second_press_books_nothing_twice(self):
        window = self._window()
        window.action_find()
        first, again = window.action_book(), window.action_book()
        self.assertEqual(first["res_id"], again["res_id"])
        self.assertEqual(len(self.env["clinic.course"].browse(first["res_id"]).visit_ids), 4)

    def test_another_time_of_the_day(self):
        window = self._window()
        window.action_find()
        line = window.line_ids[1]
        options = self.env["clinic.course.find.option"].search([("line_id", "=", line.id)])
        self.assertEqual({option.start.date() for option in options}, {line.option_id.start.date()})
        line.option_id = options.filtered(lambda option: option.start == self._at(3, 540))
        course = self.env["clinic.course"].browse(window.action_book()["res_id"])
        self.assertIn(self._at(3, 540), course.visit_ids.mapped("start"))

    def test_all_or_nothing(self):
        window = self._window()
        window.action_find()
        lost = window.line_ids[2].option_id
        self.env["clinic.booking"].book(lost._slot(), self._make_patient())
        with self.assertRaises(SlotTaken) as taken:
            window.action_book()
        self.assertIn(f"{self._day(5):%d.%m}", str(taken.exception), "it says which time is lost")
        self.assertFalse(self.env["clinic.course"].search([("patient_id", "=", self.patient.id)]))
        self.assertFalse(self.patient.clinic_course_count)
        window.action_find()
        course = self.env["clinic.course"].browse(window.action_book()["res_id"])
        self.assertEqual(len(course.visit_ids), 4)

    def test_fewer_than_wished(self):
        window = self._window(count=10, every=3, slack=0)
        window.action_find()
        self.assertEqual((window.found, window.found_count), ("part", 5))
        course = self.env["clinic.course"].browse(window.action_book()["res_id"])
        self.assertEqual((course.count, course.missing_count, course.state), (10, 5, "gap"))
        late = self._window(hour=23.0, off=1.0)
        late.action_find()
        self.assertEqual(late.found, "none")
        nothing = self._window(first_day=self._day(60))
        nothing.action_find()
        self.assertEqual(nothing.found, "none")
        with self.assertRaises(UserError):
            nothing.action_book()

    def test_one_doctor_or_any(self):
        other = self._make_practitioner(self.branch, self.specialty, self.service)
        for day in (1, 3, 5, 7):
            self._make_shift(other, day=day, minute_from=600, minute_to=660)
        busy = self._make_patient()
        for day in (3, 7):
            slot = {"service_id": self.service.id, "resource_id": self.practitioner.resource_id.id}
            self.env["clinic.booking"].book({**slot, "start": self._at(day, 600)}, busy)
        window = self._window(one_owner=False, slack=0)
        window.action_find()
        self.assertEqual(
            window.line_ids.option_id.mapped("start"), [self._at(day, 600) for day in (1, 3, 5, 7)]
        )
        window = self._window(one_owner=True, slack=0)
        window.action_find()
        self.assertEqual(len(window.line_ids.option_id.resource_id), 1)

    def test_missing_move_and_cancel(self):
        course = self._course()
        reason = self.env.ref("clinic_schedule.reason_cancel_ill")
        self.env["clinic.booking"].cancel(course.visit_ids.sorted("start")[3], "patient", reason)
        self.assertEqual((course.state, course.missing_count), ("gap", 1))
        desk = course.with_user(self.registrar)
        with self.assertRaises(UserError, msg="places would stay taken"):
            desk.action_close()
        window = self.env["clinic.course.find"].browse(desk.action_book_missing()["res_id"])
        self.assertEqual((window.count, window.mode), (1, "missing"))
        window = window.with_user(self.registrar)
        window.action_find()
        window.action_book()
        self.assertEqual((course.state, course.coming_count), ("running", 4))
        late = {"service_id": self.service.id, "resource_id": self.practitioner.resource_id.id}
        late = [{**late, "start": self._at(14, 540)}]
        with self.assertRaises(UserError, msg="another desk has booked it"):
            self.env["clinic.booking"]._book_course(late, self.patient, TOKEN, course=course)
        window = self.env["clinic.course.find"].browse(desk.action_move_rest()["res_id"])
        window = window.with_user(self.registrar)
        move = self.env["clinic.appointment.reason"].search([("kind", "=", "move")], limit=1)
        window.write({"first_day": self._day(2), "reason_id": move.id, "hour": 11.0})
        window.action_find()
        window.action_book()
        self.assertEqual(self._walls(course)[:1], [2])
        self.assertEqual(len(course.visit_ids._to_come()), 4)
        wizard = self.env["clinic.course.cancel"].with_user(self.registrar)
        wizard.create({"course_id": course.id, "reason_id": reason.id}).action_cancel()
        self.assertEqual((course.state, course.coming_count), ("gap", 0))
        with self.assertRaises(UserError):
            desk.action_move_rest()
        desk.action_close()
        self.assertEqual(course.state, "closed")
        desk.action_reopen()
        self.assertEqual(course.state, "gap")

    def _move(self, course, **vals):
        window = self.env["clinic.course.find"].browse(
            course.with_user(self.registrar).action_move_rest()["res_id"]
        )
        window = window.with_user(self.registrar)
        move = self.env["clinic.appointment.reason"].search([("kind", "=", "move")], limit=1)
        window.write({"reason_id": move.id, "slack": 0, "off": 0.0, **vals})
        window.action_find()
        return window

    def test_a_course_moves_over_its_own_places(self):
        course = self._course(count=4, every=1, slack=0)
        visits = course.visit_ids.sorted("start")
        other = self._make_patient()
        self._book(600, day=6, patient=other)
        for first, days in ((2, [2, 3, 4, 5]), (1, [1, 2, 3, 4])):
            window = self._move(course, first_day=self._day(first))
            self.assertEqual(window.line_ids.option_id.mapped("start"), [self._at(day, 600) for day in days])
            window.action_book()
            self.assertEqual(visits.mapped("start"), [self._at(day, 600) for day in days], "none overtook")
        claims = self.env["clinic.slot.claim"].search(
            [("appointment_id", "in", visits.ids), ("kind", "=", "patient")]
        )
        self.assertEqual(sorted(claims.mapped("start")), [self._at(day, 600) for day in (1, 2, 3, 4)])
        again = self._move(course, first_day=self._day(1))
        lines = visits[0].journal_ids
        again.action_book()
        self.assertEqual(visits[0].journal_ids, lines, "what stands there already is not moved")
        lost = self._move(course, first_day=self._day(2))
        self._book(600, day=5, patient=other)
        with self.assertRaises(SlotTaken):
            lost.action_book()
        self.assertEqual(visits.mapped("start"), [self._at(day, 600) for day in (1, 2, 3, 4)])
        held = self.env["clinic.slot.claim"].search([("appointment_id", "in", visits.ids)])
        self.assertEqual(held.appointment_id, visits, "and every place is theirs still")

    def test_which_visit_of_the_course(self):
        course = self._course(count=3)
        visits = course.visit_ids.sorted("start")
        self.assertEqual(visits.mapped("course_place"), ["1 of 3", "2 of 3", "3 of 3"])
        self.env["clinic.booking"].cancel(visits[0], "patient", self._ill())
        self.assertEqual(visits.mapped("course_place"), [False, "1 of 3", "2 of 3"])
        self.assertEqual(visits[1].with_context(lang="ru_RU").course_place, "1 из 3")
        self.assertEqual(visits[1].with_user(self.registrar).action_open_course()["res_id"], course.id)
        self.assertFalse(self._book(540, day=9).course_place)

    def test_a_course_like_this_visit(self):
        visit = self._book(615, day=3, patient=self.patient)
        other = self._make_branch()
        self.patient.patient_branch_id = other
        action = visit.with_user(self.registrar).action_book_course()
        model = self.env[action["res_model"]].with_user(self.registrar).with_context(**action["context"])
        with Form(model) as form:
            self.assertEqual(form.patient_id, self.patient)
            self.assertEqual(form.service_id, self.service)
            self.assertEqual(form.practitioner_id, self.practitioner)
            self.assertEqual(form.branch_id, self.branch, "where the visit was, not where the card is")
            self.assertEqual((form.hour, form.first_day), (10.25, self._day(4)))
            form.count = 2
        window = form.record
        window.action_find()
        course = self.env["clinic.course"].browse(window.action_book()["res_id"])
        self.assertEqual(course.visit_ids.sorted("start")[0].start, self._at(4, 615))
        self.assertNotIn(visit, course.visit_ids)

    def test_days_of_the_week(self):
        """Every one of the days that suit; what is missing and a move keep to them."""
        names = ("on_mon", "on_tue", "on_wed", "on_thu", "on_fri", "on_sat", "on_sun")
        wanted = {self._day(day).weekday() for day in (2, 4, 5)}
        days = {name: number in wanted for number, name in enumerate(names)}
        course = self._course(count=5, every=1, slack=0, **days)
        self.assertEqual(self._walls(course), [2, 4, 5, 9, 11])
        self.assertEqual(course.weekdays, "".join(str(day) for day in sorted(wanted)))
        self.assertEqual(len(course.weekday_text.split(", ")), 3)
        self.env["clinic.booking"].cancel(course.visit_ids.sorted("start")[4], "patient", self._ill())
        window = self.env["clinic.course.find"].browse(
            course.with_user(self.registrar).action_book_missing()["res_id"]
        )
        window = window.with_user(self.registrar)
        self.assertEqual([window[name] for name in names], [days[name] for name in names])
        window.action_find()
        self.assertEqual(window.line_ids.option_id.start, self._at(12, 600), "after the last one")
        window = self._move(course, first_day=self._day(3))
        times = window.line_ids.option_id.mapped("start")
        self.assertEqual(times, [self._at(day, 600) for day in (4, 5, 9, 11)])
        with self.assertRaises(UserError, msg="no day at all"):
            self._window(**dict.fromkeys(names, False)).action_find()
        mondays = {**dict.fromkeys(names, False), "on_mon": True}
        with self.assertRaises(UserError, msg="longer than a year"):
            self._window(count=60, every=1, slack=0, **mondays).action_find()
        self.assertFalse(self._course(first_day=self._day(6)).weekday_text, "any day is not worth a word")

    def test_undo_of_one_visit_stays_possible(self):
        course = self._course()
        visit = course.visit_ids.sorted("start")[0]
        self.env["clinic.booking"].with_user(self.registrar).undo(visit)
        self.assertEqual((visit.state, course.state), ("cancelled_clinic", "gap"))

    def test_rights(self):
        course = self._course()
        booking = self.env["clinic.booking"]
        slot = {
            "service_id": self.service.id,
            "resource_id": self.practitioner.resource_id.id,
            "start": self._at(12, 600),
        }
        readers = {
            "registrar",
            "senior_nurse",
            "clinic_admin",
            "head_doctor",
            "director",
            "doctor",
            "operator",
        }
        for role, user in self._make_cast().items():
            with self.subTest(role=role):
                row = course.with_user(user)
                books = user.has_group("clinic_base.group_clinic_booking")
                self.assertEqual(row.has_access("write"), books)
                for operation in ("create", "unlink"):
                    self.assertFalse(row.has_access(operation))
                if role in readers:
                    self.assertTrue(row.read(["state", "missing_count"]))
                if not row.has_access("read"):
                    with self.assertRaises(AccessError):
                        row.read(["state"])
                if not books:
                    with self.assertRaises(UserError):
                        booking.with_user(user)._book_course([slot], self.patient, TOKEN)
                    with self.assertRaises(UserError):
                        booking.with_user(user)._cancel_course(row)
        with self.assertRaises(UserError):
            course.with_user(self.registrar).write({"count": 1})

    def test_bad_input(self):
        booking = self.env["clinic.booking"].with_user(self.registrar)
        slot = {
            "service_id": self.service.id,
            "resource_id": self.practitioner.resource_id.id,
            "start": self._at(1, 600),
        }
        other = {**slot, "service_id": self._make_service(name="Other").id, "start": self._at(2, 600)}
        for slots in ([], "x", [slot] * 61, [slot, other], [slot, slot]):
            with self.assertRaises(UserError):
                booking._book_course(slots, self.patient, TOKEN)
        with self.assertRaises(UserError):
            booking._book_course([slot], self.patient, None)
        with self.assertRaises(UserError):
            booking._book_course([slot], self.patient, TOKEN, state="done")
        for vals in (
            {"count": 0},
            {"every": 99},
            {"count": 60, "every": 60},
            {"hour": 25},
            {"first_day": self._day(-1)},
        ):
            with self.assertRaises(UserError):
                self._window(**vals).action_find()

    def test_nobody_puts_a_visit_into_the_course_of_another(self):
        course = self._course()
        booking = self.env["clinic.booking"].with_user(self.registrar)
        slot = {
            "service_id": self.service.id,
            "resource_id": self.practitioner.resource_id.id,
            "start": self._at(12, 600),
        }
        with self.assertRaises(UserError):
            booking._book_course([slot], self._make_patient(), TOKEN, course=course.id)
        for wrong in (0, -1, 10**9, "x", [course.id, course.id + 1]):
            with self.assertRaises(UserError):
                booking._cancel_course(wrong)
            with self.assertRaises(UserError):
                booking._move_course(wrong, [slot], None)
        for slots in ("x", ["x"], [{}], [{"start": "soon"}]):
            with self.assertRaises(UserError):
                booking._move_course(course.id, slots, None)
        company = self._make_company()
        stranger = self._make_user(
            "t_other_desk", "registrar", company_id=company.id, company_ids=company.ids
        )
        with self.assertRaises(UserError):
            self.env["clinic.booking"].with_user(stranger)._cancel_course(course.id)
        self.assertEqual(len(course.visit_ids._to_come()), 4)
        self.assertEqual(booking._cancel_course(course.id, reason=self._ill().id), course.visit_ids)
        self.assertEqual(course.company_id, self.branch.company_id)

    def _ill(self):
        return self.env.ref("clinic_schedule.reason_cancel_ill")

    def test_the_joined_card_takes_the_course(self):
        course = self._course()
        card = self._make_patient(family_name=self.patient.family_name, given_name=self.patient.given_name)
        merge = self.env["clinic.merge"].create({"survivor_id": card.id, "loser_id": self.patient.id})
        merge.reason = "one person"
        merge.action_merge()
        self.assertEqual(course.patient_id, card)

    def test_questions_do_not_grow_with_the_length(self):
        def questions(count):
            window = self._window(count=count, every=1)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            window.action_find()
            return self.env.cr.sql_log_count - before

        questions(2)
        few = questions(2)
        self.assertLessEqual(questions(6), few + 6)

    def test_the_day_of_the_branch(self):
        """Near midnight the day is that of the branch, not of UTC."""
        self.env["clinic.shift"].search([("resource_id", "=", self.practitioner.resource_id.id)]).unlink()
        for day in (1, 2, 3):
            self._make_shift(day=day, minute_from=60, minute_to=180)
        course = self._course(count=3, every=1, hour=1.0, slack=0)
        self.assertEqual(self._walls(course), [1, 2, 3])


@tagged("post_install", "-at_install")
class TestCourseTour(BoardHttpCommon):
    """The desk books a course from the patient's card and cancels the rest of it."""

    def test_course(self):
        for days in range(2, 9):
            self._make_shift(self.practitioner, day=self.day + timedelta(days=days))
        self.start_tour(f"/odoo/patients/{self.patient.id}", "clinic_course", login="t_registrar")
        course = self.env["clinic.course"].search([("patient_id", "=", self.patient.id)])
        self.assertEqual((course.count, course.every, len(course.visit_ids)), (3, 2, 3))
        self.assertEqual(set(course.visit_ids.mapped("state")), {"cancelled_patient"})
        self.assertEqual(course.state, "gap")

    def test_from_the_board(self):
        """Right click on a visit → course like it; the board marks its visits."""
        for days in range(2, 5):
            self._make_shift(self.practitioner, day=self.day + timedelta(days=days))
        visit = self._book(self.patient, 10)
        self.start_tour("/odoo/clinic-board", "clinic_course_from_board", login="t_registrar")
        course = self.env["clinic.course"].search([("patient_id", "=", self.patient.id)])
        self.assertEqual(
            course.visit_ids.sorted("start").mapped("start"),
            [visit.start + timedelta(days=days) for days in (1, 2)],
        )
