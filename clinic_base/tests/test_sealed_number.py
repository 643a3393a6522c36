# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import os
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..vault import new_key_line
from .common import ClinicCommon


class SealedCase(ClinicCommon):
    """Tests with an own key file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._use_key_file()
        cls.passport = cls.env.ref("clinic_base.document_kind_passport_rf")
        cls.snils = cls.env.ref("clinic_base.document_kind_snils")
        cls.patient = cls._make_patient()

    def setUp(self):
        super().setUp()
        # the access journal writes with cursors of its own
        self.env.flush_all()
        self.registry_enter_test_mode()
        self.addCleanup(self._write_keys, self.first_key)

    @classmethod
    def _make_document(cls, number="25 04 123456", patient=None, kind=None, **vals):
        return cls.env["clinic.identity.document"].create(
            {
                "patient_id": (patient or cls.patient).id,
                "kind_id": (kind or cls.passport).id,
                "number": number,
                **vals,
            }
        )


@tagged("post_install", "-at_install")
class TestSealedNumber(SealedCase):
    def _columns(self, document):
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM clinic_identity_document WHERE id = %s", [document.id])
        return self.env.cr.dictfetchone()

    def test_no_column_holds_the_number(self):
        document = self._make_document()
        text = repr(self._columns(document))
        self.assertNotIn("2504123456", text.replace(" ", ""))
        self.assertNotIn("04 1234", text)
        self.assertEqual(document.number, "•••• 3456")
        self.assertEqual(document._number_plain(), "25 04 123456")

    def test_every_route_gives_the_masked_number(self):
        document = self._make_document()
        user = self._make_user("t_reg", "registrar+base.group_allow_export")
        seen = document.with_user(user)
        self.assertEqual(seen.read(["number"])[0]["number"], "•••• 3456")
        self.assertEqual(seen.export_data(["number"])["datas"], [["•••• 3456"]])
        self.assertEqual(seen.web_read({"number": {}})[0]["number"], "•••• 3456")
        for column in ("number_sealed", "number_blind", "number_key"):
            with self.assertRaises(AccessError):
                seen.read([column])
            with self.assertRaises(AccessError):
                seen.search([(column, "!=", False)])
            with self.assertRaises(AccessError):
                seen.write({column: "1"})

    def test_what_was_typed_does_not_come_back_after_saving(self):
        user = self._make_user("t_reg", "registrar")
        saved = (
            self.env["clinic.identity.document"]
            .with_user(user)
            .web_save(
                {"patient_id": self.patient.id, "kind_id": self.passport.id, "number": "25 04 123456"},
                {"number": {}},
            )
        )
        self.assertEqual(saved[0]["number"], "•••• 3456")

    def test_an_untouched_mask_changes_nothing_and_a_half_typed_one_is_refused(self):
        document = self._make_document()
        before = self._columns(document)["number_sealed"]
        document.write({"number": "•••• 3456", "note": "looked at"})
        self.assertEqual(self._columns(document)["number_sealed"], before)
        with self.assertRaisesRegex(UserError, "whole number"):
            document.write({"number": "25•• 3456"})

    def test_exact_search_in_any_spelling(self):
        document = self._make_document("25 04 123456")
        certificate = self._make_document(
            "I-СТ 123456", kind=self.env.ref("clinic_base.document_kind_birth_certificate")
        )
        documents = self.env["clinic.identity.document"]
        for spelling in ("2504123456", "25 04 № 123456".replace("№", ""), "2504-123456"):
            self.assertEqual(documents.search([("number", "=", spelling)]), document)
        self.assertEqual(documents.search([("number", "=", "i-ct 123456")]), certificate)
        self.assertFalse(documents.search([("number", "=", "3456")]))
        self.assertNotIn(document, documents.search([("number", "!=", "2504123456")]))
        self.assertIn(document, documents.search([("number", "!=", False)]))
        with self.assertRaisesRegex(UserError, "whole number"):
            documents.search([("number", "ilike", "2504")])

    def test_the_registry_finds_a_patient_by_a_whole_number(self):
        self._make_document("112-233-445 95", kind=self.snils)
        found = self.env["res.partner"].clinic_search_patients("112-233-445 95")
        self.assertEqual([row["id"] for row in found], [self.patient.id])
        marketer = self._make_user("t_doc", "doctor")
        self.assertFalse(self.env["res.partner"].with_user(marketer).clinic_search_patients("112-233-445 95"))

    def test_doubts_are_warnings(self):
        self.assertFalse(self._make_document("112-233-445 95", kind=self.snils).number_doubt)
        self.assertEqual(self._make_document("112-233-445 96", kind=self.snils).number_doubt, "check")
        self.assertEqual(self._make_document("2504 1234").number_doubt, "length")

    def test_the_same_number_on_another_card_is_shown(self):
        first = self._make_document()
        self.assertFalse(first.number_twin_ids)
        other = self._make_patient()
        second = self._make_document("2504-123456", patient=other)
        self.assertEqual(second.number_twin_ids, self.patient)
        first.invalidate_recordset(["number_twin_ids"])
        self.assertEqual(first.number_twin_ids, other)

    def test_revealing_is_an_event_and_a_right(self):
        document = self._make_document()
        registrar = self._make_user("t_reg", "registrar")
        self.env["res.partner"].search([("is_patient", "=", True)]).flush_recordset()
        action = document.with_user(registrar).action_reveal_number()
        self.assertEqual(action["params"]["message"], "25 04 123456")
        event = self.env["clinic.access.event"].search([("action", "=", "reveal")], limit=1)
        self.assertEqual(
            (event.user_ref, event.patient_ref, event.model), (registrar.id, self.patient.id, document._name)
        )
        for role in ("operator", "doctor", "marketer", "director", "external_caller"):
            with self.assertRaises(AccessError), self.cr.savepoint():
                document.with_user(self._make_user(f"t_{role}", role)).action_reveal_number()

    def test_coverage_is_read_by_doctors_but_not_revealed(self):
        coverage = self.env["clinic.coverage"].create(
            {"patient_id": self.patient.id, "kind": "oms", "number": "4000000000000002"}
        )
        doctor = self._make_user("t_doctor", "doctor")
        self.assertEqual(coverage.with_user(doctor).number, "•••• 0002")
        with self.assertRaises(AccessError):
            coverage.with_user(doctor).action_reveal_number()
        marketer = self._make_user("t_marketer", "marketer")
        with self.assertRaises(AccessError):
            coverage.with_user(marketer).read(["kind"])

    def test_a_value_copied_to_another_card_does_not_open(self):
        document = self._make_document()
        other = self._make_document("25 04 654321", patient=self._make_patient())
        other.sudo().write({"number_sealed": document.sudo().number_sealed})
        with (
            self.assertLogs("odoo.addons.clinic_base.models.clinic_vault", "ERROR") as log,
            self.assertRaisesRegex(UserError, "does not open"),
        ):
            other._number_plain()
        self.assertNotIn("123456", "".join(log.output))

    def test_a_document_stays_with_its_patient(self):
        document = self._make_document()
        registrar = self._make_user("t_reg", "registrar")
        with self.assertRaisesRegex(UserError, "stays with its patient"):
            document.with_user(registrar).write({"patient_id": self._make_patient().id})

    def test_typing_a_number_on_the_form(self):
        registrar = self._make_user("t_reg", "registrar")
        with Form(self.env["clinic.identity.document"].with_user(registrar)) as form:
            form.patient_id = self.patient
            form.kind_id = self.passport
            form.number = "25 04 123456"
        self.assertEqual(form.record._number_plain(), "25 04 123456")


@tagged("post_install", "-at_install")
class TestKeys(SealedCase):
    def test_without_a_key_nothing_is_sealed_and_the_card_still_opens(self):
        document = self._make_document()
        sealed = document.sudo().number_sealed
        os.unlink(self.key_path)
        self.assertEqual(self.env["clinic.vault"]._state()[0], "unusable")
        self.assertEqual(document.read(["number", "state"])[0]["number"], "•••• 3456")
        document.note = "the rest of the card is written"
        for refused in (
            document._number_plain,
            lambda: document.write({"number": "25 04 654321"}),
            lambda: self._make_document("25 04 111111"),
        ):
            with self.assertRaisesRegex(UserError, "key"), self.cr.savepoint():
                refused()
        self.assertEqual(document.sudo().number_sealed, sealed)

    def test_no_key_named_at_all(self):
        with patch.dict(os.environ, {"CLINIC_KEY_FILE": ""}):
            vault = self.env["clinic.vault"]
            with patch.object(type(vault), "_key_path", lambda self: ""):
                self.assertEqual(vault._state()[0], "absent")

    def test_another_key_under_the_same_number_is_noticed(self):
        document = self._make_document()
        self._write_keys(new_key_line(1))
        self.assertEqual(self.env["clinic.vault"]._state()[0], "unusable")
        with self.assertRaisesRegex(UserError, "not the key"):
            document.write({"number": "25 04 654321"})
        self._write_keys(self.first_key)
        self.assertEqual(document._number_plain(), "25 04 123456")

    def test_change_of_keys_can_stop_at_any_row_and_go_on(self):
        documents = self.env["clinic.identity.document"]
        numbers = [f"25 04 10000{n}" for n in range(5)]
        rows = documents.union(*(self._make_document(number) for number in numbers))
        second_key = new_key_line(2)
        self._write_keys(self.first_key, second_key)
        self.assertEqual(documents._count_old_keys(), 5)
        self.assertEqual(documents._reseal_batch(limit=2), 3)
        # half-way: both keys are read, both are found
        for row, number in zip(rows, numbers, strict=True):
            self.assertEqual(row._number_plain(), number)
            self.assertEqual(documents.search([("number", "=", number)]), row)
        self.env.flush_all()
        self.env.ref("clinic_base.ir_cron_reseal").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(documents._count_old_keys(), 0)
        self._write_keys(second_key)
        self.assertEqual([row._number_plain() for row in rows], numbers)

    def test_a_forgotten_old_key_is_reported(self):
        self._make_document()
        self._write_keys(new_key_line(2))
        code, sentence = self.env["clinic.vault"]._state()
        self.assertEqual(code, "wrong")
        self.assertIn("No. 1", sentence)

    def test_every_model_with_a_number_takes_part(self):
        self.assertEqual(
            set(self.env["clinic.vault"]._sealed_models()) & {"clinic.identity.document", "clinic.coverage"},
            {"clinic.identity.document", "clinic.coverage"},
        )


@tagged("post_install", "-at_install")
class TestDocumentTerms(SealedCase):
    def test_a_passport_ends_at_its_age_with_days_of_grace(self):
        self.patient.birth_date = "2000-03-10"
        self.assertEqual(self._make_document(issued_on="2014-04-01").valid_to.isoformat(), "2020-06-08")
        self.assertEqual(self._make_document(issued_on="2020-04-01").valid_to.isoformat(), "2045-06-08")
        self.patient.birth_date = "1960-03-10"
        self.assertFalse(self._make_document(issued_on="2010-04-01").valid_to)

    def test_state_and_its_search_agree(self):
        documents = self.env["clinic.identity.document"]
        made = documents.union(
            *(
                self._make_document(valid_to=day)
                for day in ("2020-01-01", "today", False, "2099-01-01")
                if day != "today"
            )
        )
        for state in ("expired", "ending", "valid"):
            found = documents.search([("state", "=", state), ("id", "in", made.ids)])
            self.assertEqual(found, made.filtered(lambda row, state=state: row.state == state))

    def test_impossible_dates_are_refused(self):
        for vals in (
            {"issued_on": "2999-01-01"},
            {"issued_on": "1900-01-01"},
            {"issued_on": "2020-01-01", "valid_to": "2019-01-01"},
        ):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self._make_document(kind=self.snils, **vals)

    def test_policy_needs_a_payer_and_knows_its_days(self):
        with self.assertRaisesRegex(ValidationError, "who pays"), self.cr.savepoint():
            self.env["clinic.coverage"].create({"patient_id": self.patient.id, "kind": "dms"})
        insurer = self.env["res.partner"].create({"name": "Insurer", "is_company": True})
        programme = self.env["clinic.coverage.programme"].create({"name": "Standard", "payer_id": insurer.id})
        policy = self.env["clinic.coverage"].create(
            {
                "patient_id": self.patient.id,
                "programme_id": programme.id,
                "valid_from": "2020-01-01",
                "valid_to": "2020-12-31",
            }
        )
        self.assertEqual(policy.payer_id, insurer)
        self.assertEqual(policy.state, "expired")
        self.assertIn(policy, self.env["clinic.coverage"].search([("state", "=", "expired")]))
