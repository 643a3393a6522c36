# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.tests import Form, tagged, users

from .common import ROLES, ClinicCommon

FORM = "clinic_base.res_partner_view_form_patient"


@tagged("post_install", "-at_install")
class TestPatientForm(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_role_users()
        cls.Patients = cls.env["res.partner"].with_context(default_is_patient=True)

    @users("t_registrar")
    def test_registration_in_one_line(self):
        other = self._make_patient_sudo(phone="8 987 404-01-23")
        with Form(self.Patients.with_user(self.env.user), view=FORM) as form:
            form.clinic_quick_text = "Стихарёва Алёна Игоревна 12 марта 1985 89874040123"
            self.assertEqual(
                (form.family_name, form.given_name, form.patronymic), ("Стихарёва", "Алёна", "Игоревна")
            )
            self.assertEqual((str(form.birth_date), form.sex), ("1985-03-12", "female"))
            self.assertFalse(form.clinic_quick_text)
            similar = self.env["res.partner"].clinic_find_similar(
                {"family_name": form.family_name, "phone": "89874040123"}
            )
            self.assertEqual([row["id"] for row in similar], other.ids)
        patient = form.record
        self.assertEqual(patient.name, "Стихарёва Алёна Игоревна")
        self.assertEqual(patient.phone, "+7 987 404-01-23")
        self.assertFalse(patient.name_to_check)
        self.assertTrue(patient.patient_number)

    @users("t_registrar")
    def test_a_bad_line_says_why(self):
        form = Form(self.Patients.with_user(self.env.user), view=FORM)
        with self.assertRaises(UserError):
            form.clinic_quick_text = "Стихарёва 31.02.1985"

    @users("t_registrar")
    def test_phones_are_typed_as_people_type_them(self):
        with Form(self.Patients.with_user(self.env.user), view=FORM) as form:
            form.family_name = "Стихарёва"
            with form.clinic_phone_ids.new() as row:
                row.number = "8(987)404-01-23 мама"
        phone = form.record.clinic_phone_ids
        self.assertEqual((phone.e164, phone.note, phone.is_primary), ("+79874040123", "мама", True))
        with Form(form.record, view=FORM) as form, form.clinic_phone_ids.edit(0) as row:
            row.number = "8 985 404-22-33"
        self.assertEqual((phone.e164, form.record.phone), ("+79854042233", "+7 985 404-22-33"))
        form = Form(form.record, view=FORM)
        with form.clinic_phone_ids.new() as row:
            row.number = "8 985"
        with self.assertRaises(UserError):
            form.save()

    @users("t_registrar")
    def test_a_provisional_card_is_completed(self):
        row = self.Patients.with_user(self.env.user).clinic_quick_create_patient(
            {"family_name": "Быстрова", "phone": "8 986 404 65 43"}
        )
        patient = self.Patients.with_user(self.env.user).browse(row["id"])
        with self.assertRaisesRegex(UserError, "birth date"):
            patient.action_confirm_card()
        with Form(patient, view=FORM) as form:
            form.given_name = "Анна"
            form.birth_date = "1990-01-31"
        self.assertEqual(patient.sex, "female")
        patient.action_confirm_card()
        self.assertFalse(patient.is_provisional)

    def test_views_load_for_every_role(self):
        patient = self._make_patient()
        for role in ROLES:
            user = self.env["res.users"].search([("login", "=", f"t_{role}")])
            record = patient.with_user(user)
            with self.subTest(role=role):
                views = record.get_views(
                    [
                        (self.env.ref(f"clinic_base.res_partner_view_{kind}_patient").id, kind)
                        for kind in ("list", "kanban", "form", "search")
                    ]
                )["views"]
                hidden = "clinic_phone_ids" not in views["form"]["arch"]
                self.assertEqual(hidden, not user.has_group("clinic_base.group_clinic_patient_contact"))
                self.assertEqual(hidden, 'name="phone"' not in views["list"]["arch"])
                self.assertEqual(hidden, "birth_date" not in views["kanban"]["arch"])
                self.assertEqual(record.get_formview_id(), self.env.ref(FORM).id)

    def _make_patient_sudo(self, **vals):
        return self.env["res.partner"].sudo().create({"is_patient": True, "family_name": "Другая", **vals})
