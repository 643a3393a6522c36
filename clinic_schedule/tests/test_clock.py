# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import struct
import tempfile
import zoneinfo
from datetime import datetime, timedelta, timezone
from pathlib import Path

from odoo.exceptions import AccessError, UserError

from .common import ScheduleCommon

EPOCH = datetime(1970, 1, 1)


def tzif(before, change, after):
    """The file of a zone that is ``before`` minutes ahead of UTC until ``change``, then ``after``."""
    types = struct.pack(">lBBlBB", before * 60, 0, 0, after * 60, 0, 4)
    seconds = (change - EPOCH) // timedelta(seconds=1)
    sizes = struct.pack(">6l", 0, 0, 0, 1, 2, 8)
    head = b"TZif2" + b"\0" * 15
    empty = head + struct.pack(">6l", 0, 0, 0, 0, 1, 4) + struct.pack(">lBB", 0, 0, 0) + b"UTC\0"
    body = head + sizes + struct.pack(">q", seconds) + b"\1" + types + b"AAA\0BBB\0"
    return empty + body + b"\n<BBB>%s%d\n" % (b"-" if after >= 0 else b"+", abs(after) // 60)


class TestClock(ScheduleCommon):
    """A decree changes the local time: what was agreed is found and keeps its wall time on demand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls._make_user("t_clock_admin", "clinic_admin")
        cls.registrar = cls._make_user("t_clock_desk", "registrar")
        cls.old_tz = cls.branch.tz

    def setUp(self):
        super().setUp()
        self.visits = [self._book(540 + 30 * n) for n in range(3)]
        self.env.flush_all()

    def _decree(self, hours=1, day=1):
        """From the midnight before the day on the zone of the branch is so many hours further."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = Path(folder.name, *self.branch.tz.split("/"))
        path.parent.mkdir(parents=True)
        was = 8 * 60
        self.assertEqual(
            zoneinfo.ZoneInfo(self.branch.tz).utcoffset(datetime.now(timezone.utc)), timedelta(minutes=was)
        )
        path.write_bytes(tzif(was, self._at(day, 0), was + round(hours * 60)))
        self.addCleanup(zoneinfo.ZoneInfo.clear_cache)
        self.addCleanup(zoneinfo.reset_tzpath)
        zoneinfo.reset_tzpath([folder.name, *zoneinfo.TZPATH])
        zoneinfo.ZoneInfo.clear_cache()
        self.env.invalidate_all()

    def _window(self, user=None):
        action = self.env["clinic.clock.keep"].with_user(user or self.admin)._open(self.branch)
        return self.env["clinic.clock.keep"].with_user(user or self.admin).browse(action["res_id"])

    def _walls(self):
        self.env.invalidate_all()
        return [self._wall(visit.start) for visit in self.visits]

    def _claims(self):
        self.env.invalidate_all()
        return [
            (claim.kind, claim.ref, claim.lane, claim.state, self._wall(claim.start), self._wall(claim.stop))
            for visit in self.visits
            for claim in visit.claim_ids.sorted(lambda one: (one.kind, one.ref))
        ]

    def test_nothing_moved(self):
        window = self._window()
        self.assertTrue(window.is_empty)
        self.assertFalse(window.line_ids)
        with self.assertRaises(UserError):
            window.action_keep()

    def test_keep(self):
        """Neighbours that stand close together all keep their time, forwards and backwards."""
        for hours in (1, -1):
            with self.subTest(hours=hours):
                absence = self.env["clinic.absence"].create(
                    {"resource_id": self.practitioner.resource_id.id, "date_from": self._day(3),
                     "whole_days": True}
                )  # fmt: skip
                self.env.flush_all()
                walls, claims, start = self._walls(), self._claims(), self.visits[0].start
                dates = [visit.local_date for visit in self.visits]
                offset = self.visits[0].clock_offset
                self._decree(hours)
                self.assertNotEqual(self._walls(), walls)
                window = self._window()
                self.assertEqual(sorted(window.line_ids.mapped("kind")), ["absence", "shift", *["visit"] * 3])
                self.assertFalse(window.has_problems)
                line = window.line_ids.filtered(lambda one: one.res_id == self.visits[0].id)
                self.assertTrue(line.promised_wall.endswith("09:00"))
                self.assertTrue(line.shown_wall.endswith("10:00" if hours == 1 else "08:00"))
                window.action_keep()
                self.assertEqual(self._walls(), walls)
                self.assertEqual(self._claims(), claims)
                self.assertEqual([visit.local_date for visit in self.visits], dates)
                self.assertEqual(self.visits[0].start, start - timedelta(hours=hours))
                self.assertEqual(self.visits[0].clock_offset, offset + 60 * hours)
                self.assertEqual((self.shift.wall_start[-5:], self.shift.wall_stop[-5:]), ("09:00", "12:00"))
                self.assertTrue(absence.whole_days)
                journal = self.visits[0]._journal_line()
                self.assertEqual((journal.action, journal.start_from), ("clock", start))
                self.assertEqual(journal.user_id, self.admin)
                self.assertTrue(window.is_empty)
                zoneinfo.reset_tzpath()
                zoneinfo.ZoneInfo.clear_cache()
                self.env.invalidate_all()
                self._window().action_keep()
                self.assertEqual(self._walls(), walls, "and back")
                absence.unlink()

    def test_only_after_the_change(self):
        later = self._make_shift(day=5)
        visit = self._book(day=5)
        self.env.flush_all()
        self._decree(day=4)
        window = self._window()
        self.assertEqual({(line.kind, line.res_id) for line in window.line_ids},
                         {("shift", later.id), ("visit", visit.id)})  # fmt: skip

    def test_undo_refused(self):
        self._decree()
        self._window().action_keep()
        with self.assertRaisesRegex(UserError, "nothing to take back"):
            self.booking.undo(self.visits[0])

    def test_booked_meanwhile(self):
        """Who was booked by the new clock stays; whom he stands in the way of is named, the rest is kept."""
        self._decree()
        # 9:00 of the new clock begins an hour before the old shift
        self._make_shift(self.other_doctor(), minute_from=480)
        device = self.visits[1]
        rival = self.env["clinic.slot.claim"].sudo()
        self.env.cr.execute(
            "INSERT INTO clinic_slot_claim (kind, ref, lane, start, stop, state)"
            " SELECT 'resource', ref, 0, start - interval '1 hour', stop - interval '1 hour', 'booked'"
            "   FROM clinic_slot_claim WHERE appointment_id = %s AND kind = 'resource'",
            [device.id],
        )
        rival.invalidate_model()
        window = self._window()
        problems = {line.res_id: line.problem for line in window.line_ids if line.kind == "visit"}
        self.assertEqual(problems, {self.visits[0].id: False, device.id: "taken", self.visits[2].id: False})
        before = device.start
        window.action_keep()
        self.env.invalidate_all()
        self.assertEqual(device.start, before)
        self.assertEqual(self._wall(self.visits[0].start), "09:00")
        self.assertEqual(window.line_ids.mapped("problem"), ["taken"])
        self.env["clinic.clock.keep"].browse(window.id).with_user(self.admin).action_accept()
        self.env.invalidate_all()
        self.assertTrue(window.is_empty)
        self.assertEqual(device.start, before)
        self.assertEqual(device._journal_line().action, "clock")

    def other_doctor(self):
        return self._make_practitioner(branches=self.branch, services=self.service)

    def test_visit_by_the_new_clock(self):
        """A shift does not leave a visit behind that was booked into its last hour after the change."""
        self._decree()
        # on the new clock the old shift is from 10 to 13
        self._book(750)
        window = self._window()
        problems = [line.problem for line in window.line_ids.sorted(lambda one: (one.kind, one.start))]
        # the third one would come to where the first one has to stay
        self.assertEqual(problems, ["visits", "shift", "shift", "taken"])
        with self.assertRaisesRegex(UserError, "nothing that could be changed"):
            window.action_keep()

    def test_changed_since(self):
        self._decree()
        window = self._window()
        self.booking.cancel(self.visits[2], "patient", self._reason())
        with self.assertRaisesRegex(UserError, "has changed since"):
            window.action_keep()

    def _reason(self):
        return self.env["clinic.appointment.reason"].search([("kind", "=", "cancel")], limit=1)

    def test_group_session(self):
        service = self._make_service(clinic_group_size=3)
        doctor = self._make_practitioner(branches=self.branch, services=service)
        session = self.env["clinic.group.session"].create(
            {"service_id": service.id, "resource_id": doctor.resource_id.id, "branch_id": self.branch.id,
             "date": self._day(2), "hour": 10.0, "minutes": 60, "capacity": 3}
        )  # fmt: skip
        slot = {"session_id": session.id, "service_id": service.id, "resource_id": doctor.resource_id.id,
                "start": session.start}  # fmt: skip
        visit = self.booking.book(slot, self._make_patient())
        self.env.flush_all()
        start = session.start
        self._decree()
        window = self._window()
        self.assertIn(
            session.id, window.line_ids.filtered(lambda one: one.kind == "session").mapped("res_id")
        )
        window.action_keep()
        self.env.invalidate_all()
        self.assertEqual(session.start, start - timedelta(hours=1))
        self.assertEqual(visit.start, session.start)
        self.assertEqual({claim.start for claim in session.claim_ids | visit.claim_ids}, {session.start})
        self.assertEqual((session.date, session.hour), (self._day(2), 10.0))

    def test_template_knows_its_shift(self):
        mark = self.env["clinic.shift.template"]._mark
        self.shift.made_as = mark(self.shift.start, self.shift.stop, self.shift._pattern_vals())
        self.env.flush_all()
        self._decree()
        self._window().action_keep()
        self.env.invalidate_all()
        self.assertFalse(self.shift._is_touched())

    def test_rows_cost_no_statements(self):
        """As many statements for ten visits as for three."""
        self._decree()
        with self.assertQueryCount(200) as few:
            self._window()
        counts = []
        for wanted in (0, 3):
            for n in range(wanted):
                self._make_shift(day=10 + n)
                self._book(day=10 + n)
            self.env.flush_all()
            self.env.cr.execute("UPDATE clinic_appointment SET clock_offset = 480")
            self.env.cr.execute("UPDATE clinic_shift SET clock_offset = 480, clock_offset_stop = 480")
            self.env.invalidate_all()
            window = self._window()
            before = self.env.cr.sql_log_count
            window.action_keep()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2, few)

    def test_zone_of_branch(self):
        """The zone was entered wrongly: set right, the visits are offered as well."""
        self.branch.tz = "Asia/Krasnoyarsk"
        self.env.flush_all()
        window = self._window()
        self.assertEqual({line.difference for line in window.line_ids}, {"−1:00"})
        window.action_keep()
        self.assertEqual(self._walls(), ["09:00", "09:30", "10:00"])

    def test_watch(self):
        branches = self.env["clinic.branch"]
        kind = self.env.ref("clinic_schedule.mail_activity_clock")
        branches._cron_watch_clocks()
        branches._cron_watch_clocks()
        self.assertFalse(self.branch.activity_ids)
        self._decree(day=30)
        branches._cron_watch_clocks()
        told = self.branch.activity_ids
        self.assertEqual(told.activity_type_id, kind)
        self.assertIn(self.admin, told.user_id)
        self.assertNotIn(self.registrar, told.user_id)
        self.assertIn(f"{self._day(30):%d.%m.%Y}", told[0].note)
        branches._cron_watch_clocks()
        self.assertEqual(self.branch.activity_ids, told, "told once")

    def test_health(self):
        self._decree(day=30)
        results = {one["name"]: one["ok"] for one in self.env["clinic.health"].check()}
        self.assertFalse(results["clock_rules"], "the database still follows the old rules")

    def test_rights(self):
        self._decree()
        with self.assertRaises(AccessError):
            self._window(self.registrar)
        nurse = self._make_user("t_clock_nurse", "senior_nurse")
        with self.assertRaises(AccessError):
            self._window(nurse)
        line = self._window().line_ids[0]
        with self.assertRaises(AccessError):
            line.with_user(self.admin).write({"res_id": 1})
        other = self._make_user("t_clock_other", "clinic_admin")
        company = self.env["res.company"].create({"name": "Another"})
        other.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        with self.assertRaises(AccessError):
            self._window(other)
