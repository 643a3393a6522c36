# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..const import PATIENT_VISIT_FIELDS
from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestAccess(PortalCommon):
    """What patients reach by search, read and RPC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._make_portal_user()
        cls.me = cls.user.partner_id
        cls.me.is_patient = True
        cls.child = cls._make_patient(birth_date="2018-03-04")
        cls.mine = cls._book(cls.me, 0, note="of the staff")
        cls.childs = cls._book(cls.child, 1)
        cls.stranger = cls._book(cls._make_patient(), 2)
        cls.relation = cls.env["clinic.relation"].create(
            {"patient_id": cls.child.id, "actor_id": cls.me.id, "kind": "mother"}
        )
        cls.visits = cls.env["clinic.appointment"].with_user(cls.user)

    def test_search(self):
        self.assertEqual(self.visits.search([]), (self.mine | self.childs).sorted("start", reverse=True))
        self.assertEqual(self.visits.search_count([("patient_id", "=", self.stranger.patient_id.id)]), 0)

    def test_read(self):
        rows = self.visits.browse(self.mine.ids).read(sorted(PATIENT_VISIT_FIELDS))
        self.assertEqual(rows[0]["number"], self.mine.number)
        with self.assertRaises(AccessError):
            self.visits.browse(self.stranger.ids).read(["start"])

    def test_fields_of_the_staff(self):
        hidden = set(self.visits._fields) - PATIENT_VISIT_FIELDS
        self.assertLessEqual({"note", "token", "channel", "journal_ids", "claim_ids", "create_uid"}, hidden)
        visit = self.visits.browse(self.mine.ids)
        for name in ("note", "token", "journal_ids", "claim_ids", "user_id", "cancel_reason_id"):
            with self.assertRaises(AccessError):
                visit.read([name])
        self.assertFalse(hidden & set(visit.read()[0]))
        self.assertLessEqual(set(self.visits.fields_get()), PATIENT_VISIT_FIELDS)

    def test_searching_by_hidden_fields(self):
        with self.assertRaises(AccessError):
            self.visits.search([("note", "ilike", "staff")])
        with self.assertRaises(AccessError):
            self.visits.search([], order="note")
        with self.assertRaises(AccessError):
            self.visits._read_group([], ["channel"], ["__count"])

    def test_relation_ends(self):
        self.relation.write({"date_from": "2020-01-01", "date_to": fields.Date.today() - timedelta(days=2)})
        self.assertEqual(self.visits.search([]), self.mine)
        self.relation.write({"date_to": False})
        self.relation.may_act = False
        self.assertEqual(self.visits.search([]), self.mine)
        self.relation.write({"may_act": True, "active": False})
        self.assertEqual(self.visits.search([]), self.mine)

    def test_no_writing(self):
        visit = self.visits.browse(self.mine.ids)
        with self.assertRaises(AccessError):
            visit.write({"note": "x"})
        with self.assertRaises(AccessError):
            visit.unlink()
        with self.assertRaises(UserError):
            self.visits.create({"patient_id": self.me.id})

    def test_buttons_of_the_staff(self):
        visit = self.visits.browse(self.mine.ids)
        for button in ("action_arrive", "action_start", "action_done", "action_no_show", "action_undo"):
            with self.assertRaises(UserError):
                getattr(visit, button)()
        self.assertEqual(self.mine.state, "booked")

    def test_booking_service_of_a_portal_user(self):
        booking = self.env["clinic.booking"].with_user(self.user)
        slot = {
            "service_id": self.service.id,
            "resource_id": self.practitioner.resource_id.id,
            "start": self.shift.start + timedelta(hours=3),
        }
        with self.assertRaises(UserError):
            booking.book(slot, self.stranger.patient_id.id, channel="site")
        with self.assertRaises(AccessError):
            booking.cancel(self.stranger.id, channel="site")
        with self.assertRaises(AccessError):
            booking.book(slot, self.me.id, channel="reception")
        with self.assertRaisesRegex(UserError, "consent"):
            booking.book(slot, self.child.id, channel="site")
        self._consent(self.child)
        visit = booking.book(slot, self.child.id, channel="site")
        self.assertEqual(visit.sudo().patient_id, self.child)
        booking.cancel(self.childs.id, channel="site")
        self.assertEqual(self.childs.state, "cancelled_patient")

    def test_other_models_are_closed(self):
        closed = "practitioner branch shift relation consent phone phone.code code.sender site.request"
        for model in [f"clinic.{name}" for name in f"{closed} portal.limit booking.event".split()]:
            with self.assertRaises(AccessError, msg=model):
                self.env[model].with_user(self.user).search([])

    def test_services_of_the_site_are_not_called_by_rpc(self):
        for name in ("person", "form", "catalogue", "moment", "limit"):
            model = self.env[f"clinic.portal.{name}"]
            ours = [
                cls for cls in type(model).__mro__ if cls.__module__.startswith("odoo.addons.clinic_portal")
            ]
            names = {name for cls in ours for name in vars(cls)}
            public = [one for one in names if not one.startswith("_") and callable(getattr(model, one))]
            self.assertFalse(public, model)
