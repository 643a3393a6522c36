# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ScheduleCommon


@tagged("post_install", "-at_install")
class TestLimits(ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.branch.company_id
        cls.reason = cls.env.ref("clinic_schedule.reason_move_patient_asked")

    def _bot(self, minutes, **kwargs):
        return self._book(minutes, patient=kwargs.pop("patient", self.patient), channel="bot", **kwargs)

    def _miss(self, count, patient=None):
        """Visits of the past that nobody came to."""
        for number in range(count):
            visit = self._book(540 + 30 * number, patient=patient or self.patient)
            visit._write_guarded(
                {
                    "state": "no_show",
                    "start": fields.Datetime.now() - timedelta(days=10 + number),
                    "stop": fields.Datetime.now() - timedelta(days=10 + number) + timedelta(minutes=30),
                }
            )
            self.env["clinic.slot.claim"]._release(visit)

    def test_nothing_is_limited_by_default(self):
        for minutes in (540, 570, 600, 630, 660):
            self._bot(minutes)

    def test_open_visits(self):
        self.company.clinic_limit_open = 2
        self._bot(540)
        self._book(570, patient=self.patient)
        with self.assertRaisesRegex(UserError, "already has 2 visits ahead"):
            self._bot(600)
        # the staff books on, and another patient as well
        self._book(600, patient=self.patient)
        self._bot(630, patient=self._make_patient())

    def test_a_held_time_is_not_counted_twice(self):
        self.company.clinic_limit_open = 1
        slot = self._slot(540)
        self.booking.hold(slot, "token-of-a-bot", patient=self.patient, channel="bot")
        visit = self.booking.book(slot, self.patient, token="token-of-a-bot", channel="bot")
        self.assertEqual(visit.state, "booked")

    def test_moves(self):
        self.company.clinic_limit_moves = 2
        visit = self._bot(540)
        for minutes in (570, 600):
            self.booking.reschedule(visit, self._slot(minutes), channel="bot")
        with self.assertRaisesRegex(UserError, "already moved 2 times"):
            self.booking.reschedule(visit, self._slot(630), channel="bot")
        self.booking.reschedule(visit, self._slot(630), self.reason, channel="phone")
        self.assertEqual(visit.start, self._at(1, 630))

    def test_moves_by_the_staff_do_not_count(self):
        self.company.clinic_limit_moves = 1
        visit = self._bot(540)
        self.booking.reschedule(visit, self._slot(570), self.reason, channel="phone")
        self.booking.reschedule(visit, self._slot(600), channel="bot")

    def test_missed_visits_ask_for_prepayment(self):
        self.company.clinic_limit_no_shows = 2
        self._miss(1)
        self.assertFalse(self._bot(660).prepayment)
        self._miss(1)
        visit = self._bot(690)
        self.assertTrue(visit.prepayment)
        other = self._book(630, patient=self.patient)
        self.assertTrue(other.prepayment)
        self.assertIn("Missed visits in a year: 2", other.journal_ids[:1].note)

    def test_missed_visits_ask_for_a_call(self):
        self.company.write({"clinic_limit_no_shows": 2, "clinic_no_show_rule": "phone"})
        self._miss(2)
        with self.assertRaisesRegex(UserError, "by phone only"):
            self._bot(660)
        visit = self._book(660, patient=self.patient)
        self.assertFalse(visit.prepayment)

    def test_old_ones_are_forgotten(self):
        self.company.clinic_limit_no_shows = 1
        self._miss(1)
        missed = self.env["clinic.appointment"].search([("state", "=", "no_show")], limit=1)
        moment = fields.Datetime.now() - timedelta(days=400)
        missed._write_guarded({"start": moment, "stop": moment + timedelta(minutes=30)})
        self.assertFalse(self._bot(660).prepayment)
