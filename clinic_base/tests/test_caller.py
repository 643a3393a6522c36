# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import ClinicCommon

NUMBER = "8 914 000-77-88"


@tagged("post_install", "-at_install")
class TestCaller(ClinicCommon):
    """Who may be calling, in the order in which the desk should think of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = cls._make_role_users("registrar", "operator", "external_caller", "marketer")
        cls.mother = cls._make_patient(family_name="Mamina", phone=NUMBER)
        born = fields.Date.today() - relativedelta(years=7)
        cls.child = cls._make_patient(family_name="Mamin", birth_date=born)
        cls.env["clinic.relation"].create({"patient_id": cls.child.id, "actor_id": cls.mother.id})
        cls.noted = cls._make_patient(family_name="Mamin", birth_date=born)
        cls.husband = cls._make_patient(family_name="Mamin", given_name="Petr")
        for card, owner in ((cls.noted, "mother"), (cls.husband, "spouse")):
            cls.env["clinic.phone"].create({"partner_id": card.id, "raw": NUMBER, "owner": owner})

    def _lookup(self, role, number=NUMBER):
        return self.env["res.partner"].with_user(self.users[role]).clinic_caller_lookup(number)

    def test_order(self):
        rows = self._lookup("operator")
        self.assertEqual(
            [(row["id"], row["as"]) for row in rows],
            [
                (self.mother.id, "own"),
                *sorted((card.id, "child") for card in (self.child, self.noted)),
                (self.husband.id, "other"),
            ],
        )
        for spelling in ("79140007788", "+79140007788", "9140007788", "8(914)0007788"):
            self.assertEqual(len(self._lookup("registrar", spelling)), 4, spelling)

    def test_the_function_of_the_database_says_what_the_statement_says(self):
        partners = self.env["res.partner"]
        partners._register_hook()
        self.env.registry.clear_cache("stable")
        self.assertTrue(partners._caller_function())
        with_function = partners._caller_rows("+79140007788", 10)
        self.assertEqual(len(with_function), 4)
        self.env.cr.execute(SQL("DROP FUNCTION %s", SQL.identifier(partners._caller_function())))
        self.env.registry.clear_cache("stable")
        self.assertFalse(partners._caller_function())
        self.assertEqual(partners._caller_rows("+79140007788", 10), with_function)
        # the caches outlive the transaction that is rolled back
        self.addCleanup(self.env.registry.clear_cache, "stable")

    def test_a_family_costs_as_many_queries_as_one_card(self):
        partners = self.env["res.partner"].with_user(self.users["registrar"])
        alone = self._make_patient(family_name="Alone", phone="8 914 000-77-99")
        counts = {}
        for number in ("8 914 000-77-99", NUMBER) * 2:
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = partners.clinic_caller_lookup(number)
            counts[number] = self.env.cr.sql_log_count - before
            self.assertEqual(alone.id in [row["id"] for row in rows], number != NUMBER)
        self.assertEqual(len(set(counts.values())), 1, counts)
        self.assertLessEqual(counts[NUMBER], 8)

    def test_nobody(self):
        for number in ("", None, "anonymous", "8 914 000-77-00", "0" * 500):
            self.assertEqual(self._lookup("registrar", number), [])
        self.mother.active = False
        self.assertNotIn(self.mother.id, [row["id"] for row in self._lookup("registrar")])

    def test_only_for_the_desk(self):
        for role in ("external_caller", "marketer"):
            with self.assertRaises(AccessError):
                self._lookup(role)

    def test_the_lookup_is_noted_without_the_number(self):
        self._lookup("registrar")
        waiting = self.env.cr.postcommit.data["clinic.access.event"].values()
        rows = [row for row in waiting if row["detail"] == "caller"]
        self.assertEqual(
            {row["patient_ref"] for row in rows},
            set((self.mother | self.child | self.noted | self.husband).ids),
        )
        self.assertNotIn("9140007788", str(rows))

    def test_indexes_are_used(self):
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute(
            "EXPLAIN SELECT partner_id FROM clinic_phone WHERE active AND e164 = '+79140007788'"
        )
        self.assertIn("e164_idx", "\n".join(row[0] for row in self.env.cr.fetchall()))
