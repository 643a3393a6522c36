# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .common import ScheduleCommon


class TestDayList(ScheduleCommon):
    """The list of the day on paper."""

    def _pages(self, shifts):
        report = self.env["report.clinic_schedule.report_day_list"]
        pages = report._get_report_values(shifts.ids)["pages"]
        return {page["date"]: page["visits"] for page in pages}

    def test_visits_after_midnight_stand_with_their_shift(self):
        night = self._make_shift(minute_from=1320, minute_to=1440 + 360)
        late, early = self._book(1380), self._book(1440 + 60)
        self.assertEqual((late.local_date, early.local_date), (self._day(1), self._day(2)))
        self.assertEqual(self._pages(night), {self._day(1): late | early})
        morning = self._make_shift(day=2)
        next_day = self._book(day=2)
        self.assertEqual(self._pages(night | morning), {self._day(1): late | early, self._day(2): next_day})
        self.assertEqual(self._pages(morning), {self._day(2): early | next_day}, "the night is not printed")

    def test_who_is_on_the_paper_stands_in_the_journal(self):
        visit = self._book()
        shift = self.env["clinic.shift"].search([("resource_id", "=", visit.resource_id.id)])
        nurse = self._make_user("t_day_list", "senior_nurse")
        report = self.env["report.clinic_schedule.report_day_list"].with_user(nurse)
        with self.enter_registry_test_mode():
            report._get_report_values(shift.ids)
        events = self.env["clinic.access.event"].search([("action", "=", "print")])
        own = events.filtered(lambda event: event.user_id == nurse)
        self.assertEqual(own.mapped("patient_ref"), visit.patient_id.ids)
