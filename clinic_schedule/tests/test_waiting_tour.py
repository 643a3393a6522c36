# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .board_common import BoardHttpCommon
from .waiting_common import WaitingBuilders


@tagged("post_install", "-at_install")
class TestWaitingTour(WaitingBuilders, BoardHttpCommon):
    """The desk and a patient who waits, in Chromium and behind the link."""

    url = "/odoo/clinic-board"

    def test_cancel_offer_accept(self):
        """Cancelled on the board, offered, accepted by the link: the board shows the visit."""
        self._reason("cancel")
        self._book(540, day=self.day, patient=self.patient)
        self.env["clinic.waiting.entry"].search([]).write({"state": "withdrawn"})
        entry = self._wait(patient=self._make_patient(family_name="Zhdunova", lang="en_US"))
        self.start_tour(self.url, "clinic_waiting_cancel", login="t_registrar")
        self._run_waves()
        token = entry.offer_ids._url().rsplit("/", 1)[1]
        self.authenticate(None, None)
        page = self.url_open("/clinic/offer/answer", data={"token": token, "answer": "accept"})
        self.assertIn("You are booked", page.text)
        self.start_tour(self.url, "clinic_waiting_taken", login="t_registrar")
        self.assertEqual(entry.visit_id.state, "booked")

    def test_from_the_board(self):
        """Nothing suits the patient: the booking dialog puts him on the list."""
        self.start_tour(self.url, "clinic_waiting_from_board", login="t_registrar")
        entry = self.env["clinic.waiting.entry"].search([("patient_id", "=", self.patient.id)])
        self.assertEqual((entry.service_id, entry.practitioner_ids), (self.service, self.practitioner))
        self.assertEqual(entry.branch_ids, self.branch)
