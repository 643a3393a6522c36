# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PortalHttpCommon

PAGE = "/my/consents"


@tagged("post_install", "-at_install")
class TestConsents(PortalHttpCommon):
    """My consents: see, take back, give; for oneself and for a child; nobody else's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._make_portal_user()
        cls.me = cls.user.partner_id
        cls.me.write({"is_patient": True, "birth_date": "1990-01-02", "name": "Petrova Anna"})
        cls.consents = cls.env["clinic.consent"]
        cls.mine = cls.consents._grant(cls.me, "personal_data", "site")
        cls.stranger = cls.consents._grant(cls._make_patient(family_name="Strangerova"), "marketing", "site")

    def setUp(self):
        super().setUp()
        self.authenticate("t_portal", "t_portal")

    def _child(self, years=5, **vals):
        born = fields.Date.today() - relativedelta(years=years, days=1)
        child = self._make_patient(family_name="Childova", birth_date=born)
        self.env["clinic.relation"].create(
            {"patient_id": child.id, "actor_id": self.me.id, "kind": "mother", "may_act": True, **vals}
        )
        return child

    def _withdraw(self, consent, **data):
        self._get(PAGE)
        return self._post(f"{PAGE}/withdraw", consent=str(consent.id), **data)

    def _give(self, patient, purpose, channels, **data):
        self._get(PAGE)
        text = self.env["clinic.portal.form"]._text(purpose)
        return self._post(
            f"{PAGE}/give", **{"patient": str(patient.id), "text": str(text.id), "channel": channels, **data}
        )

    def test_page_and_counter(self):
        self._get(PAGE)
        for words in ("Processing of personal data", "In force", "Box on the site", "version 1", "Take back"):
            self.assertIn(words, self._text())
        self.assertIn(self.mine.text_id.body[:40], self._text())
        self.assertNotIn("Strangerova", self._text())
        self.assertIn("no-store", self.answer.headers["Cache-Control"])
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["clinic_consent_count"]})
        self.assertEqual(counters["clinic_consent_count"], 1)
        self.assertIn(PAGE, self._get("/my").text)

    def test_take_back(self):
        self._get(PAGE)
        self.assertIn("will not book this patient", self._text(), "the consequences stand before the button")
        answer = self._withdraw(self.mine)
        self.assertTrue(answer.url.endswith("?done=withdrawn"))
        self.assertIn("Taken back", self._text())
        self.assertEqual((self.mine.state, self.mine.withdrawn_way), ("withdrawn", "site"))
        self.assertEqual(self.mine.withdrawn_by_id, self.user)
        self.assertTrue(self.mine.withdrawn_ip)
        self.assertFalse(self.consents.may(self.me, "personal_data").allowed)
        moment = self.mine.withdrawn_at
        self._withdraw(self.mine)
        self.assertEqual(self.mine.withdrawn_at, moment, "a second tap changes nothing")
        request = self.env["clinic.subject.request"].search([("patient_id", "=", self.me.id)])
        self.assertEqual(
            (len(request), request.kind, request.way, request.state), (1, "withdrawal", "site", "work")
        )

    def test_advertising_needs_no_officer(self):
        consent = self.consents._grant(self.me, "marketing", "site")
        self._withdraw(consent)
        self.assertEqual(consent.state, "withdrawn")
        self.assertFalse(self.env["clinic.subject.request"].search([("patient_id", "=", self.me.id)]))

    def test_nobody_elses(self):
        for number in (self.stranger.id, self.stranger.id + 10**6, "²", "", "1; DROP"):
            self._get(PAGE)
            answer = self._post(f"{PAGE}/withdraw", consent=str(number))
            self.assertEqual(answer.status_code, 404, "not there and not yours are one answer")
        self.assertEqual(self.stranger.state, "granted")
        self.assertEqual(self._give(self.stranger.patient_id, "marketing", ["sms"]).status_code, 404)
        consents = self.consents.with_user(self.user)
        for attempt in (lambda: consents.search([]), lambda: self.mine.with_user(self.user).read(["state"])):
            with self.assertRaises(AccessError):
                attempt()
        with self.assertRaises(AccessError):
            self.mine.with_user(self.user).action_withdraw()

    def test_not_signed_in_and_old_page(self):
        self._withdraw(self.mine, csrf_token="old")
        self.assertEqual((self.answer.status_code, self.mine.state), (400, "granted"))
        self.authenticate(None, None)
        self.assertIn("/web/login", self._get(PAGE).url)
        self._get("/clinic")
        self._post(f"{PAGE}/withdraw", consent=str(self.mine.id))
        self.assertEqual(self.mine.state, "granted")

    def test_give_by_channel(self):
        self._give(self.me, "marketing", ["sms", "nonsense"])
        row = self.consents.search([("patient_id", "=", self.me.id), ("purpose_id.code", "=", "marketing")])
        self.assertEqual((row.channel, row.way, row.signed_as), ("sms", "site", "self"))
        self.assertTrue(row.ip_address)
        self.assertTrue(self.consents.may(self.me, "marketing", "sms").allowed)
        self.assertFalse(self.consents.may(self.me, "marketing", "call").allowed)
        self.assertNotIn('value="sms"', self._get(PAGE).text, "what is agreed to is not offered again")
        self._withdraw(row)
        self.assertFalse(self.consents.may(self.me, "marketing", "sms").allowed)
        codes = [code for code, _name in self.consents._fields["channel"].selection]
        self._give(self.me, "marketing", codes)
        every = self.consents.search(
            [
                ("patient_id", "=", self.me.id),
                ("purpose_id.code", "=", "marketing"),
                ("state", "=", "granted"),
            ]
        )
        self.assertEqual((len(every), every.channel), (1, False))

    def test_nothing_is_given_without_a_tick_or_for_another_text(self):
        self._give(self.me, "marketing", [])
        self.assertIn("Nothing was recorded", self._text())
        self._give(self.me, "marketing", ["sms"], text="999999")
        self.assertIn("Nothing was recorded", self._text())
        self._give(self.me, "photo_video", [""])
        self.assertIn("Nothing was recorded", self._text(), "this purpose is signed on paper")
        rows = self.consents.search([("patient_id", "=", self.me.id)])
        self.assertEqual(rows, self.mine)

    def test_a_child(self):
        child = self._child()
        given = self.consents._grant(child, "personal_data", "paper", signer=self.me)
        self._get(PAGE)
        self.assertIn("Childova", self._text())
        self.assertIn("signed by Petrova Anna", self._text())
        self._give(child, "marketing", ["email"])
        row = self.consents.search([("patient_id", "=", child.id), ("purpose_id.code", "=", "marketing")])
        self.assertEqual((row.signer_id, row.signed_as), (self.me, "representative"))
        self._withdraw(given)
        self.assertEqual(given.state, "withdrawn")

    def test_an_ended_right(self):
        child = self._child(date_to=fields.Date.today() - timedelta(days=1))
        given = self.consents._grant(child, "marketing", "site", signer=self.me)
        self._get(PAGE)
        self.assertNotIn("Childova", self._text())
        self.assertEqual(self._withdraw(given).status_code, 404)

    def test_a_grown_up_child(self):
        """Nobody wrote down when the right of the mother ends: it ends with the childhood."""
        child = self._child(years=18)
        given = self.consents._grant(child, "marketing", "site")
        self._get(PAGE)
        self.assertNotIn("Childova", self._text())
        self.assertEqual(self._withdraw(given).status_code, 404)
        child.clinic_representative_ids.kind = "guardian"
        self._withdraw(given)
        self.assertEqual(given.state, "withdrawn")

    def test_a_teenager_and_his_parent(self):
        """From 15 on medical papers are the teenager's own affair; the rest is the parent's."""
        teen = self._child(years=16)
        aunt = self._make_patient(family_name="Auntova")
        secret = self.consents._grant(teen, "health_information", "paper", named_person_id=aunt.id)
        self._get(PAGE)
        self.assertNotIn("Auntova", self._text())
        self.assertEqual(self._withdraw(secret).status_code, 404)
        self._give(teen, "marketing", ["sms"])
        self.assertTrue(self.consents.may(teen, "marketing", "sms").allowed)

    def test_a_child_with_an_account_decides_nothing(self):
        self.me.birth_date = fields.Date.today() - relativedelta(years=12)
        mother = self._make_patient(family_name="Motherova")
        self.env["clinic.relation"].create(
            {"patient_id": self.me.id, "actor_id": mother.id, "kind": "mother", "may_act": True}
        )
        given = self.consents._grant(self.me, "marketing", "paper", signer=mother)
        self._get(PAGE)
        self.assertIn("by whoever signs for the patient", self._text())
        self.assertNotIn(f"{PAGE}/give", self.answer.text)
        self.assertEqual(self._withdraw(given).status_code, 403)
        self.assertEqual(given.state, "granted")

    def test_nothing_stands_in_addresses(self):
        self._get(PAGE)
        self.assertNotRegex(self.answer.text, rf'(href|action)="[^"]*consents[^"]*\b{self.mine.id}\b')

    def test_an_account_without_a_card(self):
        self.me.is_patient = False
        self.assertEqual(self._get(PAGE).status_code, 200)
        self.assertIn("no card of yours", self._text())
