# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import PHONE, PortalCommon


@tagged("post_install", "-at_install")
class TestCodes(PortalCommon):
    """Codes are short-lived, counted and kept as hashes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.codes = cls.env["clinic.phone.code"]

    def _issue(self, phone=PHONE, visitor="v1", address="10.0.0.1"):
        return self.codes._issue(phone, visitor, address)

    def test_right_code(self):
        status, record = self._issue()
        self.assertEqual(status, "sent")
        self.assertRegex(record.demo_code, r"^[0-9]{6}$")
        spaced = f" {record.demo_code[:3]} {record.demo_code[3:]}"
        self.assertEqual(self.codes._verify(PHONE, "v1", spaced), ("ok", record))
        record._mark_used()
        self.assertFalse(record.demo_code)
        self.assertEqual(self.codes._verify(PHONE, "v1", spaced)[0], "none")

    def test_nothing_readable_is_kept(self):
        _status, record = self._issue()
        code = record.demo_code
        record.demo_code = False
        self.env.flush_all()
        self.env.cr.execute("SELECT row_to_json(c)::text FROM clinic_phone_code c WHERE id = %s", [record.id])
        row = self.env.cr.fetchone()[0]
        self.assertNotIn(PHONE[2:], row)
        self.assertNotIn(f'"{code}"', row)

    def test_other_visitor_and_phone(self):
        _status, record = self._issue()
        self.assertEqual(self.codes._verify(PHONE, "v2", record.demo_code)[0], "none")
        self.assertEqual(self.codes._verify("+79145550102", "v1", record.demo_code)[0], "none")

    def test_attempts_run_out(self):
        _status, record = self._issue()
        wrong = "000000" if record.demo_code != "000000" else "000001"
        for _attempt in range(5):
            self.assertEqual(self.codes._verify(PHONE, "v1", wrong)[0], "wrong")
        self.assertEqual(self.codes._verify(PHONE, "v1", record.demo_code)[0], "exhausted")

    def test_code_expires(self):
        _status, record = self._issue()
        with freeze_time(fields.Datetime.now() + timedelta(minutes=6)):
            self.assertEqual(self.codes._verify(PHONE, "v1", record.demo_code)[0], "none")

    def test_new_code_replaces_the_former(self):
        _status, first = self._issue()
        _status, second = self._issue()
        self.assertEqual(first.state, "replaced")
        self.assertEqual(self.codes._verify(PHONE, "v1", second.demo_code)[0], "ok")

    def test_odd_input(self):
        self._issue()
        for typed in ("", None, "x" * 10_000, "１２３４５６", "12345", "1234567"):
            self.assertNotEqual(self.codes._verify(PHONE, "v1", typed)[0], "ok")

    def test_limit_per_phone(self):
        for number in range(4):
            self.assertEqual(self._issue(visitor=f"v{number}", address=f"10.0.1.{number}")[0], "sent")
        self.assertEqual(self._issue(visitor="v9", address="10.0.1.9")[0], "limited")
        self.assertEqual(self._issue(phone="+79145550102", visitor="v9", address="10.0.1.9")[0], "sent")
        with freeze_time(fields.Datetime.now() + timedelta(minutes=61)):
            self.assertEqual(self._issue(visitor="v9", address="10.0.1.9")[0], "sent")

    def test_limit_per_visitor_and_address(self):
        self.env["ir.config_parameter"].set_param("clinic_portal.codes_per_visitor", "2")
        statuses = [self._issue(phone=f"+7914555020{number}")[0] for number in range(3)]
        self.assertEqual(statuses, ["sent", "sent", "limited"])
        self.env["ir.config_parameter"].set_param("clinic_portal.codes_per_address", "3")
        self.assertEqual(self._issue(visitor="w", phone="+79145550301")[0], "limited")

    def test_limited_visitor_does_not_use_up_the_phone(self):
        self.env["ir.config_parameter"].set_param("clinic_portal.codes_per_visitor", "1")
        for _attempt in range(6):
            self._issue()
        self.assertEqual(self._issue(visitor="owner", address="10.0.2.1")[0], "sent")

    def test_limits_keep_no_person(self):
        self._issue()
        rows = self.env["clinic.portal.limit"].search([])
        self.assertTrue(rows)
        self.assertFalse([row for row in rows if "9145550101" in row.key_hash or "10.0.0.1" in row.key_hash])

    def test_real_database_without_gateway(self):
        self.env["ir.config_parameter"].set_param("clinic_base.demo_database", False)
        senders = self.env["clinic.code.sender"]
        self.assertFalse(senders._available())
        self.assertEqual(self._issue()[0], "off")
        with self.assertRaises(ValidationError):
            senders.create({"name": "Demo", "provider": "demo"})

    def test_demo_sender_of_a_copied_database_is_not_used(self):
        self._issue()
        self.assertTrue(self.env["clinic.code.sender"].search([("provider", "=", "demo")]))
        self.env["ir.config_parameter"].set_param("clinic_base.demo_database", False)
        self.assertEqual(self._issue()[0], "off")

    def test_access(self):
        self._issue()
        users = self._make_role_users("registrar", "clinic_admin", "marketer")
        users["portal"] = self._make_portal_user()
        for role in ("registrar", "marketer", "portal"):
            with self.assertRaises(AccessError):
                self.codes.with_user(users[role]).search([])
        self.assertTrue(self.codes.with_user(users["clinic_admin"]).search([]).mapped("demo_code"))
        with self.assertRaises(AccessError):
            self.codes.with_user(users["clinic_admin"]).search([])[:1].read(["code_hash"])
