# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from psycopg2 import errors

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time

from ..exceptions import SlotTaken
from .test_shift_template import TemplateCommon


class TestQuota(TemplateCommon):
    """Shares of a shift by way of booking: obeyed by search and booking, kept by the constraint."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.third = cls._day(3)
        cls.site = cls.env.ref("clinic_schedule.channel_site")
        cls.day_shift = cls._make_shift(
            cls.doctor, day=3, quota_ids=[Command.create({"channel_id": cls.site.id, "seats": 2})]
        )
        cls.quota = cls.day_shift.quota_ids

    def _starts(self, channel, **kwargs):
        return self.booking.search_slots(
            self.service,
            resources=self.doctor.resource_id,
            date_from=self.third,
            date_to=self.third,
            channel=channel,
            limit=50,
            **kwargs,
        )

    def _used(self):
        self.quota.invalidate_recordset(["used"])
        return self.quota.used

    def _take(self, minutes, channel="site", **kwargs):
        return self._book(minutes, day=self.third, owner=self.doctor, channel=channel, **kwargs)

    def test_at_most_so_many(self):
        first = self._take(540)
        self.assertEqual(self._used(), 1)
        self.assertTrue(self._starts("site"))
        self._take(570)
        self.assertEqual(self._used(), 2)
        self.assertFalse(self._starts("site"), "the share is used up")
        self.assertTrue(self._starts("phone"), "others are not limited")
        with self.assertRaisesRegex(SlotTaken, "all its places are taken") as lost:
            self._take(600)
        self.assertEqual(lost.exception.asked["resource_id"], self.doctor.resource_id.id)
        self._take(600, channel="phone")
        self.booking.cancel(first, "clinic")
        self.assertEqual(self._used(), 1, "a cancelled visit gives its place back")
        self._take(630)

    def test_the_others_share_a_row(self):
        self.quota.channel_id = False
        self._take(540, channel="phone")
        self._take(570, channel="site")
        with self.assertRaises(SlotTaken), self.env.cr.savepoint():
            self._take(600, channel="reception")
        self.day_shift.quota_ids = [Command.create({"channel_id": self.site.id, "seats": 1})]
        self._take(600, channel="site")
        self._take(630, channel="import")
        self.assertEqual(self._used(), 2, "imports are not limited")

    def test_the_limit_falls(self):
        """24 hours before a visit its time is open to all, a later time of the shift is not yet."""
        self.quota.write({"seats": 0, "release_hours": 24})
        with self.assertRaisesRegex(UserError, "all its places are taken"), self.env.cr.savepoint():
            self._take(540)
        self.assertFalse(self._starts("site"))
        with freeze_time(self._at(self.third, 600) - timedelta(hours=24)):
            self.assertEqual({self._wall(slot["start"]) for slot in self._starts("site")} - {"10:00"}, {
                "09:00", "09:15", "09:30", "09:45",
            })  # fmt: skip
            self._take(600)
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self._take(630)
        self.assertFalse(self._used(), "what the limit does not count takes no place")

    def test_holds_and_moves(self):
        """A held time occupies a place; a move within the shift keeps it, a move away gives it back."""
        held = self.booking.hold(
            self._slot(540, 3, owner=self.doctor), "quota-token-1", self.patient, channel="site"
        )
        self.assertEqual(self._used(), 1)
        visit = self._book(540, 3, self.patient, owner=self.doctor, channel="site", token="quota-token-1")
        self.assertEqual((visit, self._used()), (held, 1))
        self._take(570)
        self.booking.reschedule(visit, self._slot(600, 3, owner=self.doctor), channel="site")
        self.assertEqual(self._used(), 2)
        self.booking.reschedule(visit, self._slot(600, 1), channel="site")
        self.assertEqual(self._used(), 1)
        self.booking.hold(
            self._slot(630, 3, owner=self.doctor), "quota-token-2", self._make_patient(), channel="site"
        )
        with freeze_time(fields.Datetime.now() + timedelta(hours=2)):
            self.assertEqual(self._used(), 1, "an expired hold takes no place")
            self._take(660)

    def test_places_follow_the_hours(self):
        self._take(540)
        self.day_shift.stop += timedelta(hours=1)
        claim = self.env["clinic.slot.claim"].search([("kind", "=", "quota"), ("ref", "=", self.quota.id)])
        self.assertEqual((claim.start, claim.stop), (self.day_shift.start, self.day_shift.stop))
        self.quota.unlink()
        self.assertFalse(claim.exists())
        self.assertFalse(self.day_shift.has_quotas)

    def test_bad_quotas(self):
        with self.assertRaisesRegex(ValidationError, "only 12 visits"), self.env.cr.savepoint():
            self.quota.seats = 13
        with self.assertRaisesRegex(ValidationError, "larger than the shift"), self.env.cr.savepoint():
            self.quota.seats = 9
            self.day_shift.stop -= timedelta(hours=1)
        for vals in ({"seats": -1}, {"shift_id": False}):
            refused = self.assertRaises(errors.CheckViolation)
            with refused, self.assertLogs("odoo.sql_db", "ERROR"), self.env.cr.savepoint():
                self.quota.write(vals)
                self.quota.flush_recordset()
        refused = self.assertRaises(errors.UniqueViolation)
        with refused, self.assertLogs("odoo.sql_db", "ERROR"), self.env.cr.savepoint():
            self.quota.copy()

    def test_templates_give_their_quotas_to_shifts(self):
        template = self._template(
            [(str(day), 540, 720) for day in range(7)],
            resource_id=self._make_practitioner(branches=self.branch, services=self.service).resource_id.id,
            quota_ids=[Command.create({"channel_id": self.site.id, "seats": 3, "release_hours": 24})],
        )
        period = (self._day(1), self._day(2))
        shifts = self._generate(template, *period)[0]
        self.assertEqual(shifts.quota_ids.mapped("seats"), [3, 3])
        self.assertEqual(self._generate(template, *period)[1], {"keep": 2})
        shifts[0].quota_ids.seats = 1
        self.assertEqual(self._generate(template, *period)[1], {"keep": 1, "edited": 1})
        template.quota_ids.seats = 4
        self.assertEqual(self._generate(template, *period)[1], {"edited": 1, "remove": 1, "make": 1})
