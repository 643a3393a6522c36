# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .report_common import ReportCommon

REPORTS = ("clinic.load.report", "clinic.visit.report", "clinic.hole.report")
READERS = {"senior_nurse", "clinic_admin", "head_doctor", "director", "doctor+director"}


@tagged("post_install", "-at_install")
class TestReportAccess(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cast = cls._make_cast("doctor+director", "registrar+marketer")
        cls.visit = cls._make_visit(cls._at(1, 540), state="cancelled_patient")
        cls._journal(
            cls.visit, "cancelled", fields.Datetime.now() - timedelta(hours=1),
            state_from="booked", before=cls.visit._snapshot(),
        )  # fmt: skip

    def test_who_reads(self):
        for role, user in self.cast.items():
            for name in REPORTS:
                with self.subTest(role=role, model=name):
                    report = self.env[name].with_user(user)
                    self.assertEqual(report.has_access("read"), role in READERS)
                    for operation in ("create", "write", "unlink"):
                        self.assertFalse(report.has_access(operation))

    def test_others_get_nothing_by_any_way(self):
        ids = {name: self.env[name].search([], limit=1).ids for name in REPORTS}
        for role in (
            "registrar",
            "operator",
            "external_caller",
            "doctor",
            "marketer",
            "statistician",
            "employee",
        ):
            for name in REPORTS:
                self.assertTrue(ids[name], name)
                report = self.env[name].with_user(self.cast[role])
                for way, call in (
                    ("search", lambda r=report: r.search([])),
                    ("count", lambda r=report: r.search_count([])),
                    ("read", lambda r=report, i=ids[name]: r.browse(i).read(["branch_id"])),
                    ("group", lambda r=report: r.formatted_read_group([], ["branch_id"], ["__count"])),
                    ("web", lambda r=report: r.web_read_group([], ["branch_id"], ["__count"])),
                    ("export", lambda r=report, i=ids[name]: r.browse(i).export_data(["branch_id"])),
                ):
                    with self.subTest(role=role, model=name, way=way), self.assertRaises(UserError):
                        call()

    def test_readers_read_by_every_way(self):
        for role in READERS:
            for name in REPORTS:
                report = self.env[name].with_user(self.cast[role])
                found = report.search([("branch_id", "=", self.branch.id)])
                with self.subTest(role=role, model=name):
                    self.assertTrue(found)
                    self.assertTrue(found.read())
                    self.assertEqual(len(found.export_data([".id", "branch_id/name"])["datas"]), len(found))
                    for group in ("branch_id", "resource_id", "weekday"):
                        self.assertTrue(report.formatted_read_group([], [group], ["__count"]))
                    for measure, field in report._fields.items():
                        if field.store and field.aggregator:
                            report._read_group([], ["branch_id"], [f"{measure}:{field.aggregator}"])

    def test_no_way_leads_to_a_patient_or_visit(self):
        """Whatever is asked for, there is no link to somebody treated."""
        for name in REPORTS:
            links = {field.comodel_name for field in self.env[name]._fields.values() if field.relational}
            self.assertFalse(
                links & {"res.partner", "clinic.appointment", "clinic.appointment.journal"}, name
            )
            stored = {key for key, field in self.env[name]._fields.items() if field.store}
            self.assertFalse(stored & {"patient_id", "note", "number", "external_ref", "token"})

    def test_nobody_sees_another_company(self):
        company = self._make_company()
        stranger = self._make_user(
            "t_other_director", "director", company_id=company.id, company_ids=company.ids
        )
        for name in REPORTS:
            report = self.env[name].with_user(stranger)
            self.assertTrue(report.sudo().search([], limit=1))
            self.assertFalse(report.search([]))
            self.assertEqual(report._read_group([], [], ["__count"]), [(0,)])
            with self.assertRaises(AccessError):
                report.browse(report.sudo().search([], limit=1).ids).read(["branch_id"])

    def test_the_page_of_figures_by_role_and_company(self):
        for role, user in self.cast.items():
            figures = self.env["clinic.figures"].with_user(user)
            with self.subTest(role=role):
                if role in READERS | {"marketer", "registrar+marketer"}:
                    data = figures.load({"branch_id": self.branch.id})
                    self.assertTrue(data["figures"])
                    self.assertEqual([branch["id"] for branch in data["shown"]], self.branch.ids)
                else:
                    with self.assertRaises(AccessError):
                        figures.load({})
        with self.assertRaises(AccessError):
            self.env["clinic.load.map"].with_user(self.cast["marketer"]).load({})
        self.env["clinic.load.map"].with_user(self.cast["director"]).load({})
