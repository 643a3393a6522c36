# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ScheduleCommon


@tagged("post_install", "-at_install")
class TestMergeVisits(ScheduleCommon):
    """Visits and the patient's occupied time move with a joined card, and come back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._use_key_file()
        cls.other = cls._make_patient(family_name=cls.patient.family_name)

    def _merge(self):
        return self.env["clinic.merge"].create({"survivor_id": self.patient.id, "loser_id": self.other.id})

    def _claims(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT id, kind, ref, start, stop, appointment_id FROM clinic_slot_claim ORDER BY id"
        )
        return self.env.cr.fetchall()

    def test_visits_and_their_time_move_and_come_back(self):
        own, moved = self._book(patient=self.patient), self._book(600, patient=self.other)
        before = self._claims()
        merge = self._merge()
        self.assertIn("1", merge.preview)
        merge._merge()
        self.env.invalidate_all()
        self.assertEqual((own | moved).patient_id, self.patient)
        refs = {ref for _id, kind, ref, *_rest in self._claims() if kind == "patient"}
        self.assertEqual(refs, {self.patient.id})
        merge._undo()
        self.env.invalidate_all()
        self.assertEqual(moved.patient_id, self.other)
        self.assertEqual(self._claims(), before)

    def test_visits_at_one_time_are_settled_first(self):
        second = self._make_practitioner(
            branches=self.branch, specialties=self.specialty, services=self.service
        )
        self._make_shift(second)
        self._book(patient=self.patient)
        clash = self._book(patient=self.other, owner=second)
        merge = self._merge()
        with self.assertRaisesRegex(UserError, "same time"), self.cr.savepoint():
            merge._merge()
        self.booking.cancel(clash, "patient", reason=self.env.ref("clinic_schedule.reason_cancel_ill"))
        merge.action_refresh()
        merge._merge()
        self.env.invalidate_all()
        self.assertEqual(clash.patient_id, self.patient)
