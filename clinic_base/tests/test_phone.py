# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ClinicCommon

MOBILE, SECOND = "+79854042233", "+79864046543"


@tagged("post_install", "-at_install")
class TestPhone(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.clinic_city_code = "3952"
        cls.Phone = cls.env["clinic.phone"]

    def _add(self, patient, raw, **vals):
        return self.Phone.create({"partner_id": patient.id, "raw": raw, **vals})

    def test_writing_the_contact_phone_makes_rows(self):
        patient = self._make_patient(phone="8 985 404-22-33 мама, 25-14-33")
        self.assertEqual(patient.clinic_phone_ids.mapped("e164"), [MOBILE, "+73952251433"])
        self.assertEqual(patient.clinic_phone_ids.mapped("is_primary"), [True, False])
        self.assertEqual(patient.clinic_phone_ids[0].note, "мама")
        self.assertEqual(patient.phone, "+7 985 404-22-33")
        self.assertEqual(patient.phone_sanitized, MOBILE)
        self.assertEqual(patient.clinic_phone_masked, "+7 *** ***-22-33")

    def test_a_later_write_promotes_or_adds(self):
        patient = self._make_patient(phone=MOBILE)
        patient.phone = "8 986 404 65 43"
        self.assertEqual(patient.phone, "+7 986 404-65-43")
        self.assertEqual(set(patient.clinic_phone_ids.mapped("e164")), {MOBILE, SECOND})
        patient.phone = "89854042233"
        self.assertEqual(len(patient.clinic_phone_ids), 2)
        self.assertEqual(patient.clinic_phone_ids.filtered("is_primary").e164, MOBILE)

    def test_emptying_the_phone_archives_the_main_row(self):
        patient = self._make_patient(phone=MOBILE)
        self._add(patient, SECOND)
        patient.phone = False
        self.assertEqual(patient.clinic_phone_ids.mapped("e164"), [SECOND])
        self.assertEqual(patient.phone, "+7 986 404-65-43")
        patient.phone = False
        self.assertFalse(patient.phone)
        patient.phone = MOBILE
        self.assertEqual(patient.clinic_phone_ids.mapped("e164"), [MOBILE], "the archived row is taken back")

    def test_a_wrong_number_from_another_app_is_kept_to_look_at(self):
        patient = self._make_patient(phone="звонить мужу")
        self.assertEqual(patient.phone, "звонить мужу")
        self.assertEqual(patient.clinic_phone_ids.mapped("e164"), [False])
        patient.phone = MOBILE
        self.assertEqual(patient.phone, "+7 985 404-22-33")

    def test_rows_drive_the_contact_phone(self):
        patient = self._make_patient()
        first = self._add(patient, "8 (985) 404-22-33")
        self.assertTrue(first.is_primary)
        self.assertEqual(patient.phone, "+7 985 404-22-33")
        second = self._add(patient, "8 986 404 65 43 доб. 12", owner="mother", is_primary=True)
        self.assertEqual((second.extension, first.is_primary), ("12", False))
        self.assertEqual(patient.phone, "+7 986 404-65-43")
        self.assertEqual(second.display_name, "+7 986 404-65-43 ext. 12")
        second.unlink()
        self.assertTrue(first.is_primary)
        self.assertEqual(patient.phone, "+7 985 404-22-33")
        first.raw = "25-14-33"
        self.assertEqual((first.e164, first.kind), ("+73952251433", "landline"))
        self.assertEqual(patient.phone, "+7 3952 25-14-33")
        first.active = False
        self.assertFalse(patient.phone)

    def test_confirmation_is_lost_with_the_number(self):
        phone = self._add(self._make_patient(), MOBILE)
        phone._confirm("code")
        self.assertTrue(phone.is_confirmed and phone.confirmed_at)
        phone.raw = SECOND
        self.assertFalse(phone.is_confirmed or phone.confirmed_at or phone.confirmed_way)

    def test_refusals(self):
        patient = self._make_patient()
        for raw in (
            "",
            "112",
            "8 999 999-99-99",
            "8 985 404 22",
            "8 985 404-22-33, 8 986 404-65-43",
            "1" * 9000,
        ):
            with self.subTest(size=len(raw)), self.assertRaises(UserError) as caught:
                self._add(patient, raw)
            self.assertNotIn(raw or "?", str(caught.exception))
        self._add(patient, MOBILE)
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self._add(patient, "8 985 404 22 33")

    def test_a_family_shares_a_phone_in_peace(self):
        family = [self._make_patient(phone=MOBILE) for _n in range(4)]
        self.assertEqual([card.clinic_phone_ids.holder_count for card in family], [4] * 4)
        self.assertEqual(self.env["res.partner"]._phone_share_limit(), 4)
        self.assertFalse(any(card.clinic_phone_ids.is_mass for card in family))
        fifth = self._make_patient(phone=MOBILE)
        self.assertTrue(fifth.clinic_phone_ids.is_mass)
        self.env["ir.config_parameter"].set_param("clinic_base.phone_share_limit", "9")
        fifth.clinic_phone_ids.invalidate_recordset()
        self.assertFalse(fifth.clinic_phone_ids.is_mass)

    def test_a_limit_that_is_no_number_is_the_usual_one(self):
        for text, limit in (("²", 4), ("٣", 4), ("１", 4), ("-1", 4), ("7", 7), ("0", 0)):
            with self.subTest(text=text):
                self.env["ir.config_parameter"].set_param("clinic_base.phone_share_limit", text)
                self.assertEqual(self.env["res.partner"]._phone_share_limit(), limit)

    def test_sanitising_does_not_depend_on_the_country_of_the_company(self):
        self.company.partner_id.country_id = self.env.ref("base.us")
        patient = self._make_patient(phone="8 985 404-22-33")
        self.assertEqual(patient.phone_sanitized, MOBILE)
        contact = self.env["res.partner"].create({"name": "Contact", "phone": "8 985 404-22-33"})
        self.assertEqual(contact.phone_sanitized, MOBILE)
        american = self.env["res.partner"].create({"name": "Contact", "phone": "(415) 555-2671"})
        self.assertEqual(american.phone_sanitized, "+14155552671")

    def test_sanitised_number_is_indexed(self):
        self.env.cr.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename = 'res_partner'"
            " AND indexdef LIKE '%%(phone_sanitized)%%'"
        )
        self.assertTrue(self.env.cr.fetchall())
