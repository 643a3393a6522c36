# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..exceptions import SlotTaken
from .common import ScheduleCommon

#: All that a line knows; nothing here leads to a person.
COLUMNS = {
    "id", "at", "kind", "channel", "branch_id", "service_id", "resource_id", "duration_ms",
    "overbooked", "session_hash",
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestEventLog(ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        registrar = cls._make_user("t_desk", "registrar")
        portal = cls._make_portal_user("t_visitor")
        visitor = portal.partner_id
        visitor.write({"is_patient": True, "family_name": "Portalova", "given_name": "Anna"})
        cls._consent(visitor)
        cls.channels = {"reception": (registrar, cls.patient), "site": (portal, visitor)}
        cls.reason = {
            kind: cls.env["clinic.appointment.reason"].search([("kind", "=", kind)], limit=1)
            for kind in ("move", "cancel")
        }

    def setUp(self):
        super().setUp()
        self.last = self.env["clinic.booking.event"].search([], limit=1).id or 0

    def _events(self):
        """The new lines in their order: kind, channel."""
        events = self.env["clinic.booking.event"].search([("id", ">", self.last)], order="id")
        return [(event.kind, event.channel) for event in events]

    def _end_hold(self, hold, minutes=20):
        """The hold was made some minutes ago and has run out."""
        begun = fields.Datetime.now() - timedelta(minutes=minutes)
        ended = begun + timedelta(minutes=10)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE clinic_appointment SET create_date = %s, hold_expires_at = %s WHERE id = %s",
            [begun, ended, hold.id],
        )
        self.env.cr.execute(
            "UPDATE clinic_slot_claim SET expires_at = %s WHERE appointment_id = %s", [ended, hold.id]
        )
        self.env.invalidate_all()

    def test_the_whole_way_of_each_channel(self):
        for n, (channel, (user, patient)) in enumerate(self.channels.items()):
            with self.subTest(channel=channel):
                self.setUp()
                booking = self.booking.with_user(user)
                for kind in ("opened", "shown", "chosen"):
                    booking.log_event(kind, channel, service=self.service, duration_ms=5)
                hold = booking.hold(self._slot(540 + 90 * n), f"token-{channel}", patient)
                visit = booking.book(self._slot(540 + 90 * n), patient, f"token-{channel}", channel)
                self.assertEqual(hold, visit)
                if channel == "site":
                    # the right to one's own visits comes with the portal; its controllers ask it first
                    booking = booking.sudo()
                booking.reschedule(visit, self._slot(570 + 90 * n), self.reason["move"], channel)
                booking.cancel(visit, "patient", self.reason["cancel"], channel)
                kinds = ("opened", "shown", "chosen", "booked", "moved", "cancelled")
                self.assertEqual(self._events(), [(kind, channel) for kind in kinds])

    def test_refused_outlives_the_rollback(self):
        self._book()
        self.env.flush_all()
        for channel, (user, patient) in self.channels.items():
            with self.subTest(channel=channel):
                self.setUp()
                with self.assertRaises(SlotTaken):
                    self.booking.with_user(user).book(self._slot(), patient, channel=channel)
                self.assertEqual(self._events(), [])
                with self.enter_registry_test_mode():
                    self.env.cr.postrollback.run()
                self.env.cr.postcommit.clear()
                self.assertEqual(self._events(), [("refused", channel)])

    def test_lost_is_a_hold_that_ran_out(self):
        for channel, (user, patient) in self.channels.items():
            with self.subTest(channel=channel):
                self.setUp()
                booking = self.booking.with_user(user)
                booking.hold(self._slot(600), f"back-{channel}", patient)
                booking.release(f"back-{channel}")
                self.assertEqual(self._events(), [], "given back is not lost")
                self._end_hold(booking.hold(self._slot(600), f"lost-{channel}", patient))
                self.env["clinic.slot.claim"]._cron_sweep()
                self.assertEqual(self._events(), [("lost", channel)])
                line = self.env["clinic.booking.event"].search([], limit=1)
                self.assertEqual(line.service_id, self.service)
                self.assertAlmostEqual(line.duration_ms, 20 * 60_000, delta=60_000)

    def test_duration_from_the_choice_to_the_booking(self):
        hold = self.booking.hold(self._slot(600), "slow-visitor", self.patient)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE clinic_appointment SET create_date = create_date - interval '2 minutes' WHERE id = %s",
            [hold.id],
        )
        self.env.invalidate_all()
        self.booking.book(self._slot(600), self.patient, "slow-visitor")
        self._book(660)
        direct, held = self.env["clinic.booking.event"].search([("id", ">", self.last)])
        self.assertAlmostEqual(held.duration_ms, 120_000, delta=30_000)
        self.assertEqual(direct.duration_ms, 0)

    def test_steps_of_one_dialog_belong_together(self):
        """The board names its dialog by a random mark; the lines of the server carry it, too."""
        registrar = self.channels["reception"][0]
        board = self.env["clinic.board"].with_user(registrar)
        journey = {"session": "ab" * 16, "duration_ms": 4200}
        line = {"slot": self._slot(600), "patient_id": self.patient.id, "token": "dialog-token"}
        board.book([line], "phone", journey)
        event = self.env["clinic.booking.event"].search([], limit=1)
        self.assertEqual(
            (event.kind, event.channel, event.session_hash, event.duration_ms),
            ("booked", "phone", "ab" * 16, 4200),
        )
        other = {**line, "patient_id": self._make_patient().id, "token": "other-token"}
        self.env.flush_all()
        with self.assertRaises(SlotTaken):
            board.book([other], "phone", journey)
        with self.enter_registry_test_mode():
            self.env.cr.postrollback.run()
        self.env.cr.postcommit.clear()
        event = self.env["clinic.booking.event"].search([], limit=1)
        self.assertEqual((event.kind, event.session_hash), ("refused", "ab" * 16))

    def test_only_a_mark_and_a_number_are_kept(self):
        wrong = (
            "Ivanova", [1], {"session": "Ivanova Anna"}, {"session": 7, "duration_ms": "long"},
            {"session": "AB", "duration_ms": -5}, {"session": "a" * 65, "duration_ms": 2**40},
        )  # fmt: skip
        for n, journey in enumerate(wrong):
            with self.subTest(journey=journey):
                booking = self.booking.with_context(clinic_journey=journey)
                booking.book(self._slot(540 + 30 * n), self._make_patient())
                event = self.env["clinic.booking.event"].search([], limit=1)
                self.assertEqual((event.kind, event.session_hash, event.duration_ms), ("booked", False, 0))

    def test_nothing_leads_to_a_person(self):
        stored = {name for name, field in self.env["clinic.booking.event"]._fields.items() if field.store}
        self.assertEqual(stored, COLUMNS)
