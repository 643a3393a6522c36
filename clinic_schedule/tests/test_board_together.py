# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.tests import tagged

from .board_common import BoardCommon
from .day_common import DayCommon


@tagged("post_install", "-at_install")
class TestBoardTogether(BoardCommon):
    def test_marks_of_what_was_booked_together(self):
        """The board tells visits of a course and of one coming, the card says which."""
        slots = [
            {
                "service_id": self.service.id,
                "resource_id": self.doctor_resource.id,
                "branch_id": self.branch.id,
                "start": self._utc(hour),
            }
            for hour in (9, 11)
        ]
        booking = self.env["clinic.booking"]
        course = booking._book_course(slots, self.patient, "course-token-of-the-board")
        guest = self._make_patient()
        for slot, hour in zip(slots, (13, 15), strict=True):
            slot["start"] = self._utc(hour)
        chain = booking._book_chain(slots, guest, "chain-token-of-the-board")
        alone = self._book(self._make_patient(), 10)
        rows = {row["id"]: row for row in self._load("t_registrar")["visits"]}
        for visits, marks in (
            (course.visit_ids, (True, False)), (chain.visit_ids, (False, True)), (alone, (False, False)),
        ):  # fmt: skip
            for visit in visits:
                row = rows[visit.id]
                self.assertEqual((row["course"], row["chain"]), marks)
        board = self.env["clinic.board"].with_user(self.users["registrar"])
        second = board.visit_card(course.visit_ids.sorted("start")[1].id)["lines"]
        self.assertIn({"label": "Visit of the course", "value": "2 of 2"}, second)
        coming = board.visit_card(chain.visit_ids[0].id)["lines"]
        self.assertIn({"label": "In one coming", "value": "13:00 Consultation, 15:00 Consultation"}, coming)
        labels = {line["label"] for line in board.visit_card(alone.id)["lines"]}
        self.assertFalse(labels & {"Visit of the course", "In one coming"})
        caller = self._load("t_external_caller")
        self.assertFalse([row for row in caller["visits"] if "course" in row or "chain" in row])
        action = alone.with_user(self.users["registrar"]).action_book_chain()
        self.assertEqual(action["context"]["default_patient_id"], alone.patient_id.id)


@tagged("post_install", "-at_install")
class TestDayTogether(DayCommon):
    def test_the_doctor_sees_which_visit_it_is(self):
        slots = [
            {
                "service_id": self.service.id,
                "resource_id": self.resource.id,
                "start": self.now + timedelta(minutes=minutes),
            }
            for minutes in (30, 75, 120, 165)
        ]
        booking = self.env["clinic.booking"]
        course = booking._book_course(slots[:2], self.patient, "course-token-of-the-day")
        guest = self._make_patient()
        chain = booking._book_chain(slots[2:], guest, "chain-token-of-the-day")
        first = course.visit_ids.sorted("start")[0]
        rows = {row["id"]: row for row in self._day_as("doctor", first)["visits"]}
        self.assertEqual([rows[visit.id]["course"] for visit in course.visit_ids], ["1 of 2", "2 of 2"])
        self.assertEqual({rows[visit.id]["coming"] for visit in course.visit_ids}, {""})
        for visit in chain.visit_ids:
            self.assertEqual(rows[visit.id]["course"], "")
            self.assertEqual(rows[visit.id]["coming"].count("Consultation"), 2)
