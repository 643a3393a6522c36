# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A patient at the desk: registered with a warning of the card that exists, completed at arrival."""

from odoo.tests import tagged

from odoo.addons.clinic_schedule.tests.board_common import BoardHttpCommon


@tagged("post_install", "-at_install")
class TestRegistration(BoardHttpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["registrar"].lang = "ru_RU"

    def test_registration_with_duplicate_warning(self):
        card = self._make_patient(
            family_name="Повторова",
            given_name="Мария",
            patronymic="Петровна",
            birth_date="1985-03-12",
            phone="8 914 000-22-33",
            patient_number="TOUR-7",
        )
        self._consent(card)
        before = self.env["res.partner"].search_count([])
        self.start_tour("/odoo/patients", "clinic_flows_registration", login="t_registrar")
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_provisional_card_is_completed_at_arrival(self):
        board = self.env["clinic.board"].with_user(self.users["registrar"])
        row = board.create_patient({"family_name": "Телефонова", "phone": "8 914 000-22-44"})
        card = self.env["res.partner"].browse(row["id"])
        self._book(card, 9)
        self.env["clinic.blacklist"].create({"patient_id": card.id, "reason": "груб с сестрой"})
        self.start_tour("/odoo/clinic-board", "clinic_flows_arrival", login="t_registrar")
        self.assertFalse(card.is_provisional)
        self.assertEqual((card.given_name, str(card.birth_date)), ("Анна", "1985-05-17"))
