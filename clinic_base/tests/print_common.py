# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A patient with documents, a child with a mother, and the shipped forms."""

from odoo import fields

from .test_sealed_number import SealedCase


class PrintCase(SealedCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patient.write({"family_name": "Бланкова", "street": "ул. Печатная, 1", "city": "Иркутск"})
        cls.patient.patient_branch_id = cls.branch
        cls._make_document("25 04 123456", issued_by="ОВД", issued_on="2010-05-05")
        cls.env["clinic.consent.text"].search([])._write({"date_from": "2020-01-01 00:00:00"})
        cls.registrar = cls._make_user("t_print_registrar", "registrar")
        cls.child = cls._make_patient(
            family_name="Бланков",
            given_name="Пётр",
            sex="male",
            birth_date=fields.Date.subtract(fields.Date.today(), years=8),
            patient_branch_id=cls.branch.id,
        )
        cls.relation = cls.env["clinic.relation"].create(
            {
                "patient_id": cls.child.id,
                "actor_id": cls.patient.id,
                "kind": "mother",
                "ground": "Свидетельство о рождении",
            }
        )
        cls.forms = {
            code: cls.env.ref(f"clinic_base.print_form_{code}")
            for code in (
                "contract", "personal_data", "intervention", "questionnaire", "title_page", "marketing",
                "health_information", "withdrawal_marketing",
            )
        }  # fmt: skip

    def _package(self, patient=None, user=None):
        """The opened window as its record."""
        patient = (patient or self.patient).with_user(user or self.registrar)
        action = patient.action_document_package()
        return patient.env["clinic.print.package"].browse(action["res_id"])

    def _choose(self, package, *codes):
        for line in package.line_ids:
            line.is_chosen = line.form_id in [self.forms[code] for code in codes]
        return package

    def _print(self, *codes, patient=None, **vals):
        """Print these forms as the desk does; the new documents in their order."""
        last = self.env["clinic.print.document"].search([], limit=1, order="id desc").id or 0
        package = self._choose(self._package(patient), *codes)
        package.write(vals)
        package.action_print()
        documents = self.env["clinic.print.document"].search([("id", ">", last)], order="id")
        return documents.with_user(self.registrar)

    def _state(self, code, patient=None):
        form = self.forms[code]
        return form._states(patient or self.patient)[form].state
