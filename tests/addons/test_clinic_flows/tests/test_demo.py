# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The demo clinic of ``./clinic run``: it loads, and what it shows is true to the rules."""

from odoo.tests import tagged

from .common import SuiteCase, demo
from .role_matrix import RoleMatrixMixin


class DemoCase(SuiteCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        demo().load(cls.env)


@tagged("post_install", "-at_install")
class TestDemo(RoleMatrixMixin, DemoCase):
    #: Odoo passes over test methods of base classes otherwise
    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = demo().logins(cls.env)
        cls.visits = cls.env["clinic.appointment"].search([])

    def test_sizes(self):
        self.assertEqual(len(self.env["clinic.branch"].search([("code", "in", ["ЦЕН", "СОЛ", "ЧИТ"])])), 3)
        self.assertEqual(len(set(self.env["clinic.branch"].search([]).mapped("tz"))), 2, "two time zones")
        self.assertGreaterEqual(self.env["clinic.practitioner"].search_count([]), 20)
        wanted = (("product.product", "clinic_is_service", 40), ("res.partner", "is_patient", 300))
        for model, flag, least in wanted:
            self.assertGreaterEqual(self.env[model].search_count([(flag, "=", True)]), least)
        self.assertFalse(
            self.env["clinic.practitioner"].search([]).filtered(lambda doctor: not doctor.image_128)
        )

    def test_site_speaks_russian(self):
        """Whatever language a visitor's browser asks for; the staff's language is in their accounts."""
        website = self.env["website"].get_current_website()
        self.assertEqual(website.language_ids.mapped("code"), ["ru_RU"])
        self.assertEqual(website.default_lang_id.code, "ru_RU")
        names = [login for _role, login, _password in self.rows]
        users = self.env["res.users"].search([("login", "in", names)])
        self.assertEqual(set(users.mapped("lang")), {"ru_RU"})

    def test_every_state_is_shown(self):
        states = dict(self.env["clinic.appointment"]._fields["state"].selection)
        self.assertEqual(set(self.visits.mapped("state")), set(states))

    def test_reduced_prices_are_shown(self):
        rules = self.env["clinic.spare.rule"].search([])
        self.assertEqual(len(rules), 2)
        report = self.env["clinic.spare.report"].search([])
        self.assertGreater(len(report), 20)
        self.assertTrue(all(0 < row.price < row.price_before for row in report))
        self.assertEqual(set(self.env["clinic.time.ticket"].search([]).mapped("state")), {"open"})

    def test_courses_and_comings_are_shown(self):
        courses = self.env["clinic.course"].search([])
        self.assertGreaterEqual(len(courses), 2)
        self.assertEqual(set(courses.mapped("state")), {"running"})
        chains = self.env["clinic.chain"].search([])
        self.assertGreaterEqual(len(chains), 2)
        self.assertGreaterEqual(min(chains.mapped("count")), 2)
        self.assertFalse(courses.patient_id & chains.patient_id)

    def test_future_visits_occupy_their_place(self):
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT count(*) FILTER (WHERE own.id IS NULL), count(*) FILTER (WHERE person.id IS NULL), count(*)
              FROM clinic_appointment visit
              LEFT JOIN clinic_slot_claim own ON own.appointment_id = visit.id AND own.kind = 'resource'
                    AND own.ref = visit.resource_id AND own.start <= visit.start AND own.stop >= visit.stop
              LEFT JOIN clinic_slot_claim person ON person.appointment_id = visit.id
                    AND person.kind = 'patient' AND person.ref = visit.patient_id
             WHERE visit.start > now() AT TIME ZONE 'UTC' AND visit.state IN ('booked', 'confirmed')
            """
        )
        without_resource, without_patient, total = self.env.cr.fetchone()
        self.assertEqual((without_resource, without_patient), (0, 0))
        self.assertGreater(total, 300)

    def test_visits_lie_in_shifts(self):
        self.env.cr.execute(
            """
            SELECT count(*) FROM clinic_appointment visit
             WHERE visit.state IN ('booked', 'confirmed') AND NOT EXISTS (
                   SELECT 1 FROM clinic_shift shift
                    WHERE shift.active AND shift.resource_id = visit.resource_id
                      AND shift.branch_id = visit.branch_id
                      AND shift.start <= visit.start AND shift.stop >= visit.stop)
            """
        )
        self.assertEqual(self.env.cr.fetchone()[0], 0)

    def test_every_visit_has_its_journal(self):
        for visit in self.visits.filtered(lambda visit: visit.state != "held"):
            lines = visit.journal_ids
            self.assertEqual(lines[:1].state_to, visit.state, visit.number)
            self.assertIn("booked", lines.mapped("action"))

    def test_logins(self):
        self.assertEqual(len({login for _role, login, _password in self.rows}), len(self.rows))
        for role, login, password in self.rows:
            with self.subTest(role=role):
                user = self.env["res.users"].search([("login", "=", login)])
                credential = {"type": "password", "login": login, "password": password}
                user.with_user(user)._check_credentials(credential, {"interactive": True})

    def test_one_login_per_role(self):
        logins = [login for _role, login, _password in self.rows]
        shown = self.env["res.users"].search([("login", "in", logins)])
        roles = self.env["res.groups"].search(
            [("privilege_id.category_id", "=", self.env.ref("clinic_base.module_category_clinic").id)]
        )
        missing = roles.filtered(lambda group: not group.user_ids & shown)
        self.assertFalse(missing.mapped("full_name"))

    def test_registrar_begins_on_the_board(self):
        users = self.env["res.users"]
        board = self.env.ref("clinic_schedule.action_clinic_board")
        self.assertEqual(users.search([("login", "=", "registrar")]).action_id.id, board.id)
        self.assertFalse(users.search([("login", "=", "marketer")]).action_id)
