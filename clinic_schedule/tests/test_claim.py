# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from psycopg2 import errors

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..exceptions import SlotTaken
from ..models.clinic_slot_claim import Key
from .common import ScheduleCommon


class TestClaim(ScheduleCommon):
    """The table of occupied time and its one writer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claims = cls.env["clinic.slot.claim"]
        cls.visit = cls._book()
        cls.other = cls._book(630)

    def _key(self, ref, start=0, stop=30, kind="resource", lane=0):
        base = self._at(5, 600)
        return Key(kind, ref, lane, base + timedelta(minutes=start), base + timedelta(minutes=stop))

    def test_constraint_is_in_the_database(self):
        self.env.cr.execute(
            "SELECT contype, condeferrable, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conname = 'clinic_slot_claim_no_overlap'"
        )
        kind, deferrable, text = self.env.cr.fetchone()
        self.assertEqual(kind, "x")
        self.assertFalse(deferrable, "ON CONFLICT needs a plain constraint")
        for part in ("kind WITH =", "ref WITH =", "lane WITH =", "&&", "hold", "booked"):
            self.assertIn(part, text)

    def test_raw_overlap_is_refused(self):
        claim = self.visit.claim_ids[0]
        with self.assertRaises(errors.ExclusionViolation), self.env.cr.savepoint():
            self.env.cr.execute(
                "INSERT INTO clinic_slot_claim (kind, ref, lane, start, stop, state)"
                " VALUES (%s, %s, 0, %s, %s, 'booked')",
                [claim.kind, claim.ref, claim.start + timedelta(minutes=5), claim.stop],
                log_exceptions=False,
            )

    def test_orm_is_refused(self):
        claim = self.visit.claim_ids[0]
        for call in (
            lambda: self.claims.create({"kind": "resource"}),
            lambda: claim.write({"stop": claim.start}),
            lambda: claim.unlink(),
        ):
            with self.assertRaises(UserError):
                call()

    def test_all_or_nothing(self):
        taken = self._key(2_000_001)
        self.claims._claim(self.visit, [taken])
        before = self.claims.search_count([])
        with self.assertRaises(SlotTaken) as caught:
            self.claims._claim(self.other, [self._key(2_000_002), self._key(2_000_001, 15, 45)])
        self.assertEqual({key.ref for key in caught.exception.lost}, {2_000_001})
        self.assertEqual(self.claims.search_count([]), before)

    def test_touching_is_free_and_lanes_are_apart(self):
        self.claims._claim(self.visit, [self._key(2_000_001)])
        self.claims._claim(self.other, [self._key(2_000_001, 30, 60), self._key(2_000_001, lane=100)])

    def test_choice_takes_another_unit(self):
        first, second = self._key(2_000_001), self._key(2_000_002)
        self.claims._claim(self.visit, [first])
        fixed = self._key(2_000_000)
        self.assertEqual(self.claims._claim(self.other, [fixed], [[first, second]]), [second])
        with self.assertRaises(SlotTaken):
            self.claims._claim(self.visit, [self._key(2_000_003)], [[first, second]])

    def test_expired_hold_gives_way(self):
        past = fields.Datetime.now() - timedelta(minutes=1)
        key = self._key(2_000_001)
        self.claims._claim(self.visit, [key], state="hold", expires_at=past)
        self.claims._claim(self.other, [key])
        self.env.cr.execute("SELECT appointment_id FROM clinic_slot_claim WHERE ref = 2000001")
        self.assertEqual(self.env.cr.fetchall(), [(self.other.id,)])

    def test_live_hold_does_not_give_way(self):
        key = self._key(2_000_001)
        later = fields.Datetime.now() + timedelta(minutes=1)
        self.claims._claim(self.visit, [key], state="hold", expires_at=later)
        with self.assertRaises(SlotTaken):
            self.claims._claim(self.other, [key])

    def test_release_first_and_keep_on_failure(self):
        self.claims._claim(self.visit, [self._key(2_000_001, 40, 70)])
        old = self.other.claim_ids
        with self.assertRaises(SlotTaken):
            self.claims._claim(self.other, [self._key(2_000_001, 60, 90)], release=True)
        self.assertEqual(self.other.claim_ids, old)
        self.claims._claim(self.visit, [self._key(2_000_001, 50, 80)], release=True)
        self.assertEqual(len(self.visit.claim_ids), 1, "a move by ten minutes overlaps only itself")

    def test_hold_needs_an_end(self):
        with self.assertRaises(errors.CheckViolation), self.env.cr.savepoint():
            self.claims._claim(self.visit, [self._key(2_000_001)], state="hold")

    def test_sweep(self):
        hold = self.booking.hold(self._slot(600), "token-of-a-visitor")
        self.env.cr.execute(
            "UPDATE clinic_appointment SET hold_expires_at = now() AT TIME ZONE 'UTC' - interval '1 minute'"
            " WHERE id = %s",
            [hold.id],
        )
        self.env.cr.execute(
            "UPDATE clinic_slot_claim SET expires_at = now() AT TIME ZONE 'UTC' - interval '1 minute'"
            " WHERE appointment_id = %s",
            [hold.id],
        )
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.env.ref("clinic_schedule.ir_cron_sweep_holds").method_direct_trigger()
        self.assertFalse(hold.exists())
        self.assertTrue(self.visit.claim_ids, "booked time of coming days stays")

    def test_sweep_removes_past_days(self):
        self.env.cr.execute(
            "UPDATE clinic_slot_claim"
            " SET start = start - interval '10 days', stop = stop - interval '10 days'"
            " WHERE appointment_id = %s",
            [self.visit.id],
        )
        self.claims._cron_sweep()
        self.assertFalse(self.visit.claim_ids)
        self.assertTrue(self.other.claim_ids)


@tagged("post_install", "-at_install")
class TestClaimLog(ScheduleCommon):
    def test_lost_place_leaves_no_log(self):
        """A refusal is an everyday answer; PostgreSQL's text would carry values into the log."""
        self._book()
        with self.assertNoLogs("odoo.sql_db", level="ERROR"), self.assertRaises(SlotTaken):
            self._book()
