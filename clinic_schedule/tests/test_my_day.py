# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..exceptions import SlotTaken
from .day_common import DayCommon


@tagged("post_install", "-at_install")
class TestMyDay(DayCommon):
    def _service_as(self, role):
        return self.env["clinic.my.day"].with_user(self.users[role])

    def test_the_day_of_the_signed_in_doctor(self):
        visit = self._visit(30, note="Bring the pictures")
        other = self._make_practitioner(self.branch, self.specialty, self.service)
        self._long_shift(other, room_id=False)
        self._visit(60, self._make_patient(), other)
        day = self._day_as("doctor", visit)
        self.assertEqual(day["practitioner"]["id"], self.practitioner.id)
        self.assertTrue(day["practitioner"]["own"])
        self.assertEqual([row["id"] for row in day["visits"]], [visit.id])
        row = day["visits"][0]
        self.assertEqual((row["name"], row["note"]), (self.patient.name, "Bring the pictures"))
        self.assertEqual(row["start_clock"], self._wall(visit.start))
        self.assertFalse(day["doctors"], "a doctor does not leaf through colleagues")

    def test_gaps_leave_out_visits_and_absences(self):
        visit = self._visit(30)
        self.env["clinic.absence"].create(
            {
                "resource_id": self.resource.id,
                "kind": "lunch",
                "start": visit.stop,
                "stop": visit.stop + timedelta(minutes=30),
            }
        )
        day = self._day_as("doctor", visit)
        self.assertEqual([row["name"] for row in day["absences"]], ["Lunch"])
        edges = {(gap["start"], gap["stop"]) for gap in day["gaps"]}
        text = fields.Datetime.to_string
        self.assertTrue(any(stop == text(visit.start) for _start, stop in edges))
        self.assertTrue(any(start == text(visit.stop + timedelta(minutes=30)) for start, _stop in edges))
        self.assertFalse(any(start == text(visit.stop) for start, _stop in edges))

    def test_a_fixed_number_of_queries(self):
        def count(visits):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._day_as("doctor", visits[0], quiet=True)
            return self.env.cr.sql_log_count - before

        visits = [self._visit(0)]
        few = count(visits)
        for number in range(1, 5):
            visits.append(self._visit(30 * number, self._make_patient(phone=f"+7914123456{number}")))
        same_day = [visit for visit in visits if visit.local_date == visits[0].local_date]
        many = count(same_day)
        self.assertLessEqual(many, few + 2, "queries grow with the visits")
        self.assertLessEqual(many, 45)

    def test_call_start_done(self):
        visit = self._visit(0)
        service = self._service_as("doctor")
        with self.assertRaisesRegex(UserError, "arrived"):
            service.step(visit.id, "call")
        service.step(visit.id, "arrive")
        self.assertEqual((visit.state, bool(visit.arrived_at), visit.queue_label), ("arrived", True, "А-001"))
        service.step(visit.id, "call")
        self.assertEqual((visit.state, bool(visit.called_at)), ("arrived", True))
        service.step(visit.id, "start")
        self.assertEqual((visit.state, bool(visit.started_at)), ("in_progress", True))
        service.step(visit.id, "done")
        self.assertEqual(visit.state, "done")
        row = self._day_as("doctor", visit)["visits"][0]
        self.assertEqual((row["state"], row["queue"]), ("done", "А-001"))

    def test_being_called_can_not_hinder_taking_back(self):
        visit = self._visit(0)
        service = self._service_as("doctor")
        for action in ("arrive", "call", "undo"):
            service.step(visit.id, action)
        self.assertEqual(visit.state, "booked")
        self.assertFalse(visit.arrived_at or visit.called_at)
        service.step(visit.id, "arrive")
        self.assertEqual(visit.queue_label, "А-001", "who has a ticket keeps it")

    def test_numbers_of_the_day_differ(self):
        first, second = self._visit(0), self._visit(30, self._make_patient())
        if first.local_date != second.local_date:
            self.skipTest("midnight lies between the two visits")
        (second + first).action_arrive()
        self.assertEqual((second + first).mapped("queue_label"), ["А-001", "А-002"])

    def test_a_moved_visit_has_no_number(self):
        visit = self._visit(60)
        visit.action_arrive()
        visit.action_undo()
        reason = self.env["clinic.appointment.reason"].create(
            {"name": "Because", "kind": "move", "by": "patient"}
        )
        slot = {"resource_id": self.resource.id, "start": visit.start + timedelta(minutes=30)}
        self.env["clinic.booking"].reschedule(visit, slot, reason)
        self.assertFalse(visit.queue_no)

    def test_next_visit_in_two_clicks(self):
        visit = self._visit(0)
        soon = visit.local_date + timedelta(days=7)
        self._make_shift(day=soon)
        service = self._service_as("doctor")
        found = service.propose_next(visit.id, 7)
        self.assertEqual(found["service"], self.service.name)
        self.assertEqual([slot["clock"] for slot in found["slots"]], ["09:00", "09:15", "09:30"])
        booked = service.book_next(visit.id, found["slots"][0], "next-visit-token")
        again = service.book_next(visit.id, found["slots"][0], "next-visit-token")
        self.assertEqual(booked["id"], again["id"], "a double click books once")
        new = self.env["clinic.appointment"].browse(booked["id"])
        self.assertEqual((new.patient_id, new.service_id, new.local_date), (self.patient, self.service, soon))
        self.assertEqual(new.channel, "referral")
        self.assertEqual(new.visit_type, "repeat")
        rival = self._visit(30, self._make_patient())
        with self.assertRaises(SlotTaken):
            service.book_next(rival.id, found["slots"][0], "next-visit-token-2")

    def test_rights(self):
        visit = self._visit(0)
        stranger = self._make_user("t_other_doctor", "doctor")
        self._make_practitioner(self.branch, self.specialty, self.service).user_id = stranger
        for user in (self.users["external_caller"], self.users["marketer"]):
            service = self.env["clinic.my.day"].with_user(user)
            for call in (
                lambda s=service: s.load(),
                lambda s=service: s.load(self.practitioner.id),
                lambda s=service: s.step(visit.id, "arrive"),
                lambda s=service: s.propose_next(visit.id),
                lambda s=service: s.ask_absence({}),
            ):
                with self.assertRaises(AccessError):
                    call()
        service = self.env["clinic.my.day"].with_user(stranger)
        with self.assertRaises(AccessError):
            service.load(self.practitioner.id)
        for action in ("arrive", "call", "start", "done", "no_show", "undo"):
            with self.assertRaises(AccessError):
                service.step(visit.id, action)
        with self.assertRaises(AccessError):
            service.propose_next(visit.id)
        for role in ("registrar", "senior_nurse", "head_doctor", "director"):
            day = self._service_as(role).load(self.practitioner.id, visit.local_date.isoformat())
            self.assertEqual([row["id"] for row in day["visits"]], [visit.id], role)
        self.assertFalse(self._service_as("registrar").load()["practitioner"])
        with self.assertRaises(AccessError):
            self._service_as("director").step(visit.id, "arrive")
        self._service_as("registrar").step(visit.id, "arrive")
        self.assertEqual(visit.state, "arrived")

    def test_a_stranger_of_another_company_finds_nothing(self):
        visit = self._visit(0)
        company = self._make_company()
        user = self._make_user("t_far", "senior_nurse", company_id=company.id, company_ids=company.ids)
        service = self.env["clinic.my.day"].with_user(user)
        self.assertFalse(service.load(self.practitioner.id).get("visits"))
        with self.assertRaises(UserError):
            service.step(visit.id, "arrive")

    def test_bad_input(self):
        visit = self._visit(0)
        service = self._service_as("doctor")
        for call in (
            lambda: service.load(False, "31.02.2026"),
            lambda: service.step(visit.id, "unlink"),
            lambda: service.step(10**8, "arrive"),
            lambda: service.propose_next(visit.id, 0),
            lambda: service.propose_next(visit.id, 10**6),
            lambda: service.propose_next(visit.id, "7"),
            lambda: service.book_next(visit.id, "tomorrow", "some-token-of-mine"),
        ):
            with self.assertRaises(UserError):
                call()

    def test_moments_cannot_be_written(self):
        visit = self._visit(0).with_user(self.users["doctor"])
        for name, value in (("called_at", fields.Datetime.now()), ("queue_no", 7), ("walk_in", True)):
            with self.assertRaises(UserError):
                visit.write({name: value})
