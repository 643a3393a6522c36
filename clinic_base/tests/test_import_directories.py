# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

from .import_common import ImportCase


class TestImportDirectories(ImportCase):
    def test_services_with_prices(self):
        known = self.service
        head = "Код услуги;Наименование;Цена;Длительность;Специальность;Врачи"
        lines = [
            "A1;Приём кардиолога;1 500,00;40;Кардиология;",
            f"A2;{known.name};100;30;;",
            "A3;Осмотр;дорого;30;;",
            ";;200;;;",
            "A5;ЭКГ;500;15;;Неизвестный врач",
        ]
        load = self._loaded(lines, head, kind="service")
        rows = {row.line: row for row in load.row_ids}
        self.assertEqual(
            [rows[line].state for line in (2, 3, 4, 5, 6)], ["loaded", "joined", "reject", "reject", "reject"]
        )
        self.assertIn("There is no doctor", rows[6].reason)
        service = self.env["product.product"].search([("clinic_code", "=", "A1")])
        self.assertEqual((service.list_price, service.clinic_duration), (1500, 40))
        self.assertEqual(known.list_price, 2000)
        again = self._loaded(lines, head, kind="service")
        self.assertEqual(again.loaded_count, 0)
        load.action_undo()
        self._work(load)
        self.assertFalse(service.exists())
        self.assertTrue(known.exists())

    def test_doctors(self):
        head = "Табельный номер;ФИО;Специальность;Филиал;СНИЛС"
        lines = [
            f"7;Соколова Вера Андреевна;Терапия/Кардиология;{self.branch.name};112-233-445 95",
            "8;Орлов Иван Петрович;Хирургия;Нет такого;",
            f"9;{self.practitioner.name};;;",
            "10;Шангина Вера Олеговна;Процедурная медсестра;;",
        ]
        load = self._loaded(lines, head, kind="practitioner")
        self.assertEqual(load.row_ids.mapped("state"), ["loaded", "reject", "joined", "loaded"])
        nurse = self.env["clinic.practitioner"].search([("name", "=", "Шангина Вера Олеговна")])
        self.assertEqual((nurse.role, self.practitioner.role), ("nurse", "doctor"))
        doctor = self.env["clinic.practitioner"].search([("name", "=", "Соколова Вера Андреевна")])
        self.assertEqual(doctor.branch_ids, self.branch)
        self.assertEqual(len(doctor.specialty_ids), 2)
        doctor.service_line_ids = [Command.create({"service_id": self.service.id})]
        load.action_undo()
        self._work(load)
        self.assertTrue(doctor.exists())
        self.assertEqual(load.kept_count, 1)
