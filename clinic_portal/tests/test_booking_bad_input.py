# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from .common import PortalHttpCommon


@tagged("post_install", "-at_install")
class TestBadInput(PortalHttpCommon):
    """A clear sentence on the same page, nothing lost, nothing half-written, never 500."""

    def _assert_nothing_written(self):
        self.assertFalse(self._visits())
        self.assertFalse(
            self.env["res.partner"].search([("is_provisional", "=", True), ("name", "like", "Petrova")])
        )

    def test_taken_time(self):
        self._book(self._make_patient(), 0)
        self._hold(0)
        self.assertEqual(self.answer.status_code, 409)
        self.assertIn("has just been taken", self._text())
        events = self.env["clinic.booking.event"].search([("channel", "=", "site")])
        lost = events.filtered(lambda event: event.kind in ("chosen", "refused"))
        self.assertEqual(sorted(lost.mapped("kind")), ["chosen", "refused"], "tapped, and told it is taken")
        self.assertEqual(len(set(lost.mapped("session_hash"))), 1)
        self.assertIn(self._slot(1), self._slots_on_page())
        self.assertFalse(self._visits("held"))

    def test_taken_time_on_the_doctors_page(self):
        self._book(self._make_patient(), 0)
        self._hold(0, screen="doctor", back=f"doctor={self.practitioner.id}")
        self.assertEqual(self.answer.status_code, 409)
        self.assertIn("About" if self.practitioner.about else "Free times", self._text())

    def test_lost_time_keeps_the_former_hold(self):
        self._book(self._make_patient(), 3)
        self._hold(0)
        self._post("/clinic/booking", slot=self._slot(3), **self._person(name="Petrova Anna"))
        self.assertEqual(self.answer.status_code, 409)
        self.assertIn('value="Petrova Anna"', self.answer.text)
        self.assertEqual(self._visits("held").start, self.shift.start)

    def test_senseless_slots(self):
        past = self.shift.start - timedelta(days=30)
        parts = (self.service.id, self.practitioner.resource_id.id, self.branch.id)
        for slot in (
            "",
            "x" * 10_000,
            "²|²|²|2026-01-01T00:00:00",
            "0|0|0|2026-01-01T00:00:00",
            "|".join(map(str, (*parts, past.isoformat()))),
            "|".join(map(str, (*parts, (self.shift.start + timedelta(minutes=7)).isoformat()))),
            "|".join(map(str, (*parts, (self.shift.start + timedelta(days=4000)).isoformat()))),
            "|".join(map(str, (999999, parts[1], parts[2], self.shift.start.isoformat()))),
            "|".join(map(str, (parts[0], 999999, parts[2], self.shift.start.isoformat()))),
            "|".join(map(str, (parts[0], parts[1], 999999, self.shift.start.isoformat()))),
        ):
            self._post("/clinic/hold", slot=slot, back="specialty=1&evil=<script>")
            self.assertEqual(self.answer.status_code, 409, slot[:60])
            self.assertIn("o_clinic_lost", self.answer.text)
            self.assertNotIn('<script>"', self.answer.text)
        self.assertFalse(self._visits("held"))

    def test_other_company(self):
        company = self._make_company()
        branch = self._make_branch(company_id=company.id, show_on_site=False)
        doctor = self._make_practitioner(branches=branch, services=self.service, company_id=False)
        shift = self._make_day_shift(doctor, branch=branch)
        slot = f"{self.service.id}|{doctor.resource_id.id}|{branch.id}|{shift.start.isoformat()}"
        self._post("/clinic/hold", slot=slot)
        self.assertEqual(self.answer.status_code, 409)
        self.assertFalse(self.env["clinic.appointment"].search([("branch_id", "=", branch.id)]))

    def test_second_legal_entity_of_the_site(self):
        company = self._make_company()
        branch = self._make_branch(company_id=company.id)
        doctor = self._make_practitioner(branches=branch, services=self.service, company_id=False)
        shift = self._make_day_shift(doctor, branch=branch)
        slot = f"{self.service.id}|{doctor.resource_id.id}|{branch.id}|{shift.start.isoformat()}"
        self.assertEqual(self._get(f"/clinic?branch={branch.id}").status_code, 200)
        self.assertIn(slot, self._slots_on_page())
        self._post("/clinic/hold", slot=slot)
        self.assertTrue(self.answer.url.endswith("/clinic/booking"), self._text()[:500])
        visit = self.env["clinic.appointment"].search([("branch_id", "=", branch.id)])
        self.assertEqual((visit.state, visit.company_id), ("held", company))

    def test_lost_session_keeps_what_was_typed(self):
        self._hold(0)
        self._post("/clinic/booking", action="code", csrf_token="x", **self._person())
        self.assertEqual(self.answer.status_code, 400)
        self.assertIn("open for too long", self._text())
        self.assertIn('value="Petrova Anna Ivanovna"', self.answer.text)
        self.assertFalse(self.env["clinic.phone.code"].search([("state", "=", "sent")]))
        self._post("/clinic/booking", slot=self._slots_on_page()[0], **self._person())
        self.assertIn('value="Petrova Anna Ivanovna"', self.answer.text)
        self.assertTrue(self._hidden("token"))

    def test_enter_key(self):
        self._hold(0)
        self._post("/clinic/booking", action="auto", **self._person())
        self.assertIn("The code has been sent", self._text())
        self._post("/clinic/booking", action="auto", code="", **self._person())
        self.assertIn("Please type the code", self._text())
        record = self.env["clinic.phone.code"].search([("state", "=", "sent")])
        self.assertEqual((len(record), record.attempts), (1, 0))
        self._post("/clinic/booking", action="auto", code=self._last_code(), **self._person())
        self.assertTrue(self.answer.url.endswith("/clinic/done"), self._text())

    def test_empty_and_wrong_fields(self):
        self._hold(0)
        self._post("/clinic/booking", action="code", name="", birth_date="31.02.1985", phone="12345")
        text = self._text()
        self.assertIn("Please write the patient's name", text)
        self.assertIn("no such day", text)
        self.assertIn("does not look like a phone", text)
        self.assertIn("Without your consent", text)
        self.assertIn('value="31.02.1985"', self.answer.text)
        self.assertFalse(self.env["clinic.phone.code"].search([("state", "=", "sent")]))
        self._assert_nothing_written()

    def test_very_long_name(self):
        self._hold(0)
        name = "Щ" * 10_000
        self._post("/clinic/booking", action="code", **self._person(name=name))
        self.assertEqual(self.answer.status_code, 200)
        self.assertIn("too long", self._text())
        self.assertIn(name, self.answer.text)

    def test_markup_is_only_text(self):
        self._hold(0)
        self._post("/clinic/booking", action="code", **self._person(name='"><img src=x onerror=alert(1)>'))
        self.assertNotIn("<img src=x", self.answer.text)

    def test_without_consent(self):
        self._hold(0)
        for consent in ("", "0", "999999", "on"):
            self._post("/clinic/booking", action="code", **self._person(consent=consent))
            self.assertIn("clinic_consent_error", self.answer.text)
        self.assertFalse(self.env["clinic.phone.code"].search([("state", "=", "sent")]))

    def test_wrong_code(self):
        self._hold(0)
        code = self._send_code()
        for typed in ("", "000000" if code != "000000" else "111111", "x" * 10_000):
            self._post("/clinic/booking", action="confirm", code=typed, **self._person())
            self.assertEqual(self.answer.status_code, 200)
            self.assertIn("clinic_code_error", self.answer.text)
            self.assertIn('value="Petrova Anna Ivanovna"', self.answer.text)
        self._assert_nothing_written()

    def test_phone_changed_after_the_code(self):
        self._hold(0)
        code = self._send_code()
        self._post("/clinic/booking", action="confirm", code=code, **self._person(phone="8 914 555-09-09"))
        self.assertIn("No code has been sent to this number", self._text())
        self._assert_nothing_written()

    def test_no_gateway(self):
        self.env["ir.config_parameter"].set_param("clinic_base.demo_database", False)
        self.env.company.clinic_call_phone = "+73952000000"
        self._hold(0)
        self.assertIn("Confirmation codes are not set up", self._text())
        self._post("/clinic/booking", action="code", **self._person())
        self.assertIn("Confirmation codes are not set up", self._text())
        self._assert_nothing_written()

    def test_expired_hold_is_tried_again(self):
        self._hold(0)
        code = self._send_code()
        person = self._person()
        self._visits("held")._write_guarded({"hold_expires_at": fields.Datetime.now() - timedelta(minutes=1)})
        self.env.cr.execute(
            "UPDATE clinic_slot_claim SET expires_at = now() AT TIME ZONE 'UTC' - interval '1 minute'"
            " WHERE state = 'hold'"
        )
        self._post("/clinic/booking", action="confirm", code=code, **person)
        self.assertTrue(self.answer.url.endswith("/clinic/done"), self._text())

    def test_expired_hold_that_somebody_took(self):
        self._hold(0)
        code = self._send_code()
        person, token = self._person(marketing="1"), self._hidden("token")
        self.env["clinic.booking"].release(token)
        self._book(self._make_patient(), 0)
        self._post("/clinic/booking", action="confirm", code=code, token=token, **person)
        self.assertEqual(self.answer.status_code, 409)
        self.assertIn("has just been taken", self._text())
        self.assertIn('value="Petrova Anna Ivanovna"', self.answer.text)
        self.assertEqual(len(self._visits()), 1)
        # the same form books one of the shown times; the code is still good
        self._post("/clinic/booking", slot=self._slots_on_page()[0], **person)
        self._post("/clinic/booking", action="confirm", code=code, **person)
        self.assertTrue(self.answer.url.endswith("/clinic/done"), self._text())
        self.assertEqual(len(self._visits()), 2)

    def test_token_of_somebody_else(self):
        self._hold(0)
        token = self._hidden("token")
        self.authenticate(None, None)
        self.answer = None
        self._get("/clinic")
        self._post("/clinic/booking", action="code", token=token, **self._person())
        self.assertEqual(self.answer.status_code, 200)
        self.assertIn("begun in another browser", self._text())
        self.assertIn('value="Petrova Anna Ivanovna"', self.answer.text)
        self.assertNotIn(token, self.answer.text)
        for foreign in ("жетон", "\x00", "²"):
            self._post("/clinic/booking", action="confirm", token=foreign, **self._person())
            self.assertEqual(self.answer.status_code, 200)
            self.assertIn("begun in another browser", self._text())
        self._post("/clinic/release", token=token)
        self.assertTrue(self._visits("held"))

    def test_done_and_form_of_nobody(self):
        for url in ("/clinic/done", "/clinic/booking"):
            self.assertTrue(self._get(url).url.endswith("/clinic"))
        self.assertEqual(self._get("/clinic/done/visit.ics").status_code, 404)

    def test_child_at_a_doctor_of_adults(self):
        self.practitioner.audience = "adult"
        self._hold(0)
        code = self._send_code(birth_date="01.02.2020")
        self._post("/clinic/booking", action="confirm", code=code, **self._person(birth_date="01.02.2020"))
        self.assertEqual(self.answer.status_code, 200)
        self.assertIn("o_clinic_lost", self.answer.text)
        self.assertIn('value="01.02.2020"', self.answer.text)
        self._assert_nothing_written()

    def test_patient_of_somebody_else(self):
        stranger = self._make_patient()
        user = self._make_portal_user()
        user.partner_id.is_patient = True
        self.authenticate("t_portal", "t_portal")
        self._hold(0)
        for choice in (stranger.id, "", "abc", "9" * 30):
            self._post("/clinic/booking", action="confirm", patient=str(choice), consent="1")
            self.assertIn("Please choose who is coming", self._text())
        self._assert_nothing_written()

    def test_many_holds(self):
        self.env["ir.config_parameter"].set_param("clinic_portal.holds_per_visitor", "2")
        for number in range(3):
            self._hold(number)
        self.assertEqual(self.answer.status_code, 409)
        self.assertIn("Too many times", self._text())
        self.assertEqual(len(self._visits("held")), 1)

    def test_many_visits_of_one_phone(self):
        self.env["ir.config_parameter"].set_param("clinic_portal.visits_per_phone", "1")
        self._book_as_new(0)
        self._hold(1)
        code = self._send_code(name="Petrov Ivan")
        self.assertIn("The code has been sent", self._text())
        self.assertNotIn("Several visits", self._text())
        self._post("/clinic/booking", action="confirm", code=code, **self._person(name="Petrov Ivan"))
        self.assertIn("Several visits are already booked", self._text())
        self.assertEqual(len(self._visits()), 1)

    def test_many_visits_of_one_patient(self):
        self.env["ir.config_parameter"].set_param("clinic_portal.visits_per_phone", "1")
        user = self._make_portal_user()
        user.partner_id.is_patient = True
        self._consent(user.partner_id)
        self.authenticate("t_portal", "t_portal")
        for number in range(2):
            self._hold(number)
            self._post("/clinic/booking", action="confirm", patient=str(user.partner_id.id))
        self.assertIn("Several visits of this patient", self._text())
        self.assertEqual(len(self._visits()), 1)

    def test_forgery(self):
        self._get("/clinic")
        answer = self._post("/clinic/hold", slot=self._slot(0), csrf_token="x")
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self._visits("held"))

    def test_filters_of_nonsense(self):
        for query in (
            "date=2026-02-31",
            "specialty=abc",
            "doctor=-1",
            "q=" + "я" * 2000,
            "page=999",
            "age=x",
            "page=²&doctor=²",
        ):
            self.assertEqual(self._get("/clinic?" + query).status_code, 200, query)
            self.assertEqual(self._get("/clinic/slots?" + query).status_code, 200, query)
        for url in ("/clinic/doctor/999999-x", "/clinic/doctor/abc", "/clinic/doctor/1/photo/77"):
            self.assertEqual(self._get(url).status_code, 404)

    def test_staff_are_visitors_too(self):
        self._make_user("t_registrar", "registrar")
        self.authenticate("t_registrar", "t_registrar")
        self._get("/clinic")
        self.assertEqual(self.answer.status_code, 200)
        self._hold(0)
        self.assertTrue(self.answer.url.endswith("/clinic/booking"), self._text()[:500])
        self.assertEqual(self._visits("held").channel, "site")

    def test_code_limits_are_told(self):
        self.env["ir.config_parameter"].set_param("clinic_portal.codes_per_visitor", "1")
        self._hold(0)
        self._send_code()
        self._post("/clinic/booking", action="code", **self._person())
        self.assertIn("Too many codes", self._text())
        with freeze_time(fields.Datetime.now() + timedelta(minutes=61)):
            self.assertEqual(self.env["clinic.phone.code"]._issue("+79145550777", "x", "y")[0], "sent")
