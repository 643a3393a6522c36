# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import HttpCase, tagged

from ..controllers import waiting
from ..controllers.limiter import Limiter
from .waiting_common import WaitingBuilders


@tagged("post_install", "-at_install")
class TestWaitingPage(WaitingBuilders, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._prepare_clinic()
        cls._make_small_clinic()
        cls.shift = cls._make_shift()
        cls.env["clinic.waiting.entry"].search([]).write({"state": "withdrawn"})
        visit = cls._book(600)
        cls.entries = [
            cls._wait(days=3 - n, patient=cls._make_patient(family_name="Tainikova", lang="en_US"))
            for n in range(2)
        ]
        cls._cancel(visit)
        cls._run_waves()
        cls.offers = [entry.offer_ids for entry in cls.entries]

    def setUp(self):
        super().setUp()
        self.addCleanup(setattr, waiting, "LIMIT", waiting.LIMIT)
        waiting.LIMIT = Limiter(100, 60)

    def _path(self, offer):
        return "/clinic/offer/" + offer._url().rsplit("/", 1)[1]

    def _answer(self, offer, answer):
        token = offer._url().rsplit("/", 1)[1]
        return self.url_open("/clinic/offer/answer", data={"token": token, "answer": answer})

    def test_looking_changes_nothing(self):
        for _times in range(3):
            page = self.url_open(self._path(self.offers[0]))
            self.assertEqual(page.status_code, 200)
        self.assertIn("A time is free for you", page.text)
        self.assertIn("10:00", page.text)
        self.assertIn(self.service.name, page.text)
        self.assertNotIn("Tainikova", page.text)
        self.assertEqual(self.offers[0].state, "open")
        self.assertEqual(self.url_open("/clinic/offer/answer?answer=accept").status_code, 404)

    def test_in_the_language_of_the_patient(self):
        if "ru_RU" not in dict(self.env["res.lang"].get_installed()):
            self.skipTest("Russian is not installed here")
        self.entries[0].patient_id.lang = "ru_RU"
        page = self.url_open(self._path(self.offers[0])).text
        self.assertTrue(page.startswith("<!DOCTYPE html>"))
        self.assertIn("Для вас есть свободное время", page)
        self.assertNotIn("I will come", page)

    def test_headers(self):
        for path in (self._path(self.offers[0]), "/clinic/offer/" + "a" * 64):
            headers = self.url_open(path).headers
            self.assertEqual(headers["Cache-Control"], "no-store")
            self.assertIn("noindex", headers["X-Robots-Tag"])
            self.assertEqual(headers["Referrer-Policy"], "no-referrer")
            self.assertIn("default-src 'none'", headers["Content-Security-Policy"])

    def test_accept_then_the_other_is_too_late(self):
        page = self._answer(self.offers[0], "accept")
        self.assertIn("You are booked", page.text)
        self.assertEqual(self.entries[0].visit_id.state, "booked")
        self.assertIn("You are booked", self.url_open(self._path(self.offers[0])).text)
        self.assertIn("You are booked", self._answer(self.offers[0], "accept").text)
        late = self._answer(self.offers[1], "accept")
        self.assertIn("taken already", late.text)
        self.assertEqual(self.entries[1].state, "waiting")
        self.assertFalse(self.entries[1].visit_id)

    def test_decline_and_leave(self):
        self.assertIn("stay on the waiting list", self._answer(self.offers[0], "decline").text)
        self.assertEqual((self.entries[0].state, self.entries[0].refusals), ("waiting", 1))
        self.assertIn("off the waiting list", self._answer(self.offers[1], "leave").text)
        self.assertEqual(self.entries[1].state, "withdrawn")
        self.assertIn("off the waiting list", self.url_open(self._path(self.offers[1])).text)

    def test_expired(self):
        self._later(self.offers[0].wave_id)
        self.assertIn("run out", self.url_open(self._path(self.offers[0])).text)
        self.assertIn("run out", self._answer(self.offers[0], "accept").text)
        self.assertFalse(self.entries[0].visit_id)

    def test_bad_links(self):
        for token in ("x", "a" * 64, "%D1%8F" * 64, self.offers[0].token_hash):
            self.assertEqual(self.url_open(f"/clinic/offer/{token}").status_code, 404)
        for data in ({}, {"token": "b" * 64, "answer": "accept"}, {"answer": "accept"}):
            self.assertEqual(self.url_open("/clinic/offer/answer", data=data or {"a": "1"}).status_code, 404)
        page = self._answer(self.offers[0], "drop table")
        self.assertIn("A time is free for you", page.text)
        self.assertEqual(self.offers[0].state, "open")

    def test_a_refusal_of_the_clinic_tells_no_reason(self):
        self.entries[0].patient_id.clinic_blacklisted = True
        page = self._answer(self.offers[0], "accept")
        self.assertIn("Please call us", page.text)
        self.assertNotIn("black", page.text)
        self.assertFalse(self.entries[0].visit_id)
        self.assertEqual(self.offers[0].wave_id.appointment_id.state, "held")

    def test_too_many_requests(self):
        waiting.LIMIT = Limiter(2, 60)
        codes = [self.url_open(self._path(self.offers[0])).status_code for _n in range(3)]
        self.assertEqual(codes, [200, 200, 429])

    def test_the_limiter_forgets(self):
        now = [0.0]
        limiter = Limiter(2, 60, clock=lambda: now[0])
        self.assertEqual([limiter.allows("a") for _n in range(3)], [True, True, False])
        self.assertTrue(limiter.allows("b"))
        now[0] = 61
        self.assertTrue(limiter.allows("a"))
