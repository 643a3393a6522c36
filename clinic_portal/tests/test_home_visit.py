# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import PortalHttpCommon

ADDRESS = "Irkutsk, Lenina 5, flat 12"


@tagged("post_install", "-at_install")
class TestHomeVisit(PortalHttpCommon):
    """A doctor is called home on the site: where to is asked for, checked and kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service.clinic_place = "home"

    def test_a_new_patient_says_where(self):
        self._hold(0)
        self.assertIn("Where the doctor is to come", self._text())
        self.assertNotIn("Lenina 1", self._text(), "nobody comes to the clinic")
        self._post("/clinic/booking", action="code", **self._person())
        self.assertIn("Please write where the doctor is to come.", self._text())
        code = self._send_code(address=ADDRESS)
        self._post("/clinic/booking", action="confirm", code=code, **self._person(address=ADDRESS))
        visit = self._visits()
        self.assertEqual((visit.visit_address, visit.place_kind), (ADDRESS, "home"), self._text())
        self.assertIn(ADDRESS, self._text())

    def test_a_place_that_is_not_served(self):
        self.branch.write({"home_district_mode": "refuse", "home_districts": "Irkutsk"})
        self._hold(0)
        self._post("/clinic/booking", action="code", **self._person(address="Angarsk, Mira 1"))
        self.assertIn("do not go to this address", self._text())
        self.assertIn("Angarsk, Mira 1", self.answer.text, "what was typed stays")
        self.assertTrue(self._visits("held"), "the time is still kept")
        self._post("/clinic/booking", action="code", **self._person(address="x" * 301))
        self.assertIn("Please write the address shorter.", self._text())

    def test_the_address_of_the_card(self):
        user = self._make_portal_user()
        patient = user.partner_id
        patient.write({"is_patient": True, "birth_date": "1990-01-02"})
        self._consent(patient)
        self.authenticate(user.login, user.login)
        self._hold(0)
        self._post("/clinic/booking", action="confirm", patient=str(patient.id))
        self.assertIn("Please write where the doctor is to come.", self._text())
        patient.write({"city": "Irkutsk", "street": "Sovetskaya 3"})
        self._post("/clinic/booking", action="confirm", patient=str(patient.id))
        self.assertIn("Sovetskaya 3", self._visits().visit_address, self._text())

    def test_other_visits_ask_for_no_address(self):
        self.service.clinic_place = "clinic"
        visit = self._book_as_new(address=ADDRESS)
        self.assertFalse(visit.visit_address)
        self.assertNotIn("Where the doctor is to come", self._text())
