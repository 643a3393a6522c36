# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import re

from odoo.tests import tagged

from .common import PHONE, PortalHttpCommon


@tagged("post_install", "-at_install")
class TestBooking(PortalHttpCommon):
    """The ways that lead to a visit, through real routes."""

    def test_first_screen(self):
        answer = self._get("/clinic")
        self.assertEqual(answer.status_code, 200)
        self.assertIn(self._slot(0), self._slots_on_page())
        self.assertIn(self.practitioner.name, self._text())

    def test_json(self):
        answer = self._get(f"/clinic/slots?doctor={self.practitioner.id}")
        (card,) = answer.json()["cards"]
        self.assertEqual(self._time_of(card["slots"][0]["value"]), self._slot(0))
        self.assertEqual(card["slots"][0]["start"], self.shift.start.isoformat() + "Z")

    def test_new_patient(self):
        self._hold(0)
        self.assertEqual(self.answer.status_code, 200)
        self.assertTrue(self.answer.url.endswith("/clinic/booking"))
        held = self._visits("held")
        self.assertEqual(held.start, self.shift.start)
        code = self._send_code()
        self.assertIn("17 May 1985", self._text())
        self._post("/clinic/booking", action="confirm", code=code, **self._person())
        self.assertTrue(self.answer.url.endswith("/clinic/done"), self._text())
        visit = self._visits()
        self.assertEqual((visit, visit.state, visit.channel), (held, "booked", "site"))
        patient = visit.patient_id
        self.assertEqual(patient.name, "Petrova Anna Ivanovna")
        self.assertTrue(patient.is_provisional)
        self.assertEqual(patient.clinic_phone_ids.e164, PHONE)
        self.assertTrue(patient.clinic_phone_ids.is_confirmed)
        for words in ("Lenina 1", "Second floor", "Moscow +5 h", visit.number):
            self.assertIn(words, self._text())

    def test_consents_are_kept(self):
        visit = self._book_as_new()
        consent = visit.patient_id.clinic_consent_ids
        self.assertEqual(consent.purpose_id.code, "personal_data")
        self.assertEqual(consent.way, "site")
        self.assertTrue(consent.ip_address and consent.text_hash and consent.granted_at)

    def test_marketing_is_separate(self):
        text = self.env["clinic.portal.form"]._text("marketing")
        visit = self._book_as_new(marketing=str(text.id))
        codes = visit.patient_id.clinic_consent_ids.purpose_id.mapped("code")
        self.assertEqual(sorted(codes), ["marketing", "personal_data"])

    def test_marketing_text_that_was_not_shown(self):
        visit = self._book_as_new(marketing="1")
        self.assertEqual(visit.patient_id.clinic_consent_ids.purpose_id.code, "personal_data")

    def test_known_patient_is_reused_silently(self):
        card = self._make_patient(
            family_name="Petrova", given_name="Anna", patronymic="Ivanovna", phone=PHONE
        )
        self._hold(0)
        code = self._send_code()
        before = self._text()
        self._post("/clinic/booking", action="confirm", code=code, **self._person())
        self.assertEqual(self._visits().patient_id, card)
        self.assertFalse(card.is_provisional)
        self.assertNotIn(card.patient_number, before + self._text())

    def test_second_submit_books_once(self):
        self._hold(0)
        code = self._send_code()
        token, csrf = self._hidden("token"), self._hidden("csrf_token")
        data = {"action": "confirm", "code": code, "token": token, "csrf_token": csrf, **self._person()}
        self._post("/clinic/booking", **data)
        for _again in range(2):
            self._get("/clinic")
            self._post("/clinic/booking", **data)
            self.assertEqual(len(self._visits()), 1)
            self.assertTrue(self.answer.url.endswith("/clinic/done"), self._text())

    def test_signed_in_in_two_taps(self):
        user = self._make_portal_user()
        user.partner_id.write({"is_patient": True, "birth_date": "1990-01-02"})
        self._consent(user.partner_id)
        self.authenticate("t_portal", "t_portal")
        self._hold(0)
        self.assertNotIn("Code from the message", self._text())
        self._post("/clinic/booking", action="confirm", patient=str(user.partner_id.id))
        self.assertTrue(self.answer.url.endswith("/clinic/done"), self._text())
        visit = self._visits()
        self.assertEqual(visit.patient_id, user.partner_id)
        self.assertIn(visit, self.env["clinic.appointment"].with_user(user).search([]))

    def test_who_is_booked_by_phone_only(self):
        """No reason is told, and no other times are offered in vain."""
        user = self._make_portal_user()
        user.partner_id.write({"is_patient": True, "birth_date": "1990-01-02"})
        self._consent(user.partner_id)
        self.env["clinic.blacklist"].create({"patient_id": user.partner_id.id, "reason": "Secret"})
        self.branch.phone = "+7 395 000-10-01"
        self.authenticate("t_portal", "t_portal")
        self._hold(0)
        self._post("/clinic/booking", action="confirm", patient=str(user.partner_id.id))
        self.assertIn("by phone only", self._text())
        self.assertIn("+7 395 000-10-01", self._text())
        self.assertNotIn("Secret", self.answer.text)
        self.assertFalse(self._slots_on_page())
        self.assertFalse(self._visits())

    def test_signed_in_for_a_child(self):
        user = self._make_portal_user()
        user.partner_id.is_patient = True
        child = self._make_patient(given_name="Ivan", birth_date="2018-03-04")
        self.env["clinic.relation"].create(
            {"patient_id": child.id, "actor_id": user.partner_id.id, "kind": "mother"}
        )
        self.authenticate("t_portal", "t_portal")
        self._hold(0)
        self.assertIn(child.name, self._text())
        text = self.env["clinic.portal.form"]._text("personal_data")
        self._post("/clinic/booking", action="confirm", patient=str(child.id), consent=str(text.id))
        self.assertEqual(self._visits().patient_id, child)
        self.assertEqual(child.clinic_consent_ids.signer_id, user.partner_id)

    def test_account_without_card_becomes_one(self):
        user = self._make_portal_user(name="Anna Petrova")
        self.authenticate("t_portal", "t_portal")
        visit = self._book_as_new()
        self.assertEqual(visit.patient_id, user.partner_id)
        self.assertEqual(str(user.partner_id.birth_date), "1985-05-17")

    def test_account_without_card_and_a_fitting_card(self):
        card = self._make_patient(
            family_name="Petrova", given_name="Anna", patronymic="Ivanovna", phone=PHONE
        )
        user = self._make_portal_user(name="Anna Petrova")
        old = self._book(card, 5)
        self.authenticate("t_portal", "t_portal")
        visit = self._book_as_new()
        self.assertEqual(visit.patient_id, card)
        seen = self.env["clinic.appointment"].with_user(user).search([])
        self.assertIn(visit, seen)
        self.assertNotIn(old, seen)

    def test_calendar_file(self):
        visit = self._book_as_new()
        answer = self._get("/clinic/done/visit.ics")
        self.assertIn("text/calendar", answer.headers["Content-Type"])
        self.assertIn(visit.start.strftime("DTSTART:%Y%m%dT%H%M%SZ"), answer.text)
        self.assertNotIn("Petrova", answer.text)
        self.assertNotIn("Consultation", answer.text)

    def test_release(self):
        self._hold(0)
        self._post("/clinic/release")
        self.assertFalse(self._visits("held"))
        self._get("/clinic")
        self.assertIn(self._slot(0), self._slots_on_page())

    def test_another_time_keeps_what_was_typed(self):
        self._hold(0)
        self._post("/clinic/booking", slot=self._slot(2), **self._person(name="Petrova Anna"))
        self.assertIn('value="Petrova Anna"', self.answer.text)
        held = self._visits("held")
        self.assertEqual(
            [visit.start for visit in held], [self.shift.start.replace() + (held.stop - held.start) * 2]
        )

    def test_doctor_page(self):
        answer = self._get(f"/clinic/doctor/{self.practitioner.id}")
        self.assertTrue(answer.url.endswith(self.practitioner._site_url()))
        found = re.search(r'<script type="application/ld\+json">(.*?)</script>', answer.text, re.DOTALL)
        data = json.loads(found.group(1))
        self.assertEqual((data["@type"], data["name"]), ("Physician", self.practitioner.name))
        self.assertEqual(data["address"][0]["streetAddress"], "Lenina 1")
        self.assertIn(self._slot(11), self._slots_on_page())

    def test_sitemap_and_policy(self):
        self.env["ir.attachment"].search([("url", "like", "/sitemap-")]).unlink()
        self.assertIn(self.practitioner._site_url(), self._get("/sitemap.xml").text)
        self.assertIn("Personal data policy", self._get("/clinic/policy").text)

    def test_photo(self):
        url = f"/clinic/doctor/{self.practitioner.id}/photo/128"
        self.assertEqual(self._get(url).status_code, 404)
        self.practitioner.image_1920 = self.env.ref("base.user_admin").avatar_1920 or self.env.company.logo
        self.assertEqual(self._get(url).status_code, 200)
        self.practitioner.show_on_site = False
        self.assertEqual(self._get(url).status_code, 404)

    def test_nothing_personal_in_addresses_and_session(self):
        self._book_as_new()
        self.assertTrue(self.answer.url.endswith("/clinic/done"))
        kept = json.dumps(self.session.get("clinic_portal") or {})
        for secret in ("Petrova", "914", "1985"):
            self.assertNotIn(secret, kept)
        self.assertEqual(self.answer.headers["Cache-Control"], "no-store")

    def test_events_without_persons(self):
        self._book_as_new()
        events = self.env["clinic.booking.event"].search([("channel", "=", "site")])
        kinds = set(events.mapped("kind"))
        self.assertLessEqual({"opened", "chosen", "booked"}, kinds)

    def test_birth_date_is_shown_back(self):
        self.assertEqual(
            self.make_jsonrpc_request("/clinic/birthdate", {"text": "17 мая 1985"})["text"][:11],
            "17 May 1985",
        )
        self.assertIn("error", self.make_jsonrpc_request("/clinic/birthdate", {"text": "31.02.1985"}))

    def test_addresses_of_buttons_opened_like_pages(self):
        for path in ("/clinic/hold", "/clinic/release"):
            self.assertTrue(self._get(path).url.endswith("/clinic"), path)
        self.assertTrue(self._get("/clinic/booking").url.endswith("/clinic"))

    def test_back_from_the_booked_visit(self):
        """The form of a booked visit is over: the browser's way back shows what was booked."""
        self._book_as_new()
        self.assertTrue(self._get("/clinic/booking").url.endswith("/clinic/done"))
        self._get("/clinic")
        self._hold(2)
        self.assertTrue(self._get("/clinic/booking").url.endswith("/clinic/booking"))

    def test_pages_of_sent_forms_have_addresses(self):
        """Going back or reloading opens the page and does not ask to send the form once more."""
        self._book(self._make_patient(), 0)
        self._post("/clinic/hold", slot=self._slot(0), back="age=adult")
        self.assertIn('data-clinic-address="/clinic?age=adult"', self.answer.text)
        self._post("/clinic/hold", slot=self._slot(0), back=f"doctor={self.practitioner.id}", screen="doctor")
        self.assertIn(f'data-clinic-address="{self.practitioner._site_url()}?', self.answer.text)
        self._get("/clinic")
        self._hold(1)
        self._send_code(name="")
        self.assertIn('data-clinic-address="/clinic/booking"', self.answer.text)
        self._post("/clinic/request", action="code", service=str(self.service.id))
        address = f"/clinic/request?service={self.service.id}&amp;"
        self.assertIn(f'data-clinic-address="{address}', self.answer.text)
