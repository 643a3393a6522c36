# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The truth table of ``may``: who signed, when, for which channel, and what happened since."""

from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import ClinicCommon

NOON = datetime(2026, 3, 10, 4)  # in Irkutsk it is noon
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class ConsentCase(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Consent = cls.env["clinic.consent"]
        cls.mother = cls._make_patient(family_name="Матерова")
        cls.marketing = cls.env.ref("clinic_base.consent_purpose_marketing")
        cls.env["clinic.consent.text"].search([])._write({"date_from": NOON - 4000 * DAY})

    @classmethod
    def _make_child(cls, years, on=NOON, relation=True, **vals):
        """A patient who is ``years`` old on a day, with the mother as representative."""
        child = cls._make_patient(birth_date=on.date() - relativedelta(years=years), **vals)
        if relation:
            cls.env["clinic.relation"].create(
                {
                    "patient_id": child.id,
                    "actor_id": cls.mother.id,
                    "kind": "mother",
                    "ground": "Birth certificate",
                }
            )
        return child

    def _answer(self, patient, purpose="marketing", channel=None, at=NOON + DAY, **more):
        return self.Consent.may(patient, purpose, channel, at, **more)[:2]


@tagged("post_install", "-at_install")
class TestConsentMay(ConsentCase):
    def test_ways(self):
        """Paper, box on the site, code and electronic signature are all a consent."""
        for way in ("paper", "site", "code", "esign", "voice"):
            with self.subTest(way=way):
                patient = self._make_patient()
                self.Consent._grant(patient, "marketing", way, moment=NOON)
                self.assertEqual(self._answer(patient), (True, "granted"))

    def test_channels(self):
        """A consent for everything counts for each channel; one for a channel counts there only."""
        everything, only_sms = self._make_patient(), self._make_patient()
        self.Consent._grant(everything, "marketing", "paper", moment=NOON)
        self.Consent._grant(only_sms, "marketing", "paper", channel="sms", moment=NOON)
        table = [
            (everything, None, True), (everything, "sms", True), (everything, "email", True),
            (only_sms, None, False), (only_sms, "sms", True), (only_sms, "email", False),
        ]  # fmt: skip
        for patient, channel, allowed in table:
            with self.subTest(patient=patient.name, channel=channel):
                self.assertEqual(self._answer(patient, channel=channel)[0], allowed)

    def test_a_child_does_not_sign_and_a_stranger_neither(self):
        child = self._make_child(10, relation=False)
        stranger = self._make_patient()
        for signer in (None, child, stranger):
            with self.subTest(signer=signer), self.assertRaises(UserError):
                self.Consent._grant(child, "marketing", "paper", signer=signer, moment=NOON)
        # on the site nobody is seen: the row is kept, and it is said what it is worth
        self.Consent._grant(child, "marketing", "site", moment=NOON)
        self.assertEqual(self._answer(child), (False, "signer"))
        self.Consent._grant(child, "marketing", "site", signer=stranger, moment=NOON + HOUR)
        self.assertEqual(self._answer(child), (False, "signer"))
        self.Consent._grant(child, "personal_data", "site", moment=NOON)
        self.assertEqual(self._answer(child, "personal_data"), (True, "granted"))

    def test_the_representative_of_that_day(self):
        child = self._make_child(10)
        consent = self.Consent._grant(child, "marketing", "paper", signer=self.mother, moment=NOON)
        self.assertEqual(
            (consent.signed_as, consent.signer_ground, consent.relation_id.actor_id),
            ("representative", "Birth certificate", self.mother),
        )
        self.assertEqual(self._answer(child), (True, "granted"))
        # she acted lawfully then; what she signed does not fall with her right
        consent.relation_id.date_to = NOON.date() + DAY
        self.assertEqual(self._answer(child, at=NOON + 9 * DAY), (True, "granted"))
        with self.assertRaises(UserError):
            self.Consent._grant(child, "marketing", "paper", signer=self.mother, moment=NOON + 9 * DAY)

    def test_ages(self):
        """Purpose × age: who signs, and when the parent's signature ends."""
        for purpose, own_age in (("health_information", 15), ("marketing", 18)):
            named = {"named_person_id": self.mother.id} if own_age == 15 else {}
            person = {"person": self.mother} if own_age == 15 else {}
            with self.subTest(purpose=purpose):
                child = self._make_child(own_age - 1)
                with self.assertRaises(UserError):
                    self.Consent._grant(child, purpose, "paper", moment=NOON, **named)
                self.Consent._grant(child, purpose, "paper", signer=self.mother, moment=NOON, **named)
                birthday = datetime.combine(child.birth_date, datetime.min.time()) + relativedelta(
                    years=own_age
                )
                day_before = birthday - HOUR
                self.assertEqual(self._answer(child, purpose, at=day_before, **person), (True, "granted"))
                self.assertEqual(self._answer(child, purpose, at=birthday, **person), (False, "of_age"))
                self.Consent._grant(child, purpose, "paper", moment=birthday, **named)
                self.assertEqual(self._answer(child, purpose, at=birthday, **person), (True, "granted"))

    def test_ages_are_settings(self):
        self.env["ir.config_parameter"].set_param("clinic_base.consent_age", "16")
        child = self._make_child(16)
        self.Consent._grant(child, "marketing", "paper", moment=NOON)
        self.assertEqual(self._answer(child), (True, "granted"))

    def test_power_of_attorney_of_a_grown_up(self):
        patient = self._make_patient()
        self.env["clinic.relation"].create(
            {"patient_id": patient.id, "actor_id": self.mother.id, "kind": "other", "ground": "Power"}
        )
        self.Consent._grant(patient, "marketing", "paper", signer=self.mother, moment=NOON)
        self.assertEqual(self._answer(patient, at=NOON + 4000 * DAY), (True, "granted"))

    def test_without_a_birth_date_the_patient_signs(self):
        patient = self._make_patient(birth_date=False)
        self.Consent._grant(patient, "marketing", "paper", moment=NOON)
        self.assertEqual(self._answer(patient), (True, "granted"))

    def test_term_of_the_purpose(self):
        self.marketing.term_months = 12
        patient = self._make_patient()
        consent = self.Consent._grant(patient, "marketing", "paper", moment=NOON)
        self.assertEqual(consent.valid_to, NOON + relativedelta(months=12))
        self.assertEqual(self._answer(patient, at=consent.valid_to), (True, "granted"))
        self.assertEqual(self._answer(patient, at=consent.valid_to + HOUR), (False, "expired"))

    def test_a_wider_text_needs_a_new_signature_and_another_wording_does_not(self):
        patient = self._make_patient()
        self.Consent._grant(patient, "marketing", "paper", moment=NOON)
        texts = self.env["clinic.consent.text"]
        texts.create({"purpose_id": self.marketing.id, "body": "same, said better"}).action_publish()
        now = datetime.now() + HOUR
        self.assertEqual(self._answer(patient, at=now), (True, "granted"))
        wider = texts.create({"purpose_id": self.marketing.id, "body": "more data", "is_wider": True})
        self.assertEqual(self._answer(patient, at=now), (True, "granted"), "a draft changes nothing")
        wider.action_publish()
        self.assertEqual(self._answer(patient, at=now), (False, "wider"))
        self.assertEqual(self._answer(patient, at=NOON + DAY), (True, "granted"), "the past stays")
        with self.assertRaises(UserError):
            wider.is_wider = False
        self.Consent._grant(patient, "marketing", "paper")
        self.assertEqual(self._answer(patient, at=now), (True, "granted"))

    def test_a_named_person_only(self):
        patient, husband, other = (self._make_patient() for _i in range(3))
        with self.assertRaises(UserError):
            self.Consent._grant(patient, "health_information", "paper", moment=NOON)
        self.Consent._grant(patient, "health_information", "paper", moment=NOON, named_person_id=husband.id)
        ask = "health_information"
        self.assertEqual(self._answer(patient, ask, person=husband), (True, "granted"))
        self.assertEqual(self._answer(patient, ask, person=other), (False, "none"))
        self.assertEqual(self._answer(patient, ask), (False, "none"))

    def test_joined_cards(self):
        """The survivor answers for both; a withdrawal beats the other card's grant of the same day."""
        loser, survivor = (self._make_patient(family_name="Одинцова") for _i in range(2))
        self.Consent._grant(survivor, "marketing", "paper", moment=NOON - 9 * DAY)
        self.Consent._grant(survivor, "marketing", "paper", moment=NOON + 3 * HOUR)
        taken = self.Consent._grant(loser, "marketing", "paper", moment=NOON - DAY)
        taken._withdraw("paper", moment=NOON)
        merge = self.env["clinic.merge"].create({"survivor_id": survivor.id, "loser_id": loser.id})
        merge.action_merge()
        for card in (survivor, loser):
            self.assertEqual(self._answer(card), (False, "withdrawn"))
        # the next day it is known that he agreed anew
        self.Consent._grant(survivor, "marketing", "paper", moment=NOON + DAY)
        for card in (survivor, loser, loser.id):
            self.assertEqual(self._answer(card, at=NOON + 2 * DAY), (True, "granted"))

    def test_bases_and_objections(self):
        patient = self._make_patient()
        for basis in ("contract", "medical", "law"):
            self.marketing.basis = basis
            self.assertEqual(self._answer(patient), (True, basis))
        patient.sudo().processing_restricted = True
        for basis, reason in (
            ("consent", "restricted"), ("contract", "restricted"), ("medical", "medical"), ("law", "law")
        ):  # fmt: skip
            self.marketing.basis = basis
            self.assertEqual(self._answer(patient), (reason == basis, reason))

    def test_may_is_not_for_programs_outside(self):
        user = self._make_user("t_registrar_may", "registrar")
        for name in ("may", "_may", "_grant"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                call_kw(self.env(user=user)["clinic.consent"], name, [self.mother.id, "marketing"], {})

    def test_a_proof_is_made_by_the_program(self):
        """What a caller says about the proof itself is not taken."""
        user = self._make_user("t_registrar_proof", "registrar")
        consent = (
            self.env["clinic.consent"]
            .with_user(user)
            .create(
                {
                    "patient_id": self.mother.id,
                    "purpose_id": self.marketing.id,
                    "card_uuid": "x",
                    "signed_as": "representative",
                    "attachment_hash": "x",
                    "text_hash": "x",
                    "resign_reason": "age",
                }
            )
        )
        self.assertEqual(
            (consent.card_uuid, consent.signed_as, consent.attachment_hash, consent.resign_reason),
            (self.mother.patient_uuid, "self", False, False),
        )
        self.assertEqual(consent.text_hash, consent.text_id.text_hash)

    def test_the_latest_event_decides(self):
        """Any history of one card: grants and withdrawals for one or all channels."""
        step = st.tuples(st.sampled_from(["grant", "withdraw"]), st.sampled_from([False, "sms", "email"]))

        @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
        @given(st.lists(step, max_size=8))
        def check(history):
            patient = self._make_patient()
            known, granted = {}, {}
            for number, (what, channel) in enumerate(history):
                moment = NOON + number * HOUR
                if what == "grant":
                    granted[channel] = self.Consent._grant(
                        patient, "marketing", "paper", channel=channel, moment=moment
                    )
                elif granted.get(channel) and granted[channel].state == "granted":
                    granted[channel]._withdraw("paper", moment=moment)
                else:
                    continue
                for asked in (None, "sms", "email"):
                    if channel in (False, asked or False):
                        known[asked] = what == "grant"
            for asked in (None, "sms", "email"):
                answer = self._answer(patient, channel=asked, at=NOON + DAY)
                self.assertEqual(answer[0], known.get(asked, False), (history, asked))

        check()

    def test_days_of_the_branch(self):
        """Two cards, one day: the day is that of the patient's branch, not of UTC."""
        patient = self._make_patient(patient_branch_id=self.branch.id)
        first = self.Consent._grant(patient, "marketing", "paper", moment=datetime(2026, 3, 9, 1))
        first._withdraw("paper", moment=datetime(2026, 3, 9, 15, 30))  # 23:30 of the 9th in Irkutsk
        later = self.Consent._grant(patient, "marketing", "paper", moment=datetime(2026, 3, 9, 16, 30))
        later._write({"card_uuid": "another card"})
        self.assertEqual(self._answer(patient), (True, "granted"))
