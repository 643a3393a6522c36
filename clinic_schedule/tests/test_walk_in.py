# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.clinic_base.tests.common import ClinicHttpCommon

from .day_common import DayBuilders, DayCommon


@tagged("post_install", "-at_install")
class TestWalkIn(DayCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk = cls.env["clinic.walk.in"].with_user(cls.users["registrar"])

    def _come(self, **vals):
        return self.desk.create(
            {
                "patient_id": self._make_patient().id,
                "branch_id": self.branch.id,
                "service_id": self.service.id,
                **vals,
            }
        )

    def _close_day(self):
        """Nobody takes patients any more today."""
        return self.env["clinic.absence"].create(
            {
                "resource_id": self.resource.id,
                "start": self.now - timedelta(hours=1),
                "stop": self.now + timedelta(hours=8),
            }
        )

    def test_the_next_free_time_is_booked(self):
        came = self._come()
        visit = came.appointment_id
        self.assertEqual((came.state, visit.state, visit.walk_in), ("served", "arrived", True))
        self.assertLess(visit.start - fields.Datetime.now(), timedelta(minutes=16))
        self.assertEqual((came.queue_label, visit.queue_label), ("Б-001", "Б-001"))
        self.assertTrue(visit.claim_ids, "under the constraint as all others")
        second = self._come()
        self.assertGreaterEqual(second.appointment_id.start, visit.stop)
        self.assertEqual(second.queue_label, "Б-002")

    def test_without_a_free_time_one_waits_with_a_number(self):
        absence = self._close_day()
        came = self._come()
        self.assertEqual((came.state, came.queue_label), ("waiting", "Б-001"))
        self.assertFalse(came.appointment_id)
        with self.assertRaises(UserError):
            came.action_seat()
        absence.unlink()
        came.action_seat()
        self.assertEqual((came.state, came.appointment_id.queue_label), ("served", "Б-001"))
        with self.assertRaises(UserError):
            came.action_seat()

    def test_gone_away(self):
        self._close_day()
        came = self._come()
        came.action_left()
        self.assertEqual(came.state, "left")
        with self.assertRaises(UserError):
            came.action_left()

    def test_rights_and_forged_values(self):
        self._close_day()
        came = self._come(state="served", queue_no=7, day="2020-01-01")
        self.assertEqual((came.state, came.queue_no, came.day), ("waiting", 1, self.today))
        with self.assertRaises(AccessError):
            came.write({"state": "served"})
        with self.assertRaises(AccessError):
            came.unlink()
        for role in ("external_caller", "marketer", "director"):
            with self.assertRaises(AccessError):
                came.with_user(self.users[role]).read(["patient_id"])
            with self.assertRaises(AccessError):
                came.with_user(self.users[role]).action_left()
            with self.assertRaises(AccessError):
                self.desk.with_user(self.users[role]).create({"patient_id": self.patient.id})
        company = self._make_company()
        user = self._make_user("t_far", "registrar", company_id=company.id, company_ids=company.ids)
        self.assertFalse(self.desk.with_user(user).search([]))
        with self.assertRaises(AccessError):
            self.desk.with_user(user).create(
                {
                    "patient_id": self.patient.id,
                    "branch_id": self.branch.id,
                    "service_id": self.service.id,
                }
            )

    def test_a_contact_is_no_patient(self):
        contact = self.env["res.partner"].create({"name": "Supplier"})
        with self.assertRaises(UserError):
            self._come(patient_id=contact.id)


@tagged("post_install", "-at_install")
class TestWalkInTour(DayBuilders, ClinicHttpCommon):
    """From the board: who has come gets a number and the next free time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch.tz = cls._zone_at_noon()
        cls._prepare_day()

    def test_from_the_board(self):
        self.start_tour("/odoo/clinic-board", "clinic_board_walk_in", login="t_registrar")
        came = self.env["clinic.walk.in"].search([("branch_id", "=", self.branch.id)])
        self.assertEqual((came.patient_id, came.state), (self.patient, "served"))
        self.assertEqual(came.appointment_id.state, "arrived")
