# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from .common import PortalHttpCommon


@tagged("post_install", "-at_install")
class TestVisits(PortalHttpCommon):
    """My visits: see, move, cancel, calendar."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._make_portal_user()
        cls.me = cls.user.partner_id
        cls.me.write({"is_patient": True, "birth_date": "1990-01-02"})
        cls.visit = cls._book(cls.me, 0)
        cls.stranger = cls._book(cls._make_patient(), 1)

    def setUp(self):
        super().setUp()
        self.authenticate("t_portal", "t_portal")

    def _url(self, visit=None, tail=""):
        return f"/my/visits/{(visit or self.visit).id}{tail}"

    def test_list(self):
        self._get("/my/visits")
        self.assertIn(self._url(), self.answer.text)
        self.assertNotIn(self._url(self.stranger), self.answer.text)
        self.assertIn("09:00", self._text())
        self._get("/my/visits?when=past")
        self.assertNotIn(self._url() + '"', self.answer.text)
        self.assertEqual(self._get("/my/visits/page/999?when=nonsense").status_code, 200)

    def test_home_counter(self):
        self.assertIn("/my/visits", self._get("/my").text)
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["clinic_visit_count"]})
        self.assertEqual(counters["clinic_visit_count"], 1)

    def test_detail_and_calendar(self):
        self._get(self._url())
        for words in (self.practitioner.name, "Lenina 1", "Second floor", self.visit.number):
            self.assertIn(words, self._text())
        self.assertIn(
            self.visit.start.strftime("DTSTART:%Y%m%dT%H%M%SZ"), self._get(self._url(tail="/visit.ics")).text
        )

    def test_strange_and_missing_visits_are_the_same(self):
        missing = self.stranger.id + 1_000_000
        for tail in ("", "/visit.ics", "/cancel", "/move"):
            theirs = self._get(self._url(self.stranger, tail))
            none = self._get(f"/my/visits/{missing}{tail}")
            self.assertEqual((theirs.status_code, none.status_code), (404, 404))
        for tail in ("/cancel", "/move"):
            self._get("/my/visits")
            self._get("/clinic")
            self.assertEqual(self._post(self._url(self.stranger, tail)).status_code, 404)
        self.assertEqual(self.stranger.state, "booked")

    def test_not_signed_in(self):
        self.authenticate(None, None)
        self.assertIn("/web/login", self._get(self._url()).url)

    def test_cancel(self):
        reason = self.env["clinic.appointment.reason"].search(
            [("kind", "=", "cancel"), ("by", "=", "patient")], limit=1
        )
        self._get(self._url(tail="/cancel"))
        self._post(self._url(tail="/cancel"), reason=str(reason.id))
        self.assertEqual((self.visit.state, self.visit.cancel_reason_id), ("cancelled_patient", reason))
        self._get("/clinic")
        self.assertIn(self._slot(0), self._slots_on_page())

    def test_cancel_twice_and_with_nonsense(self):
        for reason in ("²", "abc", "9" * 50, "-1"):
            self._get(self._url(tail="/cancel"))
            self._post(self._url(tail="/cancel"), reason=reason)
            self.assertEqual(self.answer.status_code, 200)
        self.assertEqual(self.visit.state, "cancelled_patient")

    def test_move(self):
        self._get(self._url(tail="/move"))
        self.assertIn(self._slot(4), self._slots_on_page())
        self.assertNotIn(self._slot(1), self._slots_on_page())
        self._post(self._url(tail="/move"), slot=self._slot(4))
        self.assertEqual(self.visit.start, self.shift.start + timedelta(hours=2))
        self.assertEqual(self.visit.state, "booked")

    def test_move_to_a_lost_time(self):
        self._get(self._url(tail="/move"))
        self._book(self._make_patient(), 4)
        self._post(self._url(tail="/move"), slot=self._slot(4))
        self.assertEqual(self.answer.status_code, 409)
        self.assertIn(self._slot(5), self._slots_on_page())
        self.assertEqual(self.visit.start, self.shift.start)

    def test_move_of_a_service_that_left_the_site(self):
        self.service.clinic_show_on_site = False
        self.env.company.clinic_call_phone = "+73952000000"
        self._get(self._url(tail="/move"))
        self.assertEqual(self.answer.status_code, 200)
        self.assertIn("moved by phone", self._text())
        self._get("/clinic")
        self._post(self._url(tail="/move"), slot=self._slot(4))
        self.assertEqual(self.answer.status_code, 200)
        self.assertIn("moved by phone", self._text())
        self.assertEqual(self.visit.start, self.shift.start)

    def test_move_to_nonsense(self):
        other = self._make_service(practitioners=self.practitioner)
        for slot in ("", "x|y", self._slot(4, service=other), self._slot(-5000)):
            self._get(self._url(tail="/move"))
            self._post(self._url(tail="/move"), slot=slot)
            self.assertEqual(self.answer.status_code, 200)
            self.assertIn("o_clinic_lost", self.answer.text)
        self.assertEqual(self.visit.start, self.shift.start)

    def test_too_late(self):
        self.env["ir.config_parameter"].set_param("clinic_portal.change_hours", "72")
        self._get(self._url())
        self.assertNotIn(self._url(tail="/cancel"), self.answer.text)
        self._get("/clinic")
        for tail in ("/cancel", "/move"):
            self.assertIn("too late", self._text() if self._get(self._url(tail=tail)) else "")
        self._get("/clinic")
        self._post(self._url(tail="/cancel"))
        self.assertIn("too late", self._text())
        self.assertEqual(self.visit.state, "booked")

    def test_window_of_changes(self):
        with freeze_time(self.visit.start - timedelta(hours=3, minutes=1)):
            self.assertTrue(self.visit._portal_may_change())
        with freeze_time(self.visit.start - timedelta(hours=2, minutes=59)):
            self.assertFalse(self.visit._portal_may_change())

    def test_family(self):
        child = self._make_patient(given_name="Ivan", birth_date="2018-03-04")
        theirs = self._book(child, 6)
        self.assertEqual(self._get(self._url(theirs)).status_code, 404)
        relation = self.env["clinic.relation"].create(
            {"patient_id": child.id, "actor_id": self.me.id, "kind": "mother"}
        )
        self.assertEqual(self._get(self._url(theirs)).status_code, 200)
        self._consent(child)
        self._get("/clinic")
        self._hold(4)
        self._post("/clinic/booking", action="confirm", patient=str(child.id))
        booked = self._visits()[:1]
        self.assertEqual((booked.patient_id, booked.start), (child, self.shift.start + timedelta(hours=2)))
        self.assertEqual(self._get(self._url(booked)).status_code, 200)
        relation.write({"date_from": "2020-01-01", "date_to": fields.Date.today() - timedelta(days=2)})
        for visit in (theirs, booked):
            self.assertEqual(self._get(self._url(visit)).status_code, 404)
            self._get("/clinic")
            self.assertEqual(self._post(self._url(visit, "/cancel")).status_code, 404)
            self.assertEqual(visit.state, "booked")

    def test_staff_see_only_their_own_in_the_cabinet(self):
        self._make_user("t_registrar", "registrar")
        self.authenticate("t_registrar", "t_registrar")
        self.assertEqual(self._get(self._url()).status_code, 404)

    def test_old_page(self):
        """A stale anti-forgery mark changes nothing and is told on the visit's own page."""
        for tail in ("/cancel", "/move"):
            self._get(self._url(tail=tail))
            self._post(self._url(tail=tail), csrf_token="of yesterday", slot=self._slot(4))
            self.assertEqual(self.answer.status_code, 400)
            self.assertIn("open for too long", self._text())
            self.assertIn(self._url(tail=tail), self.answer.text)
        self.assertEqual((self.visit.state, self.visit.start), ("booked", self.shift.start))
