# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .clinic_print_document import DESK_GROUP
from .clinic_print_state import MISSING
from .res_partner_subject import Erase


class ResPartner(models.Model):
    """The package of documents on the patient's card."""

    _inherit = "res.partner"

    clinic_print_document_ids = fields.One2many(
        "clinic.print.document", "patient_id", string="Printed documents", groups=DESK_GROUP, copy=False
    )
    clinic_papers_missing = fields.Integer(
        string="Papers to sign", compute="_compute_clinic_papers_missing", groups=DESK_GROUP
    )

    @api.depends("clinic_print_document_ids.state", "clinic_consent_ids", "birth_date")
    def _compute_clinic_papers_missing(self):
        """How many papers everybody needs this patient has not signed; shown on the card only."""
        forms = self.env["clinic.print.form"]
        for partner in self:
            patient = partner._origin
            if not patient.is_patient:
                partner.clinic_papers_missing = 0
                continue
            package = forms._package_of(patient).filtered(lambda form: form.ticked and form.needs_signature)
            states = package._states(patient).values()
            partner.clinic_papers_missing = sum(state.state in MISSING for state in states)

    def action_document_package(self):
        """Open the window with the papers this patient needs. Rights: the desk, the doctor of the patient."""
        self.ensure_one()
        return self.env["clinic.print.package"]._open(self)

    def _clinic_of_doctor(self):
        """Those of ``self`` who are patients of the doctor who is signed in."""
        return self.search(fields.Domain("id", "in", self.ids) & self._clinic_of_doctor_domain())

    @api.model
    def _clinic_of_doctor_domain(self):
        """Patients of the doctor who is signed in: attached to him; addons add theirs with ``|``."""
        return fields.Domain("is_my_patient", "=", True)

    @api.model
    def _clinic_erase_spec(self):
        """Of a paper it stays known that there was one: its form, number, days and hashes."""
        words = dict.fromkeys(("body_sealed", "signer_ground", "note"))
        people = [
            Erase("clinic.print.document", name, "wipe", {name: None}, "contract")
            for name in ("signer_id", "payer_id", "named_person_id")
        ]
        return super()._clinic_erase_spec() + [
            Erase("clinic.print.document", "patient_id", "wipe", words, "contract"),
            *people,
            Erase("clinic.consent", "named_person_id", "wipe", {"named_person_id": None}, "consent"),
        ]

    def _clinic_retention_facts(self):
        """A signed paper is kept as long as contracts are, counted from the day it was signed or ended.

        Who signed, pays or is named in a paper about another patient is a part of it.
        """
        links = ("patient_id", "signer_id", "payer_id", "named_person_id")
        domain = fields.Domain.OR([(link, "in", self.ids)] for link in links)
        signed = self.env["clinic.print.document"].search(domain & fields.Domain("state", "=", "signed"))
        days = [(row.valid_to or row.signed_at).date() for row in signed]
        return super()._clinic_retention_facts() + ([("contract", max(days))] if days else [])

    def _clinic_subject_sections(self):
        """The papers in the access report of the person."""
        papers = self._subject_list(
            "papers",
            self.env._("Printed documents"),
            self.env["clinic.print.document"].search([("patient_id", "=", self.id)]),
            ("name", "printed_at", "signed_at", "valid_to", "state"),
        )
        return super()._clinic_subject_sections() + [papers]
