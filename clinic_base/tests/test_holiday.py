# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime

from psycopg2 import errors

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time

from .common import ClinicCommon


class TestHoliday(ClinicCommon):
    """The production calendar: data that an administrator edits, obeyed by terms and branches."""

    def _new(self, first, last=None, **vals):
        return self.env["clinic.holiday"].create(
            {"name": "Day", "date_from": first, "date_to": last or first, **vals}
        )

    def test_days_of_a_year(self):
        self._new("2020-12-30", "2021-01-02", yearly=True)
        self._new("2024-02-29", yearly=True)
        kinds = self.env["clinic.holiday"]._kinds_of_year(2030)
        self.assertEqual({kinds[date(2030, 1, day)] for day in range(1, 9)}, {"off"})
        self.assertEqual(kinds[date(2030, 12, 31)], "off")
        self.assertEqual(kinds[date(2030, 2, 28)], "off", "the last day of February")
        self.assertNotIn(date(2030, 1, 9), kinds, "days moved by decree belong to their year")
        self.assertEqual(self.env["clinic.holiday"]._kinds_of_year(2026)[date(2026, 1, 9)], "off")

    def test_a_working_saturday_counts_as_one(self):
        """A term of one working day that begins on Friday ends on that Saturday."""
        term = self.env["clinic.legal.term"]
        term.create({"code": "answer", "amount": 1, "unit": "working_days", "valid_from": "2027-01-01"})
        friday = datetime(2027, 11, 12, 9)
        self.assertEqual(term._end("answer", friday).date(), date(2027, 11, 15))
        saturday = self._new("2027-11-13", kind="working")
        self.assertEqual(term._end("answer", friday).date(), date(2027, 11, 13))
        saturday.active = False
        self.assertEqual(term._end("answer", friday).date(), date(2027, 11, 15))

    @freeze_time("2026-11-22 12:00:00")
    def test_taken_over_to_the_branches(self):
        administrator = self._make_user("t_admin", "clinic_admin")
        holidays = self.env["clinic.holiday"].with_user(administrator)
        self.env["clinic.branch"].search([]).calendar_id = False
        with self.assertRaisesRegex(UserError, "No branch has working hours"):
            holidays.action_to_branches()
        other = self._make_branch(tz="Europe/Moscow")
        (self.branch | other).write({"hours_text": "Mon-Fri 8:00-20:00"})
        self._new("2027-11-05", name="Moved")
        holidays.action_to_branches()
        for branch in self.branch | other:
            self.assertEqual(len(branch.holiday_ids), 9)
        moved = other.holiday_ids.filtered(lambda leave: leave.name == "Moved")
        self.assertEqual(moved.date_from, datetime(2027, 11, 4, 21), "midnight of Moscow")
        message = holidays.action_to_branches()["params"]["message"]
        self.assertIn(": 0.", message, "twice is as once")

    def test_rights_and_bad_days(self):
        nurse = self._make_user("t_nurse", "senior_nurse")
        holiday = self._new("2027-11-05")
        self.assertTrue(holiday.with_user(nurse).name)
        with self.assertRaises(AccessError):
            holiday.with_user(nurse).name = "Mine"
        refused = self.assertRaises(errors.CheckViolation)
        with refused, self.assertLogs("odoo.sql_db", "ERROR"), self.env.cr.savepoint():
            self._new("2027-11-05", "2027-11-04")
