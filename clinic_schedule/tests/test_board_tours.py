# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
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
