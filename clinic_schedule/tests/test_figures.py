# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .report_common import ReportCommon

HOUR = timedelta(hours=1)
#: Numbers of the small week below: value, count, base.
EXPECTED = {
    "booked": (3, 3, None),
    "online": (66.7, 2, 3),
    "site_time": (1.5, 1.5, 2),
    "desk_time": (0.5, 0.5, 1),
    "lead": (1, 1, 4),
    "confirmed": (50.0, 1, 2),
    "no_show": (33.3, 1, 3),
    "cancelled": (25.0, 1, 4),
    "refused": (25.0, 1, 4),
    "mistakes": (33.3, 1, 3),
    "unconfirmed": (66.7, 2, 3),
    "refilled": (0.0, 0, 1),
    "reaction": (None, None, 0),
    "load": (16.7, 2 / 3, 4),
}


class FiguresCase(ReportCommon):
    """One week in a branch of its own, every number of which can be counted by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.place = cls.env["clinic.branch"].create({"name": "Counted", "tz": "Asia/Irkutsk"})
        cls.first, cls.last = cls._day(-8), cls._day(-2)
        cls._make_shift(day=cls._day(-5), minute_from=540, minute_to=780, branch=cls.place)
        for kind, channel, seconds in (
            ("booked", "site", 60),
            ("booked", "site", 120),
            ("booked", "phone", 30),
            ("booked", "import", 1),
            ("refused", "site", 0),
        ):
            cls._event(cls._at(-4, 600, cls.place), kind, channel, seconds)
        cls._event(cls._at(-10, 600, cls.place), "booked", "phone", 30)
        start = cls._at(-5, 540, cls.place)
        came = cls._story(start, "done", timedelta(days=3))
        cls._journal(came, "confirmed", start - 26 * HOUR)
        cls._story(start + HOUR, "no_show", timedelta(days=2))
        cls._story(start + 2 * HOUR, "arrived", HOUR)
        gone = cls._story(start + 3 * HOUR, "cancelled_patient", HOUR)
        cls._journal(
            gone,
            "cancelled",
            start + 2 * HOUR,
            state_from="booked",
            before=gone._snapshot(),
            reason_id=cls.env.ref("clinic_schedule.reason_cancel_registry_error").id,
        )

    @classmethod
    def _event(cls, at, kind, channel, seconds):
        cls.env["clinic.booking.event"].create(
            {
                "at": at,
                "kind": kind,
                "channel": channel,
                "branch_id": cls.place.id,
                "duration_ms": 1000 * seconds,
            }
        )

    @classmethod
    def _story(cls, start, state, ahead):
        visit = cls._make_visit(start, minutes=20, state=state, branch=cls.place)
        cls._journal(visit, "booked", start - ahead)
        return visit


@tagged("post_install", "-at_install")
class TestFigures(FiguresCase):
    def _load(self, **params):
        period = {"date_from": str(self.first), "date_to": str(self.last), "branch_id": self.place.id}
        return self.env["clinic.figures"].load({**period, **params})

    def test_every_number(self):
        data = self._load()
        self.assertEqual(data["previous_to"], str(self._day(-9)))
        found = {row["key"]: (row["value"], row["count"], row["base"]) for row in data["figures"]}
        for key, (value, count, base) in EXPECTED.items():
            with self.subTest(figure=key):
                self.assertEqual(found[key][0], value)
                self.assertAlmostEqual(float(found[key][1] or 0), count or 0)
                self.assertEqual(found[key][2] or 0, base or 0)
        self.assertEqual(found.keys() - EXPECTED.keys(), {"conversion"}, "a figure that nobody checks")
        booked = next(row for row in data["figures"] if row["key"] == "booked")
        self.assertEqual((booked["previous"], booked["branches"][0]["previous"]), (1, 1))

    def test_a_day_belongs_to_the_calendar_of_the_branch(self):
        """The last minute of the last day counts, the first of the next one does not: by the clock there."""

        def refused():
            return next(row for row in self._load()["figures"] if row["key"] == "refused")["count"]

        self._event(self._at(self.last, 1439, self.place), "refused", "site", 0)
        self.assertEqual(refused(), 2)
        self._event(self._at(self.last, 1440, self.place), "refused", "site", 0)
        self.assertEqual(refused(), 2)

    def test_questions_do_not_grow_with_branches(self):
        def questions():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._load(branch_id=False)
            return self.env.cr.sql_log_count - before

        questions()  # words and rights are read once
        few = questions()
        self.env["clinic.branch"].create([{"name": f"More {n}", "tz": "Asia/Tokyo"} for n in range(5)])
        self.assertLessEqual(questions(), few + 1)
        self.assertLessEqual(few, 14)


@tagged("post_install", "-at_install")
class TestFiguresDigest(FiguresCase):
    """Monday 8:00 in Irkutsk is Monday 0:00 UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cast = cls._make_cast()
        cls.director = cls.cast["director"]
        cls.director.email = "director@example.com"
        with freeze_time("2026-06-03 12:00:00"):
            cls.digest = cls.env["clinic.figures.digest"].create(
                {"user_ids": [(6, 0, cls.director.ids)], "branch_ids": [(6, 0, cls.place.ids)]}
            )

    def _mails(self):
        return self.env["mail.mail"].search([("recipient_ids", "in", self.director.partner_id.ids)])

    def _run(self, moment):
        """What the scheduled action does at a moment; how many letters there are then."""
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref("clinic_schedule.ir_cron_figures_digest").method_direct_trigger()
        return len(self._mails())

    def test_once_a_week_at_the_hour_of_the_branch(self):
        self.assertEqual(str(self.digest.sent_until), "2026-05-31")
        for moment, letters in (
            ("2026-06-06 12:00:00", 0),  # Saturday
            ("2026-06-07 23:59:00", 0),  # Monday 07:59 there
            ("2026-06-08 00:00:00", 1),  # Monday 08:00 there
            ("2026-06-08 00:30:00", 1),
            ("2026-06-14 23:00:00", 1),
            ("2026-06-17 09:00:00", 2),  # the server was down on Monday
            ("2026-06-30 09:00:00", 3),  # and for a whole week: only the last one is told
        ):
            with self.subTest(moment=moment):
                self.assertEqual(self._run(moment), letters)
        self.assertEqual(str(self.digest.sent_until), "2026-06-28")
        self.assertIn("22.06.2026 – 28.06.2026", self._mails()[0].subject)

    def test_another_day_sends_no_week_twice(self):
        self._run("2026-06-08 00:00:00")
        self.digest.weekday = "3"
        self.assertEqual(self._run("2026-06-09 12:00:00"), 1)
        self.assertEqual(self._run("2026-06-10 23:00:00"), 1)
        self.assertEqual(self._run("2026-06-11 00:00:00"), 2)
        self.assertEqual(str(self.digest.sent_until), "2026-06-10")

    def test_the_letter_has_the_numbers_of_the_page(self):
        body = str(self.digest._body(self.director, self.last))
        for text in ("66.7 %", "33.3 %", "25 %", "1.5 min", "1 d", "Booked online", "better"):
            self.assertIn(text, body)
        self.assertNotIn(self.patient.family_name, body)

    def test_who_lost_the_right_gets_nothing(self):
        self.assertFalse(self.digest.unreached)
        self.director.group_ids -= self.env.ref("clinic_base.group_clinic_director")
        self.assertEqual(self.digest.unreached, self.director.name)
        self.assertEqual(self._run("2026-06-08 00:00:00"), 0)
        self.assertEqual(str(self.digest.sent_until), "2026-06-07", "and is not tried every half an hour")

    def test_nobody_gets_numbers_of_branches_that_he_does_not_see(self):
        company = self._make_company()
        stranger = self._make_user(
            "t_other_director",
            "director",
            company_id=company.id,
            company_ids=company.ids,
            email="other@example.com",
        )
        with self.assertRaises(ValidationError):
            self.digest.user_ids += stranger
        self.assertFalse(self.digest.with_user(stranger).search([]))
        self.assertFalse(self.digest._may_get(stranger))

    def test_bad_input(self):
        with self.assertRaises(ValidationError):
            self.digest.user_ids = False
        with self.assertRaises(ValidationError):
            self.digest.user_ids = self.cast["registrar"]
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.digest.hour = 24
            self.digest.flush_recordset()
        other = self.env["clinic.branch"].create(
            {"name": "Abroad", "tz": "Asia/Tokyo", "company_id": self._make_company().id}
        )
        with self.assertRaises(ValidationError):
            self.digest.branch_ids += other

    def test_rights(self):
        own = {"senior_nurse", "head_doctor", "marketer"}
        self.digest.user_ids += self.env["res.users"].union(*(self.cast[role] for role in own))
        other = self.digest.copy({"user_ids": [(6, 0, self.director.ids)]})
        for role, user in self.cast.items():
            with self.subTest(role=role):
                digest = self.digest.with_user(user)
                manager = role in ("director", "clinic_admin")
                for operation in ("create", "write", "unlink"):
                    self.assertEqual(digest.has_access(operation), manager)
                if manager or role in own:
                    self.assertEqual(bool(digest.search([("id", "=", other.id)])), manager)
                    self.assertTrue(digest.read(["name", "preview", "unreached"]))
                else:
                    with self.assertRaises(AccessError):
                        digest.read(["name"])
                    with self.assertRaises(AccessError):
                        digest.action_send_me()

    def test_leaving(self):
        nurse = self.cast["senior_nurse"]
        self.digest.user_ids += nurse
        self.digest.with_user(nurse).action_leave()
        self.assertEqual(self.digest.user_ids, self.director)
        with self.assertRaises(UserError):
            self.digest.with_user(nurse).action_leave()
        self.digest.with_user(self.director).action_leave()
        self.assertFalse(self.digest.active)

    def test_send_to_me(self):
        self.digest.with_user(self.director).action_send_me()
        self.assertEqual(len(self._mails()), 1)
        self.director.email = False
        with self.assertRaises(UserError):
            self.digest.with_user(self.director).action_send_me()
