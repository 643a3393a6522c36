# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The matrix of docs/roles.md for print forms and printed documents: role × model × operation."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ROLES
from .print_common import PrintCase

OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
STAFF = dict.fromkeys(ROLES, "r") | {"clinic_admin": "rwcu"}
DESK = dict.fromkeys(("registrar", "senior_nurse", "clinic_admin"), "rwcu")
DOCTORS = ("doctor", "head_doctor")
MATRIX = {
    "clinic.print.form": STAFF,
    "clinic.print.form.version": STAFF,
    "clinic.print.document": dict.fromkeys(DESK, "rw") | dict.fromkeys(("privacy_officer", *DOCTORS), "r"),
    "clinic.print.package": DESK | dict.fromkeys(DOCTORS, "rwcu"),
    "clinic.print.package.line": DESK | dict.fromkeys(DOCTORS, "rwcu"),
    "clinic.print.scan": DESK,
    "clinic.print.preview": {"clinic_admin": "rwcu"},
}


@tagged("post_install", "-at_install")
class TestAccessPrint(PrintCase):
    def test_operations(self):
        users = self._make_role_users()
        users["employee"] = self._make_user("t_employee")
        users["portal"] = self._make_portal_user()
        for model, table in MATRIX.items():
            for role, user in users.items():
                for letter, operation in OPERATIONS.items():
                    with self.subTest(model=model, role=role, operation=operation):
                        self.assertEqual(
                            self.env[model].with_user(user).has_access(operation),
                            letter in table.get(role, ""),
                        )

    def test_another_company(self):
        document = self._print("contract")
        self.patient.company_id = self.env["res.company"].create({"name": "Other legal entity"})
        self.assertFalse(document.with_user(self.registrar).search([("id", "=", document.id)]))
        found = self.env["clinic.print.document"].with_user(self.registrar)._find(document.sudo().token)
        self.assertFalse(found)

    def test_the_officer_reads_no_words(self):
        """The officer sees that a paper exists and whether it came back, not what it says."""
        document = self._print("contract")
        officer = self._make_user("t_print_officer", "privacy_officer")
        row = document.with_user(officer).read(["name", "state", "body_hash"])[0]
        self.assertEqual(row["state"], "printed")
        self.assertFalse(document.with_user(officer).has_access("write"))

    def test_a_doctor_and_his_patient(self):
        """Medical papers of an own patient; nothing else, nobody else's, no signed paper is taken back."""
        doctor = self._make_user("t_print_doctor", "doctor")
        practitioner = self._make_practitioner(user_id=doctor.id)
        with self.assertRaises(AccessError):
            self.patient.with_user(doctor).action_document_package()
        self.env["clinic.attachment"].create(
            {"patient_id": self.patient.id, "practitioner_id": practitioner.id, "kind": "doctor"}
        )
        self._print("intervention")
        action = self.patient.with_user(doctor).action_document_package()
        package = self.env["clinic.print.package"].with_user(doctor).browse(action["res_id"])
        self.assertEqual(set(package.line_ids.form_id.mapped("kind")), {"intervention", "questionnaire"})
        self.assertEqual(
            package.line_ids.filtered(lambda line: line.form_id.kind == "intervention").state, "printed"
        )
        package.line_ids.is_chosen = True
        documents = self.env["clinic.print.document"].with_user(doctor)
        before = documents.search([])
        package.action_print()
        mine = documents.search([]) - before
        self.assertEqual(mine.mapped("kind"), ["questionnaire", "intervention"])
        html = self.env["ir.actions.report"].with_user(doctor)
        html = html._render_qweb_html("clinic_base.report_print_document", mine.ids)[0].decode()
        self.assertIn("Бланкова", html)
        self.assertFalse(before, "what the desk printed is the desk's")
        contract = self.forms["contract"].with_user(doctor)
        branch, nobody = self.branch.with_user(doctor), self.env["clinic.relation"].with_user(doctor)
        with self.assertRaises(AccessError):
            documents._print([contract._source(self.patient.with_user(doctor), nobody, branch)])
        paper = self.forms["intervention"].with_user(doctor)
        with self.assertRaises(AccessError):
            documents._print([paper._source(self.child.with_user(doctor), nobody, branch)])
        for attempt in (
            lambda: mine[0]._accept(),
            lambda: mine.action_void(),
            lambda: mine.write({"note": "x"}),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_the_call_centre_prints_nothing(self):
        operator = self._make_user("t_print_operator", "operator")
        with self.assertRaises(AccessError):
            self.patient.with_user(operator).action_document_package()
