# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From ``./clinic run --empty`` to the first free time on the site."""

from unittest import SkipTest

from odoo.tests import HttpCase, tagged

from odoo.addons.clinic_base.tests.common import ClinicBuilders


@tagged("post_install", "-at_install")
class TestFirstRun(ClinicBuilders, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for model in ("clinic.shift", "clinic.practitioner", "clinic.branch"):
            if cls.env[model].with_context(active_test=False).search_count([], limit=1):
                raise SkipTest("the database already holds a clinic")

    def test_wizard_leads_to_a_free_time(self):
        """The administrator opens the backend and meets the wizard; at its end a visitor finds a time."""
        self.assertTrue(
            self.env["clinic.setup.wizard"].with_user(self.env.ref("base.user_admin"))._is_wanted()
        )
        self.start_tour("/odoo", "clinic_flows_first_run", login="admin")
        company = self.env.ref("base.main_company")
        self.assertEqual((company.name, company.vat), ("Клиника «Первая»", "3808000018"))
        branches = self.env["clinic.branch"].search([], order="id")
        self.assertEqual(branches.mapped("tz"), ["Asia/Irkutsk", "Asia/Chita"])
        doctor = self.env["clinic.practitioner"].search([("name", "=", "Первова Анна Петровна")])
        shifts = self.env["clinic.shift"].search([("resource_id", "=", doctor.resource_id.id)])
        self.assertGreaterEqual(len(shifts), 60)
        self.start_tour("/clinic", "clinic_flows_first_free_time", login=None)
        self.assertTrue(self.env["clinic.appointment"].search([("state", "=", "held")]))
