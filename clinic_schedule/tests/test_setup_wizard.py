# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import ScheduleCommon


@tagged("post_install", "-at_install")
class TestSetupWizardShifts(ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        admin = cls._make_user("t_clinic_admin", "clinic_admin")
        cls.wizard = cls.env["clinic.setup.wizard"].with_user(admin).create({"tz": "Asia/Irkutsk"})

    def _run(self, step):
        """Give the line of the doctor with this step; what is left in the box."""
        line = f"{self.practitioner.name}; Mon-Sun 9:00-15:00; {self.branch.name}; ; {step}"
        self.wizard.write({"step": "shifts", "shifts_text": line})
        self.wizard.action_next()
        return self.wizard.shifts_text

    def _steps(self):
        domain = [("resource_id", "=", self.practitioner.resource_id.id), ("template_id", "!=", False)]
        return set(self.env["clinic.shift"].search(domain).mapped("step"))

    def test_steps_that_are_no_number_stay_in_the_box(self):
        for step in ("²", "٣", "１", "1²", "-5", "0", "241", "x"):
            with self.subTest(step=step):
                self.assertIn("240", self._run(step))
        self.assertFalse(self._steps())

    def test_a_step_and_none(self):
        self.assertFalse(self._run("20"))
        self.assertEqual(self._steps(), {20})

    def test_the_usual_step(self):
        self.assertFalse(self._run(""))
        self.assertEqual(self._steps(), {15})
