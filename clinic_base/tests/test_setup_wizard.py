# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import io

from openpyxl import Workbook

from odoo.exceptions import AccessError, UserError

from ..table_text import key, read_minutes, read_price, read_rows, read_zone, same_person
from ..wizards.clinic_setup_wizard import DONE_PARAMETER
from .common import ClinicCommon


class TestTableText(ClinicCommon):
    def test_minutes(self):
        for text, minutes in (
            ("30", 30), ("30 мин", 30), ("30 минут", 30), ("1:15", 75), ("1 ч 15 мин", 75), ("2 часа", 120),
            ("0:20:00", 20), ("30.0", 30), ("", None), ("полчаса", None), ("-5", None), ("1:2:3:4", None),
        ):  # fmt: skip
            self.assertEqual(read_minutes(text), minutes, text)

    def test_prices(self):
        for text, price in (
            ("1500", 1500), ("1 500,50 ₽", 1500.5), ("1 500 руб.", 1500), ("1,500.00", 1500), ("2500р", 2500),
            ("0", 0), ("даром", None), ("", None), ("-1", None), ("1e5", None),
        ):  # fmt: skip
            self.assertEqual(read_price(text), price, text)

    def test_rows(self):
        text = 'ФИО;Специальность\n\n# remark\n Иванова  Анна ;Кардиология\nА;"Б; В"'
        rows = read_rows(text, {"фио"})
        self.assertEqual([cells for _line, cells in rows], [["Иванова Анна", "Кардиология"], ["А", "Б; В"]])
        self.assertEqual(read_rows("a\tb, c; d")[0][1], ["a", "b, c; d"], "a tab wins")
        self.assertEqual(read_rows(""), [])

    def test_zone(self):
        zones = ["Asia/Irkutsk", "Europe/Moscow", "Asia/Yakutsk"]
        for text, zone in (
            ("Asia/Irkutsk", "Asia/Irkutsk"), ("irkutsk", "Asia/Irkutsk"), ("МСК+5", "Asia/Irkutsk"),
            ("мск", "Europe/Moscow"), ("Марс", None), ("МСК+50", None),
        ):  # fmt: skip
            self.assertEqual(read_zone(text, zones), zone, text)

    def test_same_person(self):
        full = "Семёнова Анна Петровна"
        for written in ("Семенова", "СЕМЁНОВА А.П.", "Семенова Анна", "семёнова а", full):
            self.assertTrue(same_person(written, full), written)
        for written in ("Семен", "Семенова Б.", "", "Семёнова Анна Петровна оглы", "Анна"):
            self.assertFalse(same_person(written, full), written)
        self.assertEqual(key("  Ёж\u00a0 Иванович "), "еж иванович")


class TestSetupWizard(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls._make_user("t_clinic_admin", "clinic_admin")
        cls.wizard = cls.env["clinic.setup.wizard"].with_user(cls.admin).create({"tz": "Asia/Irkutsk"})

    def _run(self, step, text):
        self.wizard.write({"step": step, f"{step}_text": text})
        self.wizard.action_next()
        return self.wizard[f"{step}_text"]

    def _branch(self, name):
        return self.env["clinic.branch"].search([("name", "=", name)])

    def test_company(self):
        self.wizard.write({"company_name": "Клиника", "company_vat": "38080001", "company_phone": "1"})
        with self.assertRaises(UserError):
            self.wizard.action_next()
        self.wizard.company_vat = "3808 000 018"
        self.wizard.action_next()
        self.assertEqual((self.company.name, self.company.vat), ("Клиника", "3808000018"))
        self.assertEqual(self.wizard.step, "branches")
        self.wizard.action_back()
        self.assertEqual(self.wizard.step, "company")

    def test_branches(self):
        rest = self._run(
            "branches",
            "Филиал;Город;Адрес;Телефон;Зона;Часы\n"
            "Тестовый А;Иркутск;ул. Ленина, 5;+7 3952 00-00-00;МСК+5;пн-пт 8:00-20:00, сб 9-15\n"
            "Тестовый Б;Чита;;;Asia/Chita\n"
            "Тестовый В;;;;Марс\n"
            ";Иркутск\n",
        )
        first, second = self._branch("Тестовый А"), self._branch("Тестовый Б")
        self.assertEqual((first.city, first.address, first.tz), ("Иркутск", "ул. Ленина, 5", "Asia/Irkutsk"))
        self.assertEqual(first.hours_text, "Mon–Fri 8:00–20:00, Sat 9:00–15:00")
        self.assertEqual(second.tz, "Asia/Chita")
        self.assertEqual(self.wizard.step, "branches", "bad lines hold the step")
        lines = rest.splitlines()
        self.assertEqual(lines[1::2], ["Тестовый В;;;;Марс", ";Иркутск"], "nothing is lost")
        self.assertTrue(all(line.startswith("# ") for line in lines[0::2]))
        # mend one, drop the other, with the remarks still in the box
        mended = rest.replace("Марс", "МСК").replace(";Иркутск", "")
        self.assertEqual(self._run("branches", mended), "")
        self.assertEqual(self._branch("Тестовый В").tz, "Europe/Moscow")
        self.assertEqual(self.wizard.step, "doctors")

    def test_run_again_updates(self):
        for address in ("ул. Мира, 1", "ул. Мира, 2"):
            self._run(
                "branches", f"ТЕСТОВЫЙ  а;Иркутск;{address}" if "2" in address else f"Тестовый А;;{address}"
            )
        self.assertEqual(self._branch("Тестовый А").address, "ул. Мира, 2")
        for _n in range(2):
            self._run("doctors", "Тестов Пётр Ильич;Кардиология/УЗИ;Тестовый А;взрослый")
            self._run("services", "УЗИ тест;40 мин;2 900,00;УЗИ;Тестов")
        doctor = self.env["clinic.practitioner"].search([("name", "=", "Тестов Пётр Ильич")])
        self.assertEqual(len(doctor), 1)
        self.assertEqual(sorted(doctor.specialty_ids.mapped("name")), ["Кардиология", "УЗИ"])
        self.assertEqual((doctor.audience, doctor.tz), ("adult", "Asia/Irkutsk"))
        service = doctor.service_line_ids.service_id
        self.assertEqual((service.clinic_duration, service.list_price, service.name), (40, 2900, "УЗИ тест"))
        self._run("services", "узи тест;45;;;Тестов")
        self.assertEqual(
            (service.clinic_duration, service.list_price), (45, 2900), "an empty cell changes nothing"
        )

    def test_doctors(self):
        self._run("branches", "Тестовый А;\nТестовый Б, что у реки;Чита")
        rest = self._run(
            "doctors",
            "Тестов Пётр Ильич\tКардиология\tНет такого\tвзрослый\n"
            "Тестова Анна Ивановна\tПедиатрия\tТестовый А/Main branch\tдетский\n"
            "Тестовых Олег\tТерапия\tТестовый Б, что у реки\tвзрослые и дети\n"
            "Тестович Олег\tТерапия\t\tмарсиане\n",
        )
        doctors = {
            doctor.name: doctor
            for doctor in self.env["clinic.practitioner"].search([("name", "like", "Тестов")])
        }
        self.assertEqual(set(doctors), {"Тестова Анна Ивановна", "Тестовых Олег"})
        self.assertEqual(len(doctors["Тестова Анна Ивановна"].branch_ids), 2)
        self.assertEqual(doctors["Тестова Анна Ивановна"].audience, "child")
        self.assertEqual(doctors["Тестовых Олег"].audience, "all")
        self.assertEqual(doctors["Тестовых Олег"].branch_ids.name, "Тестовый Б, что у реки")
        self.assertEqual(len(rest.splitlines()), 4)

    def test_services(self):
        self._run(
            "doctors", "Тестов Пётр Ильич;Тестология\nТестов Олег Ильич;Тестология\nЯковлев Ян;Янология"
        )
        rest = self._run(
            "services",
            "Приём;30;2000;Тестология;\n"
            "Осмотр;30;2000;Тестология;Тестов\n"
            "Анализ;сто лет;2000\n"
            "Массаж;30;даром\n"
            "Бег;1441;1\n"
            "Лыжи;20;100;Янология;Никто\n",
        )
        self.assertEqual(
            [line.split(";")[0] for line in rest.splitlines()[1::2]],
            ["Осмотр", "Анализ", "Массаж", "Бег", "Лыжи"],
        )
        service = self.env["product.product"].search(
            [("name", "=", "Приём"), ("clinic_is_service", "=", True)]
        )
        self.assertEqual(len(service.clinic_practitioner_line_ids), 2, "every doctor of the specialty")
        self.assertEqual(self.wizard.message, "Added: 1, updated: 0, not accepted: 5.")
        self.assertFalse(
            self.env["product.product"].search([("name", "=", "Осмотр")]), "nothing half-written"
        )

    def test_file(self):
        book = Workbook()
        for row in (["ФИО", "Специальность"], ["Файлов Пётр", "Терапия"], [None, None], ["Файлова Анна", 5]):
            book.active.append(row)
        content = io.BytesIO()
        book.save(content)
        self.wizard.step = "doctors"
        for name, data in (
            ("d.xlsx", content.getvalue()),
            ("d.csv", "Файлов Пётр;Терапия".encode("cp1251")),
            ("d.csv", "Файлов Пётр;Терапия".encode("utf-8-sig")),
        ):
            self.wizard.doctors_text = "Строка"
            self._choose(name, data)
            self.assertEqual(self.wizard.doctors_text.splitlines()[0], "Строка", "what was there stays")
            self.assertIn("Файлов Пётр", self.wizard.doctors_text)
            self.assertFalse(self.wizard.import_file)
        with self.assertRaises(UserError):
            self._choose("d.xlsx", b"not a book")

    def _choose(self, name, data):
        """What the browser does when a file is chosen."""
        self.wizard.write({"import_name": name, "import_file": base64.b64encode(data)})
        self.wizard._onchange_import_file()

    def test_long_and_odd_lines(self):
        rest = self._run("branches", "А" * 10000 + '\n;;;;\n"unfinished;Иркутск\n<script>alert(1)</script>;x')
        self.assertEqual(len(rest.splitlines()), 2, "the line without a name")
        self.assertTrue(self._branch("<script>alert(1)</script>"))

    def test_skip_and_finish(self):
        self.wizard.step = "branches"
        for step in ("doctors", "services"):
            self.wizard.action_skip()
            self.assertEqual(self.wizard.step, step)
        self.assertEqual(self.wizard._apply_shifts(), 0)
        self.wizard.action_finish()
        self.assertTrue(self.env["ir.config_parameter"].get_param(DONE_PARAMETER))

    def test_meets_the_administrator_of_an_empty_clinic(self):
        wizard = self.env["clinic.setup.wizard"]
        self.env["ir.config_parameter"].search([("key", "=", DONE_PARAMETER)]).unlink()
        self.assertFalse(wizard.with_user(self.admin)._is_wanted(), "there is a branch")
        self.env.cr.execute("UPDATE clinic_branch SET active = FALSE")
        self.env.invalidate_all()
        self.assertFalse(wizard.with_user(self.admin)._is_wanted(), "archived, but a clinic")

    def test_rights(self):
        registrar = self._make_user("t_registrar", "registrar")
        with self.assertRaises(AccessError):
            self.env["clinic.setup.wizard"].with_user(registrar).create({})
        with self.assertRaises(AccessError):
            self.env["clinic.setup.wizard"].with_user(registrar).action_open()
        self.assertFalse(self.env["clinic.setup.wizard"].with_user(registrar)._is_wanted())
        action = self.env["clinic.setup.wizard"].with_user(self.admin).action_open()
        self.assertTrue(action["res_id"])
