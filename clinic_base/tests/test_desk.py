# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
import time
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.http import root
from odoo.tests import tagged
from odoo.tests.common import HOST, JsonRpcException
from odoo.tools import mute_logger

from .common import ClinicCommon, ClinicHttpCommon

PIN, OTHER_PIN = "482913", "739105"
LOCKED = "odoo.http.SessionExpiredException"


@tagged("post_install", "-at_install")
class TestPin(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._make_user("t_desk_user", "registrar")
        cls.pins = cls.env["clinic.pin"]

    def setUp(self):
        super().setUp()
        self.registry_enter_test_mode()

    def test_weak_pins_are_refused(self):
        for pin in ("1", "12345", "123456", "987654", "111111", "121212", "12a456", "1" * 13, "12 456"):
            with self.subTest(pin), self.assertRaises(UserError):
                self.pins._set(self.user, pin)

    def test_the_pin_is_hashed_slowly_and_unreadable(self):
        self.pins._set(self.user, PIN)
        row = self.pins.search([("user_id", "=", self.user.id)])
        self.assertTrue(row.sudo().pin_hash.startswith("$pbkdf2-sha512$"))
        for role in ("registrar", "clinic_admin", "privacy_officer"):
            reader = self._make_user(f"t_reader_{role}", role)
            self.assertFalse(row.with_user(reader).has_access("read"))

    def test_wrong_pins_are_counted_and_end(self):
        self.pins._set(self.user, PIN)
        self.env.flush_all()
        answers = [self.pins._verify(self.user, "000000") for _turn in range(5)]
        self.assertEqual(answers, ["wrong"] * 4 + ["blocked"])
        self.assertEqual(self.pins._verify(self.user, PIN), "blocked", "even the right one now")
        self.pins._forgive(self.user)
        self.assertEqual(self.pins._verify(self.user, PIN), "ok")
        self.assertEqual(self.pins.search([("user_id", "=", self.user.id)]).failures, 0)

    def test_somebody_without_a_pin_costs_the_same_work(self):
        context = type(self.env["res.users"]._crypt_context())
        with patch.object(context, "verify", autospec=True, return_value=True) as verify:
            self.assertEqual(self.pins._verify(self.user, PIN), "blocked")
        self.assertEqual(verify.call_count, 1)


@tagged("post_install", "-at_install")
class TestDesk(ClinicHttpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._make_user("t_desk_user", "registrar")
        cls.other = cls._make_user("t_other_desk", "senior_nurse")
        cls.env["clinic.pin"]._set(cls.user, PIN)
        cls.env["clinic.pin"]._set(cls.other, OTHER_PIN)

    def _call(self, route, **params):
        return self.make_jsonrpc_request(f"/clinic/desk/{route}", params)

    def _read(self):
        params = {"model": "res.partner", "method": "search_count", "args": [[]], "kwargs": {}}
        return self.make_jsonrpc_request("/web/dataset/call_kw/res.partner/search_count", params)

    def _sid(self):
        return self.opener.cookies["session_id"]

    def _enter(self, user, secret, way="pin", token=None):
        token = token or self._call("state")["csrf_token"]
        return self._call("enter", user_id=user.id, secret=secret, way=way, csrf_token=token)

    def _sign_in(self, login):
        page = self.url_open("/web/login").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
        data = {"login": login, "password": login, "csrf_token": token, "redirect": "/odoo"}
        answer = self.url_open("/web/login", data=data, allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self._read()

    def assertLocked(self):
        with self.assertRaises(JsonRpcException) as caught, mute_logger("odoo.http"):
            self._read()
        self.assertIn(LOCKED, str(caught.exception))

    def test_a_locked_session_is_refused_everything_but_the_unlock(self):
        self.authenticate("t_desk_user", "t_desk_user")
        self.assertTrue(self._read())
        before = self._sid()
        answer = self._call("lock")
        self.assertTrue(answer["locked"])
        self.assertEqual([person["id"] for person in answer["people"]], self.user.ids)
        self.assertNotEqual(self._sid(), before, "a new identifier")
        self.assertLocked()
        for route in ("alive", "lock"):
            with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
                self._call(route)
        for path in ("/odoo", "/web"):
            answer = self.url_open(path, allow_redirects=False)
            self.assertIn("/clinic/desk/locked", answer.headers["Location"])
        attachment = self.env["ir.attachment"].create({"name": "x", "raw": b"secret"})
        self.assertNotIn("secret", self.url_open(f"/web/content/{attachment.id}").text)
        locked = self._sid()
        answer = self._enter(self.user, PIN)
        self.assertEqual((answer["answer"], answer["uid"]), ("ok", self.user.id))
        self.assertNotEqual(self._sid(), locked)
        self.assertTrue(self._read())
        # the identifier of before is worth nothing
        jar = self.opener.cookies
        for cookie in [cookie for cookie in jar if cookie.name == "session_id"]:
            jar.clear(cookie.domain, cookie.path, cookie.name)
        jar.set("session_id", before, domain=HOST, path="/")
        self.assertLocked()

    def test_wrong_pin_is_counted_and_noted(self):
        self.authenticate("t_desk_user", "t_desk_user")
        self._read()
        self._call("lock")
        for _turn in range(4):
            self.assertEqual(self._enter(self.user, "000000")["answer"], "wrong")
        self.assertEqual(self._enter(self.user, "000000")["answer"], "blocked")
        self.assertEqual(self._enter(self.user, PIN)["answer"], "blocked")
        self.assertLocked()
        rows = self.env["clinic.access.event"].search([("action", "=", "unlock_failed")], limit=6)
        self.assertEqual(set(rows.mapped("user_ref")), set(self.user.ids))
        self.assertEqual(len(rows), 6)
        with mute_logger("odoo.addons.base.models.res_users"):
            self.assertEqual(self._enter(self.user, "wrong", "password")["answer"], "wrong")
        self.assertEqual(self._enter(self.user, "t_desk_user", "password")["answer"], "ok")
        self._call("lock")
        self.assertEqual(self._enter(self.user, PIN)["answer"], "ok", "the password started the count anew")

    def test_a_pin_serves_only_who_has_signed_in_here(self):
        self.authenticate("t_desk_user", "t_desk_user")
        self._read()
        self._call("lock")
        self.assertEqual(self._enter(self.other, OTHER_PIN)["answer"], "login")
        self._sign_in("t_other_desk")
        names = [person["id"] for person in self._call("lock")["people"]]
        self.assertEqual(names, [self.other.id, self.user.id])
        self.assertEqual(self._enter(self.user, PIN)["uid"], self.user.id)
        self._call("lock")
        # a changed password ends it
        self.other.password = "Another-password-1"
        self.env.flush_all()
        self.assertEqual(self._enter(self.other, OTHER_PIN)["answer"], "login")
        self.user.active = False
        self.assertEqual(self._enter(self.user, PIN)["answer"], "login")

    def test_the_sign_in_grows_old(self):
        self.authenticate("t_desk_user", "t_desk_user")
        self._read()
        self._call("lock")
        session = root.session_store.get(self._sid())
        people = session["clinic_people"]
        people[str(self.user.id)]["at"] -= 13 * 3600
        session["clinic_people"] = people
        root.session_store.save(session)
        self.assertEqual(self._call("state")["people"], [])
        self.assertEqual(self._enter(self.user, PIN)["answer"], "login")

    def test_the_server_locks_an_idle_session_by_itself(self):
        self.authenticate("t_desk_user", "t_desk_user")
        self._read()
        session = root.session_store.get(self._sid())
        self.assertEqual(session["clinic_idle"], self.company.clinic_idle_minutes)
        session["clinic_seen"] -= 15 * 60 + 60
        root.session_store.save(session)
        # a route that writes: in a test the journal's own cursor is not opened from a reading one
        with self.assertRaises(JsonRpcException) as caught, mute_logger("odoo.http"):
            self._call("alive")
        self.assertIn(LOCKED, str(caught.exception))
        self.assertLocked()
        self.assertTrue(self._call("state")["locked"])
        self.assertEqual(self._enter(self.user, PIN)["answer"], "ok")
        self.assertTrue(self._read())

    def test_another_site_cannot_unlock(self):
        self.authenticate("t_desk_user", "t_desk_user")
        self._read()
        self._call("lock")
        for token in ("", "0o99999999999"):
            with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
                self._enter(self.user, PIN, token=token or " ")
        data = {"user_id": self.user.id, "secret": PIN, "way": "pin"}
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open("/clinic/desk/locked", data=data).status_code, 400)
        self.assertLocked()

    def test_the_page_without_scripts(self):
        self.authenticate("t_desk_user", "t_desk_user")
        self._read()
        self._call("lock")
        page = self.url_open("/clinic/desk/locked?redirect=//evil.example/x").text
        # the site repeats the address of the page in its head; what leads on is the field and the link
        self.assertEqual(set(re.findall(r'name="redirect" value="([^"]*)"', page)), {"/odoo"})
        self.assertIn('href="/web/login?redirect=/odoo"', page)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
        data = {"user_id": self.user.id, "way": "pin", "csrf_token": token, "redirect": "/odoo"}
        page = self.url_open("/clinic/desk/locked", data={**data, "secret": "000000"}).text
        self.assertIn('role="alert"', page)
        answer = self.url_open("/clinic/desk/locked", data={**data, "secret": PIN}, allow_redirects=False)
        self.assertTrue(answer.headers["Location"].endswith("/odoo"))
        self.assertTrue(self._read())

    def test_the_own_pin_needs_the_password(self):
        self.authenticate("t_desk_user", "t_desk_user")
        token = self._call("state")["csrf_token"]
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self._call("pin", password="wrong", pin=OTHER_PIN, csrf_token=token)
        self.assertTrue(self._call("pin", password="t_desk_user", pin=OTHER_PIN, csrf_token=token))
        self._call("lock")
        self.assertEqual(self._enter(self.user, OTHER_PIN)["answer"], "ok")

    def test_tour(self):
        address = "/odoo/patients/new"
        self.start_tour(address, "clinic_desk_lock", login="t_desk_user", timeout=120)

    def test_a_colleague_takes_over(self):
        """Both have signed in here today; the second comes by PIN and gets a page of her own."""
        desk = self.env["clinic.desk"]
        people = {
            str(user.id): {"at": int(time.time()), "token": desk._token(user.sudo())}
            for user in (self.user, self.other)
        }
        signed_in = self.authenticate

        def authenticate(*arguments, **options):
            return signed_in(*arguments, **options, session_extra={"clinic_people": people})

        self.patch(self, "authenticate", authenticate)
        self.start_tour("/odoo/patients/new", "clinic_desk_switch", login="t_desk_user", timeout=120)
        event = self.env["clinic.access.event"].search([("action", "=", "lock")], limit=1)
        self.assertEqual(event.user_ref, self.user.id)
        cards = self.env["res.partner"].with_context(active_test=False)
        found = cards.search([("family_name", "=", "Недописанная")])
        self.assertFalse(found, "what the first had typed is not saved in the name of the second")
