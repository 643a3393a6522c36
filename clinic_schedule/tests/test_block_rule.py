# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime, timedelta

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import ScheduleCommon

#: Monday 23 November 2020, 08:00 in Irkutsk: a week that no shift counted from today ever meets.
MONDAY = datetime(2020, 11, 23, 0, 0)


@tagged("post_install", "-at_install")
class TestBlockRule(ScheduleCommon):
    """Regular closed time: dated absences ahead, never over a visit, by the cron of templates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nurse = cls._make_user("t_rule_nurse", "senior_nurse")

    def _rule(self, moment=MONDAY, owner=None, **vals):
        values = {
            "branch_id": self.branch.id,
            "resource_ids": [Command.set((owner or self.room).resource_id.ids)],
            "reason_id": self.env.ref("clinic_schedule.block_reason_disinfection").id,
            "date_from": moment.date(),
            "horizon_days": 10,
            **vals,
        }
        with freeze_time(moment):
            return self.env["clinic.block.rule"].with_user(self.nurse).create(values)

    def _cron(self, moment):
        self.env.flush_all()
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref("clinic_schedule.ir_cron_roll_templates").method_direct_trigger()
        self.env.invalidate_all()

    def _dates(self, rule):
        return sorted(rule.absence_ids.mapped("date_from"))

    def test_closes_ahead_and_rolls(self):
        rule = self._rule()
        self.assertEqual(len(rule.absence_ids), 11)
        first = rule.absence_ids.sorted("start")[0]
        self.assertEqual((self._wall(first.start), self._wall(first.stop)), ("13:00", "13:30"))
        self.assertEqual((first.kind, first.board_text), ("disinfection", rule.reason_id.name))
        self._cron(MONDAY + timedelta(hours=1))
        self.assertEqual(len(rule.absence_ids), 11, "once a day")
        self._cron(MONDAY + timedelta(days=3))
        self.assertEqual(self._dates(rule)[-1], date(2020, 12, 6))
        self.assertEqual(len(rule.absence_ids), 14, "what has passed stays")

    def test_days_of_the_week_and_end(self):
        days = ("on_tuesday", "on_wednesday", "on_thursday", "on_friday", "on_saturday", "on_sunday")
        rule = self._rule(**dict.fromkeys(days, False), horizon_days=60, date_to="2020-12-10")
        self.assertEqual(self._dates(rule), [date(2020, 11, 23), date(2020, 11, 30), date(2020, 12, 7)])
        with freeze_time(MONDAY):
            rule.write({"kind": "parity", "parity": "1", "date_to": "2020-11-30"})
        self.assertEqual([day.day for day in self._dates(rule)], [23, 25, 27, 29])
        with freeze_time(MONDAY):
            rule.write(
                {"kind": "cycle", "anchor_date": "2020-11-23", "days_on": 1, "days_off": 2, "parity": "0"}
            )
        self.assertEqual([day.day for day in self._dates(rule)], [23, 26, 29])

    def test_a_change_counts_for_the_future(self):
        rule = self._rule()
        with freeze_time(MONDAY + timedelta(days=2, hours=12)):
            rule.write({"hour_from": 14, "hour_to": 14.5})
        walls = [self._wall(absence.start) for absence in rule.absence_ids.sorted("start")]
        self.assertEqual(walls[:3], ["13:00"] * 3)
        self.assertEqual(set(walls[3:]), {"14:00"})
        with freeze_time(MONDAY + timedelta(days=2, hours=12)):
            rule.active = False
        self.assertEqual(len(rule.absence_ids), 3)

    def test_visits_are_never_closed_over(self):
        """The time of a visit stays open and is told; it is closed as soon as the visit has gone."""
        day = date(2020, 11, 25)
        self._make_shift(day=day, minute_from=540, minute_to=1080, room_id=self.room.id)
        with freeze_time(MONDAY):
            visit = self._book(780, day)
        rule = self._rule()
        self.assertNotIn(day, self._dates(rule))
        self.assertEqual(rule.conflict_count, 1)
        self.assertIn("25.11 13:00", str(rule.activity_ids.note))
        self.assertFalse(visit.needs_move)
        self._cron(MONDAY + timedelta(minutes=10))
        self.assertEqual(len(rule.activity_ids), 1, "told once")
        with freeze_time(MONDAY):
            self.booking.cancel(visit, "clinic", self.env.ref("clinic_schedule.reason_cancel_ill"))
        self._cron(MONDAY + timedelta(minutes=20))
        self.assertIn(day, self._dates(rule))
        self.assertFalse(rule.conflict_count)

    def test_what_somebody_opened_stays_open(self):
        rule = self._rule()
        opened, moved = rule.absence_ids.sorted("start")[2:4]
        with freeze_time(MONDAY):
            with self.assertRaisesRegex(UserError, "would close it again"):
                opened.with_user(self.nurse).unlink()
            opened.with_user(self.nurse).active = False
            moved.with_user(self.nurse).hour_to = 15
            rule.note = "UV"
        active = rule.absence_ids
        self.assertNotIn(opened.date_from, active.mapped("date_from"))
        self.assertEqual(self._wall(moved.stop), "15:00")
        self.assertEqual(len(active), 10)
        self.assertEqual((active - moved).mapped("board_text"), ["UV"] * 9)

    def test_the_clock_changes(self):
        branch = self._make_branch(tz="Europe/Berlin")
        doctor = self._make_practitioner(branches=branch)
        rule = self._rule(
            datetime(2027, 3, 26), doctor, branch_id=branch.id, minute_from=120, minute_to=180, horizon_days=4
        )
        self.assertEqual([a.start.day for a in rule.absence_ids.sorted("start")], [26, 27, 29, 30])
        night = self._rule(
            datetime(2027, 3, 26),
            doctor,
            branch_id=branch.id,
            minute_from=1380,
            minute_to=240,
            horizon_days=2,
        )
        hours = [(a.stop - a.start).total_seconds() / 3600 for a in night.absence_ids.sorted("start")]
        self.assertEqual(hours, [5, 4, 5])

    def test_bad_input(self):
        other = self._make_branch()
        with self.assertRaisesRegex(ValidationError, "another branch"):
            self._rule(branch_id=other.id)
        with self.assertRaisesRegex(ValidationError, "whose time"):
            self._rule(resource_ids=[])
        for vals in ({"minute_to": 780}, {"horizon_days": 0}, {"date_to": "2020-11-01"}):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self._rule(**vals)
                self.env.flush_all()

    def test_rights_and_form(self):
        rule = self._rule()
        registrar = self._make_user("t_rule_reg", "registrar")
        self.assertTrue(rule.with_user(registrar).display_name)
        with self.assertRaises(AccessError):
            rule.with_user(registrar).note = "x"
        company = self._make_company()
        far = self._make_user("t_rule_far", "senior_nurse", company_id=company.id, company_ids=company.ids)
        self.assertFalse(self.env["clinic.block.rule"].with_user(far).search([]))
        with Form(self.env["clinic.block.rule"].with_user(self.nurse)) as form:
            form.branch_id = self.branch
            form.resource_ids.add(self.room.resource_id)
            form.hour_from, form.hour_to = 9, 9.5
            self.assertIn("Saved, it closes", form.preview)
        with freeze_time(MONDAY):
            rule.with_user(self.nurse).unlink()
        self.assertFalse(self.env["clinic.absence"].search([("rule_id", "=", rule.id)]))
