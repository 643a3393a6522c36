# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.tests import tagged

from .day_common import DayHttpCommon


@tagged("post_install", "-at_install")
class TestMyDayTour(DayHttpCommon):
    """A doctor on the page “My day”, in Chromium."""

    browser_size = "360x740"  # a phone

    def test_call_begin_finish_next(self):
        visit = self._visit(0)
        soon = self.today + timedelta(days=7)
        self._make_shift(day=soon)
        self.start_tour("/odoo/clinic-my-day", "clinic_my_day", login="t_doctor")
        self.assertEqual(visit.state, "done")
        self.assertTrue(visit.called_at and visit.started_at)
        new = self.env["clinic.appointment"].search(
            [("patient_id", "=", self.patient.id), ("id", "!=", visit.id)]
        )
        self.assertEqual(new.start, self._at(soon, 555))

    def test_absence(self):
        self._visit(30)
        self.start_tour("/odoo/clinic-my-day", "clinic_my_day_absence", login="t_doctor")
        request = self.env["clinic.absence.request"].search([])
        self.assertEqual((request.state, request.resource_id), ("withdrawn", self.resource))
