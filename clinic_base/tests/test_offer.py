# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager

import psycopg2

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form
from odoo.tools import mute_logger

from ..ages import AGE_LIMIT
from .common import ClinicCommon


class TestOffer(ClinicCommon):
    """The rule "empty = the service's value" and the switches, in one place."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls.practitioner.service_line_ids
        cls.offer = cls.env["clinic.offer"]

    @contextmanager
    def _refused(self):
        """The database itself refuses."""
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            yield

    def _term(self):
        return self.line._effective()[self.line.id]

    def test_empty_means_the_service(self):
        self.service.write({"clinic_step": 10, "clinic_buffer_after": 5, "clinic_online": "request"})
        term = self._term()
        self.assertEqual(
            (term["duration"], term["step"], term["buffer_after"], term["price"], term["online"]),
            (30, 10, 5, 2000.0, "request"),
        )
        self.line.write({"duration": 45, "step": 15, "own_price": True, "price": 2500, "online": "yes"})
        term = self._term()
        self.assertEqual(
            (term["duration"], term["step"], term["price"], term["online"]), (45, 15, 2500.0, "yes")
        )
        self.line.price = 0
        self.assertEqual(self._term()["price"], 0.0, "a free visit is a price too")

    def test_ages(self):
        def ages(**vals):
            self.line.write({"audience": False, "age_min": 0, "age_max": 0, **vals})
            term = self._term()
            return term["age_from"], term["age_to"]

        self.assertEqual(ages(), (0, AGE_LIMIT))
        self.service.clinic_audience = "child"
        self.assertEqual(ages(), (0, 17))
        self.practitioner.age_min = 3
        self.assertEqual(ages(), (3, 17), "the narrower of the service and the doctor")
        self.assertEqual(ages(audience="all"), (3, AGE_LIMIT), "the row's own audience wins")
        self.assertEqual(ages(age_min=1), (1, 17), "the row's own age wins")
        self.assertEqual(ages(age_max=14), (3, 14))
        self.assertEqual(ages(audience="adult"), (18, AGE_LIMIT))
        self.practitioner.write({"age_min": 0, "audience": "child"})
        self.service.write({"clinic_audience": "all", "clinic_age_max": 90})
        self.assertEqual(ages(), (0, 17))
        self.assertEqual(ages(audience="adult"), (18, 90))

    def test_nobody_fits(self):
        self.service.clinic_audience = "child"
        with self.assertRaises(ValidationError):
            self.line.age_min = 18
        with self.assertRaises(ValidationError):
            self._make_practitioner(audience="adult", services=self.service, branches=self.branch)

    def test_accepts(self):
        self.service.write({"clinic_audience": "adult", "clinic_sex": "female"})
        self.assertTrue(self.line._accepts(18, "female"))
        self.assertFalse(self.line._accepts(17, "female"))
        self.assertFalse(self.line._accepts(30, "male"))
        self.assertTrue(self.line._accepts(None, None), "unknown values fit")
        self.assertFalse(self.line._accepts(0, "female"), "a baby is not unknown")
        self.assertEqual(len(self.service._clinic_terms(age=18, sex="female")), 1)
        self.assertFalse(self.service._clinic_terms(age=17))
        self.assertFalse(self.service._clinic_terms(sex="male"))

    def test_visit_type(self):
        first = self._make_practitioner_service(
            self.practitioner, self.service, visit_type="first", duration=60
        )
        self.assertEqual([t["line_id"] for t in self.service._clinic_terms(visit_type="first")], first.ids)
        self.assertEqual(
            [t["line_id"] for t in self.service._clinic_terms(visit_type="repeat")], self.line.ids
        )
        self.assertEqual(len(self.service._clinic_terms()), 2)
        self.line.active = False
        self.assertFalse(
            self.service._clinic_terms(visit_type="repeat"), "the doctor makes first visits only"
        )
        self.assertEqual(self.line._effective()[self.line.id]["duration"], 30, "archived rows are answered")
        with self._refused():
            self._make_practitioner_service(self.practitioner, self.service, visit_type="first")

    def test_switches(self):
        def state():
            term = self._term()
            return term["shown"], term["online"]

        department = self._make_department(self.branch)
        self.practitioner.department_id = department
        for record in (self.practitioner, department, self.specialty):
            self.assertEqual(state(), (True, "yes"), record)
            record.online_booking = False
            self.assertEqual(state(), (True, "no"), record)
            self.assertFalse(self.service._clinic_terms(online=True))
            record.write({"online_booking": True, "show_on_site": False})
            self.assertEqual(state(), (False, "no"), record)
            self.assertFalse(self.service._clinic_terms(shown=True))
            record.show_on_site = True
        self.service.clinic_show_on_site = False
        self.assertEqual(state(), (False, "no"))

    def test_closed(self):
        for record in (self.practitioner, self.service, self.line):
            self.assertTrue(self.service._clinic_terms())
            record.active = False
            self.assertFalse(self.service._clinic_terms(), record)
            record.active = True

    def test_rooms_and_devices_lead(self):
        device = self._make_device(self.branch)
        scan = self._make_service(
            clinic_leading_kind="device", clinic_device_ids=[Command.set(device.ids)], clinic_duration=40
        )
        blood = self._make_service(
            clinic_leading_kind="room", clinic_room_ids=[Command.set(self.room.ids)], clinic_duration=5
        )
        terms = {term["service_id"]: term for term in (scan | blood)._clinic_terms(online=True)}
        self.assertEqual(terms[scan.id]["resource_id"], device.resource_id.id)
        self.assertEqual((terms[scan.id]["device_id"], terms[scan.id]["room_id"]), (device.id, None))
        self.assertEqual(terms[scan.id]["branch_id"], self.branch.id)
        self.assertEqual((terms[blood.id]["room_id"], terms[blood.id]["duration"]), (self.room.id, 5))
        self.assertFalse(terms[blood.id]["practitioner_id"])
        products = self.env["product.product"]
        self.assertIn(scan, products.search(products._clinic_site_domain(booking=True)))
        self.branch.online_booking = False
        self.assertFalse((scan | blood)._clinic_terms(online=True))
        self.assertEqual(len((scan | blood)._clinic_terms()), 2, "staff may always book")
        self.assertNotIn(scan, products.search(products._clinic_site_domain(booking=True)))

    def test_narrowing_and_queries(self):
        doctors = self.env["clinic.practitioner"]
        for _n in range(20):
            doctors |= self._make_practitioner(branches=self.branch, services=self.service)
        self.assertEqual(len(self.service._clinic_terms()), 21)
        self.assertEqual(len(self.service._clinic_terms(practitioners=doctors[:2])), 2)
        self.assertEqual(len(self.offer._find(resources=doctors[:3].resource_id)), 3)
        self.assertFalse(self.offer._find(services=self.env["product.product"]))
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.service._clinic_terms(visit_type="first", age=30, sex="male", online=True)

    def test_companies(self):
        company = self._make_company()
        branch = self._make_branch(company_id=company.id)
        self._make_practitioner(branches=branch, company_id=company.id, services=self.service)
        registrar = self._make_user("t_reg", "registrar", company_ids=[Command.set(self.company.ids)])
        self.assertEqual(len(self.service.with_user(registrar)._clinic_terms()), 1)
        self.assertEqual(len(self.service.sudo()._clinic_terms()), 2)

    def test_site_domain_of_services(self):
        products = self.env["product.product"]

        def visible(booking=False):
            return self.service in products.search(products._clinic_site_domain(booking))

        self.assertTrue(visible() and visible(booking=True))
        self.service.clinic_online = "no"
        self.assertTrue(visible() and not visible(booking=True))
        self.line.online = "request"
        self.assertTrue(visible(booking=True), "this doctor opens it")
        self.practitioner.show_on_site = False
        self.assertFalse(visible(), "nobody visible performs it")

    def test_service_defaults(self):
        service = self.env["product.product"].create({"name": "Scan", "clinic_is_service": True})
        self.assertEqual((service.type, service.purchase_ok, service.clinic_duration), ("service", False, 30))
        self.assertEqual(service.categ_id, self.env.ref("clinic_base.product_category_medical_service"))
        with self.assertRaises(ValidationError):
            service.type = "consu"
        with self.assertRaises(ValidationError):
            service.clinic_leading_kind = False
        for vals in (
            {"clinic_duration": 0},
            {"clinic_duration": 1441},
            {"clinic_step": -5},
            {"clinic_age_min": 20, "clinic_age_max": 10},
        ):
            with (
                self.assertRaises(psycopg2.IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                service.write(vals)
        other = self.env["product.product"].create({"name": "Cotton wool", "clinic_duration": 0})
        self.assertFalse(other.clinic_is_service)

    def test_service_by_code(self):
        self.service.clinic_code = "B01.015.001"
        found = self.env["product.product"].name_search("B01.015")
        self.assertEqual([service_id for service_id, _name in found], self.service.ids)

    def test_price_typed_in_a_row(self):
        with Form(self.line) as form:
            form.price = 1800
        self.assertTrue(self.line.own_price)
        self.assertEqual((self.line.effective_price, self.line.effective_duration), (1800, 30))
        with Form(self.line) as form:
            form.own_price = False
        self.assertEqual((self.line.price, self.line.effective_price), (0, 2000))
