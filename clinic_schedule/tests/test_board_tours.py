# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter
from datetime import timedelta

from odoo.tests import tagged

from .board_common import BoardHttpCommon


@tagged("post_install", "-at_install")
class TestBoardTours(BoardHttpCommon):
    """A registrar at the board, in Chromium."""

    url = "/odoo/clinic-board"

    def test_desk(self):
        """Book, move (by choosing and by dragging), confirm, cancel, undo, week."""
        self._reason("move")
        self._reason("cancel")
        self.start_tour(self.url, "clinic_board_desk", login="t_registrar")
        visit = self.env["clinic.appointment"].search([("patient_id", "=", self.patient.id)])
        self.assertEqual((visit.state, visit.start), ("confirmed", self._instant(11)))

    def test_quick_patient_and_family(self):
        """Two cards from nothing and two visits in turn."""
        self.start_tour(self.url, "clinic_board_quick_patient", login="t_registrar")
        visits = self.env["clinic.appointment"].search(
            [("patient_id.family_name", "=", "Novikova")], order="start"
        )
        self.assertEqual(visits.mapped("start"), [self._instant(9), self._instant(9, 30)])
        self.assertTrue(all(visits.patient_id.mapped("is_provisional")))

    def test_live(self):
        """A visit booked elsewhere appears on the open board."""
        self.start_tour(self.url, "clinic_board_live", login="t_registrar")

    def test_unlocked(self):
        """The workplace is locked and unlocked by PIN: the board keeps its day and hears of visits again."""
        self.env["clinic.pin"]._set(self.users["registrar"], "482913")
        self.start_tour(self.url, "clinic_board_unlocked", login="t_registrar", timeout=120)

    def _other_doctor(self):
        """A doctor who works on the same days and gives another service."""
        other_service = self._make_service(name="Massage")
        doctor = self._make_practitioner(self.branch, self.specialty, other_service)
        self._make_shift(doctor)
        return doctor

    def test_lost_place(self):
        """The place goes while the dialog is open; an offered alternative is booked instead."""
        rival = self._make_patient(family_name="Rivalova")
        self.start_tour(self.url, "clinic_board_lost_place", login="t_registrar")
        visits = self.env["clinic.appointment"].search([("patient_id", "in", (rival | self.patient).ids)])
        self.assertEqual(
            {visit.patient_id: visit.start for visit in visits},
            {rival: self._instant(9), self.patient: self._instant(9, 30)},
        )
        self._check_journey()

    def _check_journey(self):
        """The dialog's steps stand in the log under one mark: opened, shown, lost, shown again, booked."""
        events = self.env["clinic.booking.event"].search([("session_hash", "!=", False)], order="id")
        self.assertEqual(len(set(events.mapped("session_hash"))), 1)
        counts = Counter(events.mapped("kind"))
        self.assertEqual(counts, {"opened": 1, "shown": 2, "chosen": 2, "refused": 1, "booked": 1})
        self.assertEqual(set(events.mapped("channel")), {"reception"})
        self.assertEqual(events.branch_id, self.branch)
        booked = events.filtered(lambda event: event.kind == "booked")
        self.assertGreater(booked.duration_ms, 0)

    def test_lost_move(self):
        """The place goes while the reason is being chosen."""
        visit = self._book(self.patient, 12)
        self._make_patient(family_name="Rivalova")
        self._reason("move")
        self.start_tour(self.url, "clinic_board_lost_move", login="t_registrar")
        self.assertNotIn(visit.start, (self._instant(10), self._instant(12)))
        self.assertEqual(visit.state, "booked")

    def test_refused_drop(self):
        """A drop that cannot be is barred while dragging and refused before anybody is asked why."""
        visit = self._book(self.patient, 9)
        self._book(self._make_patient(), 14)
        self._other_doctor()
        self._reason("move")
        self.start_tour(self.url, "clinic_board_refused_drop", login="t_registrar")
        self.assertEqual(visit.start, self._instant(9))

    def test_touch(self):
        """A long press drags; a tap, "Move" and a tap on a time do the same."""
        visit = self._book(self.patient, 9)
        self._reason("move")
        self.start_tour(self.url, "clinic_board_touch", login="t_registrar")
        self.assertEqual(visit.start, self._instant(13))

    def test_week(self):
        """A week of one doctor, leafed to the next one by button and key."""
        self._other_doctor()
        self.start_tour(self.url, "clinic_board_week", login="t_registrar")

    def test_slot_taken_outside_the_board(self):
        self._book(self.patient, 9)
        self._book(self._make_patient(), 14)
        self._reason("move")
        self.start_tour(self.url, "clinic_slot_taken_form", login="t_registrar")

    def test_calendar_shows_the_clock_of_the_branch(self):
        chita = self._make_branch(name="Chita branch", tz="Asia/Chita")
        doctor = self._make_practitioner(chita, self.specialty, self.service)
        # eight o'clock in Chita is seven in Irkutsk
        shift = self._make_shift(doctor, branch=chita, start=self._instant(7), stop=self._instant(12))
        for start in (shift.start, shift.start + timedelta(hours=1)):
            slot = {"resource_id": doctor.resource_id.id, "service_id": self.service.id, "start": start}
            self.env["clinic.booking"].book(slot, self._make_patient(), channel="reception")
        action = self.env.ref("clinic_schedule.clinic_appointment_action")
        action.view_mode = "calendar,form"
        action.context = {"initial_date": f"{self.day} 12:00:00"}
        self.start_tour("/odoo/clinic-visits", "clinic_calendar_branch_time", login="t_registrar")
