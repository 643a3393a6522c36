# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest import skipUnless

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from odoo.addons.mail.tools.discuss import Store
from odoo.addons.web.models.res_partner import vobject

from .common import ClinicCommon

PHONE = "+79854047788"
EMAIL = "closed@example.com"
CITY = "Усть-Тайный"
BLIND = ("marketer", "external_caller", "employee")
SEEING = ("registrar", "doctor")


@tagged("post_install", "-at_install")
class TestAccessLeaks(ClinicCommon):
    """Ways round the guard of contact data: paths, accounts, cards, recipients, notes of the staff."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.role_users = cls._make_role_users("marketer", "external_caller", "registrar", "doctor")
        cls.role_users["director"] = cls._make_user("t_director", "director")
        cls.role_users["clinic_admin"] = cls._make_user("t_clinic_admin", "clinic_admin")
        cls.role_users["employee"] = cls._make_user("t_employee")
        for user in cls.role_users.values():
            user.group_ids += cls.env.ref("base.group_allow_export")
        cls.portal = cls._make_portal_user(login="closed_login")
        cls.patient = cls.portal.partner_id
        cls.patient.write(
            {
                "is_patient": True,
                "phone": PHONE,
                "email": EMAIL,
                "city": CITY,
                "patient_alert": "deaf",
                "comment": "staff remark",
            }
        )
        cls.colleague = cls._make_user("t_colleague")
        cls.colleague.partner_id.write({"is_patient": True, "phone": PHONE, "city": CITY})
        cls.marketing = cls.env.ref("clinic_base.consent_purpose_marketing")
        cls.relation = cls.env["clinic.relation"].create(
            {"patient_id": cls.colleague.partner_id.id, "actor_id": cls.patient.id, "kind": "other"}
        )
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _rpc(self, role, model, method, *args, **kwargs):
        """The answer as text; an AccessError is an empty one."""
        user = self.portal if role == "portal" else self.role_users[role]
        try:
            with self.env.cr.savepoint():
                return str(call_kw(self.env(user=user)[model], method, list(args), kwargs))
        except AccessError:
            return ""
        finally:
            self.env.invalidate_all()

    def _assert_secret(self, role, *call, sees=None, **kwargs):
        answer = self._rpc(role, *call, **kwargs)
        with self.subTest(role=role, call=call):
            found = any(secret in answer for secret in ("4047788", "404-77-88", EMAIL, CITY, "closed_login"))
            self.assertEqual(found, role in SEEING if sees is None else sees, answer)

    def test_grouping_over_a_path(self):
        for role in (*BLIND, "registrar"):
            for model, domain, path in (
                ("res.partner", [("is_patient", "=", True)], "commercial_partner_id.phone"),
                ("res.partner", [("is_patient", "=", True)], "commercial_partner_id.city"),
                ("res.partner", [("is_patient", "=", True)], "commercial_partner_id.email"),
                ("res.users", [], "partner_id.phone"),
                ("res.users", [], "phone"),
                ("res.users", [], "partner_id.commercial_partner_id.city"),
                ("res.users", [], "commercial_partner_id.city"),
            ):
                self._assert_secret(role, model, "formatted_read_group", domain, ["id", path], ["__count"])
                self._assert_secret(
                    role, model, "formatted_read_grouping_sets", domain, [["id"], [path]], ["__count"]
                )
        self._assert_secret(
            "registrar", "clinic.relation", "formatted_read_group", [], ["actor_id.phone"], ["__count"]
        )
        self.env["ir.model.access"].create(
            {
                "name": "relations for all",
                "model_id": self.env["ir.model"]._get_id("clinic.relation"),
                "group_id": self.env.ref("base.group_user").id,
                "perm_read": True,
            }
        )
        for role in BLIND:
            for path in ("actor_id.phone", "patient_id.city", "actor_id.birth_date:month"):
                self._assert_secret(
                    role, "clinic.relation", "formatted_read_group", [], [path], ["__count"], sees=False
                )

    def test_accounts_of_patients(self):
        fields = ["name", "phone", "email", "login", "city"]
        for role in (*BLIND, *SEEING):
            for user in (self.portal, self.colleague):
                sees = role in SEEING
                domain = [("id", "=", user.id)]
                self._assert_secret(role, "res.users", "search_read", domain, fields, sees=sees)
                self._assert_secret(role, "res.users", "read", user.ids, ["phone", "city"], sees=sees)
                self._assert_secret(
                    role, "res.users", "web_search_read", domain, {name: {} for name in fields}, sees=sees
                )
                self._assert_secret(
                    role,
                    "res.users",
                    "web_search_read",
                    domain,
                    {"partner_id": {"fields": {"phone": {}}}},
                    sees=sees,
                )
                self._assert_secret(role, "res.users", "export_data", user.ids, ["phone", "city"], sees=sees)
                self._assert_secret(
                    role, "res.users", "export_data", user.ids, ["partner_id/phone"], sees=sees
                )

    def test_search_by_accounts(self):
        tail = [("phone", "ilike", "404")]
        for role in (*BLIND, *SEEING):
            for model, domain in (
                ("res.users", tail),
                ("res.users", ["!", ("phone", "not ilike", "404")]),
                ("res.users", [("partner_id.phone", "ilike", "404")]),
                ("res.users", [("partner_id", "any", tail)]),
                ("res.users", [("commercial_partner_id.city", "=", CITY)]),
                ("res.partner", [("user_ids.phone", "ilike", "404")]),
                ("res.partner", [("user_ids", "any", [("partner_id", "any", tail)])]),
                ("res.partner", [("commercial_partner_id.phone", "ilike", "404")]),
            ):
                scope = [("name", "!=", False)]
                found = self._rpc(role, model, "search_count", scope + domain)
                with self.subTest(role=role, model=model, domain=domain):
                    if role in SEEING:
                        self.assertEqual(found, "2")
                    else:
                        self.assertIn(found, ("", "0"))

    def test_everybody_still_reads_colleagues_and_himself(self):
        for role, user in self.role_users.items():
            other = self.role_users["doctor" if role != "doctor" else "registrar"]
            with self.subTest(role=role):
                fields = ["login", "phone"]
                self.assertIn(other.login, self._rpc(role, "res.users", "read", other.ids, fields))
                self.assertIn(user.login, self._rpc(role, "res.users", "read", user.ids, ["login", "email"]))
                self.assertIn(
                    str(self.colleague.id), self._rpc(role, "res.users", "name_search", self.colleague.name)
                )
                fields = ["name", "user_ids"]
                self.assertTrue(self._rpc(role, "res.partner", "read", self.patient.ids, fields))
                Store().add(self.patient.with_user(user)).get_result()
        self.assertIn("closed_login", self._rpc("portal", "res.users", "read", self.portal.ids, ["login"]))

    @skipUnless(vobject, "needs vobject")
    def test_electronic_card(self):
        for role in (*BLIND, *SEEING):
            patient = self.patient.with_user(self.role_users[role])
            with self.subTest(role=role):
                if role in SEEING:
                    self.assertIn(b"4047788", patient._get_vcard_file().replace(b" ", b"").replace(b"-", b""))
                else:
                    with self.assertRaises(AccessError):
                        patient._get_vcard_file()
        supplier = self.env["res.partner"].create({"name": "Supplier", "email": "s@example.com"})
        card = supplier.with_user(self.role_users["marketer"])._get_vcard_file()
        self.assertIn(b"s@example.com", card)

    def test_recipients_of_a_message(self):
        for role in (*BLIND, *SEEING):
            patient = self.patient.with_user(self.role_users[role])
            with self.subTest(role=role):
                rows = patient._message_get_suggested_recipients(no_create=True)
                self.assertEqual(EMAIL in str(rows), role in SEEING)

    def test_alert_and_note_of_the_staff(self):
        for role in (*self.role_users, "portal"):
            alert = "deaf" in self._rpc(role, "res.partner", "read", self.patient.ids, ["patient_alert"])
            found = self._rpc(role, "res.partner", "search_count", [("patient_alert", "=", "deaf")])
            note = "staff remark" in self._rpc(role, "res.partner", "read", self.patient.ids, ["comment"])
            by_note = self._rpc(role, "res.partner", "search_count", [("comment", "ilike", "staff remark")])
            books = role in ("registrar", "doctor", "clinic_admin")
            with self.subTest(role=role):
                self.assertIn(alert, (books, books or role == "director"))
                self.assertEqual(found == "1", alert)
                self.assertEqual(note, books)
                self.assertEqual(by_note == "1", books)
        doctor = self.env(user=self.role_users["doctor"])
        found = doctor["res.partner"].clinic_search_patients(self.patient.name)
        self.assertEqual([row["alert"] for row in found if row["id"] == self.patient.id], ["deaf"])

    def test_marks_of_a_card_are_not_written_by_hand(self):
        other = self._make_patient()
        for role in ("registrar", "clinic_admin"):
            card = self.patient.with_user(self.role_users[role])
            for vals in (
                {"is_patient": False},
                {"is_patient": False, "family_name": "Иная"},
                {"merged_into_id": other.id},
                {"patient_uuid": "00000000-0000-0000-0000-000000000000"},
                {"patient_number": "1"},
            ):
                with self.subTest(role=role, vals=vals), self.assertRaises(AccessError):
                    card.write(vals)
            card.write({"is_patient": True, "family_name": "Иная"})
        contact = self.env["res.partner"].create({"name": "Contact"})
        contact.with_user(self.role_users["registrar"]).write({"is_patient": True})
        self.assertTrue(contact.patient_number and contact.patient_uuid)

    def test_proof_of_consent_stays(self):
        consent = (
            self.env["clinic.consent"]
            .with_user(self.role_users["registrar"])
            .create({"patient_id": self.patient.id, "purpose_id": self.marketing.id})
        )
        consent.action_withdraw()
        moment = consent.withdrawn_at
        for vals in (
            {"withdrawn_at": "2020-01-01 00:00:00"},
            {"state": "granted", "withdrawn_at": False},
            {"withdrawn_way": "site"},
            {"withdrawn_ip": "192.0.2.1"},
            {"withdrawn_by_id": self.env.uid},
        ):
            for row in (consent, consent.with_context(clinic_consent_withdraw=True), consent.sudo()):
                with self.subTest(vals=vals), self.assertRaises(UserError):
                    row.write(vals)
        consent.write({"note": "seen"})
        self.assertEqual((consent.state, consent.withdrawn_at, consent.note), ("withdrawn", moment, "seen"))

    def test_published_text_stays(self):
        Text = self.env["clinic.consent.text"].with_user(self.role_users["clinic_admin"])
        text = Text.browse(self.marketing.current_text_id.id)
        for vals in ({"state": "draft"}, {"text_hash": "x"}, {"date_from": False}, {"body": "other"}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                text.write(vals)
        draft = Text.create({"purpose_id": self.marketing.id, "body": "new", "state": "published"})
        self.assertEqual(draft.state, "draft")
        with self.assertRaises(UserError):
            draft.write({"state": "published"})
        draft.write({"body": "newer"})
        draft.action_publish()
        self.assertEqual((draft.state, bool(draft.text_hash)), ("published", True))

    def test_only_an_administrator_finishes_the_setup(self):
        for role in (*BLIND, *SEEING, "portal"):
            with self.subTest(role=role):
                self.assertFalse(self._rpc(role, "clinic.setup.wizard", "action_finish", []))
        self.assertTrue(self._rpc("clinic_admin", "clinic.setup.wizard", "action_finish", []))
