# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from .common import ClinicHttpCommon


@tagged("post_install", "-at_install")
class TestPrintTours(ClinicHttpCommon):
    """The desk with paper, and the administrator with the text of a form, in Chromium."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._use_key_file()
        cls._make_user("t_registrar", "registrar")
        cls._make_user("t_clinic_admin", "clinic_admin")

    def test_package_and_scan(self):
        patient = self._make_patient(family_name="Tourova", patient_branch_id=self.branch.id)
        self.start_tour(f"/odoo/patients/{patient.id}", "clinic_print_package", login="t_registrar")
        documents = self.env["clinic.print.document"].search([("patient_id", "=", patient.id)])
        self.assertEqual(len(documents), 4)
        signed = documents.filtered(lambda document: document.state == "signed")
        self.assertEqual(signed.kind, "consent")
        self.assertTrue(self.env["clinic.consent"].may(patient, "personal_data").allowed)

    def test_editor(self):
        form = self.env["clinic.print.form"].create({"name": "Tour form"})
        action = self.env.ref("clinic_base.clinic_print_form_action")
        self.start_tour(
            f"/odoo/action-{action.id}/{form.id}", "clinic_print_form_editor", login="t_clinic_admin"
        )
        self.assertIn("{{patient.name}}", form.current_version_id.body)
