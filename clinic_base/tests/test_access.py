# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The matrix of docs/roles.md for the models of this addon: (role, model, operation, allowed)."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from .common import CONTACT_ROLES, ROLES, ClinicCommon, ClinicHttpCommon
from .test_access_documents import MATRIX

OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}

#: Everybody of the clinic reads these; only the roles named here do more.
DIRECTORY = {
    "clinic.branch": {"clinic_admin": "rwcu"},
    "clinic.department": {"clinic_admin": "rwcu"},
    "clinic.specialty": {"clinic_admin": "rwcu"},
    "clinic.room.type": {"clinic_admin": "rwcu"},
    "clinic.device.type": {"clinic_admin": "rwcu"},
    "clinic.identity.document.kind": {"clinic_admin": "rwcu"},
    "clinic.coverage.programme": {"clinic_admin": "rwcu"},
    "clinic.room": {"clinic_admin": "rwcu", "senior_nurse": "rwc"},
    "clinic.device": {"clinic_admin": "rwcu", "senior_nurse": "rwc"},
    "clinic.practitioner": {"clinic_admin": "rwcu"},
    "clinic.practitioner.service": {"clinic_admin": "rwcu"},
    "product.product": {"clinic_admin": "rwcu"},
    "product.category": {"clinic_admin": "rwcu"},
    "clinic.holiday": {"clinic_admin": "rwcu"},
    "resource.calendar": {"clinic_admin": "rwcu"},
}

#: Contacts: a patient's card and any other contact. Missing roles only read.
PATIENT = dict.fromkeys(("registrar", "senior_nurse", "operator", "integration"), "rwc") | {
    "clinic_admin": "rwcu"
}
CONTACT = dict.fromkeys(("registrar", "senior_nurse", "operator", "integration", "clinic_admin"), "rwcu")

#: Combined roles have the sum of the rights of their parts.
COMBINATIONS = ("doctor+director", "registrar+marketer", "operator+clinic_admin", "external_caller+director")

#: Fields that only some roles may read, by RPC, search, grouping and export alike.
PROTECTED_FIELDS = [
    ("clinic.practitioner", "snils", {"clinic_admin"}),
    ("res.partner", "birth_date", CONTACT_ROLES),
]


class AccessCase(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.role_users = cls._make_role_users()
        for combination in COMBINATIONS:
            cls.role_users[combination] = cls._make_user(f"t_{combination}", combination)
        cls.practitioner.snils = "112-233-445 95"
        cls.patient = cls._make_patient()
        cls.branch.hours_text = "mon-fri 8-20"

    def _sum(self, table, role, default="r"):
        """Rights of a role or of a combination like ``doctor+director``."""
        return set("".join(table.get(part, default) for part in role.split("+")))

    def _assert_rights(self, record, table):
        for role, user in self.role_users.items():
            allowed = self._sum(table, role)
            for letter, operation in OPERATIONS.items():
                target = record.with_user(user)
                if operation == "create":
                    target = target.browse()
                with self.subTest(role=role, model=record._name, operation=operation):
                    self.assertEqual(target.has_access(operation), letter in allowed)


class TestAccess(AccessCase):
    def test_directory(self):
        records = {
            "clinic.branch": self.branch,
            "clinic.department": self._make_department(self.branch),
            "clinic.specialty": self.specialty,
            "clinic.room.type": self._make_room_type(),
            "clinic.device.type": self._make_device_type(),
            "clinic.identity.document.kind": self.env.ref("clinic_base.document_kind_inn"),
            "clinic.coverage.programme": self.env["clinic.coverage.programme"].create(
                {"name": "Standard", "payer_id": self.company.partner_id.id}
            ),
            "clinic.room": self.room,
            "clinic.device": self._make_device(self.branch),
            "clinic.practitioner": self.practitioner,
            "clinic.practitioner.service": self.practitioner.service_line_ids,
            "product.product": self.service,
            "product.category": self.service.categ_id,
            "clinic.holiday": self.env.ref("clinic_base.holiday_unity"),
            "resource.calendar": self.branch.calendar_id,
        }
        for model, table in DIRECTORY.items():
            self._assert_rights(records[model], table)

    def test_contacts(self):
        self._assert_rights(self.patient, PATIENT)
        contact = self.env["res.partner"].create({"name": "Supplier"})
        self._assert_rights(contact, CONTACT)

    def test_resources_behind_the_cards(self):
        """A senior nurse cannot rename a doctor through his resource."""
        self._assert_rights(self.room.resource_id, {"senior_nurse": "rwc", "clinic_admin": "rwcu"})
        nurse = self.role_users["senior_nurse"]
        self.room.with_user(nurse).name = "Room 2"
        self.assertFalse(self.practitioner.resource_id.with_user(nurse).has_access("write"))
        with self.assertRaises(AccessError):
            self.practitioner.resource_id.with_user(nurse).name = "Nobody"

    def test_nobody_else_reads(self):
        """An employee without a role, a portal user and a visitor see nothing of the directory."""
        outsiders = (
            self._make_user("t_plain"),
            self._make_portal_user(),
            self.env.ref("base.public_user"),
        )
        for user in outsiders:
            for model in DIRECTORY:
                if model.startswith("clinic."):
                    self.assertFalse(self.env[model].with_user(user).has_access("read"), (user.login, model))

    def test_every_model_has_a_row_here(self):
        models = {
            name
            for name, model in self.env.items()
            if model._original_module == "clinic_base" and not model._abstract and not model._transient
        }
        # tested in test_access_patient and test_access_documents
        elsewhere = {
            *MATRIX,
            "clinic.match.key",
            "clinic.match.waiting",
            "clinic.match.pair",
            "clinic.match.cluster",
            "clinic.match.member",
            "clinic.match.model",
            "clinic.phone",
            "clinic.consent",
            "clinic.consent.purpose",
            "clinic.consent.text",
            "clinic.relation",
            "clinic.blacklist",
            "clinic.attachment",
            "clinic.import",
            "clinic.import.column",
            "clinic.import.field",
            "clinic.import.link",
            "clinic.import.profile",
            "clinic.import.profile.line",
            "clinic.import.row",
            "clinic.print.form",
            "clinic.print.form.version",
            "clinic.print.document",
            "clinic.address",
            "clinic.address.object",
            "clinic.address.house",
            "clinic.address.load",
        }
        self.assertFalse(models - set(DIRECTORY) - elsewhere, "add the model to the matrix")

    def test_protected_fields(self):
        records = {"clinic.practitioner": self.practitioner, "res.partner": self.patient}
        for model, name, allowed_roles in PROTECTED_FIELDS:
            for role, user in self.role_users.items():
                allowed = bool(allowed_roles & set(role.split("+")))
                with self.subTest(role=role, field=name):
                    self._assert_field(records[model].with_user(user), name, allowed)

    def _assert_field(self, record, name, allowed):
        value = record.sudo()[name]
        record.invalidate_recordset()
        model = record.browse()
        groupby = f"{name}:year" if model._fields[name].type == "date" else name
        calls = {
            "read": lambda: call_kw(model, "read", [record.ids, [name]], {}),
            "search": lambda: call_kw(model, "search_read", [[(name, "=", value)], ["id"]], {}),
            "order": lambda: call_kw(model, "search_read", [[], ["id"]], {"order": name}),
            "group": lambda: call_kw(
                model, "formatted_read_group", [[]], {"groupby": [groupby], "aggregates": ["__count"]}
            ),
            "web": lambda: call_kw(
                model, "web_search_read", [[("id", "=", record.id)]], {"specification": {name: {}}}
            ),
        }
        for call, run in calls.items():
            with self.subTest(call=call):
                if allowed:
                    run()
                else:
                    with self.assertRaises(AccessError):
                        run()
        self.assertEqual(name in call_kw(model, "fields_get", [], {}), allowed)
        if not allowed:
            exported = self._export(record, name)
            self.assertNotIn(str(value), str(exported))

    def _export(self, record, name):
        try:
            return call_kw(record.browse(), "export_data", [record.ids, [name]], {})
        except UserError:  # no right to export at all, or not this field
            return None

    def test_companies(self):
        company = self._make_company()
        branch = self._make_branch(company_id=company.id)
        doctor = self._make_practitioner(branches=branch, company_id=company.id)
        room = self._make_room(branch)
        for role in ("registrar", "clinic_admin", "director"):
            user = self.role_users[role]
            for record in (branch, doctor, room):
                self.assertFalse(record.with_user(user).has_access("read"), (role, record._name))
                self.assertNotIn(record, record.with_user(user).search([]))
            user.company_ids += company
            both = [company.id, self.company.id]
            self.assertTrue(doctor.with_user(user).with_context(allowed_company_ids=both).has_access("read"))

    def test_administrator_sets_a_branch_up(self):
        """The whole of a new branch without superuser rights."""
        admin = self.role_users["clinic_admin"]
        env = self.env(user=admin)
        branch = env["clinic.branch"].create(
            {
                "name": "New",
                "tz": "Asia/Chita",
                "hours_text": "mon-fri 8-20",
                "room_ids": [Command.create({"name": "Room 5"})],
            }
        )
        branch.action_add_holidays()
        self.assertTrue(branch.holiday_ids)
        branch.hours_text = "mon-fri 9-18"
        service = env["product.product"].create(
            {"name": "Massage", "clinic_is_service": True, "list_price": 10}
        )
        doctor = env["clinic.practitioner"].create(
            {
                "name": "Doctor",
                "branch_ids": [Command.set(branch.ids)],
                "snils": "112-233-445 95",
                "service_line_ids": [Command.create({"service_id": service.id, "duration": 20})],
            }
        )
        service.list_price = 12
        self.assertEqual(doctor.service_line_ids.effective_price, 12)
        doctor.unlink()
        service.unlink()
        branch.room_ids.unlink()
        branch.unlink()

    def test_roles_are_privileges(self):
        """Every role stands in a privilege of its own, so that roles combine on the user's form."""
        for role, group in ROLES.items():
            self.assertEqual(
                self.env.ref(group).privilege_id.category_id,
                self.env.ref("clinic_base.module_category_clinic"),
                role,
            )


@tagged("post_install", "-at_install")
class TestAccessRpc(ClinicHttpCommon):
    """The same over HTTP, as a browser or a script would ask."""

    def test_rpc(self):
        self._make_user("t_registrar", "registrar", password="t_registrar")
        self.practitioner.snils = "112-233-445 95"
        self.authenticate("t_registrar", "t_registrar")

        def call(method, *args, **kwargs):
            return self.make_jsonrpc_request(
                f"/web/dataset/call_kw/clinic.practitioner/{method}",
                {"model": "clinic.practitioner", "method": method, "args": args, "kwargs": kwargs},
            )

        self.assertTrue(call("search_read", [], ["name"]))
        for method, args in (
            ("read", (self.practitioner.ids, ["snils"])),
            ("search_read", ([("snils", "like", "112")], ["name"])),
            ("write", (self.practitioner.ids, {"name": "X"})),
            ("create", ({"name": "X"},)),
            ("unlink", (self.practitioner.ids,)),
            ("_site_domain", ()),
        ):
            with self.assertRaises(JsonRpcException, msg=method) as caught, mute_logger("odoo.http"):
                call(method, *args)
            self.assertNotIn("112-233", str(caught.exception))
