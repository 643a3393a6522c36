# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import PortalHttpCommon


@tagged("post_install", "-at_install")
class TestSparePrice(PortalHttpCommon):
    """Reduced prices on the site: the visitor sees both prices and never pays more than he saw."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        offers = cls.env["clinic.offer"]._find(services=cls.service, resources=cls.practitioner.resource_id)
        cls.full = offers[0]["price"]
        cls.rule = cls.env["clinic.spare.rule"].create(
            {
                "name": "Spare",
                "percent": 50,
                "lead_from": 0,
                "lead_to": 0,
                "load_below": 100,
                "rounding": 0,
                "channel_ids": cls.env["clinic.booking.channel"].search([("code", "=", "site")]).ids,
            }
        )
        cls.cheap = cls.full / 2
        catalogue = cls.env["clinic.portal.catalogue"]
        cls.cheap_text, cls.full_text = (
            " ".join(catalogue._price_text(price, cls.service).split()) for price in (cls.cheap, cls.full)
        )

    def _button(self, number=0):
        """The value of a button on the page, with its price."""
        return next(value for value in self._buttons_on_page() if self._time_of(value) == self._slot(number))

    def _tap(self, number=0):
        self._get("/clinic")
        return self._post("/clinic/hold", slot=self._button(number))

    def _confirm(self, code):
        return self._post("/clinic/booking", action="confirm", code=code, **self._person())

    def test_both_prices_are_shown_and_kept(self):
        self._get("/clinic")
        self.assertIn(self.cheap_text, self._text())
        self.assertIn(f"{self.cheap_text} instead of {self.full_text}", " ".join(self.answer.text.split()))
        self._tap()
        self.assertIn(self.cheap_text, self._text())
        self.assertIn(self.full_text, self._text())
        self.rule.active = False
        self._confirm(self._send_code())
        self.assertTrue(self.answer.url.endswith("/clinic/done"), self._text())
        self.assertEqual((self._visits().price, self._visits().price_before), (self.cheap, self.full))
        self.assertIn(f"{self.cheap_text} instead of {self.full_text}", self._text())

    def test_over_before_the_tap(self):
        self._get("/clinic")
        button = self._button()
        self.rule.active = False
        self._post("/clinic/hold", slot=button)
        self.assertIn("The price of this time has changed", self._text())
        self.assertFalse(self._visits("held"))

    def test_had_one_lately(self):
        card = self._make_patient(
            family_name="Petrova", given_name="Anna", patronymic="Ivanovna", phone=self._person()["phone"]
        )
        self.rule.patient_days = 30
        self.rule.channel_ids = False
        self._book(card, 6)
        self._tap()
        self._confirm(self._send_code())
        self.assertIn("The price of this time has changed", self._text())
        self.assertIn(self.full_text, self._text())
        self.assertEqual(len(self._visits("booked")), 1)
        self._post("/clinic/booking", action="confirm", code="", **self._person())
        if not self.answer.url.endswith("/clinic/done"):
            self._confirm(self._send_code())
        self.assertTrue(self.answer.url.endswith("/clinic/done"), self._text())
        prices = self.env["clinic.appointment"].search([("patient_id", "=", card.id)]).mapped("price")
        self.assertEqual(sorted(prices), [self.cheap, self.full])

    def test_move(self):
        card = self._make_patient(phone="+79990000777")
        user = self._make_user("t_spare_patient", "base.group_portal", partner_id=card.id)
        visit = self._book(card)
        self.assertEqual(visit.price, self.full)
        self.authenticate(user.login, user.login)
        self._get(f"/my/visits/{visit.id}/move")
        button = self._button(3)
        self.assertTrue(button.endswith(f"|{self.cheap}"))
        self._post(f"/my/visits/{visit.id}/move", slot=button)
        self.assertEqual((visit.price, visit.price_before), (self.cheap, self.full))
        self._get(f"/my/visits/{visit.id}/move")
        button = self._button(5)
        self.rule.active = False
        self._post(f"/my/visits/{visit.id}/move", slot=button)
        self.assertIn("The price of this time has changed", self._text())
        self.assertEqual(visit.price, self.cheap)

    def test_a_forged_price_changes_nothing(self):
        self.rule.active = False
        self._post("/clinic/hold", slot=f"{self._slot()}|1")
        self.assertFalse(self._visits("held"))
        self._post("/clinic/hold", slot=f"{self._slot()}|999999")
        self.assertEqual(self._visits("held").price, self.full)
