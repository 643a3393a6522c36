# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The matrix of docs/roles.md for print forms and printed documents: role × model × operation."""

from odoo.tests import tagged

from .common import ROLES
from .print_common import PrintCase

OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
STAFF = dict.fromkeys(ROLES, "r") | {"clinic_admin": "rwcu"}
DESK = dict.fromkeys(("registrar", "senior_nurse", "clinic_admin"), "rwcu")
MATRIX = {
    "clinic.print.form": STAFF,
    "clinic.print.form.version": STAFF,
    "clinic.print.document": dict.fromkeys(DESK, "rw") | {"privacy_officer": "r"},
    "clinic.print.package": DESK,
    "clinic.print.package.line": DESK,
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
