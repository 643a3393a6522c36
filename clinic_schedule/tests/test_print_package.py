# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The package of documents from a visit."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .board_common import BoardCommon


@tagged("post_install", "-at_install")
class TestPrintPackage(BoardCommon):
    def test_from_a_visit(self):
        visit = self._book(self.patient, 9)
        action = visit.with_user(self.users["registrar"]).action_document_package()
        package = self.env["clinic.print.package"].browse(action["res_id"])
        self.assertEqual((package.patient_id, package.branch_id), (self.patient, visit.branch_id))
        self.assertEqual(package.about, visit)
        form = self.env["clinic.print.form"].create({"name": "Visit", "kind": "other"})
        version = form.version_ids.create(
            {
                "form_id": form.id,
                "body": "<p>{{visit.date}} {{visit.service}} {{visit.doctor}} {{visit.price}}</p>",
            }
        )
        version.action_publish()
        line = package.line_ids.create({"package_id": package.id, "form_id": form.id})
        filled = version._fill(line._source())
        for words in ("09:00", visit.service_id.name, visit.practitioner_id.name):
            self.assertIn(words, filled)
        package.about = False
        self.assertIn("____", version._fill(line._source()))

    def test_a_doctor_prints_for_his_own_visits(self):
        """The doctor of the visit; a colleague does not."""
        visit = self._book(self.patient, 9)
        colleague = self._make_user("t_print_colleague", "doctor")
        with self.assertRaises(AccessError):
            visit.with_user(colleague).action_document_package()
        doctor = self._make_user("t_print_doctor", "doctor")
        visit.practitioner_id.resource_id.user_id = doctor
        action = visit.with_user(doctor).action_document_package()
        package = self.env["clinic.print.package"].browse(action["res_id"])
        self.assertEqual(set(package.line_ids.form_id.mapped("kind")), {"intervention", "questionnaire"})
