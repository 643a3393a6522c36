# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import PortalHttpCommon

PUBLIC_METHODS = {
    "search_slots", "find_alternatives", "hold", "release", "book", "reschedule", "cancel", "confirm", "undo",
    "log_event",
}  # fmt: skip
REFUSALS = {"UserError", "AccessError", "SessionExpiredException"}


@tagged("post_install", "-at_install")
class TestBookingService(PortalHttpCommon):
    """Every public method of ``clinic.booking`` called from outside, past the pages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._make_portal_user()
        cls.me = cls.user.partner_id
        cls.me.write({"is_patient": True, "birth_date": "1990-01-02"})
        cls.child = cls._make_patient(given_name="Ivan", birth_date="2018-03-04")
        cls.env["clinic.relation"].create(
            {"patient_id": cls.child.id, "actor_id": cls.me.id, "kind": "mother"}
        )
        cls.other = cls._make_patient()
        cls.mine = cls._book(cls.me, 0)
        cls.others = cls._book(cls.other, 1)

    def setUp(self):
        super().setUp()
        self.authenticate("t_portal", "t_portal")

    def _wish(self, number):
        """The start number ``number`` as a robot would send it."""
        start = self.shift.start + timedelta(minutes=30 * number)
        return {
            "service_id": self.service.id,
            "resource_id": self.practitioner.resource_id.id,
            "start": fields.Datetime.to_string(start),
        }

    def _answer(self, method, *args, **kwargs):
        params = {"model": "clinic.booking", "method": method, "args": args, "kwargs": kwargs}
        call = {"id": 0, "jsonrpc": "2.0", "method": "call", "params": params}
        self.env.flush_all()
        answer = self.opener.post(f"{self.base_url()}/web/dataset/call_kw", json=call, timeout=30).json()
        self.env.invalidate_all()
        return answer

    def _call(self, method, *args, **kwargs):
        answer = self._answer(method, *args, **kwargs)
        self.assertNotIn("error", answer)
        return answer.get("result")

    def _refused(self, words, method, *args, **kwargs):
        """A refusal is a sentence: no breakdown, nothing of the inside."""
        with mute_logger("odoo.http"):
            answer = self._answer(method, *args, **kwargs)
        data = answer.get("error", {}).get("data", {})
        self.assertRegex(data.get("message", ""), words)
        self.assertIn(data["name"].rpartition(".")[2], REFUSALS)

    def _unchanged(self):
        for visit, number in ((self.mine, 0), (self.others, 1)):
            self.assertEqual(visit.state, "booked")
            self.assertEqual(visit.start, self.shift.start + timedelta(minutes=30 * number))
        self.assertEqual(self._visits("booked", "confirmed", "held"), self.others | self.mine)

    def test_the_list_of_methods_is_complete(self):
        model = self.env["clinic.booking"]
        ours = [cls for cls in type(model).__mro__ if cls.__module__.startswith("odoo.addons.clinic_")]
        names = {name for cls in ours for name in vars(cls) if callable(getattr(cls, name))}
        self.assertEqual({name for name in names if not name.startswith("_")}, PUBLIC_METHODS)

    def test_without_an_account(self):
        self.authenticate(None, None)
        slot = self._wish(3)
        for method, args in (
            ("search_slots", [self.service.id]),
            ("find_alternatives", [slot]),
            ("hold", [slot, "token-of-a-robot"]),
            ("release", ["token-of-a-robot"]),
            ("book", [slot, self.other.id, None, "site"]),
            ("reschedule", [self.others.id, slot]),
            ("cancel", [self.others.id]),
            ("confirm", [self.others.id]),
            ("undo", [self.others.id]),
            ("log_event", ["opened"]),
        ):
            with self.subTest(method=method):
                self._refused("[Ss]ession", method, *args)
        self._unchanged()

    def test_own(self):
        self._consent(self.me)
        slots = self._call("search_slots", self.service.id, channel="site", patient=self.me.id)
        self.assertIn(self._wish(3)["start"], [slot["start"] for slot in slots])
        self.assertTrue(self._call("find_alternatives", self._wish(1), channel="site"))
        self.assertTrue(self._call("log_event", "opened"))
        self._call("hold", self._wish(3), "token-of-a-robot", self.me.id)
        held = self._visits("held")
        self.assertEqual((held.patient_id, held.channel), (self.me, "site"))
        self._call("release", "token-of-a-robot")
        self.assertFalse(self._visits("held"))
        self._call("book", self._wish(3), self.me.id, channel="site")
        booked = self._visits()[:1]
        self.assertEqual((booked.patient_id, booked.channel), (self.me, "site"))
        self._call("reschedule", booked.id, self._wish(4))
        self.assertEqual(booked.start, self.shift.start + timedelta(hours=2))
        self._call("confirm", booked.id, "reception")
        self.assertEqual(booked.state, "confirmed")
        self.assertEqual(booked.journal_ids.sorted("id")[-1].channel, "site")
        self._refused("staff", "undo", booked.id)
        self._call("cancel", booked.id)
        self.assertEqual(booked.state, "cancelled_patient")

    def test_others(self):
        self._consent(self.other)
        slot = self._wish(3)
        for method, args in (
            ("search_slots", [self.service.id, None, None, None, None, None, "site", self.other.id]),
            ("find_alternatives", [slot, 3, "site", self.other.id]),
            ("hold", [slot, "token-of-a-robot", self.other.id]),
            ("book", [slot, self.other.id, None, "site"]),
            ("reschedule", [self.others.id, slot]),
            ("cancel", [self.others.id]),
            ("confirm", [self.others.id]),
            ("undo", [self.others.id]),
        ):
            with self.subTest(method=method):
                self._refused("no such patient|have 'read' access", method, *args)
        self._unchanged()

    def test_channels_of_others(self):
        slot = self._wish(3)
        self._consent(self.me)
        for channel in ("reception", "import", "bot", "api"):
            self._refused("channel|Access", "book", slot, self.me.id, None, channel)
            self._refused("channel|Access", "reschedule", self.mine.id, slot, None, channel)
        self._unchanged()

    def test_hold_of_another(self):
        token = "token-of-another"
        self.env["clinic.booking"].hold(self._wish_live(3), token)
        held = self._visits("held")
        self._consent(self.me)
        self._refused("token", "release", token)
        self._refused("token", "hold", self._wish(4), token)
        self._refused("token", "book", self._wish(3), self.me.id, token, "site")
        self.assertEqual(self._visits("held"), held)

    def _wish_live(self, number):
        wish = self._wish(number)
        return {**wish, "start": fields.Datetime.to_datetime(wish["start"])}

    def test_late(self):
        self.env["ir.config_parameter"].set_param("clinic_portal.change_hours", "72")
        self._refused("too late", "reschedule", self.mine.id, self._wish(4))
        self._refused("too late", "cancel", self.mine.id)
        self._unchanged()
        # "I will come" is welcome until the visit begins
        self._call("confirm", self.mine.id)
        self.assertEqual(self.mine.state, "confirmed")

    def test_begun(self):
        with freeze_time(self.mine.start + timedelta(minutes=1)):
            for method in ("cancel", "confirm"):
                self._refused("has come", method, self.mine.id)
        self._unchanged()

    def test_without_consent(self):
        for patient in (self.me, self.child):
            self._refused("consent", "book", self._wish(3), patient.id, None, "site")
        self._call("hold", self._wish(3), "token-of-a-robot")
        self._refused("consent", "book", self._wish(3), self.me.id, "token-of-a-robot", "site")
        self._call("release", "token-of-a-robot")
        self._unchanged()
        self._consent(self.child)
        self._refused("consent", "book", self._wish(3), self.me.id, None, "site")
        self._call("book", self._wish(3), self.child.id, None, "site")
        self.assertEqual(self._visits()[:1].patient_id, self.child)

    def test_too_many_visits(self):
        self._consent(self.me)
        self.env["ir.config_parameter"].set_param("clinic_portal.visits_per_phone", "1")
        self._call("book", self._wish(3), self.me.id, None, "site")
        self._refused("already booked", "book", self._wish(4), self.me.id, None, "site")
        self.assertEqual(len(self._visits()), 3)

    def test_too_many_holds(self):
        self.env["ir.config_parameter"].set_param("clinic_portal.holds_per_visitor", "3")
        for number in range(3):
            context = {"clinic_visitor": f"another browser {number}"}
            self._call("hold", self._wish(3 + number), "token-of-a-robot", context=context)
        self._refused("Too many times", "hold", self._wish(7), "token-of-a-robot")
        context = {"clinic_visitor": "x"}
        self._refused("Too many times", "hold", self._wish(7), "another-token", context=context)
        self.assertEqual(self._visits("held").start, self.shift.start + timedelta(minutes=150))

    def test_long_holds(self):
        self.env["ir.config_parameter"].set_param("clinic_portal.hold_minutes", "5")
        self._refused("at most 5 minutes", "hold", self._wish(3), "token-of-a-robot", None, 60)
        self._call("hold", self._wish(3), "token-of-a-robot")
        left = self._visits("held").hold_expires_at - fields.Datetime.now()
        self.assertLessEqual(left, timedelta(minutes=5))

    def test_pages_of_the_account_meet_the_same_rules(self):
        """The page acts as superuser on what it has checked; the service still asks."""
        booking = self.env["clinic.portal.catalogue"].with_user(self.user)._booking()
        self.assertTrue(booking.env.su)
        with self.assertRaisesRegex(UserError, "consent"):
            booking.book(self._wish_live(3), self.me, channel="site")
        self.env["ir.config_parameter"].set_param("clinic_portal.change_hours", "72")
        for change in (
            lambda: booking.cancel(self.mine, channel="site"),
            lambda: booking.reschedule(self.mine, self._wish_live(4), channel="site"),
        ):
            with self.assertRaisesRegex(UserError, "too late"):
                change()
        self._unchanged()
