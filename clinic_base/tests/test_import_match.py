# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import UserError

from .import_common import ImportCase


class TestImportMatch(ImportCase):
    HEAD = "Код;ФИО;Дата рождения;Телефон;СНИЛС"

    def setUp(self):
        super().setUp()
        self.known = self._make_patient(
            family_name="Иванова",
            given_name="Мария",
            patronymic="Петровна",
            birth_date="1985-03-12",
            clinic_phone_ids=[Command.create({"raw": "+79141234567"})],
        )

    def _lines(self):
        return [
            "1;Иванова Мария Петровна;12.03.1985;89141234567;112-233-445 95",
            "2;Сидоров Олег Ильич;01.05.1979;89025112233;",
            "3;СИДОРОВ ОЛЕГ ИЛЬИЧ;01.05.1979;8 902 511-22-33;",
        ]

    def test_doubles_of_the_base_and_of_the_file_are_found(self):
        load = self._checked(self._lines(), self.HEAD)
        rows = load.row_ids
        self.assertEqual(rows.mapped("state"), ["review", "ok", "review"])
        self.assertEqual(rows[0].candidate_id, self.known)
        self.assertEqual(rows[2].twin_id, rows[1])

    def test_by_default_nothing_is_joined(self):
        load = self._loaded(self._lines(), self.HEAD)
        self.assertEqual((load.loaded_count, load.joined_count), (3, 0))
        self.assertNotIn(self.known, load.row_ids.patient_id)

    def test_sure_rows_complete_the_card_when_switched_on(self):
        load = self._loaded(self._lines(), self.HEAD, attach_sure=True)
        self.assertEqual((load.loaded_count, load.joined_count), (1, 2))
        self.assertEqual(load.row_ids[0].patient_id, self.known)
        self.assertEqual(self.known.clinic_document_ids.kind_code, "snils")
        self.assertEqual(load.row_ids[2].patient_id, load.row_ids[1].patient_id)
        self.known.email = "later@example.com"
        load.action_undo()
        self._work(load)
        self.assertTrue(self.known.exists())
        self.assertFalse(self.known.clinic_document_ids)

    def test_rows_in_doubt_wait_when_told_to(self):
        load = self._loaded(self._lines(), self.HEAD, review_mode="hold")
        self.assertEqual((load.loaded_count, load.review_count), (1, 2))
        with self.assertRaisesRegex(UserError, "Decide rows that wait"):
            load.action_load()
        self.assertFalse(load.job)
        load.row_ids[0].action_same()
        load.row_ids[2].action_new()
        load.action_load()
        self._work(load)
        self.assertEqual((load.loaded_count, load.joined_count, load.review_count), (2, 1, 0))
        self.assertEqual(load.row_ids[0].patient_id, self.known)

    def test_what_stands_in_the_card_is_not_changed(self):
        lines = [
            "1;Иванова Мария Петровна;12.03.1985;89141234567;",
        ]
        self.known.write({"email": "old@example.com"})
        load = self._checked(
            ["1;Иванова Мария Петровна;12.03.1985;89141234567;new@example.com;Иркутск"],
            "Код;ФИО;ДР;Телефон;Почта;Адрес",
            attach_sure=True,
        )
        load.action_load()
        self._work(load)
        self.assertEqual((self.known.email, self.known.street), ("old@example.com", "Иркутск"))
        load.action_undo()
        self._work(load)
        self.assertEqual((self.known.email, self.known.street), ("old@example.com", False))
        self.assertTrue(lines)


class TestImportUndo(ImportCase):
    def test_undo_takes_back_what_nobody_touched(self):
        before = self._cards()
        load = self._loaded()
        load.action_undo()
        self._work(load)
        self.assertEqual(load.state, "undone")
        self.assertEqual(self._cards(), before)
        self.assertFalse(self.env["clinic.import.link"].search([("import_id", "=", load.id)]))
        self.assertEqual(load.undone_count, 3)

    def test_after_the_undo_the_file_loads_again(self):
        load = self._loaded()
        load.action_undo()
        self._work(load)
        again = self._loaded()
        self.assertEqual(again.loaded_count, 3)

    def test_what_was_changed_or_used_stays(self):
        load = self._loaded()
        changed, used = self._row(load, "1").patient_id, self._row(load, "2").patient_id
        self.env.flush_all()
        # a later transaction has a later moment
        self.env.cr.execute(
            "UPDATE clinic_import_row SET stamp = stamp - interval '1 hour' WHERE id = %s",
            [self._row(load, "1").id],
        )
        self._consent(used)
        self.env.flush_all()
        load.action_undo()
        self._work(load)
        self.assertEqual((load.undone_count, load.kept_count), (1, 2))
        self.assertTrue(changed.exists() and used.exists())
        self.assertIn("left as it is", self._row(load, "1").reason)

    def test_a_load_is_not_deleted(self):
        load = self._loaded()
        with self.assertRaises(UserError):
            load.unlink()
        load.action_undo()
        self._work(load)
        load.unlink()
