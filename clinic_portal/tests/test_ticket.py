# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.tests import tagged

from .common import PortalHttpCommon


@tagged("post_install", "-at_install")
class TestTicket(PortalHttpCommon):
    """The page of a time ticket: what it is good for, booked once, nothing for anybody else's link."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls.env["clinic.time.ticket"].create(
            {
                "service_id": cls.service.id,
                "price": 123,
                "date_from": cls.shift.start.date(),
                "date_to": cls.shift.start.date() + timedelta(days=1),
            }
        )
        cls.path = f"/clinic/ticket/{cls.ticket._token()}"

    def _tap(self, number=0):
        self._get(self.path)
        button = next(
            value for value in self._buttons_on_page() if self._time_of(value) == self._slot(number)
        )
        return self._post("/clinic/hold", slot=button, ticket=self._hidden("ticket"))

    def test_page(self):
        self._get(self.path)
        self.assertEqual(self.answer.status_code, 200)
        for words in (self.ticket.number, "123", self.service.name):
            self.assertIn(words, self._text())
        headers = self.answer.headers
        self.assertEqual(headers["Referrer-Policy"], "no-referrer")
        self.assertEqual((headers["Cache-Control"], headers["X-Robots-Tag"]), ("no-store", "noindex"))

    def test_booked_on_the_site(self):
        self._tap()
        self.assertTrue(self.answer.url.endswith("/clinic/booking"), self._text())
        self.assertIn("123", self._text())
        self.assertEqual(self._visits("held").price, 123)
        code = self._send_code()
        self._post("/clinic/booking", action="confirm", code=code, **self._person())
        self.assertTrue(self.answer.url.endswith("/clinic/done"), self._text())
        self.assertEqual((self._visits().price, self._visits().ticket_id), (123, self.ticket))
        self._get(self.path)
        self.assertIn("used already", self._text())
        self.assertFalse(self._buttons_on_page())

    def test_used_by_somebody_else_meanwhile(self):
        self._tap()
        code = self._send_code()
        other = self.env["clinic.booking"].book(
            {
                "service_id": self.service.id,
                "resource_id": self.practitioner.resource_id.id,
                "start": self.shift.start + timedelta(minutes=60),
                "ticket": self.ticket.id,
            },
            self._make_patient(),
        )
        self._post("/clinic/booking", action="confirm", code=code, **self._person())
        self.assertIn("used already", self._text())
        self.assertEqual(self.ticket.visit_id, other)

    def test_other_time_with_the_same_ticket(self):
        self._tap()
        self._post("/clinic/booking", slot=self._slot(4), **self._person())
        held = self._visits("held")
        self.assertEqual((held.start, held.price), (self.shift.start + timedelta(minutes=120), 123))

    def test_lost(self):
        self._get(self.path)
        token = self._hidden("ticket")
        self._book(self._make_patient(), 0)
        self._post("/clinic/hold", slot=self._slot(0), ticket=token)
        self.assertEqual(self.answer.status_code, 409)
        self.assertIn(self.ticket.number, self._text())

    def test_nobody_elses(self):
        for path in ("/clinic/ticket/" + "0" * 64, "/clinic/ticket/1", self.path[:-1]):
            with self.subTest(path=path):
                self._get(path)
                self.assertEqual(self.answer.status_code, 404)
                self.assertNotIn(self.ticket.number, self._text())
        self._post("/clinic/hold", slot=self._slot(0), ticket="0" * 64)
        self.assertFalse(self._visits("held"))
        self._post("/clinic/hold", slot=self._slot(0), ticket=str(self.ticket.id))
        self.assertFalse(self._visits("held"), "a number is no secret")

    def test_withdrawn(self):
        self.ticket.action_void()
        self._get(self.path)
        self.assertIn("withdrawn", self._text())
        self.assertFalse(self._buttons_on_page())

    def test_link_for_a_message(self):
        desk = self._make_user("t_ticket_link", "registrar")
        action = self.ticket.with_user(desk).action_copy_link()
        self.assertTrue(action["context"]["default_url"].endswith(self.path))
        self.assertTrue(self.ticket.is_issued)
