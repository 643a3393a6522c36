# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two cards of one person: found, proposed at the desk, joined by the administrator, taken back."""

from odoo.tests import HttpCase, tagged

from odoo.addons.clinic_base.tests.common import ClinicBuilders

QUEUE = "/odoo/action-clinic_base.clinic_match_cluster_action"


@tagged("post_install", "-at_install")
class TestConsolidation(ClinicBuilders, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cards = cls.env["res.partner"]
        for family in ("Двойникова", "Двойнекова"):
            cls.cards |= cls._make_patient(
                family_name=family,
                given_name="Вера",
                patronymic="Павловна",
                birth_date="1979-08-09",
                sex="female",
                phone="+79140077001",
            )
        cls._make_user("t_registrar", "registrar")
        cls._make_user("t_chief", "clinic_admin")
        cls.env["clinic.match.key"]._work(cls.cards.ids)

    def test_consolidation_and_undo(self):
        first, second = self.cards
        self.start_tour(QUEUE, "clinic_flows_consolidation_desk", login="t_registrar")
        cluster = self.env["clinic.match.cluster"].search([("state", "=", "proposed")])
        self.assertEqual(cluster.member_ids.partner_id, self.cards)
        self.assertTrue(first.active and second.active, "the desk only proposes")
        self.assertEqual(cluster.merge_ids.choice_ids.filtered("is_required").take, "loser")
        self.start_tour(QUEUE, "clinic_flows_consolidation_join", login="t_chief")
        self.env.invalidate_all()
        merge = cluster.merge_ids
        self.assertEqual(
            (cluster.state, merge.state, merge.done_by_id.login), ("undone", "undone", "t_chief")
        )
        self.assertEqual(self.cards.mapped("family_name"), ["Двойникова", "Двойнекова"])
        self.assertTrue(all(self.cards.mapped("active")))
        mark = self.env["clinic.patient.distinct"].search([("first_id", "in", self.cards.ids)])
        self.assertEqual(mark.reason, "undone", "the pair is not proposed again")
