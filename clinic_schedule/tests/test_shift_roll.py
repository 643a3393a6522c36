# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime, timedelta

from odoo.tests import freeze_time

from .test_shift_template import TemplateCommon

#: Monday 23 November 2026, 08:00 in Irkutsk.
MONDAY = datetime(2026, 11, 23, 0, 0)


class TestShiftRoll(TemplateCommon):
    """New days open by themselves on the clock of the branch; conflicts reach the senior nurse."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["clinic.shift.template"].search([]).rolling = False
        cls.template = cls._template(
            [(str(day), 540, 600) for day in range(7)], rolling=True, horizon_days=10
        )

    def _roll(self, moment):
        self.env.flush_all()
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref("clinic_schedule.ir_cron_roll_templates").method_direct_trigger()
        self.env.invalidate_all()
        return self.template.rolled_to

    def test_opens_on_monday_at_eight(self):
        """A minute before the hour the horizon is last week's."""
        self.assertEqual(self._roll(MONDAY - timedelta(minutes=1)), date(2026, 11, 26))
        self.assertEqual(self.template.shift_count, 4)
        self.assertEqual(self._roll(MONDAY), date(2026, 12, 3))
        self.assertEqual(self.template.shift_count, 11)
        self.assertEqual(self._roll(MONDAY + timedelta(days=6)), date(2026, 12, 3))
        self.assertEqual(self._roll(MONDAY + timedelta(days=9)), date(2026, 12, 10), "a late run catches up")
        self.assertEqual(self.template.shift_count, 18)

    def test_every_day(self):
        self.template.write({"opens_weekday": "daily", "opens_hour": 23.5})
        self.assertEqual(self.template.opens_minute, 1410)
        self.assertEqual(self._roll(MONDAY + timedelta(hours=15)), date(2026, 12, 2))
        self.assertEqual(self._roll(MONDAY + timedelta(hours=15, minutes=30)), date(2026, 12, 3))

    def test_the_clock_of_the_branch(self):
        """At Irkutsk's eight it is three at night in Moscow: there last week's horizon still holds."""
        moscow = self._make_branch(tz="Europe/Moscow")
        doctor = self._make_practitioner(branches=moscow, services=self.service)
        other = self._template(
            [("0", 540, 600)], moscow, resource_id=doctor.resource_id.id, rolling=True, horizon_days=10
        )
        self._roll(MONDAY)
        self.assertEqual(other.rolled_to, date(2026, 11, 26))
        self._roll(MONDAY + timedelta(hours=5))
        self.assertEqual(other.rolled_to, date(2026, 12, 3))

    def test_what_a_nurse_removed_stays_removed(self):
        self._roll(MONDAY)
        self.template.shift_ids.filtered(lambda shift: shift.local_date == date(2026, 11, 25)).unlink()
        self._roll(MONDAY + timedelta(days=7))
        self.assertNotIn(date(2026, 11, 25), self.template.shift_ids.mapped("local_date"))

    def test_conflicts_reach_the_senior_nurse(self):
        nurse = self._make_user("t_nurse", "senior_nurse")
        self.template.responsible_id = nurse
        self._make_shift(self.doctor, day=date(2026, 11, 25), minute_from=570, minute_to=660)
        self._roll(MONDAY)
        activity = self.template.activity_ids
        self.assertEqual(activity.user_id, nurse)
        self.assertIn("another shift stands there: 1", str(activity.note))
        self._roll(MONDAY + timedelta(hours=1))
        self.assertEqual(len(self.template.activity_ids), 1, "told once")

    def test_a_bad_template_does_not_stop_the_others(self):
        """An archived room: its template is told of, the other one's days are open."""
        room = self._make_room(self.branch)
        doctor = self._make_practitioner(branches=self.branch, services=self.service)
        bad = self._template(
            [("0", 540, 600)],
            resource_id=doctor.resource_id.id,
            room_id=room.id,
            rolling=True,
            horizon_days=10,
        )
        room.active = False
        with self.assertLogs("odoo.addons.clinic_schedule.models.clinic_shift_template_roll", "WARNING"):
            self._roll(MONDAY)
        self.assertEqual(self.template.shift_count, 11)
        self.assertIn("is archived", str(bad.activity_ids.note))
        self.assertFalse(bad.shift_count)
        room.active = True
        bad.rolling = True
        self._roll(MONDAY)
        self.assertEqual(bad.shift_count, 2, "switched on again, it looks at the whole horizon")
