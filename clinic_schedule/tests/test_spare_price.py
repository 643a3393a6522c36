# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..exceptions import PriceChanged
from .common import ScheduleCommon

TOKEN = "spare-token-of-a-test"


class SpareCase(ScheduleCommon):
    """A doctor with an empty shift tomorrow; the service costs 2000, a rule makes it a quarter cheaper."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registrar = cls._make_user("t_spare_desk", "registrar")
        cls.service.list_price = 2000
        cls.env["clinic.practitioner.service"].search([("service_id", "=", cls.service.id)]).price = 0
        cls.full = cls._price()
        cls.rule = cls.env["clinic.spare.rule"].create(
            {"name": "Spare", "percent": 25, "lead_from": 0, "lead_to": 0, "load_below": 100, "rounding": 0}
        )
        cls.cheap = cls.full * 0.75

    @classmethod
    def _price(cls, minutes=540, **kwargs):
        """The price that is offered at a time of tomorrow."""
        slots = cls.env["clinic.booking"].search_slots(cls.service, date_to=cls._day(2), **kwargs)
        return next(slot["price"] for slot in slots if slot["start"] == cls._at(1, minutes))

    @classmethod
    def _shown(cls, minutes=540, day=1, **kwargs):
        slots = cls.env["clinic.booking"].search_slots(cls.service, date_to=cls._day(3), **kwargs)
        return next(slot for slot in slots if slot["start"] == cls._at(day, minutes))

    def _lanes(self, visit):
        return visit.sudo().claim_ids.filtered(lambda claim: claim.kind == "spare")


@tagged("post_install", "-at_install")
class TestSparePrice(SpareCase):
    """What is shown, what is booked, who has the price and how often."""

    def test_shown_and_booked(self):
        slot = self._shown()
        self.assertEqual((slot["price"], slot["price_before"]), (self.cheap, self.full))
        visit = self.booking.with_user(self.registrar).book(slot, self.patient)
        self.assertEqual((visit.price, visit.price_before), (self.cheap, self.full))
        self.assertEqual(visit.spare_rule_id, self.rule)
        self.assertIn("instead of", visit.sudo()._journal_line("booked").note)

    def test_frames(self):
        self.rule.write({"hour_from": 10, "hour_to": 11})
        self.assertEqual([self._price(minutes) for minutes in (540, 600, 645, 660)],
                         [self.full, self.cheap, self.cheap, self.full])  # fmt: skip
        self.rule.write({"hour_from": 0, "hour_to": 24, "date_from": self._day(2)})
        self.assertEqual(self._price(), self.full)
        self.rule.write({"date_from": False, "lead_to": 1})
        self.assertEqual(self._price(), self.full)
        self.rule.write({"lead_to": 0, "resource_ids": self.practitioner.resource_id.ids})
        self.assertEqual(self._price(), self.cheap)
        self.rule.active = False
        self.assertEqual(self._price(), self.full)

    def test_services_sections_and_channels(self):
        other = self._make_service(name="Other")
        self.rule.service_ids = other
        self.assertEqual(self._price(), self.full)
        self.rule.categ_ids = self.service.categ_id
        self.assertEqual(self._price(), self.cheap)
        self.rule.channel_ids = self.env["clinic.booking.channel"].search([("code", "=", "site")])
        self.assertEqual(self._price(), self.full)
        self.rule.categ_ids = self.rule.service_ids = False
        self.assertEqual(self._price(channel="site"), self.cheap)

    def test_a_rule_for_who_has_left_is_for_nobody(self):
        gone = self._make_practitioner(self.branch, self.specialty, self.service)
        self.rule.resource_ids = gone.resource_id
        gone.resource_id.active = False
        self.env.registry.clear_cache()
        self.assertEqual(self._price(), self.full)

    def test_archived_rules_do_not_come_back_by_a_context(self):
        self.rule.active = False
        search = self.booking.with_context(active_test=False).search_slots
        self.assertFalse(any(slot["price_before"] for slot in search(self.service, date_to=self._day(2))))
        self.assertEqual(self._price(), self.full)

    def test_load_of_the_day(self):
        self.rule.load_below = 20
        self.assertEqual(self._price(), self.cheap)
        self._book(660)
        self._book(690)
        self.assertEqual(self._price(), self.full, "two of twelve quarters and their buffers")

    def test_pace_makes_the_forecast(self):
        pace = self.env["clinic.booking.pace"]
        self.env.cr.execute(
            "INSERT INTO clinic_booking_pace (company_id, resource_id, days_ahead, share, days_seen)"
            " SELECT %s, %s, n, 0.5, 9 FROM generate_series(0, 5) AS n",
            [self.env.company.id, self.practitioner.resource_id.id],
        )
        self.rule.load_below = 50
        self.assertEqual(self._price(), self.full)
        self.rule.load_below = 51
        visit = self.booking.book(self._shown(), self.patient)
        self.assertEqual((visit.price, visit.spare_chance), (self.cheap, 0.5))
        pace.search([]).invalidate_recordset()

    def test_who_does_not_get_it(self):
        visit = self.booking.book(self._slot(), self.patient, payer_kind="insurer")
        self.assertEqual((visit.price, visit.spare_rule_id), (self.full, self.rule.browse()))

    def test_limit_of_the_day(self):
        self.rule.per_day = 1
        visit = self.booking.book(self._shown(), self.patient)
        self.assertEqual(len(self._lanes(visit)), 1)
        self.assertEqual(self._price(600), self.full)
        with self.assertRaises(PriceChanged) as refused:
            self.booking.book(self._slot(600, price=self.cheap), self._make_patient())
        self.assertEqual(refused.exception.price, self.full)
        self.assertIn(str(int(self.full))[-3:], str(refused.exception))
        other = self.booking.book(self._slot(600, price=self.full), self._make_patient())
        self.assertEqual((other.price, other.spare_rule_id), (self.full, self.rule.browse()))
        self.booking.cancel(visit, "patient")
        self.assertEqual(self._price(), self.cheap, "the place of the price is free again")

    def test_two_places_of_one_day_are_two(self):
        self.rule.per_day = 2
        visits = [self.booking.book(self._shown(minutes), self._make_patient()) for minutes in (540, 600)]
        self.assertEqual({lane.lane for visit in visits for lane in self._lanes(visit)}, {0, 1})
        self.assertEqual(self._price(660), self.full)

    def test_once_for_a_patient(self):
        self.rule.patient_days = 30
        self._make_shift(day=2)
        self.booking.book(self._shown(), self.patient)
        self.assertEqual(self._price(600, patient=self.patient), self.full)
        self.assertEqual(self._price(600), self.cheap)
        with self.assertRaises(PriceChanged):
            self.booking.book(self._slot(day=2, price=self.cheap), self.patient)
        self.assertEqual(self.booking.book(self._slot(day=2), self.patient).price, self.full)

    def test_a_kept_time_keeps_its_price(self):
        self.rule.per_day = 1
        held = self.booking.hold(self._shown(), TOKEN)
        self.assertEqual((held.price, len(self._lanes(held))), (self.cheap, 1))
        self.assertEqual(self._price(600), self.full)
        self.rule.load_below = 1
        visit = self.booking.book(self._slot(price=self.cheap), self.patient, token=TOKEN)
        self.assertEqual((visit, visit.price, self._lanes(visit).state), (held, self.cheap, "booked"))

    def test_a_kept_time_of_who_had_one_lately(self):
        self.rule.write({"patient_days": 30, "per_day": 5})
        self.booking.book(self._shown(660), self.patient)
        self.booking.hold(self._shown(), TOKEN)
        with self.assertRaises(PriceChanged):
            self.booking.book(self._slot(price=self.cheap), self.patient, token=TOKEN)
        visit = self.booking.book(self._slot(price=self.full), self.patient, token=TOKEN)
        self.assertEqual((visit.price, visit.spare_rule_id), (self.full, self.rule.browse()))
        self.assertFalse(self._lanes(visit), "his place of the price is given back")

    def test_an_expired_price_is_said(self):
        slot = self._shown()
        self.rule.active = False
        with self.assertRaises(PriceChanged):
            self.booking.book(slot, self.patient)
        self.assertFalse(self.env["clinic.appointment"].search([("patient_id", "=", self.patient.id)]))

    def test_cheapest_rule(self):
        more = self.rule.copy({"percent": 40, "least_price": self.full * 0.7})
        self.assertEqual(self._price(), self.full * 0.7)
        more.rounding = 1000
        self.assertEqual(self._price(), self.full * 0.7, "the least price is no multiple, it is a bound")

    def test_few_statements(self):
        self.rule.write({"per_day": 5, "patient_days": 3, "load_below": 60})
        for day in range(2, 12):
            self._make_shift(day=day)
        search = self.booking.with_user(self.registrar).search_slots
        wish = {"date_to": self._day(12), "patient": self.patient, "limit": 200}
        search(self.service, **wish)
        self.rule.active = False
        search(self.service, **wish)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        search(self.service, **wish)
        plain = self.env.cr.sql_log_count - before
        self.rule.active = True
        search(self.service, **wish)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertTrue(all(slot["price_before"] for slot in search(self.service, **wish)))
        self.assertLessEqual(self.env.cr.sql_log_count - before - plain, 3)

    def test_bad_rules(self):
        for vals in (
            {"percent": 0}, {"percent": 100}, {"hour_from": 12, "hour_to": 9}, {"lead_from": 5, "lead_to": 5},
            {"load_below": 0}, {"per_day": -1}, {"date_from": "2026-05-02", "date_to": "2026-05-01"},
            dict.fromkeys(("on_mon", "on_tue", "on_wed", "on_thu", "on_fri", "on_sat", "on_sun"), False),
        ):  # fmt: skip
            with (
                self.subTest(vals=vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self.rule.copy(vals)

    def test_a_rule_of_visits_is_archived(self):
        visit = self.booking.book(self._shown(), self.patient)
        with self.assertRaises(UserError):
            self.rule.unlink()
        self.rule.active = False
        self.assertEqual(visit.price, self.cheap)
        self.rule.copy().unlink()


@tagged("post_install", "-at_install")
class TestSpareMove(SpareCase):
    """Moves: what the patient was shown is what he gets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_shift(day=2)
        cls.rule.date_to = cls._day(1)
        cls.asked = cls.env.ref("clinic_schedule.reason_move_patient_asked")
        cls.ours = cls.env.ref("clinic_schedule.reason_move_doctor_absent")

    def _move(self, visit, reason, day, **vals):
        slot = self._slot(day=day, minutes=600, **vals)
        return self.booking.with_user(self.registrar).reschedule(visit, slot, reason=reason)

    def test_to_a_dear_time_and_back(self):
        visit = self.booking.book(self._shown(), self.patient)
        with self.assertRaises(PriceChanged):
            self._move(visit, self.asked, 2, price=self.cheap)
        self._move(visit, self.asked, 2)
        self.assertEqual((visit.price, visit.price_before, visit.spare_rule_id.id), (self.full, 0, False))
        self._move(visit, self.asked, 1)
        self.assertEqual((visit.price, visit.price_before), (self.cheap, self.full))
        self.booking.undo(visit)
        self.assertEqual((visit.price, visit.spare_rule_id.id), (self.full, False))

    def test_moved_by_the_clinic(self):
        self.rule.per_day = 1
        visit = self.booking.book(self._shown(), self.patient)
        self._move(visit, self.ours, 2)
        self.assertEqual((visit.price, visit.spare_rule_id), (self.cheap, self.rule))
        self.assertFalse(self._lanes(visit))

    def test_the_agreed_price_stays(self):
        self.rule.active = False
        visit = self.booking.book(self._slot(), self.patient)
        self.env["clinic.practitioner.service"].search([("service_id", "=", self.service.id)]).price = 5000
        self._move(visit, self.asked, 2)
        self.assertEqual(visit.price, self.full)

    def test_shown_for_a_move(self):
        visit = self.booking.book(self._shown(), self.patient)
        self.env["clinic.practitioner.service"].search([("service_id", "=", self.service.id)]).price = 5000
        slots = self.booking.search_slots(self.service, date_to=self._day(3), patient=self.patient)
        shown = self.booking._with_move_prices(slots, visit, "reception", self.asked)
        prices = {
            self._wall(slot["start"]) + str((slot["start"] - self._at(1, 0)).days): slot["price"]
            for slot in shown
        }
        self.assertEqual((prices["11:000"], prices["11:001"]), (self.cheap, self.full))
        for minutes, day in ((660, 1), (660, 2)):
            slot = next(slot for slot in shown if slot["start"] == self._at(day, minutes))
            self.booking.with_user(self.registrar).reschedule(visit, slot, reason=self.asked)
            self.assertEqual(visit.price, slot["price"])

    def test_undone_cancellation_keeps_the_price(self):
        visit = self.booking.book(self._shown(), self.patient)
        self.booking.cancel(visit, "patient")
        self.booking.undo(visit)
        self.assertEqual((visit.price, visit.spare_rule_id), (self.cheap, self.rule))


@tagged("post_install", "-at_install")
class TestSparePace(SpareCase):
    """The pace of booking from past days, the preview and the report."""

    def _past(self, day, minutes, ahead):
        """A visit of a past day that was booked so many days before."""
        visit = self.booking.book(self._slot(minutes, day=1), self._make_patient())
        start = self._at(day, minutes)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE clinic_appointment SET start = %s, stop = %s, local_date = %s, state = 'done',"
            " create_date = %s WHERE id = %s",
            [start, start + timedelta(minutes=45), self._day(day), start - timedelta(days=ahead), visit.id],
        )
        self.env.cr.execute("DELETE FROM clinic_slot_claim WHERE appointment_id = %s", [visit.id])
        self.env.invalidate_all()
        return visit

    def test_counted_from_past_days(self):
        self.rule.active = False
        self._make_shift(day=-7, minute_from=540, minute_to=720)
        self.env.flush_all()
        late, early = self._past(-7, 540, 0), self._past(-7, 600, 3)
        minutes = {visit: visit.duration for visit in late | early}
        self.env["clinic.booking.pace"]._cron_count()
        rows = self.env["clinic.booking.pace"].search(
            [
                ("resource_id", "=", self.practitioner.resource_id.id),
                ("weekday", "=", False),
                ("days_seen", ">", 0),
            ]
        )
        share = {row.days_ahead: row.share for row in rows if row.weekday == 0}
        self.assertAlmostEqual(share[0], minutes[late] / 2 / 180)
        self.assertAlmostEqual(share[1], minutes[late] / 180)
        self.assertAlmostEqual(share[3], (minutes[late] + minutes[early] / 2) / 180)
        self.assertAlmostEqual(share[30], (minutes[late] + minutes[early]) / 180)

    def test_report(self):
        visit = self.booking.book(self._shown(), self.patient)
        row = self.env["clinic.spare.report"].search([("spare_rule_id", "=", self.rule.id)])
        self.assertEqual((row.visits, row.came, row.revenue), (1, 0, 0))
        visit.action_arrive()
        visit.sudo()._write_guarded({"spare_chance": 0.25})
        self.env.invalidate_all()
        self.assertEqual((row.revenue, row.given), (self.cheap, self.full - self.cheap))
        self.assertAlmostEqual(row.extra, self.cheap - 0.25 * self.full)
        self.assertEqual(self.rule.visit_count, 1)

    def test_preview(self):
        self._book(540)
        administrator = self._make_user("t_spare_admin", "clinic_admin")
        action = self.rule.with_user(administrator).action_preview()
        window = self.env["clinic.spare.preview"].with_user(administrator).browse(action["res_id"])
        line = window.line_ids.filtered(lambda one: one.day == self._day(1))
        self.assertEqual((line.resource_id, line.price_before), (self.practitioner.resource_id, self.full))
        self.assertEqual(window.cheap_count, sum(window.line_ids.mapped("cheap_count")))
        self.assertGreater(line.load, 0)
        self.rule.load_below = 1
        again = self.env["clinic.spare.preview"].browse(self.rule.action_preview()["res_id"])
        self.assertEqual(again.cheap_count, 0)

    def test_form(self):
        director = self._make_user("t_spare_director", "director")
        form = Form(self.env["clinic.spare.rule"].with_user(director))
        form.name = "Evenings"
        rule = form.save()
        self.assertEqual((rule.percent, rule.load_below, rule.company_id), (20, 60, self.env.company))
        self.assertTrue(fields.Datetime.now())
