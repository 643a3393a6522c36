# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .day_common import DayCommon


@tagged("post_install", "-at_install")
class TestLate(DayCommon):
    """Late patients, late doctors, and visits that nobody has ended."""

    def test_late_after_the_setting(self):
        visit = self._visit(-30)
        coming = self._visit(60, self._make_patient())
        late = (
            self.env["clinic.appointment"].with_user(self.users["registrar"]).search([("is_late", "=", True)])
        )
        self.assertEqual(late, visit)
        self.assertGreaterEqual(visit.late_minutes, 30)
        self.assertFalse(coming.is_late)
        not_late = self.env["clinic.appointment"].search([("is_late", "=", False)])
        self.assertTrue(coming in not_late and visit not in not_late)
        self.env["ir.config_parameter"].set_param("clinic_schedule.late_minutes", "90")
        self.assertFalse(self.env["clinic.appointment"].search([("is_late", "=", True)]))
        visit.invalidate_recordset(["is_late"])
        self.assertFalse(visit.is_late)
        self.env["ir.config_parameter"].set_param("clinic_schedule.late_minutes", "10")
        visit.action_arrive()
        self.assertFalse(self.env["clinic.appointment"].search([("is_late", "=", True)]))

    def test_what_is_done_about_it(self):
        visit = self._visit(-30)
        desk = visit.with_user(self.users["registrar"])
        desk.action_phoned()
        self.assertTrue(visit.phoned_at)
        with self.assertRaisesRegex(UserError, "phone"):
            desk.action_late_message()
        with self.assertRaisesRegex(UserError, "Nobody waits"):
            desk.action_give_place()
        for role in ("external_caller", "director"):
            for name in ("action_phoned", "action_late_message", "action_give_place"):
                with self.assertRaises(AccessError):
                    getattr(visit.with_user(self.users[role]), name)()

    def test_the_place_goes_to_who_waits(self):
        visit = self._visit(0)
        absence = self.env["clinic.absence"].create(
            {
                "resource_id": self.resource.id,
                "start": visit.stop,
                "stop": self.now + timedelta(hours=8),
            }
        )
        came = (
            self.env["clinic.walk.in"]
            .with_user(self.users["registrar"])
            .create(
                {
                    "patient_id": self._make_patient().id,
                    "branch_id": self.branch.id,
                    "service_id": self.service.id,
                }
            )
        )
        self.assertEqual(came.state, "waiting", absence)
        self.env["ir.config_parameter"].set_param("clinic_schedule.late_minutes", "0")
        visit.invalidate_recordset()
        self.assertTrue(visit.walk_in_waits)
        self.env["ir.config_parameter"].set_param("clinic_schedule.staff_past_minutes", "20")
        visit.with_user(self.users["registrar"]).action_give_place()
        self.assertEqual((visit.state, came.state), ("no_show", "served"))
        self.assertEqual(came.appointment_id.start, visit.start)

    def test_a_late_doctor(self):
        visit = self._visit(30)
        service = self.env["clinic.my.day"].with_user(self.users["doctor"])
        self.assertEqual(service.set_late(15), 15)
        row = self.env["clinic.delay"].search([("resource_id", "=", self.resource.id)])
        self.assertEqual((row.minutes, row.user_id), (15, self.users["doctor"]))
        self.assertEqual(service.load()["late"], 15)
        board = self.env["clinic.board"].with_user(self.users["registrar"])
        columns = board.load({"date": row.day.isoformat(), "branch_id": self.branch.id})["columns"]
        late = [column["late"] for column in columns if column["resource_id"] == self.resource.id]
        if visit.local_date == row.day:
            self.assertEqual(late, [15])
        self.env["clinic.my.day"].with_user(self.users["registrar"]).set_late(0, self.practitioner.id)
        self.assertEqual((row.minutes, service.load()["late"]), (0, 0))

    def test_rights_to_say_that_a_doctor_is_late(self):
        stranger = self._make_user("t_other_doctor", "doctor")
        self._make_practitioner(self.branch, self.specialty, self.service).user_id = stranger
        for user in (stranger, self.users["director"], self.users["external_caller"]):
            with self.assertRaises(AccessError):
                self.env["clinic.my.day"].with_user(user).set_late(5, self.practitioner.id)
        for minutes in (-5, 241, "10", True, None, 2.5):
            with self.subTest(minutes=minutes), self.assertRaises(UserError):
                self.env["clinic.my.day"].with_user(self.users["doctor"]).set_late(minutes)
        with self.assertRaises(AccessError):
            self.env["clinic.delay"].with_user(self.users["doctor"]).create({"minutes": 5})

    def test_visits_of_past_days_wait_for_an_outcome(self):
        self._make_shift(day=self.today - timedelta(days=1))
        visit = self.env["clinic.booking"].book(
            self._slot(540, self.today - timedelta(days=1)), self.patient, channel="import"
        )
        today = self._visit(30, self._make_patient())
        visits = self.env["clinic.appointment"]
        found = visits.with_user(self.users["senior_nurse"]).search([("left_open", "=", True)])
        self.assertIn(visit, found)
        self.assertNotIn(today, found)
        self.assertTrue(visit.left_open)
        kind = self.env.ref("clinic_schedule.activity_left_open")
        tasks = self.env["mail.activity"].search([("activity_type_id", "=", kind.id)])
        tasks.unlink()
        for _night in range(2):
            visits._cron_left_open()
            mine = self.env["mail.activity"].search(
                [("activity_type_id", "=", kind.id), ("user_id", "=", self.users["senior_nurse"].id)]
            )
            self.assertEqual(len(mine), 1, "one task, not one a night")
        self.assertEqual(visit.state, "booked", "never by itself")
        self.env["ir.config_parameter"].set_param("clinic_schedule.auto_no_show", "True")
        visits._cron_left_open()
        self.assertEqual((visit.state, today.state), ("no_show", "booked"))
        self.assertFalse(self.env["mail.activity"].search([("activity_type_id", "=", kind.id)]))

    def test_was_here_after_all(self):
        visit = self._visit(-30)
        visit.with_user(self.users["senior_nurse"]).action_came()
        self.assertEqual(visit.state, "done")


@tagged("post_install", "-at_install")
class TestArrivalChecks(DayCommon):
    """What the key “Arrived” tells the desk."""

    def _arrive(self, visit):
        result = self.env["clinic.board"].with_user(self.users["registrar"]).arrive(visit.id)
        return {check["key"]: check["text"] for check in result["checks"]}

    def test_gaps_and_payer(self):
        self.env["clinic.print.form"].search([]).write({"in_package": False})
        whole = self._make_patient(phone="+79141234567")
        self.assertEqual(self._arrive(self._visit(0, whole)), {})
        gaps = self._make_patient(birth_date=False, sex=False)
        visit = self._visit(30, gaps, payer_kind="insurer")
        checks = self._arrive(visit)
        self.assertEqual(set(checks), {"card", "payer"})
        self.assertIn("birth date", checks["card"])
        self.assertNotIn(gaps.name, str(checks))
        self.assertEqual(visit.state, "arrived", "the list hinders nobody")

    def test_a_child_needs_somebody_who_acts(self):
        self.env["clinic.print.form"].search([]).write({"in_package": False})
        child = self._make_patient(birth_date=self.today - timedelta(days=365 * 6))
        self.assertEqual(set(self._arrive(self._visit(0, child))), {"representative"})

    def test_papers(self):
        package = (
            self.env["clinic.print.form"]
            ._package_of(self.patient)
            .filtered(lambda form: form.ticked and form.needs_signature)
        )
        checks = self.env["clinic.board"]._arrival_checks(self._visit(0))
        papers = [check for check in checks if check["key"] == "paper"]
        self.assertEqual(len(papers), len(package))
        self.assertFalse(any(check["ok"] for check in papers))
        for form, check in zip(package, papers, strict=True):
            self.assertIn(form.name, check["text"])

    def test_addons_add_theirs(self):
        """The registry is a plain method: a model above extends it by super() + […]."""
        visit = self._visit(0)
        board = self.env["clinic.board"]
        self.assertTrue(all({"key", "ok", "text"} == set(check) for check in board._arrival_checks(visit)))
