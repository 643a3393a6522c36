# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import io

import openpyxl

from odoo.exceptions import AccessError, UserError

from .common import ROLES
from .import_common import HEAD, ROWS, ImportCase


class TestImportPatients(ImportCase):
    def test_columns_find_their_fields(self):
        load = self._make_import()
        self.assertEqual(
            load.column_ids.mapped("field_id.code"),
            [
                "id",
                "full_name",
                "birth_date",
                "phone",
                "snils",
                "oms",
                "passport",
                "address",
                "note",
                "created",
            ],
        )
        self.assertEqual(load.row_count, 5)
        self.assertIn("Иванова Мария Петровна", load.column_ids[1].example)

    def test_the_check_says_what_is_wrong(self):
        load = self._checked()
        self.assertEqual(load.state, "checked")
        states = {row.source_ref: row.state for row in load.row_ids}
        self.assertEqual(states, {"1": "ok", "2": "fixed", "3": "reject", "4": "reject", "5": "warn"})
        self.assertIn("no name", self._row(load, "3").reason)
        self.assertIn("calendar", self._row(load, "4").reason)
        self.assertTrue(self._row(load, "4").remedy)
        self.assertIn("<table", load.statistics)
        self.assertEqual(self._cards(), self._cards().filtered("id"))

    def test_the_load_makes_whole_cards(self):
        load = self._loaded()
        self.assertEqual((load.loaded_count, load.reject_count), (3, 2))
        card = self._row(load, "1").patient_id
        self.assertEqual(card.name, "Иванова Мария Петровна")
        self.assertEqual(card.sex, "female")
        self.assertEqual(str(card.birth_date), "1985-03-12")
        self.assertEqual(
            card.clinic_phone_ids.mapped("e164"), ["+79141234567"] + card.clinic_phone_ids[1:].mapped("e164")
        )
        self.assertTrue(card.phone)
        self.assertEqual(set(card.clinic_document_ids.mapped("kind_code")), {"snils", "passport_rf"})
        passport = card.clinic_document_ids.filtered(lambda row: row.kind_code == "passport_rf")
        self.assertEqual(passport._number_plain(), "2504 123456")
        self.assertEqual(passport.issued_by, "выдан ОВД")
        self.assertIn("VIP", card.comment)
        self.assertTrue(card.patient_number)
        child = self._row(load, "2").patient_id
        self.assertEqual(child.clinic_phone_ids.owner, "mother")
        self.assertTrue(self._row(load, "5").patient_id.is_provisional)

    def test_a_second_run_makes_nothing(self):
        self._loaded()
        before = self._cards()
        again = self._loaded()
        self.assertEqual(self._cards(), before)
        self.assertEqual((again.loaded_count, again.skipped_count), (0, 3))
        self.assertIn("before", again.notice)

    def test_rows_without_identifier_are_known_by_their_content(self):
        lines = ["Иванова Мария Петровна;12.03.1985", "Сидоров Олег Ильич;01.05.1979"]
        self._loaded(lines, "ФИО;Дата рождения")
        again = self._loaded([*lines, "Новая Анна Ивановна;05.06.1990"], "ФИО;Дата рождения")
        self.assertEqual((again.loaded_count, again.skipped_count), (1, 2))

    def test_corrected_rejects_load_alone(self):
        load = self._loaded()
        book = openpyxl.load_workbook(io.BytesIO(load._workbook("rejects")))
        sheet = book.worksheets[0]
        titles = [cell.value for cell in sheet[1]]
        self.assertEqual(titles[:10], HEAD.split(";"))
        self.assertEqual(titles[-2:], ["Reason", "How to mend"])
        self.assertEqual(sheet.max_row, 3)
        sheet.cell(2, 2, "Найденова Ольга Ивановна")
        sheet.cell(3, 3, "28.02.1980")
        stream = io.BytesIO()
        book.save(stream)
        again = self.env["clinic.import"].create({"source": "test"})
        self._read(again, stream.getvalue())
        again.action_check()
        self._work(again)
        again.action_load()
        self._work(again)
        self.assertEqual((again.loaded_count, again.reject_count), (2, 0))

    def test_rejects_are_no_formulas(self):
        load = self._loaded(["=1+1;;;@SUM(A1);;;;+x;-2+3;"])
        sheet = openpyxl.load_workbook(io.BytesIO(load._workbook("rejects"))).worksheets[0]
        self.assertEqual(sheet["A2"].value, "'=1+1")
        self.assertEqual(
            [sheet["D2"].value, sheet["H2"].value, sheet["I2"].value], ["'@SUM(A1)", "'+x", "'-2+3"]
        )

    def test_the_download_is_an_event(self):
        load = self._loaded()
        events = self.env["clinic.access.event"].search([("model", "=", "clinic.import")])
        load._workbook("rejects")
        self.env.invalidate_all()
        # written in a transaction of its own, which the test's snapshot does not see
        with self.env.registry.cursor() as cr:
            found = self.env(cr=cr)["clinic.access.event"].search(
                [("model", "=", "clinic.import"), ("id", "not in", events.ids)]
            )
            self.assertIn("export", found.mapped("action"))

    def test_the_protocol_compares_file_and_base(self):
        load = self._loaded()
        sheet = openpyxl.load_workbook(io.BytesIO(load._workbook("protocol"))).worksheets[0]
        values = [cell for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
        self.assertIn(2015, values)
        self.assertIn("Signature", values)

    def test_a_row_the_database_refuses_is_found(self):
        lines = [
            f"{number};Верный{'абвгдежзик'[number]} Пётр Петрович;0{number}.03.198{number};;;;;;;"
            for number in range(1, 10)
        ]
        load = self._checked(lines)
        self.env.cr.execute(
            "ALTER TABLE res_partner ADD CONSTRAINT imp_probe"
            " CHECK (family_name IS NULL OR family_name <> 'Верныйе')"
        )
        load.action_load()
        self._work(load)
        self.env.cr.execute("ALTER TABLE res_partner DROP CONSTRAINT imp_probe")
        bad = load.row_ids.filtered(lambda row: row.state == "reject")
        self.assertEqual(bad.mapped("source_ref"), ["5"])
        self.assertEqual(load.loaded_count, 8)
        self.assertNotIn("Верныйе", bad.reason)

    def test_identifier_twice_and_the_same_row_twice(self):
        load = self._checked([ROWS[0], ROWS[0], "1;Другая Анна Ивановна;05.06.1990;;;;;;;"])
        self.assertEqual(load.row_ids.mapped("state"), ["ok", "skipped", "reject"])

    def test_marks_of_deletion_and_groups_are_left_out(self):
        load = self._checked(
            ["1;Иванова;;*;", "2;Группа А;;;1", "3;Петров Олег Ильич;01.02.1980;;2"],
            "ID;ФИО;ДР;ISMARK;ISFOLDER",
            encoding="utf-8",
            profile_id=self.env.ref("clinic_base.import_profile_patient_1c77_dbf").id,
        )
        self.assertEqual(load.source, "test")
        self.assertEqual(load.row_ids.mapped("state"), ["skipped", "skipped", "ok"])

    def test_card_numbers_are_kept_unless_taken(self):
        taken = self._make_patient(family_name="Занятова").patient_number
        head = "Номер карты;ФИО;ДР"
        load = self._loaded(
            [f"{taken};Иванова Мария Петровна;12.03.1985", "А-77;Сидоров Олег Ильич;01.05.1979"], head
        )
        cards = load.row_ids.patient_id
        self.assertEqual(cards[1].patient_number, "А-77")
        self.assertNotEqual(cards[0].patient_number, taken)
        self.assertIn(taken, cards[0].comment)

    def test_the_mother_is_a_person_of_her_own(self):
        head = "Код;ФИО;ДР;Мать;Телефон мамы"
        load = self._loaded(["1;Иванов Пётр Олегович;12.03.2018;Иванова Мария Петровна;89141234567"], head)
        card = load.row_ids.patient_id
        relation = card.clinic_representative_ids
        self.assertEqual((relation.kind, relation.actor_id.name), ("mother", "Иванова Мария Петровна"))
        self.assertEqual(card.clinic_phone_ids.owner, "mother")
        self.assertEqual(card.clinic_phone_ids.owner_partner_id, relation.actor_id)

    def test_a_mother_who_is_a_patient_is_found(self):
        head = "Код;ФИО;ДР;Телефон;Мать;Телефон мамы"
        load = self._loaded(
            [
                "1;Иванов Пётр Олегович;12.03.2018;;Иванова Мария Петровна;89141234567",
                "2;Иванова Мария Петровна;01.05.1990;89141234567;;",
            ],
            head,
        )
        child, mother = load.row_ids.patient_id
        self.assertEqual(child.clinic_representative_ids.actor_id, mother)

    def test_only_administrators(self):
        load = self._loaded()
        for role in ("registrar", "operator", "doctor", "privacy_officer", "director"):
            user = self._make_user(f"imp_{role}", role)
            with self.assertRaises(AccessError):
                load.with_user(user).read(["name"])
            with self.assertRaises(AccessError):
                load.row_ids[:1].with_user(user).read(["state"])
        admin = self._make_user("imp_admin", "clinic_admin")
        mine = load.with_user(admin)
        self.assertTrue(mine.row_ids[:1].content)
        with self.assertRaises(AccessError):
            mine.row_ids[:1].read(["payload"])
        with self.assertRaises(UserError):
            mine.row_ids[:1].write({"state": "ok"})

    def test_no_other_role_reads_any_of_it(self):
        names = [
            model for model in self.env if model.startswith("clinic.import") and not self.env[model]._abstract
        ]
        self.assertEqual(len(names), 7)
        for role in set(ROLES) - {"clinic_admin"}:
            user = self._make_user(f"imp_no_{role}", role)
            for name in names:
                for operation in ("read", "write", "create", "unlink"):
                    self.assertFalse(self.env[name].with_user(user).has_access(operation), f"{role} {name}")

    def test_an_administrator_does_it_all(self):
        admin = self._make_user("imp_admin2", "clinic_admin")
        load = self.env["clinic.import"].with_user(admin).create({"source": "test"})
        content = "\r\n".join([HEAD, *ROWS]).encode("cp1251")
        load.write({"file_data": base64.b64encode(content)})
        self.assertEqual(load.state, "staged")
        self.assertFalse(load.file_data)
        load.column_ids[1].write({"converter": "trim"})
        load.action_check()
        self._work(load.sudo())
        load.action_try()
        self.assertIn("would be refused", load.trial)
        self.assertFalse(load.row_ids.patient_id)
        load.action_load()
        self._work(load.sudo())
        self.assertEqual(load.loaded_count, 3)

    def test_rows_lie_sealed_and_are_wiped(self):
        load = self._loaded()
        self.env.flush_all()
        self.env.cr.execute("SELECT r.*::text FROM clinic_import_row r WHERE import_id = %s", [load.id])
        text = "".join(row[0] for row in self.env.cr.fetchall())
        for secret in ("Иванова", "9141234567", "123456", "112-233"):
            self.assertNotIn(secret, text)
        load.finished_at = "2020-01-01"
        load._wipe()
        self.assertEqual(load.state, "closed")
        self.assertFalse(any(load.row_ids.sudo().mapped("payload")))
        self.assertEqual(load.loaded_count, 3)
        with self.assertRaises(UserError):
            load._workbook("rejects")

    def test_a_profile_is_saved_and_used(self):
        load = self._make_import(["1;x;1985;;;;;;;"], HEAD)
        load.column_ids[8].write({"field_id": False, "mapping": "a=b"})
        action = load.action_save_profile()
        profile = self.env["clinic.import.profile"].browse(action["res_id"])
        again = self._make_import(profile_id=profile.id)
        self.assertFalse(again.column_ids[8].field_id)
        self.assertEqual(again.column_ids[8].mapping, "a=b")

    def test_presets_name_fields_that_exist(self):
        profiles = self.env["clinic.import.profile"].search([])
        self.assertGreaterEqual(len(profiles), 4)
        self.assertTrue(all(line.field_id for line in profiles.line_ids))

    def test_keys_change_under_the_rows(self):
        load = self._make_import()
        self.env["clinic.import.row"].sudo().search([("import_id", "=", load.id)]).write({"payload_key": 999})
        self.assertEqual(self.env["clinic.import.row"]._count_old_keys(), 5)
        self.assertEqual(self.env["clinic.import.row"]._reseal_batch(), 0)
        self.assertIn("Иванова", load.row_ids[0].content)
        self.assertIn("clinic.import.row", self.env["clinic.vault"]._sealed_models())

    def test_a_file_that_is_no_table(self):
        load = self.env["clinic.import"].create({"source": "test"})
        with self.assertRaisesRegex(UserError, "empty"):
            self._read(load, b"")
        with self.assertRaisesRegex(UserError, "not a table"):
            self._read(load, b"%PDF-1.7")
        load = self._make_import(["1;2"], "Сумма;Итого")
        with self.assertRaisesRegex(UserError, "name of the patient"):
            load.action_check()

    def test_a_row_by_hand(self):
        """Rows come only from files."""
        admin = self._make_user("imp_admin3", "clinic_admin")
        with self.assertRaises(AccessError):
            self.env["clinic.import.row"].with_user(admin).create(
                [{"import_id": 1, "line": 1, "state": "ok"}]
            )

    def test_loads_of_other_companies_are_not_seen(self):
        company = self._make_company()
        load = self.env["clinic.import"].create({"source": "test", "company_id": company.id})
        admin = self._make_user("imp_admin4", "clinic_admin")
        self.assertFalse(self.env["clinic.import"].with_user(admin).search([("id", "=", load.id)]))

    def test_policies_need_their_insurer(self):
        head = "Код;ФИО;ДР;Полис ДМС;Страховая;Полис до"
        load = self._loaded(
            [
                "1;Иванова Мария Петровна;12.03.1985;А-917/45031;Росгарант;31.12.2030",
                "2;Сидоров Олег Ильич;01.05.1979;77/5551234;;",
            ],
            head,
        )
        cards = load.row_ids.patient_id
        self.assertEqual(cards[0].clinic_coverage_ids.payer_id.name, "Росгарант")
        self.assertEqual(str(cards[0].clinic_coverage_ids.valid_to), "2030-12-31")
        self.assertFalse(cards[1].clinic_coverage_ids)
        self.assertIn("77/5551234", cards[1].comment)
