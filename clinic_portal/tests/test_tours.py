# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.tests import tagged

from .common import PortalHttpCommon


@tagged("post_install", "-at_install")
class TestTours(PortalHttpCommon):
    """The two main journeys in a browser as wide as a phone."""

    browser_size = "360x740"
    touch_enabled = True

    def test_new_patient(self):
        # the dice, not our code: the browser cannot look into the backend
        with patch("secrets.randbelow", return_value=42042):
            self.start_tour(f"/clinic?doctor={self.practitioner.id}", "clinic_portal_book_new", login=None)
        visit = self._visits()
        self.assertEqual((visit.state, visit.channel), ("booked", "site"))
        self.assertEqual(visit.patient_id.name, "Петрова Анна Ивановна")

    def test_signed_in(self):
        user = self._make_portal_user()
        user.partner_id.write({"is_patient": True, "birth_date": "1990-01-02"})
        self._consent(user.partner_id)
        self.start_tour(
            f"/clinic?doctor={self.practitioner.id}", "clinic_portal_book_signed_in", login="t_portal"
        )
        visit = self._visits("cancelled_patient")
        self.assertEqual(visit.patient_id, user.partner_id)
        self.assertNotEqual(visit.start, self.shift.start)
