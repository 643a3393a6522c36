# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..exceptions import SlotTaken
from ..waiting_const import WEEKDAY_FIELDS
from .common import ScheduleCommon
from .waiting_common import WaitingBuilders


@tagged("post_install", "-at_install")
class TestWaiting(WaitingBuilders, ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["clinic.waiting.wave"].search([]).unlink()
        cls.env["clinic.waiting.entry"].search([]).write({"state": "withdrawn"})
        cls.visit = cls._book(600, patient=cls.patient)
        cls.waves = cls.env["clinic.waiting.wave"]

    def _freed(self):
        """Cancel the visit of 10:00 and let the cron work; returns the wave."""
        self._cancel(self.visit)
        self._run_waves()
        return self.waves.search([("start", "=", self.visit.start)])

    def _held_at(self, minutes):
        return self.env["clinic.appointment"].search(
            [("start", "=", self._at(1, minutes)), ("state", "=", "held")]
        )

    # ------------------------------------------------------------------ the wave

    def test_nobody_waits(self):
        self._cancel(self.visit)
        self.assertFalse(self.waves.search([]))

    def test_the_first_three_are_offered_and_the_place_is_held(self):
        people = [self._wait(days=days) for days in (1, 9, 3, 5)]
        urgent = self._wait(urgency="2")
        wave = self._freed()
        self.assertEqual(wave.state, "running")
        self.assertEqual(wave.offer_ids.sorted("id").entry_id, urgent | people[1] | people[3])
        self.assertEqual(set(wave.offer_ids.entry_id.mapped("state")), {"offered"})
        held = wave.appointment_id
        self.assertEqual(held, self._held_at(600))
        self.assertEqual(held.claim_ids.mapped("state"), ["hold"])
        for offer in wave.offer_ids:
            self.assertEqual(offer.expires_at, wave.round_ends_at)
            self.assertLess(offer.expires_at, held.hold_expires_at)
        with self.assertRaises(SlotTaken):
            self._book(600)

    def test_the_first_acceptance_wins(self):
        first, second, third = (self._wait(days=days) for days in (3, 2, 1))
        wave = self._freed()
        offers = {offer.entry_id: offer for offer in wave.offer_ids}
        held = wave.appointment_id
        self.assertTrue(offers[second]._accept("link"))
        self.assertEqual((wave.state, wave.appointment_id), ("taken", held))
        self.assertEqual((held.state, held.patient_id), ("booked", second.patient_id))
        self.assertEqual(set(held.claim_ids.mapped("state")), {"booked"})
        self.assertEqual((second.state, second.visit_id), ("booked", held))
        self.assertEqual({first.state, third.state}, {"waiting"})
        self.assertEqual({offers[first].state, offers[third].state}, {"lost"})
        self.assertFalse(offers[first]._accept("link"))
        self.assertFalse(offers[second]._accept("link"), "the second press changes nothing")

    def test_rounds_go_on_and_end_open_to_all(self):
        people = [self._wait(days=20 - n) for n in range(7)]
        wave = self._freed()
        seen = []
        for _round in range(2):
            seen.append(wave.offer_ids.filtered(lambda offer: offer.state == "open").entry_id)
            self._later(wave)
            self._run_waves()
        self.assertEqual(seen, [people[0] | people[1] | people[2], people[3] | people[4] | people[5]])
        self.assertEqual((wave.state, wave.round), ("running", 3))
        self.assertGreater(wave.appointment_id.hold_expires_at, fields.Datetime.now())
        self._later(wave)
        self._run_waves()
        self.assertEqual(wave.state, "over")
        self.assertFalse(self._held_at(600))
        self.assertEqual({entry.state for entry in people}, {"waiting"})
        self.assertTrue(self._book(600))

    def test_all_refuse_and_the_next_are_asked_at_once(self):
        people = [self._wait(days=9 - n) for n in range(4)]
        wave = self._freed()
        for offer in wave.offer_ids:
            self.assertTrue(offer._decline("link", leave=offer.entry_id == people[0]))
        self._run_waves()
        self.assertEqual(wave.round, 2)
        self.assertEqual(people[0].state, "withdrawn")
        self.assertEqual([entry.refusals for entry in people], [1, 1, 1, 0])
        self.assertEqual(people[3].state, "offered")

    def test_an_unanswered_offer_is_no_refusal_and_comes_once(self):
        entry = self._wait()
        wave = self._freed()
        self._later(wave)
        self._run_waves()
        self.assertEqual((entry.state, entry.refusals, wave.state), ("waiting", 0, "over"))
        again = self._book(600)
        self._cancel(again)
        self._run_waves()
        self.assertEqual(len(entry.offer_ids), 1, "the same place is not offered twice")

    def test_wishes(self):
        day = self._day(1)
        others = [WEEKDAY_FIELDS[day.weekday()]]
        other_doctor = self._make_practitioner(self.branch, services=self.service)
        no = [
            self._wait(**{others[0]: False}),
            self._wait(hour_from=10.5),
            self._wait(hour_to=10.25),
            self._wait(date_from=self._day(2)),
            self._wait(practitioner_ids=[(6, 0, other_doctor.ids)]),
            self._wait(branch_ids=[(6, 0, self._make_branch().ids)]),
            self._wait(service=self._make_service(self._make_practitioner(self.branch))),
        ]
        yes = [
            self._wait(hour_from=10, hour_to=12, date_to=day),
            self._wait(
                practitioner_ids=[(6, 0, self.practitioner.ids)], branch_ids=[(6, 0, self.branch.ids)]
            ),
        ]
        wave = self._freed()
        self.assertEqual(wave.offer_ids.entry_id, yes[0] | yes[1])
        self.assertEqual({entry.state for entry in no}, {"waiting"})

    def test_who_may_not_come_is_not_asked(self):
        blacklisted, busy, restricted = (self._make_patient() for _n in range(3))
        blacklisted.sudo().clinic_blacklisted = True
        restricted.sudo().processing_restricted = True
        other = self._make_practitioner(self.branch, services=self.service)
        self._make_shift(other)
        self._book(600, patient=busy, owner=other)
        for patient in (blacklisted, busy, restricted):
            self._wait(patient=patient, days=30)
        entry = self._wait()
        self.assertEqual(self._freed().offer_ids.entry_id, entry)

    def test_an_entry_has_one_offer_at_a_time(self):
        other = self._book(660)
        entry = self._wait()
        self._cancel(other)
        self.assertFalse(self._freed(), "the later place came first")
        self.assertEqual(entry.offer_ids.start, self._at(1, 660))

    def test_too_late_for_messages(self):
        entry = self._wait()
        now = fields.Datetime.now().replace(second=0, microsecond=0)
        doctor = self._make_practitioner(self.branch, services=self.service)
        self.waves.search([]).unlink()
        self.env["clinic.shift"].create(
            {
                "resource_id": doctor.resource_id.id,
                "branch_id": self.branch.id,
                "start": now + timedelta(minutes=10),
                "stop": now + timedelta(minutes=40),
                "step": 5,
            }
        )
        self._run_waves()
        wave = self.waves.search([("resource_id", "=", doctor.resource_id.id)])
        self.assertEqual(wave.state, "late")
        self.assertFalse(wave.offer_ids)
        self.assertFalse(wave.appointment_id, "a late place is held for nobody")
        self.assertEqual(wave.call_ids, entry)
        wave.with_user(self._make_user("t_desk", "registrar")).action_called()
        self.assertEqual(wave.state, "closed")

    def test_a_shorter_service_takes_its_part_of_the_place(self):
        short = self._make_service(self.practitioner, clinic_duration=15)
        long = self._wait(days=5)
        entry = self._wait(service=short)
        wave = self._freed()
        self.assertEqual(wave.offer_ids.entry_id, long | entry)
        offer = wave.offer_ids.filtered(lambda offer: offer.entry_id == entry)
        self.assertTrue(offer._accept("link"))
        visit = entry.visit_id
        self.assertEqual((visit.service_id, visit.duration), (short, 15))
        self.assertEqual(
            visit.claim_ids.filtered(lambda c: c.kind == "resource").mapped("stop"), [visit.stop]
        )

    # ------------------------------------------------------------------ what frees a place

    def test_a_moved_visit_frees_its_old_place(self):
        self._wait()
        self.booking.reschedule(self.visit, self._slot(660))
        self._run_waves()
        self.assertEqual(self._held_at(600).state, "held")

    def test_an_absence_that_goes_and_a_shift_that_opens(self):
        absence = self.env["clinic.absence"].create(
            {
                "resource_id": self.practitioner.resource_id.id,
                "start": self._at(1, 540),
                "stop": self._at(1, 720),
            }
        )
        first = self._wait()
        self._run_waves()
        absence.unlink()
        self._run_waves()
        self.assertEqual(first.offer_ids.start, self._at(1, 540))
        second = self._wait(date_from=self._day(3))
        self._make_shift(day=3)
        self._run_waves()
        self.assertEqual(second.offer_ids.start, self._at(3, 540))

    def test_a_time_that_a_visitor_let_go(self):
        self._wait(hour_from=11, hour_to=11.5)
        held = self.booking.hold(self._slot(660), "visitor-token")
        held._write_guarded({"hold_expires_at": fields.Datetime.now() - timedelta(minutes=1)})
        self.env.flush_all()
        held._drop_expired()
        self._run_waves()
        self.assertEqual(self.waves.search([]).mapped("state"), ["running"])

    def test_many_waves_for_one_long_shift(self):
        entries = [self._wait(days=n, date_from=self._day(4)) for n in range(8)]
        self._make_shift(day=4)
        self._run_waves()
        waves = self.waves.search([("state", "=", "running")])
        self.assertEqual(len(waves), 3, "eight people, three to a place")
        self.assertEqual({entry.state for entry in entries}, {"offered"})
        self.assertEqual(len(set(waves.mapped("start"))), 3)

    def test_the_red_button_is_stronger_than_an_offer(self):
        entry = self._wait()
        wave = self._freed()
        self.booking.undo(self.visit)
        self.assertEqual((self.visit.state, wave.state, entry.state), ("booked", "over", "waiting"))
        self.assertEqual(wave.offer_ids.state, "lost")

    def test_the_desk_stops_a_wave(self):
        self._wait()
        wave = self._freed()
        wave.with_user(self._make_user("t_desk", "registrar")).action_stop()
        self.assertEqual(wave.state, "over")
        self.assertTrue(self._book(600))
        with self.assertRaisesRegex(UserError, "offered"):
            wave.action_stop()

    def test_the_held_time_was_cancelled_at_the_desk(self):
        entry = self._wait()
        wave = self._freed()
        self.booking.cancel(wave.appointment_id, "clinic")
        self.assertEqual((wave.state, entry.state), ("over", "waiting"))

    def test_a_crash_between_two_rounds(self):
        """The hold ran out while nothing worked: the place is open, the list goes on."""
        entry = self._wait()
        wave = self._freed()
        self._later(wave)
        wave.appointment_id._write_guarded({"hold_expires_at": fields.Datetime.now() - timedelta(minutes=1)})
        self.env.flush_all()
        self.env["clinic.slot.claim"]._cron_sweep()
        self.env.invalidate_all()
        self.assertFalse(wave.appointment_id)
        self._run_waves()
        self.assertEqual((wave.state, entry.state), ("over", "waiting"))

    def test_an_expired_offer_is_not_accepted(self):
        self._wait()
        wave = self._freed()
        self._later(wave)
        self.assertFalse(wave.offer_ids._accept("link"))
        self.assertEqual(wave.appointment_id.state, "held")

    # ------------------------------------------------------------------ the registrar

    def test_the_registrar_accepts_by_phone(self):
        registrar = self._make_user("t_desk", "registrar")
        entry = self._wait()
        wave = self._freed()
        action = wave.offer_ids.with_user(registrar).action_accept()
        visit = entry.visit_id
        self.assertEqual(action["res_id"], visit.id)
        self.assertEqual((visit.state, visit.user_id, visit.channel), ("booked", registrar, "phone"))
        self.assertEqual(wave.offer_ids.answered_by, "staff")
        with self.assertRaisesRegex(UserError, "no longer free"):
            wave.offer_ids.with_user(registrar).action_accept()

    def test_free_now(self):
        registrar = self._make_user("t_desk", "registrar")
        entry = self._wait(hour_from=11, hour_to=12).with_user(registrar)
        window = self.env["clinic.waiting.find"].with_user(registrar).browse(entry.action_find()["res_id"])
        self.assertTrue(window.line_ids)
        self.assertEqual(window.line_ids[0].start, self._at(1, 660))
        window.line_ids[0].action_book()
        self.assertEqual((entry.state, entry.visit_id.start), ("booked", self._at(1, 660)))
        with self.assertRaisesRegex(UserError, "closed"):
            window.line_ids[1].action_book()

    def test_somebody_without_a_card(self):
        entry = self.env["clinic.waiting.entry"].create(
            {
                "contact_name": "Zvonova Anna",
                "contact_phone": "8 914 555-01-77",
                "service_id": self.service.id,
            }
        )
        self.assertEqual(entry.who, "Zvonova Anna")
        wave = self._freed()
        self.assertTrue(wave.offer_ids._accept("link"))
        patient = entry.visit_id.patient_id
        self.assertEqual((patient.family_name, patient.given_name), ("Zvonova", "Anna"))
        self.assertTrue(patient.is_provisional)

    def test_callers_without_a_card_are_forgotten(self):
        entry = self.env["clinic.waiting.entry"].create(
            {"contact_name": "Zvonova", "contact_phone": "8 914 555-01-77", "service_id": self.service.id}
        )
        entry.action_withdraw()
        self.env["clinic.waiting.entry"]._gc_contacts()
        self.assertTrue(entry.contact_phone)
        entry.closed_at = fields.Datetime.now() - timedelta(days=31)
        self.env["clinic.waiting.entry"]._gc_contacts()
        self.assertFalse(entry.contact_phone or entry.contact_name)

    def test_bad_input(self):
        entries = self.env["clinic.waiting.entry"]
        base = {"service_id": self.service.id}
        with self.assertRaises(ValidationError):
            entries.create({**base, "contact_name": "Zvonova"})
        with self.assertRaises(UserError):
            entries.create({**base, "contact_name": "Zvonova", "contact_phone": "12"})
        patient = {**base, "patient_id": self.patient.id}
        for vals in (
            {"hour_from": 12, "hour_to": 9},
            {"hour_to": 25},
            {"date_from": self._day(3), "date_to": self._day(1)},
            {f"on_{day}": False for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
        ):
            with (
                self.subTest(vals=vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                entries.create({**patient, **vals}).flush_recordset()

    def test_entries_end_with_their_last_day(self):
        entry = self._wait(date_from=self._day(-9), date_to=self._day(-3))
        today = self._wait()
        today.date_to = today.date_from
        self.env["clinic.waiting.entry"]._expire_past()
        self.assertEqual((entry.state, today.state), ("expired", "waiting"))
        with self.assertRaisesRegex(UserError, "last day"):
            entry.action_wait_again()
        entry.date_to = False
        entry.action_wait_again()
        self.assertEqual(entry.state, "waiting")

    # ------------------------------------------------------------------ cost

    def test_a_cancel_stays_fast(self):
        """The freed place costs a note and the trigger of the cron, however many wait."""

        def cancel(visit):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._cancel(visit)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        visits = [self._book(minutes) for minutes in (540, 630, 660, 690)]
        cancel(visits[0])
        none = cancel(visits[1])
        for n in range(20):
            self._wait(days=n)
        cancel(visits[2])
        self.assertLessEqual(cancel(visits[3]) - none, 6)

    def test_a_wave_costs_the_same_for_many(self):
        def begin(start):
            self._cancel(start)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._run_waves()
            return self.env.cr.sql_log_count - before

        visits = [self._book(minutes) for minutes in (630, 660)]
        for n in range(5):
            self._wait(days=n)
        few = begin(visits[0])
        for n in range(60):
            self._wait(days=n)
        self.assertLessEqual(begin(visits[1]), few + 15)
