# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .day_common import DayCommon


@tagged("post_install", "-at_install")
class TestAbsenceRequest(DayCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tomorrow = cls.today + timedelta(days=2)
        cls._make_shift(day=cls.tomorrow)
        cls.service_as = cls.env["clinic.my.day"].with_user(cls.users["doctor"])

    def _vals(self, **vals):
        """From nine to ten of the day after tomorrow."""
        day = self.tomorrow.isoformat()
        return {
            "kind": "other", "date_from": day, "date_to": day, "whole_days": False,
            "hour_from": 9, "hour_to": 10, "reason": "Council of doctors", **vals,
        }  # fmt: skip

    def _ask(self, **vals):
        asked = self.service_as.ask_absence(self._vals(**vals))
        return self.env["clinic.absence.request"].browse(asked["id"])

    def _free_starts(self):
        found = self.env["clinic.booking"].search_slots(
            self.service, resources=self.resource, date_from=self.tomorrow, date_to=self.tomorrow
        )
        return [self._wall(slot["start"]) for slot in found]

    def test_applied_at_once_when_no_visit_is_touched(self):
        self.assertEqual(
            self.service_as.preview_absence(self._vals())["approval"], False, "said before it is asked"
        )
        request = self._ask()
        self.assertEqual(request.state, "approved")
        absence = request.absence_id
        self.assertEqual(
            (absence.start, absence.stop), (self._at(self.tomorrow, 540), self._at(self.tomorrow, 600))
        )
        self.assertEqual(self._free_starts()[0], "10:00")
        self.assertFalse(request.activity_ids)
        self.assertFalse(absence.reason, "absences are read by all who see the schedule")

    def test_an_unapproved_one_takes_no_time(self):
        visit = self._book(540, self.tomorrow)
        preview = self.service_as.preview_absence(self._vals())
        self.assertEqual((preview["visits"], preview["approval"]), (1, True))
        request = self._ask()
        self.assertEqual(request.state, "requested")
        self.assertFalse(request.absence_id)
        self.assertEqual(self._free_starts()[0], "09:30")
        self.assertFalse(visit.needs_move)
        self.assertIn(self.users["senior_nurse"], request.activity_ids.user_id)
        self.assertNotIn(self.users["registrar"], request.activity_ids.user_id)

    def test_approved_by_a_senior_nurse(self):
        visit = self._book(540, self.tomorrow)
        request = self._ask()
        request.with_user(self.users["senior_nurse"]).action_approve()
        self.assertEqual((request.state, request.decided_by_id), ("approved", self.users["senior_nurse"]))
        self.assertEqual(self._free_starts()[0], "10:00")
        self.assertTrue(visit.needs_move, "the red list has it")
        self.assertFalse(request.activity_ids)
        with self.assertRaises(UserError):
            request.with_user(self.users["senior_nurse"])._refuse("Too late")

    def test_refused_with_a_reason(self):
        self._book(540, self.tomorrow)
        request = self._ask()
        nurse = request.with_user(self.users["senior_nurse"])
        with self.assertRaises(UserError):
            nurse._refuse(" ")
        action = nurse.action_refuse()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.users["senior_nurse"])
            .with_context(**action["context"])
            .create({"answer": "There is nobody else"})
        )
        wizard.action_refuse()
        self.assertEqual((request.state, request.answer), ("refused", "There is nobody else"))
        rows = self.service_as.load(date=self.tomorrow.isoformat())["requests"]
        self.assertEqual(
            [(row["state"], row["answer"]) for row in rows], [("refused", "There is nobody else")]
        )
        self.assertFalse(self.env["clinic.absence"].search([("resource_id", "=", self.resource.id)]))

    def test_withdrawn_by_the_doctor(self):
        request = self._ask()
        self.service_as.withdraw_absence(request.id)
        self.assertEqual(request.state, "withdrawn")
        self.assertFalse(request.absence_id.active)
        self.assertEqual(self._free_starts()[0], "09:00")
        with self.assertRaises(UserError):
            self.service_as.withdraw_absence(request.id)
        with self.assertRaises(UserError):
            request.with_user(self.users["senior_nurse"]).action_approve()

    def test_the_setting_decides(self):
        company = self.branch.company_id
        company.clinic_absence_approval = "always"
        self.assertEqual(self._ask().state, "requested")
        company.clinic_absence_approval = "never"
        self._book(600, self.tomorrow)
        self.assertEqual(self._ask(hour_from=10, hour_to=11).state, "approved")

    def test_rights(self):
        self._book(540, self.tomorrow)
        request = self._ask()
        stranger = self._make_user("t_other_doctor", "doctor")
        self._make_practitioner(self.branch, self.specialty, self.service).user_id = stranger
        theirs = request.with_user(stranger)
        self.assertFalse(theirs.search([]))
        for call in (theirs.action_approve, theirs.action_withdraw, theirs.action_refuse,
                     lambda: theirs.read(["reason"])):  # fmt: skip
            with self.assertRaises(AccessError):
                call()
        own = request.with_user(self.users["doctor"])
        for call in (own.action_approve, own.action_refuse, lambda: own._refuse("Because")):
            with self.assertRaises(AccessError):
                call()
        for user in (self.users["doctor"], self.users["senior_nurse"]):
            with self.assertRaises(UserError):
                request.with_user(user).write({"state": "approved"})
            with self.assertRaises(UserError):
                request.with_user(user).create({"resource_id": self.resource.id})
            with self.assertRaises(AccessError):
                request.with_user(user).unlink()
        for role in ("registrar", "head_doctor", "director", "external_caller"):
            with self.assertRaises(AccessError):
                self.env["clinic.my.day"].with_user(self.users[role]).ask_absence(self._vals())
        with self.assertRaises(AccessError):
            self.env["clinic.absence"].with_user(self.users["doctor"]).create(
                {"resource_id": self.resource.id, "start": self.now, "stop": self.now + timedelta(hours=1)}
            )

    def test_nobody_asks_for_another_doctor(self):
        other = self._make_practitioner(self.branch, self.specialty, self.service)
        request = self._ask(resource_id=other.resource_id.id, practitioner_id=other.id)
        self.assertEqual(request.resource_id, self.resource)

    def test_when_in_words(self):
        day = self.tomorrow
        text = f"{day:%d.%m.%Y}"
        self.assertEqual(self.service_as.preview_absence(self._vals())["when"], f"{text} 09:00–10:00")
        whole = self._vals(whole_days=True)
        self.assertEqual(self.service_as.preview_absence(whole)["when"], text)
        last = day + timedelta(days=2)
        whole["date_to"] = last.isoformat()
        self.assertEqual(self.service_as.preview_absence(whole)["when"], f"{text} – {last:%d.%m.%Y}")

    def test_bad_input(self):
        yesterday = (self.today - timedelta(days=2)).isoformat()
        for vals in (
            {"hour_from": 10, "hour_to": 9},
            {"date_from": yesterday, "date_to": yesterday},
            {"date_from": "soon"},
            {"date_from": False},
            {"hour_from": "noon"},
            {"hour_to": 99},
            {"kind": "repair"},
            {"kind": False},
            {"reason": "a" * 301},
            {"whole_days": True, "date_to": yesterday},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.service_as.ask_absence(self._vals(**vals))
