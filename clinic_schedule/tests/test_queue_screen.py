# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .day_common import DayHttpCommon


@tagged("post_install", "-at_install")
class TestQueueScreen(DayHttpCommon):
    """The screen on the wall, as a television sees it: without a login."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patient.write({"family_name": "Verysecretova", "given_name": "Zinaida"})
        cls.visit = cls._visit(0)
        cls.screen = cls.env["clinic.queue.screen"].create({"name": "Hall", "branch_id": cls.branch.id})

    def _get(self, screen=None, path="", token=None):
        self.env.flush_all()
        token = token or (screen or self.screen).token
        return self.url_open(f"/clinic/screen/{token}{path}")

    def _numbers(self, screen=None):
        answer = self._get(screen, "/numbers")
        self.assertEqual(answer.status_code, 200)
        return answer.json()

    def test_a_number_is_called_to_a_room(self):
        if self.visit.local_date != self.today:
            self.skipTest("the day has just changed")
        self.assertEqual(self._numbers(), {"called": [], "waiting": [], "delays": []})
        self.visit.action_arrive()
        self.assertEqual(self._numbers()["waiting"], ["А-001"])
        self.visit.action_call()
        numbers = self._numbers()
        called = numbers["called"][0]
        self.assertEqual((called["number"], called["room"]), ("А-001", self.room.name))
        self.assertFalse(numbers["waiting"])
        self.visit._write_guarded({"called_at": fields.Datetime.now() + timedelta(seconds=1)})
        self.assertNotEqual(self._numbers()["called"][0]["mark"], called["mark"], "a new call shines anew")
        self.visit.action_start()
        self.assertFalse(self._numbers()["called"], "who has come in leaves the screen")

    def test_no_names_anywhere(self):
        self.visit.action_arrive()
        self.visit.action_call()
        self.env["clinic.delay"]._say(self.practitioner, self.today, 15)
        words = [
            "Verysecretova", "Zinaida", self.practitioner.name, self.practitioner.short_name,
            self.service.name, self.visit.number,
        ]  # fmt: skip
        for path in ("", "/numbers"):
            text = self._get(path=path).text
            for word in words:
                self.assertNotIn(word, text)
        self.assertEqual(
            {key for row in self._numbers()["called"] for key in row}, {"number", "room", "mark"}
        )

    def test_headers(self):
        for path in ("", "/numbers"):
            headers = self._get(path=path).headers
            self.assertEqual(headers["Cache-Control"], "no-store")
            self.assertEqual(headers["Referrer-Policy"], "no-referrer")
            self.assertIn("noindex", headers["X-Robots-Tag"])
            self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
        self.assertNotIn(self.screen.token, self._get().text, "the page does not repeat its address")

    def test_wrong_revoked_and_expired_look_alike(self):
        old = self.screen.token
        page = self._get().text
        self.screen.action_new_token()
        self.assertNotEqual(self.screen.token, old)
        gone = self.env["clinic.queue.screen"].create({"name": "Old hall", "branch_id": self.branch.id})
        gone.active = False
        late = self.env["clinic.queue.screen"].create(
            {"name": "Late hall", "branch_id": self.branch.id, "last_day": self.today - timedelta(days=1)}
        )
        answers = set()
        for token in (old, gone.token, late.token, "x" * 32, "short", "%00", "a" * 500):
            answer = self._get(token=token)
            self.assertEqual(answer.status_code, 404, token)
            answers.add(answer.text)
            data = self._get(token=token, path="/numbers")
            self.assertEqual((data.status_code, data.json()), (404, {}))
        self.assertEqual(len(answers), 1)
        self.assertNotIn(self.branch.name, answers.pop())
        self.assertIn(self.branch.name, page)
        self.assertEqual(self._get().status_code, 200, "the new address works")

    def test_a_hall_shows_its_rooms(self):
        room = self._make_room(self.branch, name="Room 2")
        other = self.env["clinic.queue.screen"].create(
            {"name": "Second floor", "branch_id": self.branch.id, "room_ids": room.ids}
        )
        self.visit.action_arrive()
        self.visit.action_call()
        self.assertFalse(self._numbers(other)["called"])
        foreign = self.env["clinic.queue.screen"].create(
            {"name": "Elsewhere", "branch_id": self._make_branch().id}
        )
        self.assertFalse(self._numbers(foreign)["called"])

    def test_delay_by_room(self):
        self.env["clinic.delay"]._say(self.practitioner, self.shift_today.local_date, 20)
        if self.shift_today.local_date == self.today:
            self.assertEqual(self._numbers()["delays"], [{"room": self.room.name, "minutes": 20}])
        self.env["clinic.delay"]._say(self.practitioner, self.shift_today.local_date, 0)
        self.assertFalse(self._numbers()["delays"])

    def test_rights(self):
        for role in ("registrar", "doctor", "head_doctor", "director", "external_caller"):
            screens = self.screen.with_user(self.users[role])
            with self.assertRaises(AccessError):
                screens.read(["token"])
            with self.assertRaises(AccessError):
                screens.action_new_token()
        nurse = self.screen.with_user(self.users["senior_nurse"])
        token = nurse.token
        nurse.write({"token": "chosen-by-a-client-0123456789abcd"})
        self.assertEqual(nurse.token, token, "only the server makes addresses")
        made = nurse.create({"name": "Hall 2", "branch_id": self.branch.id, "token": "a" * 32})
        self.assertNotEqual(made.token, "a" * 32)
        self.assertEqual(len(made.token), 32)
