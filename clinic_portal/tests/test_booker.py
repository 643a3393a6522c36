# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import runpy
from datetime import timedelta

from odoo import fields
from odoo.modules.module import get_module_path
from odoo.tests import tagged

from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestBooker(PortalCommon):
    """Who booked a visit for somebody else sees it until a card or a relation says whose it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._make_portal_user()
        cls.me = cls.user.partner_id
        cls.friend = cls._make_patient()
        cls.visit = cls._book(cls.friend, 0)
        cls.visit.portal_partner_id = cls.me

    def _relate(self, **vals):
        return self.env["clinic.relation"].create(
            {"patient_id": self.friend.id, "actor_id": self.me.id, "kind": "mother", **vals}
        )

    def _seen(self, user=None):
        visits = self.env["clinic.appointment"].with_user(user or self.user)
        return self.visit in visits.search([])

    def test_booker_sees_the_visit(self):
        self.assertTrue(self._seen())

    def test_relation_takes_over(self):
        relation = self._relate()
        self.assertFalse(self.visit.portal_partner_id)
        self.assertTrue(self._seen())
        past = fields.Date.today() - timedelta(days=2)
        relation.write({"date_from": past - timedelta(days=9), "date_to": past})
        self.assertFalse(self._seen())

    def test_relation_passes_to_another_person(self):
        relation = self._relate(actor_id=self._make_patient().id)
        self.assertEqual(self.visit.portal_partner_id, self.me)
        relation.actor_id = self.me
        self.assertFalse(self.visit.portal_partner_id)
        relation.may_act = False
        self.assertFalse(self._seen())

    def test_other_relations_change_nothing(self):
        self._relate(patient_id=self._make_patient().id)
        self._relate(actor_id=self._make_patient().id)
        self.assertEqual(self.visit.portal_partner_id, self.me)

    def test_account_is_joined_with_a_card(self):
        card = self._make_patient()
        self.user.partner_id = card
        self.assertEqual(self.visit.portal_partner_id, card)
        self.assertTrue(self._seen())

    def test_account_is_joined_with_the_card_of_the_visit(self):
        self.user.partner_id = self.friend
        self.assertFalse(self.visit.portal_partner_id)
        self.assertTrue(self._seen())

    def test_two_accounts_of_one_card(self):
        second = self._make_portal_user("t_second")
        second.partner_id = self.me
        second.partner_id = self._make_patient()
        self.assertEqual(self.visit.portal_partner_id, self.me)

    def test_migration(self):
        """Rows of the time when family visits were kept as booked by the account."""
        past = fields.Date.today() - timedelta(days=2)
        self._relate(date_from=past - timedelta(days=9), date_to=past)
        own = self._book(self.me, 1) if self.me.is_patient else self._book(self.friend, 1)
        stranger = self._book(self._make_patient(), 2)
        self.visit.portal_partner_id = own.portal_partner_id = stranger.portal_partner_id = self.me
        self.assertTrue(self._seen())
        path = f"{get_module_path('clinic_portal')}/migrations/19.0.1.0.1/post-migrate.py"
        runpy.run_path(path)["migrate"](self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertFalse((self.visit | own).portal_partner_id)
        self.assertEqual(stranger.portal_partner_id, self.me)
        self.assertFalse(self._seen())
