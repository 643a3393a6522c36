# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The desk's list of consents to be signed again."""

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_consent_may import DAY, ConsentCase


@tagged("post_install", "-at_install")
class TestConsentResign(ConsentCase):
    def setUp(self):
        super().setUp()
        self.now = fields.Datetime.now()

    def _run(self):
        self.Consent._cron_resign()

    def _sign(self, patient, days_ago=400, **more):
        return self.Consent._grant(patient, "marketing", "paper", moment=self.now - days_ago * DAY, **more)

    def _child_turning(self, years, in_days):
        born = fields.Date.today() + relativedelta(days=in_days) - relativedelta(years=years)
        child = self._make_patient(birth_date=born)
        self.env["clinic.relation"].create(
            {
                "patient_id": child.id,
                "actor_id": self.mother.id,
                "kind": "mother",
                "date_from": "2000-01-01",
                "date_to": False,
            }
        )
        return child

    def test_reasons(self):
        plain = self._sign(self._make_patient())
        self.assertFalse(plain.resign_reason)
        over = self.Consent.create(
            {
                "patient_id": self._make_patient().id,
                "purpose_id": self.marketing.id,
                "granted_at": self.now - 400 * DAY,
                "valid_to": self.now - DAY,
            }
        )
        ending = self.Consent.create(
            {
                "patient_id": self._make_patient().id,
                "purpose_id": self.marketing.id,
                "granted_at": self.now - 300 * DAY,
                "valid_to": self.now + 9 * DAY,
            }
        )
        soon = self._sign(self._child_turning(18, 20), signer=self.mother)
        later = self._sign(self._child_turning(18, 60), signer=self.mother)
        gone = self._sign(self._child_turning(18, -3), signer=self.mother)
        declared = self.Consent._grant(self._child_turning(10, 0), "marketing", "site")
        self._run()
        rows = plain | over | ending | soon | later | gone | declared
        found = [(row.resign_reason, row.resign_by) for row in rows]
        today = fields.Date.today()
        self.assertEqual(
            found,
            [
                (False, False),
                ("expired", over.valid_to.date()),
                ("ending", ending.valid_to.date()),
                ("age", today + 20 * DAY),
                (False, False),
                ("age", today - 3 * DAY),
                ("signer", today + relativedelta(years=8)),
            ],
        )
        self._run()
        again = [(row.resign_reason, row.resign_by) for row in rows]
        self.assertEqual(again, found, "the second run changes nothing")

    def test_wider_text_and_new_signature(self):
        patient = self._make_patient()
        old = self._sign(patient)
        text = self.env["clinic.consent.text"].create(
            {"purpose_id": self.marketing.id, "body": "more", "is_wider": True}
        )
        text.action_publish()
        self._run()
        self.assertEqual(old.resign_reason, "wider")
        self.assertIn(old, self.Consent.search([("resign_reason", "!=", False)]))
        new = self._sign(patient, days_ago=0)
        self.assertEqual((old.resign_reason, new.resign_reason), (False, False), "at once, not at night")

    def test_who_withdrew_is_not_asked_again(self):
        patient = self._make_patient()
        consent = self.Consent.create(
            {
                "patient_id": patient.id,
                "purpose_id": self.marketing.id,
                "granted_at": self.now - 400 * DAY,
                "valid_to": self.now - DAY,
            }
        )
        self.assertEqual(consent.resign_reason, "expired")
        consent.action_withdraw()
        self.assertFalse(consent.resign_reason)
        self._run()
        self.assertFalse(consent.resign_reason)

    def test_archived_cards_wait_for_nothing(self):
        patient = self._make_patient()
        consent = self.Consent.create(
            {
                "patient_id": patient.id,
                "purpose_id": self.marketing.id,
                "granted_at": self.now - 400 * DAY,
                "valid_to": self.now - DAY,
            }
        )
        patient.active = False
        self._run()
        self.assertFalse(consent.resign_reason)

    def test_one_statement_for_everybody(self):
        for _i in range(20):
            self.Consent.create(
                {
                    "patient_id": self._make_patient().id,
                    "purpose_id": self.marketing.id,
                    "granted_at": self.now - 400 * DAY,
                    "valid_to": self.now - DAY,
                }
            )
        self.env.flush_all()
        self._run()
        with self.assertQueryCount(__system__=1):
            self.Consent._mark_to_resign()
        self.assertEqual(len(self.Consent.search([("resign_reason", "=", "expired")])), 20)

    def test_the_mark_is_not_written_by_hand(self):
        consent = self._sign(self._make_patient())
        with self.assertRaises(UserError):
            consent.resign_reason = "age"

    def _tasks(self, patient):
        kind = self.env.ref("clinic_base.mail_activity_type_resign")
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "=", patient.id),
                ("activity_type_id", "=", kind.id),
            ]
        )

    def test_tasks(self):
        """One for each patient, however many papers; not again the next night; gone with the signature."""
        patient = self._make_patient()
        for purpose in ("marketing", "personal_data"):
            self.Consent._grant(patient, purpose, "paper", moment=self.now - 300 * DAY)
        self.Consent.search([("patient_id", "=", patient.id)])._write({"valid_to": self.now - DAY})
        self.env.company.clinic_resign_user_id = False
        self._run()
        self.assertFalse(self._tasks(patient), "nobody is named, the list is enough")
        nurse = self._make_user("t_resign", "registrar")
        self.env.company.clinic_resign_user_id = nurse
        with self.assertQueryCount(40):
            self._run()
        task = self._tasks(patient)
        today = fields.Date.context_today(task)
        self.assertEqual((len(task), task.user_id, task.date_deadline), (1, nurse, today))
        self.assertEqual(task.res_name, patient.display_name)
        self._run()
        self.assertEqual(self._tasks(patient), task)
        self.Consent._grant(patient, "marketing", "paper")
        self.assertEqual(self._tasks(patient), task, "one paper is still to be signed")
        self.Consent._grant(patient, "personal_data", "paper")
        self.assertFalse(self._tasks(patient))

    def test_a_withdrawal_ends_the_task(self):
        patient = self._make_patient()
        consent = self.Consent._grant(patient, "marketing", "paper", moment=self.now - 300 * DAY)
        consent._write({"valid_to": self.now - DAY})
        self.env.company.clinic_resign_user_id = self._make_user("t_resign", "registrar")
        self._run()
        self.assertTrue(self._tasks(patient))
        consent._withdraw("paper")
        self.assertFalse(self._tasks(patient))
