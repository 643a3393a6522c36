# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo.tests import tagged

from .common import PHONE, PortalCommon

TODAY = date(2026, 11, 22)


@tagged("post_install", "-at_install")
class TestPerson(PortalCommon):
    """What visitors type is understood, and only an exact match finds a card."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.env["clinic.portal.person"]
        cls.card = cls._make_patient(
            family_name="Петрова",
            given_name="Алёна",
            patronymic="Ивановна",
            birth_date="1985-05-17",
            phone=PHONE,
        )

    def _read(self, **vals):
        values = {"name": "Петрова Алена Ивановна", "birth_date": "17.05.1985", "phone": PHONE, **vals}
        return self.people._read(values, TODAY)

    def _found(self, **vals):
        person, errors = self._read(**vals)
        self.assertFalse(errors)
        return self.people._find(person)

    def test_birth_dates_in_any_form(self):
        for text in ("17.05.1985", "17/5/85", "1985-05-17", "17 мая 1985 г.", "17051985"):
            person, errors = self._read(birth_date=text)
            self.assertFalse(errors, text)
            self.assertEqual(person["birth_date"], date(1985, 5, 17))

    def test_bad_input_is_told_field_by_field(self):
        person, errors = self._read(name="", birth_date="31.02.1985", phone="12")
        self.assertEqual(set(errors), {"name", "birth_date", "phone"})
        for field in ("name", "birth_date", "phone"):
            self.assertIsNone(person[field])
            self.assertTrue(errors[field].endswith("."))

    def test_hostile_lengths(self):
        for field in ("name", "birth_date", "phone"):
            _person, errors = self._read(**{field: "я1" * 5000})
            self.assertIn(field, errors)

    def test_one_word_is_not_a_name(self):
        self.assertIn("name", self._read(name="Петрова")[1])

    def test_two_phones_are_not_one(self):
        self.assertIn("phone", self._read(phone="+79145550101, +79145550102")[1])

    def test_echo(self):
        self.assertEqual(self.people._birth_date_echo(date(1985, 5, 17), TODAY), "17 May 1985, 41 years")
        self.assertEqual(self.people._birth_date_echo(date(2026, 8, 17), TODAY), "17 August 2026, 3 months")

    def test_exact_match(self):
        self.assertEqual(self._found(), self.card)
        self.assertEqual(self._found(name="петрова алёна"), self.card)

    def test_near_misses_find_nobody(self):
        self.assertFalse(self._found(birth_date="18.05.1985"))
        self.assertFalse(self._found(name="Петрова Анна Ивановна"))
        self.assertFalse(self._found(name="Петрова Алёна Сергеевна"))
        self.assertFalse(self._found(phone="+79145550199"))

    def test_archived_and_merged_cards_are_not_found(self):
        self.card.active = False
        self.assertFalse(self._found())

    def test_two_fitting_cards_mean_none(self):
        self.card.copy(
            {"phone": PHONE, "family_name": "Петрова", "given_name": "Алёна"}
        ).birth_date = self.card.birth_date
        self.assertFalse(self._found())

    def test_new_card_is_provisional(self):
        person, _errors = self._read(name="Смирнов Олег Юрьевич", phone="8 914 555 77 88")
        card = self.people._find_or_create(person, self.branch)
        self.assertTrue(card.is_provisional and card.is_patient)
        self.assertEqual(card.sex, "male")
        self.assertEqual(card.clinic_phone_ids.e164, "+79145557788")
        self.assertEqual(self.people._find_or_create(person, self.branch), card)

    def test_phone_that_an_account_only_typed(self):
        user = self._make_portal_user()
        user.partner_id.write(
            {
                "is_patient": True,
                "family_name": "Смирнов",
                "given_name": "Олег",
                "birth_date": "1985-05-17",
                "phone": "+79145550777",
            }
        )
        user.partner_id.phone = "+79145557788"
        wanted = {"name": "Смирнов Олег Юрьевич", "phone": "+79145557788"}
        self.assertFalse(self._found(**wanted))
        person, _errors = self._read(**wanted)
        self.assertEqual(self.people.with_user(user)._find(person), user.partner_id)
        rows = user.partner_id.clinic_phone_ids.filtered(lambda row: row.e164 == "+79145557788")
        rows._confirm("code")
        self.assertEqual(self._found(**wanted), user.partner_id)
