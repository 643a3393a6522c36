# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import io
from datetime import date

from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ScheduleCommon


@tagged("post_install", "-at_install")
class TestTimesheet(ScheduleCommon):
    """Person × day from shifts without absences, on the clock of the branch."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nurse = cls._make_user("t_sheet_nurse", "senior_nurse")
        cls.berlin = cls._make_branch(tz="Europe/Berlin")
        cls.doctor = cls._make_practitioner(branches=cls.berlin, name="=HYPERLINK(1) Testov")

    def _shift(self, day, low, high):
        return self._make_shift(self.doctor, day=day, minute_from=low, minute_to=high, branch=self.berlin)

    def _absent(self, day, low, high, kind):
        self.env["clinic.absence"].create(
            {
                "resource_id": self.doctor.resource_id.id,
                "start": self._at(day, low, self.berlin),
                "stop": self._at(day, high, self.berlin),
                "kind": kind,
            }
        )

    def _wizard(self, user=None):
        return (
            self.env["clinic.timesheet"]
            .with_user(user or self.nurse)
            .create({"branch_id": self.berlin.id, "month": "2027-03-15"})
        )

    def test_hours_nights_absences_and_the_clock(self):
        self._shift(date(2027, 3, 1), 540, 900)
        self._absent(date(2027, 3, 1), 720, 750, "lunch")
        self._absent(date(2027, 3, 1), 600, 630, "meeting")
        self._shift(date(2027, 3, 2), 540, 900)
        self._absent(date(2027, 3, 2), 0, 1440, "vacation")
        self._shift(date(2027, 3, 27), 1260, 1860)  # 21:00–07:00 over the night that loses an hour
        self._shift(date(2027, 3, 31), 1320, 1560)  # goes on in April
        ((_name, _specialty, cells, nights),) = self._wizard()._rows()
        self.assertEqual(len(cells), 31)
        self.assertEqual((cells[0], cells[1], cells[26], cells[27], cells[30]), (5.5, "ОТ", 3.0, 6.0, 2.0))
        self.assertEqual(nights, 2 + 5 + 2)

    def test_workbook(self):
        self._shift(date(2027, 3, 1), 540, 900)
        wizard = self._wizard()
        answer = wizard.action_export()
        self.assertIn(f"/clinic.timesheet/{wizard.id}/file/tabel-2027-03.xlsx", answer["url"])
        sheet = load_workbook(io.BytesIO(base64.b64decode(wizard.file))).active
        rows = list(sheet.iter_rows(values_only=True))
        self.assertTrue(rows[3][0].startswith("'="), "a formula is a text")
        self.assertEqual(rows[3][2:4], (6, None))
        self.assertEqual(rows[3][-3:], (1, 6, 0))

    def test_rights(self):
        for role in ("registrar", "doctor", "director", "marketer"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._wizard(self._make_user(f"t_sheet_{role}", role))
        company = self._make_company()
        far = self._make_user("t_sheet_far", "senior_nurse", company_id=company.id, company_ids=company.ids)
        self._shift(date(2027, 3, 1), 540, 900)
        wizard = self._wizard()
        with self.assertRaises(AccessError):
            wizard.with_user(far).action_export()
        with self.assertRaises(AccessError):
            self._wizard(far)._rows()
