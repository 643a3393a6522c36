# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
from datetime import datetime, timedelta

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import ClinicCommon

NOON = datetime(2026, 11, 23, 12)
HOUR = timedelta(hours=1)


@tagged("post_install", "-at_install")
class TestConsent(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Consent = cls.env["clinic.consent"]
        cls.patient = cls._make_patient()
        cls.marketing = cls.env.ref("clinic_base.consent_purpose_marketing")
        cls.marketing.text_ids._write({"date_from": NOON - timedelta(days=9)})

    def _may(self, channel=None, at=NOON + 5 * HOUR, purpose="marketing"):
        return self.Consent.may(self.patient, purpose, channel, at)

    def test_nothing_is_allowed_before_a_consent(self):
        self.assertEqual(self._may()[:2], (False, "none"))

    def test_grant_keeps_the_proof(self):
        consent = self.Consent._grant(
            self.patient, "marketing", way="site", ip_address="192.0.2.7", channel="email", moment=NOON
        )
        text = self.marketing.current_text_id
        self.assertEqual(consent.text_id, text)
        self.assertEqual(consent.text_hash, hashlib.sha256(text.body.encode()).hexdigest())
        self.assertEqual((consent.way, consent.ip_address, consent.granted_at), ("site", "192.0.2.7", NOON))
        self.assertTrue(self._may("email").allowed)
        self.assertEqual(self._may("email").consent, consent)
        self.assertFalse(self._may("sms").allowed)
        self.assertFalse(self._may().allowed, "a consent for one channel is not one for all")
        self.assertFalse(self._may("email", NOON - HOUR).allowed)

    def test_withdrawal_and_a_new_grant(self):
        consent = self.Consent._grant(self.patient, "marketing", way="paper", moment=NOON)
        self.assertTrue(self._may("sms").allowed)
        consent._withdraw("site", ip_address="192.0.2.8", moment=NOON + HOUR)
        self.assertEqual(self._may("sms")[:2], (False, "withdrawn"))
        self.assertTrue(self._may("sms", NOON + HOUR / 2).allowed)
        self.Consent._grant(self.patient, "marketing", way="code", moment=NOON + 2 * HOUR)
        self.assertTrue(self._may("sms").allowed)

    def test_withdrawal_of_one_channel_wins_there_only(self):
        self.Consent._grant(self.patient, "marketing", way="paper", moment=NOON)
        sms = self.Consent._grant(self.patient, "marketing", way="paper", channel="sms", moment=NOON)
        sms._withdraw("code", moment=NOON + HOUR)
        self.assertFalse(self._may("sms").allowed)
        self.assertTrue(self._may("email").allowed)

    def test_of_two_events_at_one_moment_the_withdrawal_wins(self):
        first = self.Consent._grant(self.patient, "marketing", way="paper", moment=NOON - HOUR)
        self.Consent._grant(self.patient, "marketing", way="paper", moment=NOON)
        first._withdraw("paper", moment=NOON)
        self.assertFalse(self._may().allowed)

    def test_term(self):
        consent = self.Consent._grant(self.patient, "marketing", way="paper", moment=NOON)
        self.Consent.create(
            {
                "patient_id": self.patient.id,
                "purpose_id": self.marketing.id,
                "granted_at": NOON + HOUR,
                "valid_to": NOON + 2 * HOUR,
            }
        )
        self.assertEqual(self._may()[:2], (False, "expired"))
        self.assertEqual(consent.state, "granted")

    def test_other_bases_need_no_consent(self):
        self.marketing.basis = "contract"
        self.assertEqual(self._may()[:2], (True, "contract"))

    def test_a_consent_is_proof(self):
        consent = self.Consent._grant(self.patient, "marketing", way="paper")
        for vals in ({"granted_at": NOON}, {"text_hash": "x"}, {"state": "withdrawn"}, {"patient_id": 1}):
            with self.subTest(vals=list(vals)), self.assertRaises(UserError):
                consent.write(vals)
        with self.assertRaises(UserError):
            consent.unlink()
        consent.action_withdraw()
        self.assertEqual((consent.state, consent.withdrawn_by_id), ("withdrawn", self.env.user))
        moment = consent.withdrawn_at
        consent.action_withdraw()
        self.assertEqual(consent.withdrawn_at, moment)
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute("UPDATE clinic_consent SET state = 'granted' WHERE id = %s", [consent.id])

    def test_texts_are_versions(self):
        text = self.marketing.current_text_id
        self.assertEqual((text.version, text.state), (1, "published"))
        with self.assertRaises(UserError):
            text.body = "other words"
        with self.assertRaises(UserError):
            text.unlink()
        draft = self.env["clinic.consent.text"].create({"purpose_id": self.marketing.id, "body": "new words"})
        self.assertEqual((draft.version, self.marketing.current_text_id), (2, text))
        old = self.Consent._grant(self.patient, "marketing", way="paper", moment=NOON)
        draft.action_publish()
        self.marketing.invalidate_recordset()
        self.assertEqual(self.marketing.current_text_id, draft)
        self.assertEqual(old.text_id, text)
        self.assertTrue(self._may().allowed, "a new text does not take earlier consents away")

    def test_no_published_text_no_consent(self):
        purpose = self.env["clinic.consent.purpose"].create({"name": "Photo", "code": "photo"})
        self.env["clinic.consent.text"].create({"purpose_id": purpose.id, "body": "draft"})
        with self.assertRaises(UserError):
            self.Consent.create(
                {"patient_id": self.patient.id, "purpose_id": purpose.id, "text_id": purpose.text_ids.id}
            )
        with self.assertRaises(UserError):
            self.Consent.may(self.patient, "unknown")


@tagged("post_install", "-at_install")
class TestRelation(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mother = cls.env["res.partner"].create({"name": "Mother"})
        cls.Relation = cls.env["clinic.relation"]

    @freeze_time("2026-11-23 09:00:00")
    def test_a_mother_acts_until_the_child_is_of_age(self):
        child = self._make_patient(birth_date="2016-05-17")
        relation = self.Relation.create(
            {"patient_id": child.id, "actor_id": self.mother.id, "kind": "mother"}
        )
        self.assertEqual(str(relation.date_to), "2034-05-17")
        self.assertTrue(self.Relation._may_act_for(self.mother, child))
        self.assertTrue(self.Relation._may_act_for(child, child))
        self.assertFalse(self.Relation._may_act_for(child, self.mother))
        self.assertEqual(self.Relation._patients_of(self.mother), child)
        with freeze_time("2034-05-18 09:00:00"):
            self.assertFalse(self.Relation._may_act_for(self.mother, child))
            self.assertFalse(self.Relation._patients_of(self.mother))
        relation.may_act = False
        self.assertFalse(self.Relation._may_act_for(self.mother, child))

    def test_a_patient_acts_for_himself_and_his_family(self):
        patient, child = self._make_patient(), self._make_patient(birth_date="01.02.2020")
        self.Relation.create({"patient_id": child.id, "actor_id": patient.id, "kind": "mother"})
        self.assertEqual(self.Relation._patients_of(patient), patient | child)

    def test_refusals(self):
        patient = self._make_patient()
        vals = {"patient_id": patient.id, "actor_id": self.mother.id, "kind": "other"}
        with self.assertRaises(ValidationError):
            self.Relation.create({**vals, "date_from": "2026-02-01", "date_to": "2026-01-01"})
        self.Relation.create(vals)
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.Relation.create(vals)
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.Relation.create({**vals, "actor_id": patient.id})
