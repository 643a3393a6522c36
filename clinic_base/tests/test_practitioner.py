# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import psycopg2

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time
from odoo.tools import mute_logger

from .common import ClinicCommon


class TestPractitioner(ClinicCommon):
    def _refused(self):
        return self.assertRaises(psycopg2.IntegrityError)

    def test_short_name(self):
        for name, short in (
            ("Иванова Анна Петровна", "Иванова А.П."),
            ("Мамедов Али Гасан оглы", "Мамедов А.Г."),
            ("Ли", "Ли"),
        ):
            self.practitioner.name = name
            self.assertEqual(self.practitioner.short_name, short)

    @freeze_time("2026-11-22 12:00:00")
    def test_experience(self):
        for since, years in (("2016-11-22", 10), ("2016-11-23", 9), ("2027-01-01", 0), (False, 0)):
            self.practitioner.practice_since = since
            self.practitioner.invalidate_recordset(["experience_years"])
            self.assertEqual(self.practitioner.experience_years, years)

    def test_ages_in_the_database(self):
        for vals in ({"age_min": 20, "age_max": 18}, {"age_min": -1}, {"age_max": 151}):
            with self._refused(), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.practitioner.write(vals)
        self.practitioner.write({"age_min": 20, "age_max": 0})

    def test_snils(self):
        self.practitioner.snils = "112-233-445 95"
        for wrong in ("112-233-445 96", "123", "абв"):
            with self.assertRaises(ValidationError):
                self.practitioner.snils = wrong

    def test_user(self):
        user = self._make_user("t_doc", "doctor")
        self.assertFalse(user.practitioner_id)
        self.practitioner.user_id = user
        user.invalidate_recordset()
        self.assertEqual(user.practitioner_id, self.practitioner)
        with self._refused(), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self._make_practitioner(user_id=user.id)
        self.assertFalse(self.practitioner.copy().user_id, "a copy is another person")
        # another legal entity, the same person
        company = self._make_company()
        second = self._make_practitioner(user_id=user.id, company_id=company.id)
        user.invalidate_recordset()
        self.assertEqual(user.practitioner_ids, self.practitioner | second)
        self.assertEqual(user.with_company(company).practitioner_id, second)

    def test_link_of_a_user_reaches_record_rules(self):
        """The cache of rules forgets a link that changes."""
        self.env["ir.rule"].create(
            {
                "name": "own card only",
                "model_id": self.env["ir.model"]._get_id("clinic.specialty"),
                "domain_force": "[('practitioner_ids', 'in', user.practitioner_ids.ids)]",
            }
        )
        user = self._make_user("t_doc", "doctor")
        specialties = self.env["clinic.specialty"].with_user(user)
        self.assertFalse(specialties.search([]))
        self.practitioner.user_id = user
        user.invalidate_recordset()
        self.assertEqual(specialties.search([]), self.specialty)

    def test_company(self):
        foreign = self._make_branch(company_id=self._make_company().id)
        with self.assertRaises(ValidationError):
            self.practitioner.branch_ids += foreign
        with self.assertRaises(ValidationError):
            self.branch.company_id = foreign.company_id
        self.practitioner.company_id = False
        self.practitioner.branch_ids += foreign

    def test_archive_and_unlink(self):
        resource = self.practitioner.resource_id
        self.practitioner.action_archive()
        self.assertFalse(resource.active)
        self.assertNotIn(self.practitioner, self.env["clinic.practitioner"].search([]))
        self.practitioner.unlink()
        self.assertFalse(resource.exists())

    def test_avatar_has_initials(self):
        self.assertTrue(self.practitioner.avatar_128)
        self.assertFalse(self.practitioner.image_128)

    def test_switches(self):
        practitioners = self.env["clinic.practitioner"]

        def visible(booking=False):
            return self.practitioner in practitioners.search(practitioners._site_domain(booking))

        department = self._make_department(self.branch)
        self.practitioner.department_id = department
        for record in (self.practitioner, self.branch, department, self.specialty):
            self.assertTrue(visible() and visible(booking=True), record)
            record.online_booking = False
            self.assertTrue(visible() and not visible(booking=True), record)
            record.show_on_site = False
            self.assertFalse(visible(), record)
            record.write({"online_booking": True, "show_on_site": True})
        self.practitioner.branch_ids = False
        self.assertFalse(visible(), "a doctor without a branch receives nowhere")
