# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from odoo.addons.mail.tools.discuss import Store

from .common import CONTACT_ROLES, ROLES, ClinicCommon

#: Roles that make and change cards, phones, relations and consents.
DESK_ROLES = {"registrar", "senior_nurse", "clinic_admin", "operator"}
BLIND_ROLES = set(ROLES) - CONTACT_ROLES
SECRET = ("phone", "phone_sanitized", "email", "street", "city", "contact_address")


@tagged("post_install", "-at_install")
class TestAccessPatient(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.role_users = cls._make_cast("director+doctor", "registrar+marketer")
        cls.patient = cls._make_patient(
            family_name="Закрытова",
            phone="+79854047788",
            email="closed@example.com",
            street="Тихая 7",
            city="Иркутск",
        )
        cls.contact = cls.env["res.partner"].create({"name": "Supplier", "phone": "+79854047799"})
        cls.consent = cls.env["clinic.consent"]._grant(cls.patient, "marketing", way="paper")
        cls.relation = cls.env["clinic.relation"].create(
            {"patient_id": cls.patient.id, "actor_id": cls.contact.id, "kind": "other"}
        )
        cls.sees = CONTACT_ROLES | {"director+doctor", "registrar+marketer"}
        cls.blind = set(cls.role_users) - cls.sees

    def _as(self, role, record):
        return record.with_user(self.role_users[role]).with_context(clean=True)

    def _allowed(self, call):
        """Whether the call passes; what it wrote is undone."""
        try:
            with self.env.cr.savepoint() as savepoint:
                call()
                savepoint.rollback()
        except AccessError:
            return False
        finally:
            self.env.invalidate_all()
        return True

    def test_everybody_inside_sees_the_name(self):
        for role in self.role_users:
            with self.subTest(role=role):
                patient = self._as(role, self.patient)
                self.assertEqual(patient.read(["name"])[0]["name"], "Закрытова Anna Ivanovna")
                self.assertIn(self.patient, patient.search([("name", "ilike", "закрытова")]))
                self.assertIn(self.patient.id, [row[0] for row in patient.name_search("закрытова")])

    def test_contact_data_by_reading(self):
        for role in self.role_users:
            rows = [
                self._as(role, self.patient).read(SECRET)[0],
                self._as(role, self.patient).search_read([("id", "=", self.patient.id)], SECRET)[0],
                self._as(role, self.patient).web_read({name: {} for name in SECRET})[0],
            ]
            for row in rows:
                for name in SECRET:
                    with self.subTest(role=role, field=name):
                        self.assertEqual(bool(row[name]), role in self.sees)
            with self.subTest(role=role, field="birth_date"):
                self.assertEqual(
                    self._allowed(lambda r=role: self._as(r, self.patient).read(["birth_date"])),
                    role in self.sees,
                )

    def test_other_contacts_stay_open(self):
        for role in self.role_users:
            with self.subTest(role=role):
                self.assertTrue(self._as(role, self.contact).read(["phone"])[0]["phone"])

    def test_contact_data_by_searching_and_grouping(self):
        domains = (
            [("phone", "ilike", "77-88")],
            [("phone_sanitized", "=", "+79854047788")],
            [("email", "=", "closed@example.com")],
            ["|", ("street", "ilike", "Тихая"), ("id", "=", 0)],
            ["!", ("city", "!=", "Иркутск")],
        )
        for role in self.role_users:
            Partner = self._as(role, self.env["res.partner"])
            for domain in domains:
                with self.subTest(role=role, domain=domain):
                    self.assertEqual(self.patient in Partner.search(domain), role in self.sees)
                    self.assertEqual(
                        bool(Partner.search_count([*domain, ("is_patient", "=", True)])), role in self.sees
                    )
            with self.subTest(role=role):
                groups = Partner.formatted_read_group([("id", "=", self.patient.id)], ["city"], ["__count"])
                self.assertEqual("Иркутск" in [group["city"] for group in groups], role in self.sees)
                found = self.env["clinic.relation"].sudo().search([("patient_id.phone", "ilike", "77-88")])
                self.assertEqual(found, self.relation)

    def test_contact_data_by_export_and_display_name(self):
        for role in self.role_users:
            patient = self._as(role, self.patient)
            with self.subTest(role=role):
                for column in ("phone", "email", "city"):
                    self.assertEqual(
                        self._allowed(lambda p=patient, c=column: p.export_data(["name", c])),
                        role in self.sees,
                    )
                self.assertTrue(patient.export_data(["name"])["datas"])
                shown = patient.with_context(show_email=True, show_address=True).display_name
                self.assertEqual("closed@example.com" in shown, role in self.sees)
                self.assertEqual("Тихая" in shown, role in self.sees)

    def test_contact_data_in_the_chatter(self):
        self.env.flush_all()
        self.env.cr.flush()
        patient = self.patient.with_context(tracking_disable=False)
        patient.write({"phone": "+79854047744", "email": "other@example.com", "family_name": "Тайная"})
        self.env.flush_all()
        self.env.cr.flush()
        values = patient.message_ids.sudo().tracking_value_ids
        self.assertEqual({"phone", "email", "family_name"} - set(values.field_id.mapped("name")), set())
        mailed = values._filter_free_field_access().field_id.mapped("name")
        self.assertFalse({"phone", "email"} & set(mailed))
        for role, user in self.role_users.items():
            env = self.env(user=user)
            shown = values._filter_has_field_access(env).field_id.mapped("name")
            store = Store().add(patient.with_user(user), ["name", "email", "phone"]).get_result()
            card = store["res.partner"][0]
            with self.subTest(role=role):
                self.assertEqual("phone" in shown, role in self.sees)
                self.assertIn("family_name", shown)
                self.assertEqual(bool(card["phone"] and card["email"]), role in self.sees)

    def test_rows_of_phones_relations_and_consents(self):
        phone = self.patient.clinic_phone_ids
        vals = {"partner_id": self.patient.id, "raw": "+79854047700"}
        for role in self.role_users:
            desk = role in DESK_ROLES | {"registrar+marketer"}
            integration = role == "integration"
            for record, operations in (
                (phone, {"read": role in self.sees, "write": desk or integration, "unlink": desk}),
                (self.relation, {"read": role in self.sees, "write": desk, "create": desk}),
                (
                    self.consent,
                    {"read": role in self.sees | {"privacy_officer"}, "create": desk, "unlink": False},
                ),
            ):
                for operation, allowed in operations.items():
                    with self.subTest(role=role, model=record._name, operation=operation):
                        self.assertEqual(self._as(role, record).has_access(operation), allowed)
            with self.subTest(role=role):
                self.assertEqual(
                    self._allowed(lambda r=role: self._as(r, self.env["clinic.phone"]).create(vals)),
                    desk or integration,
                )

    def test_purposes_and_texts(self):
        purpose = self.consent.purpose_id
        for role in self.role_users:
            manages = role in {"clinic_admin", "privacy_officer"}
            for record in (purpose, purpose.text_ids):
                with self.subTest(role=role, model=record._name):
                    self.assertEqual(self._as(role, record).has_access("read"), role != "employee")
                    for operation in ("create", "write", "unlink"):
                        self.assertEqual(self._as(role, record).has_access(operation), manages)

    def test_public_methods(self):
        booking = CONTACT_ROLES | {"director+doctor", "registrar+marketer"}
        creating = DESK_ROLES | {"integration", "registrar+marketer"}
        new = {"family_name": "Новая", "phone": "8 986 404-65-43"}
        for role in self.role_users:
            Partner = self._as(role, self.env["res.partner"])
            with self.subTest(role=role):
                self.assertEqual(
                    self._allowed(lambda p=Partner: p.clinic_search_patients("закрытова")), role in booking
                )
                self.assertEqual(self._allowed(lambda p=Partner: p.clinic_find_similar(new)), role in booking)
                self.assertEqual(
                    self._allowed(lambda p=Partner: p.clinic_parse_patient_text("Новая")), role in booking
                )
                self.assertEqual(
                    self._allowed(lambda p=Partner: p.clinic_quick_create_patient(new)), role in creating
                )

    def test_what_may_be_called_from_outside(self):
        registrar = self.env(user=self.role_users["registrar"])
        Partner = registrar["res.partner"]
        self.assertTrue(call_kw(Partner, "clinic_search_patients", ["закрытова"], {"limit": 5}))
        self.assertTrue(call_kw(Partner, "clinic_find_similar", [{"phone": "8 985 404-77-88"}], {}))
        marketer = self.env(user=self.role_users["marketer"])["res.partner"]
        for name, args in (
            ("clinic_search_patients", ["закрытова"]),
            ("clinic_find_similar", [{"phone": "+79854047788"}]),
            ("clinic_parse_patient_text", ["Закрытова"]),
            ("clinic_quick_create_patient", [{"family_name": "Б", "phone": "8 986 404-65-43"}]),
            ("read", [self.patient.ids, ["birth_date"]]),
        ):
            with self.subTest(name=name), self.assertRaises(AccessError):
                call_kw(marketer, name, args, {})
        for name in ("_clinic_search_domain", "_clinic_patient_dicts", "_add_phones", "_search"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                call_kw(Partner, name, [[]], {})
        with self.assertRaises(AccessError):
            call_kw(registrar["clinic.consent"], "_grant", [[]], {})

    def test_the_merge_of_contacts_leaves_patients_alone(self):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        other = self.env["res.partner"].create({"name": "Закрытова"})
        with self.assertRaises(UserError):
            wizard._merge([self.patient.id, other.id], other)
        wizard._merge([self.contact.id, other.id], other)
        self.assertFalse(self.contact.exists())

    def test_search_of_blind_roles_does_not_tell_phones_or_birth_dates(self):
        for role in self.blind:
            Partner = self._as(role, self.env["res.partner"])
            for text in ("закрытова 85", "закрытова 7788", "+79854047788", "закрытова 17.05.1985"):
                with self.subTest(role=role, text=text):
                    self.assertNotIn(self.patient, Partner.search([("clinic_patient_query", "ilike", text)]))
            self.assertIn(self.patient, Partner.search([("clinic_patient_query", "ilike", "закрытова")]))

    def test_portal_and_public_see_nothing(self):
        portal = self._make_portal_user()
        for user in (portal, self.env.ref("base.public_user")):
            Partner = self.env["res.partner"].with_user(user)
            with self.subTest(user=user.login):
                self.assertFalse(self.patient.with_user(user).has_access("read"))
                for call in (
                    lambda p=Partner: p.clinic_search_patients("закрытова"),
                    lambda p=Partner: p.clinic_quick_create_patient(
                        {"family_name": "Б", "phone": "8 986 404-65-43"}
                    ),
                    lambda p=Partner: p.env["clinic.phone"].search([]),
                    lambda p=Partner: p.env["clinic.consent"].search([]),
                    lambda p=Partner: p.env["clinic.relation"].search([]),
                ):
                    self.assertFalse(self._allowed(call))

    def test_search_text_is_closed_to_everybody(self):
        for role in ("registrar", "clinic_admin", "marketer"):
            Partner = self._as(role, self.env["res.partner"])
            with self.subTest(role=role):
                self.assertFalse(
                    self._allowed(lambda p=Partner: p.search([("clinic_search_text", "ilike", "закрытова")]))
                )

    def test_patient_of_another_company(self):
        company = self.env["res.company"].create({"name": "Other legal entity"})
        self.patient.company_id = company
        registrar = self._as("registrar", self.patient)
        self.assertFalse(registrar.has_access("read"))
        self.assertFalse(registrar.clinic_search_patients("закрытова"))
        self.assertFalse(registrar.clinic_find_similar({"phone": "+79854047788"}))
        self.assertFalse(registrar.env["clinic.phone"].search([("partner_id", "=", self.patient.id)]))
        self.assertFalse(registrar.env["clinic.consent"].search([("patient_id", "=", self.patient.id)]))
