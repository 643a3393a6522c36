# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import ClinicCommon


@tagged("post_install", "-at_install")
class TestPatientName(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Partner = cls.env["res.partner"]

    def _parts(self, partner):
        return [partner.family_name or "", partner.given_name or "", partner.patronymic or ""]

    def test_name_is_built_from_parts(self):
        patient = self.Partner.create(
            {"is_patient": True, "family_name": " иванова ", "given_name": "МАРИЯ", "patronymic": "Петровна"}
        )
        self.assertEqual(patient.name, "Иванова Мария Петровна")
        self.assertFalse(patient.name_to_check)
        self.assertEqual(patient.sex, "female")
        patient.patronymic = False
        self.assertEqual(patient.name, "Иванова Мария")
        patient.write({"family_name": "Сидорова"})
        self.assertEqual(patient.name, "Сидорова Мария")

    def test_parts_win_over_a_name_given_with_them(self):
        patient = self.Partner.create(
            {"is_patient": True, "name": "whatever", "family_name": "Ким", "given_name": "Анна"}
        )
        self.assertEqual(patient.name, "Ким Анна")

    def test_name_alone_is_split_and_flagged(self):
        patient = self.Partner.create({"is_patient": True, "name": "мария петровна иванова (ДМС)"})
        self.assertEqual(self._parts(patient), ["Иванова", "Мария", "Петровна"])
        self.assertEqual(patient.name, "Иванова Мария Петровна")
        self.assertTrue(patient.name_to_check)
        patient.name_to_check = False
        patient.name = "Гасанов Али Гасан оглы"
        self.assertEqual(self._parts(patient), ["Гасанов", "Али", "Гасан оглы"])
        self.assertTrue(patient.name_to_check)
        patient.name_to_check = False
        patient.name = "Гасанов Али Гасан оглы"
        self.assertFalse(patient.name_to_check, "an unchanged name asks nobody to look")

    def test_a_name_without_letters_is_kept_as_surname(self):
        patient = self.Partner.create({"is_patient": True, "name": "12345"})
        self.assertEqual((patient.name, patient.family_name), ("12345", "12345"))

    def test_other_contacts_are_left_alone(self):
        contact = self.Partner.create({"name": "ooo ромашка 2"})
        contact.name = "мария петровна иванова"
        self.assertEqual(contact.name, "мария петровна иванова")
        self.assertFalse(contact.family_name or contact.patient_number or contact.patient_uuid)
        mixed = contact | self._make_patient()
        mixed.write({"name": "Петров Иван"})
        self.assertEqual(mixed.mapped("name"), ["Петров Иван", "Петров Иван"])
        self.assertEqual(mixed[1].family_name, "Петров")

    def test_contact_becomes_patient(self):
        contact = self.Partner.create({"name": "Мария Иванова", "phone": "8 985 404-22-33"})
        contact.is_patient = True
        self.assertEqual(self._parts(contact), ["Иванова", "Мария", ""])
        self.assertTrue(contact.patient_number and contact.patient_uuid)
        self.assertEqual(contact.clinic_phone_ids.mapped("e164"), ["+79854042233"])

    def test_many_patients_at_once(self):
        one, two = self._make_patient(given_name="Анна"), self._make_patient(given_name="Ольга")
        (one | two).write({"family_name": "Петрова", "patronymic": False})
        self.assertEqual((one | two).mapped("name"), ["Петрова Анна", "Петрова Ольга"])

    def test_numbers_are_unique_and_step_over_imported_ones(self):
        first = self._make_patient()
        follower = f"{int(first.patient_number) + 1:06}"
        imported = self._make_patient(patient_number=follower)
        self.assertEqual(imported.patient_number, follower)
        third = self._make_patient()
        self.assertNotIn(third.patient_number, (first.patient_number, follower))
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self._make_patient(patient_number=follower)

    def test_branch_and_company_may_have_own_numbering(self):
        self.branch.code = "IRK"
        self.env["ir.sequence"].create(
            {"name": "x", "code": "clinic.patient.IRK", "prefix": "IRK-", "padding": 4}
        )
        self.assertEqual(self._make_patient(patient_branch_id=self.branch.id).patient_number, "IRK-0001")
        self.assertNotIn("IRK", self._make_patient().patient_number)
        company = self._make_company()
        self.env["ir.sequence"].create(
            {"name": "y", "code": "clinic.patient", "prefix": "B", "padding": 3, "company_id": company.id}
        )
        branch = self._make_branch(company_id=company.id)
        self.assertEqual(self._make_patient(patient_branch_id=branch.id).patient_number, "B001")

    def test_copy_is_a_new_card(self):
        patient = self._make_patient(phone="8 985 404-22-33")
        copy = patient.copy()
        self.assertNotEqual(copy.patient_number, patient.patient_number)
        self.assertNotEqual(copy.patient_uuid, patient.patient_uuid)

    @freeze_time("2026-11-23 09:00:00")
    def test_birth_dates_in_usual_spellings(self):
        patient = self._make_patient(birth_date="12.03.85")
        self.assertEqual(patient.birth_date, date(1985, 3, 12))
        self.assertEqual((patient.age, patient.is_child), (41, False))
        patient.birth_date = "2020-01-02"
        self.assertEqual((patient.age, patient.is_child), (6, True))
        self.assertIn(patient, self.Partner.search([("is_child", "=", True)]))
        self.assertNotIn(patient, self.Partner.search([("is_child", "=", False)]))

    def test_bad_input_is_refused_with_a_sentence(self):
        for vals in (
            {"birth_date": "31.02.1985"},
            {"birth_date": "1985-02-31"},
            {"birth_date": "01.01.2200"},
            {"birth_date": "01.01.1800"},
            {"birth_date": "yesterday"},
            {"family_name": "И" * 10_000},
            {"patronymic": "И" * 101},
        ):
            with self.subTest(vals=list(vals)), self.assertRaises(UserError) as caught:
                self._make_patient(**vals)
            self.assertTrue(str(caught.exception).endswith((".", ".1985.")))
        with self.assertRaises(UserError):
            self.Partner.create({"is_patient": True, "name": "И" * 10_000})
        patient = self._make_patient()
        with self.assertRaises(UserError):
            patient.write({"family_name": False, "given_name": False, "patronymic": False})
        with self.assertRaises(UserError):
            patient.write({"birth_date": "30 февраля 1990"})
        self.assertEqual(patient.birth_date, date(1985, 5, 17))
