# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The matrix of docs/roles.md for documents, policies and the access journal: role × model × operation,
role × field × route."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CONTACT_ROLES, ROLES
from .test_sealed_number import SealedCase

DESK = {"registrar": "rwc", "senior_nurse": "rwc", "clinic_admin": "rwcu"}
MATRIX = {
    "clinic.identity.document": DESK | {"privacy_officer": "r"},
    "clinic.coverage": dict.fromkeys(CONTACT_ROLES, "r") | DESK | {"operator": "rwc"},
    "clinic.guarantee.letter": dict.fromkeys(CONTACT_ROLES, "r")
    | dict.fromkeys(("registrar", "senior_nurse", "clinic_admin"), "rwcu")
    | {"operator": "rwc"},
    "clinic.former.name": dict.fromkeys(CONTACT_ROLES, "r")
    | dict.fromkeys(("registrar", "senior_nurse", "clinic_admin"), "rwcu")
    | {"operator": "rwc"},
    "clinic.patient.distinct": dict.fromkeys(("registrar", "senior_nurse"), "rc") | {"clinic_admin": "rwcu"},
    "clinic.merge": dict.fromkeys(("registrar", "senior_nurse"), "rwc")
    | {"clinic_admin": "rwcu", "privacy_officer": "r"},
    "clinic.merge.choice": dict.fromkeys(("registrar", "senior_nurse", "clinic_admin"), "rw"),
    "clinic.merge.line": dict.fromkeys(("clinic_admin", "privacy_officer"), "r"),
    "clinic.access.event": {"privacy_officer": "r"},
    "clinic.access.seal": {"privacy_officer": "r"},
    "clinic.access.alert": {"privacy_officer": "rw"},
    "clinic.pin": {},
    "clinic.subject.request": dict.fromkeys(
        ("registrar", "senior_nurse", "clinic_admin", "privacy_officer"), "rwc"
    ),
    "clinic.destruction.act": dict.fromkeys(("privacy_officer", "director"), "r"),
    "clinic.incident": {"privacy_officer": "rwc", "director": "r"},
    "clinic.legal.term": dict.fromkeys(ROLES, "r") | {"privacy_officer": "rwcu"},
    "clinic.retention.rule": dict.fromkeys(ROLES, "r") | {"privacy_officer": "rwcu"},
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestAccessDocuments(SealedCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = cls._make_cast("doctor+director", "marketer+director")
        cls.users["portal"] = cls._make_portal_user()
        cls.document = cls._make_document()
        cls.coverage = cls.env["clinic.coverage"].create(
            {"patient_id": cls.patient.id, "kind": "oms", "number": "4000000000000002"}
        )
        cls.letter = cls.env["clinic.guarantee.letter"].create(
            {"coverage_id": cls.coverage.id, "letter_number": "7", "services": "Consultation"}
        )

    def _rights(self, model, role):
        return set("".join(MATRIX[model].get(part, "") for part in role.split("+")))

    def test_operations(self):
        for model in MATRIX:
            for role, user in self.users.items():
                for letter, operation in OPERATIONS.items():
                    with self.subTest(model=model, role=role, operation=operation):
                        self.assertEqual(
                            self.env[model].with_user(user).has_access(operation),
                            letter in self._rights(model, role),
                        )

    def test_fields_of_the_card_by_every_route(self):
        for name, model in (
            ("clinic_document_ids", "clinic.identity.document"),
            ("clinic_coverage_ids", "clinic.coverage"),
        ):
            for role, user in self.users.items():
                card = self.patient.with_user(user)
                routes = {
                    "read": lambda card=card, name=name: card.read([name]),
                    "web_read": lambda card=card, name=name: card.web_read(
                        {name: {"fields": {"number": {}}}}
                    ),
                    "search": lambda card=card, name=name: card.search([(name, "!=", False)]),
                    "path": lambda card=card, name=name: card.search([(f"{name}.number", "=", "2504123456")]),
                    "export": lambda card=card, name=name: card.export_data([f"{name}/number"]),
                }
                for route, call in routes.items():
                    with self.subTest(field=name, role=role, route=route):
                        self.assertEqual(self._passes(call), bool(self._rights(model, role)))

    def _passes(self, call):
        try:
            with self.env.cr.savepoint():
                call()
        except (AccessError, UserError):
            return False
        finally:
            self.env.invalidate_all()
        return True

    def test_patients_of_another_company(self):
        company = self._make_company()
        registrar = self._make_user(
            "t_other", "registrar", company_id=company.id, company_ids=[(6, 0, company.ids)]
        )
        self.patient.company_id = self.company
        for record in (self.document, self.coverage, self.letter):
            with self.subTest(record._name), self.assertRaises(AccessError):
                record.with_user(registrar).read(["display_name"])

    def test_every_role_is_meant(self):
        self.assertFalse(set().union(*MATRIX.values()) - set(ROLES))
