# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An administrator loads a file with bad rows, takes the rejects away and the load back."""

import io

import openpyxl

from odoo.tests import HttpCase, tagged

from odoo.addons.clinic_base.tests.import_common import ImportCase

LINES = [
    "1;Турова Анна Петровна;12.03.1985;8 914 000-33-44",
    "2;Путевой Олег Ильич;31.02.1980;8 914 000-33-45",
    "3;;01.05.1979;8 914 000-33-46",
    "4;Дорогина Вера Львовна;05.06.1990;8 914 000-33-47",
]


@tagged("post_install", "-at_install")
class TestImport(ImportCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._make_user("t_import", "clinic_admin", lang="ru_RU")
        cls._make_user("t_import_desk", "registrar", lang="ru_RU")

    def test_import_with_rejects(self):
        # the administrator works in Russian: so do the notices of the file
        self.env = self.env(user=self.user, context={**self.env.context, "lang": "ru_RU"})
        load = self._make_import(LINES, "Код;ФИО;Дата рождения;Телефон")
        url = f"/odoo/action-clinic_base.clinic_import_action/{load.id}"
        cards = self._cards()
        self.start_tour(url, "clinic_flows_import_check", login="t_import")
        self._work(load.sudo())
        self.start_tour(url, "clinic_flows_import_load", login="t_import")
        self._work(load.sudo())
        self.assertEqual(len(self._cards() - cards), 2)
        self._download(load)
        self.start_tour(url, "clinic_flows_import_undo", login="t_import")
        self._work(load.sudo())
        self.assertEqual(self._cards(), cards)

    def _download(self, load):
        """The workbook of rejects: for administrators only, made anew each time."""
        self.authenticate("t_import", "t_import")
        answer = self.url_open(f"/clinic/import/{load.id}/rejects.xlsx")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
        self.assertEqual(sheet.max_row, 3)
        self.assertEqual([cell.value for cell in sheet[1]][-2:], ["Причина", "Как исправить"])
        self.assertEqual(self.url_open(f"/clinic/import/{load.id}/secrets.xlsx").status_code, 404)
        self.authenticate("t_import_desk", "t_import_desk")
        self.assertEqual(self.url_open(f"/clinic/import/{load.id}/rejects.xlsx").status_code, 404)
        self.authenticate(None, None)
        answer = self.url_open(f"/clinic/import/{load.id}/rejects.xlsx")
        self.assertNotIn("spreadsheet", answer.headers["Content-Type"])
