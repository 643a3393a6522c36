# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .day_common import DayCommon, DayHttpCommon


class FeedCase:
    @classmethod
    def _feed(cls, **vals):
        return cls.env["clinic.calendar.feed"].create({"resource_id": cls.resource.id, **vals})

    @classmethod
    def _address(cls, feed):
        """The path of the address, which is shown only once."""
        url = feed.action_new_address()["context"]["default_url"]
        return url[url.index("/clinic/calendar/") :]


@tagged("post_install", "-at_install")
class TestCalendarFeed(FeedCase, DayCommon):
    def test_each_doctor_has_only_the_own_one(self):
        other = self._make_practitioner()
        feeds = self.env["clinic.calendar.feed"]
        own = feeds.with_user(self.users["doctor"]).create({"resource_id": self.resource.id})
        self.assertTrue(self._address(own))
        self.assertTrue(own.has_address)
        own.action_revoke()
        self.assertFalse(own.has_address)
        foreign = self._feed(resource_id=other.resource_id.id)
        with self.assertRaises(AccessError):
            feeds.with_user(self.users["doctor"]).create({"resource_id": other.resource_id.id})
        with self.assertRaises(AccessError):
            own.resource_id = other.resource_id
        with self.assertRaises(AccessError):
            foreign.with_user(self.users["doctor"]).action_new_address()
        self.assertEqual(feeds.with_user(self.users["doctor"]).search([]), own)
        self.assertLessEqual(own | foreign, feeds.with_user(self.users["senior_nurse"]).search([]))

    def test_nobody_else(self):
        for role in ("registrar", "external_caller", "marketer", "director"):
            self.assertFalse(
                self.env["clinic.calendar.feed"].with_user(self.users[role]).has_access("read"), role
            )

    def test_the_secret_is_not_stored_and_not_read(self):
        feed = self._feed()
        token = self._address(feed).rsplit("/", 1)[1].removesuffix(".ics")
        self.assertNotIn(token, feed.token_hash)
        self.assertEqual(len(token), 43)
        for role in ("doctor", "senior_nurse"):
            with self.assertRaises(AccessError):
                feed.with_user(self.users[role]).read(["token_hash"])
        self.assertEqual(self.env["clinic.calendar.feed"]._by_token(token), feed)
        self._address(feed)
        self.assertFalse(self.env["clinic.calendar.feed"]._by_token(token))

    def test_an_empty_one_is_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env["clinic.calendar.feed"].create({})

    def test_bounded_statements(self):
        feed = self._feed(show="service")
        self._visit(15)
        feed.sudo()._text()
        few = self._statements(feed)
        for minutes in (60, 90, 120, 150):
            self._visit(minutes, patient=self._make_patient())
        self.assertEqual(self._statements(feed), few)

    def _statements(self, feed):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        feed.sudo()._text()
        return self.env.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestCalendarFeedPage(FeedCase, DayHttpCommon):
    def test_a_phone_fetches_it(self):
        visit = self._visit(30)
        gone = self._visit(120)
        self.env["clinic.booking"].cancel(gone, "clinic")
        feed = self._feed(show="service")
        path = self._address(feed)
        answer = self.url_open(path)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.headers["Content-Type"], "text/calendar; charset=utf-8")
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        text = answer.text.replace("\r\n ", "")
        self.assertEqual(text.count("BEGIN:VEVENT"), 1)
        self.assertIn(f"DTSTART:{visit.start:%Y%m%dT%H%M%SZ}", text)
        self.assertIn(visit.number, text)
        for secret in (self.patient.family_name, self.patient.given_name, self.patient.phone or "+7"):
            self.assertNotIn(secret, text)
        self.assertTrue(feed.read_at)

    def test_busy_says_nothing_more(self):
        visit = self._visit(30)
        text = self.url_open(self._address(self._feed())).text.replace("\r\n ", "")
        self.assertNotIn(visit.service_id.name, text)
        self.assertNotIn(visit.number, text)

    def test_a_room_and_a_branch(self):
        self._visit(30)
        by_branch = self._feed(resource_id=False, branch_id=self.branch.id)
        self.assertIn(
            self.practitioner.name, self.url_open(self._address(by_branch)).text.replace("\r\n ", "")
        )
        by_room = self._feed(resource_id=self.room.resource_id.id)
        self.assertIn("BEGIN:VEVENT", self.url_open(self._address(by_room)).text)
        empty = self._feed(resource_id=self._make_room(self.branch).resource_id.id)
        self.assertNotIn("BEGIN:VEVENT", self.url_open(self._address(empty)).text)

    def test_dead_addresses_look_alike(self):
        feed = self._feed()
        path = self._address(feed)
        new = self._address(feed)
        feed.last_day = fields.Date.today() - timedelta(days=2)
        expired = new
        archived = self._feed()
        third = self._address(archived)
        archived.active = False
        wrong = f"/clinic/calendar/{'a' * 43}.ics"
        for dead in (path, expired, third, wrong, "/clinic/calendar/x.ics"):
            with mute_logger("odoo.http"):
                self.assertEqual(self.url_open(dead).status_code, 404, dead)
