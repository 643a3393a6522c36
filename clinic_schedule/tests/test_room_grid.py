# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ScheduleCommon


@tagged("post_install", "-at_install")
class TestRoomGrid(ScheduleCommon):
    """Who sits where: bars, double rooms, closed and free time on the clock of the branch."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nurse = cls._make_user("t_grid_nurse", "senior_nurse")
        cls.day = cls._day(10)
        cls.other = cls._make_practitioner(branches=cls.branch, services=cls.service)

    def _load(self, user=None, **params):
        params = {"date": self.day.isoformat(), "branch_id": self.branch.id, **params}
        return self.env["clinic.room.grid"].with_user(user or self.nurse).load(params)

    def _room(self, data, room=None):
        return next(row for row in data["rooms"] if row["id"] == (room or self.room).id)

    def test_a_day(self):
        self._make_shift(day=self.day, room_id=self.room.id)
        self._make_shift(self.other, day=self.day, minute_from=660, minute_to=840, room_id=self.room.id)
        self._make_shift(self._make_practitioner(branches=self.branch), day=self.day)
        self.env["clinic.absence"].create(
            {
                "resource_id": self.room.resource_id.id,
                "start": self._at(self.day, 900),
                "stop": self._at(self.day, 930),
                "kind": "disinfection",
                "board_text": "UV",
            }
        )
        data = self._load()
        day = self._room(data)["days"][0]
        self.assertEqual([(b["start"], b["stop"], b["lane"], b["double"]) for b in day["bars"]], [
            (540, 720, 0, True), (660, 840, 1, True),
        ])  # fmt: skip
        self.assertEqual(day["closed"], [{"start": 900, "stop": 930, "text": "UV"}])
        self.assertEqual(
            [(gap["start"], gap["stop"]) for gap in day["free"]], [(480, 540), (840, 900), (930, 1200)]
        )
        self.assertEqual(len(data["without_room"]), 1)

    def test_a_week_and_midnight(self):
        self._make_shift(day=self.day, minute_from=1320, minute_to=1560, room_id=self.room.id)
        data = self._load(mode="week")
        self.assertEqual(len(data["dates"]), 7)
        monday = self.day - timedelta(days=self.day.weekday())
        self.assertEqual(data["dates"][0], monday.isoformat())
        bars = self._room(data)["days"][self.day.weekday()]["bars"]
        self.assertEqual([(bar["start"], bar["stop"]) for bar in bars], [(1320, 1440)])
        next_day = self._load(date=(self.day + timedelta(days=1)).isoformat())
        self.assertEqual(self._room(next_day)["days"][0]["bars"][0]["stop"], 120)
        self.assertEqual(next_day["first"], 0)

    def test_a_room_that_leads_itself(self):
        self._make_shift(self.room, day=self.day)
        self.assertEqual(len(self._room(self._load())["days"][0]["bars"]), 1)

    def test_rights_and_bad_input(self):
        with self.assertRaises(AccessError):
            self._load(self._make_user("t_grid_market", "marketer"))
        with self.assertRaisesRegex(UserError, "no such day"):
            self._load(date="2026-13-45")
        company = self._make_company()
        far = self._make_user("t_grid_far", "senior_nurse", company_id=company.id, company_ids=company.ids)
        with self.assertRaisesRegex(UserError, "no branch"):
            self._load(far)

    def test_queries(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._load(mode="week")
            return self.env.cr.sql_log_count - before

        self._make_shift(day=self.day, room_id=self.room.id)
        count()
        few = count()
        for number in range(6):
            room = self._make_room(self.branch)
            doctor = self._make_practitioner(branches=self.branch)
            self._make_shift(doctor, day=self.day - timedelta(days=number % 3), room_id=room.id)
        self.assertLessEqual(count(), few)
        self.assertLessEqual(few, 16)
