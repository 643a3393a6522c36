# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

STATES = [
    ("none", "Never printed"),
    ("printed", "Printed, not signed"),
    ("signed", "Signed"),
    ("expired", "Expired"),
    ("outdated", "New version, to be signed anew"),
    ("given", "Agreed in another way"),
]
#: What is to be printed.
MISSING = ("none", "printed", "expired", "outdated")


class PaperState(NamedTuple):
    """How it stands with one form of one patient."""

    state: str
    document: object
    day: object  # datetime: signed, printed or agreed on
    is_old: bool = False  # signed, and there is a later version that does not need a new signature


class ClinicPrintForm(models.Model):
    """What of the package a patient has signed."""

    _inherit = "clinic.print.form"

    @api.model
    def _package_of(self, patient, moment=None):
        """Forms that are offered for the patient, in their order."""
        moment = moment or fields.Datetime.now()
        company = patient.company_id or self.env.company
        domain = Domain("in_package", "=", True) & Domain("company_id", "in", [company.id, False])
        forms = self.search(domain)
        return forms.filtered(lambda form: form.current_version_id and form._fits(patient, moment))

    def _states(self, patient, moment=None):
        """{form: PaperState} of these forms for one patient.

        Consents count however they were given: on the site, by a code, on paper.
        """
        moment = moment or fields.Datetime.now()
        # sudo: whoever may print a form may know whether it is signed, also when the desk printed it
        documents = (
            self.env["clinic.print.document"]
            .sudo()
            .search(
                [("patient_id", "=", patient.id), ("form_id", "in", self.ids), ("state", "!=", "void")],
                order="printed_at desc, id desc",
            )
        )
        by_form = documents.grouped("form_id")
        return {form: form._state(patient, by_form.get(form, documents.browse()), moment) for form in self}

    def _state(self, patient, documents, moment):
        self.ensure_one()
        signed = documents.filtered(lambda row: row.state == "signed").sorted("signed_at")[-1:]
        if self.kind == "consent" and not self.purpose_id.needs_person:
            return self._consent_state(patient, documents, signed, moment)
        if not self.needs_signature:
            return PaperState("signed" if documents else "none", documents[:1], documents[:1].printed_at)
        if not signed:
            state = "printed" if documents else "none"
            return PaperState(state, documents[:1], documents[:1].printed_at)
        later = self.version_ids.filtered(
            lambda row: row.state == "published" and row.version > signed.version_id.version
        )
        if signed.valid_to and signed.valid_to < moment:
            state = "expired"
        else:
            state = "outdated" if any(row.is_wider for row in later) else "signed"
        return PaperState(state, signed, signed.signed_at, bool(later))

    def _consent_state(self, patient, documents, signed, moment):
        """Of a consent the answer of ``may`` counts; the paper only says where it is."""
        answer = self.env["clinic.consent"].may(patient, self.purpose_id, at=moment)
        if answer.allowed:
            paper = signed.filtered(lambda row: row.consent_id == answer.consent)
            is_old = bool(answer.consent) and answer.consent.text_id != self.purpose_id.current_text_id
            state = "signed" if paper else "given"
            return PaperState(state, paper, answer.consent.granted_at or moment, is_old)
        if answer.reason == "expired":
            return PaperState("expired", signed, answer.consent.valid_to)
        if answer.reason in ("wider", "of_age", "signer"):
            return PaperState("outdated", signed, answer.consent.granted_at)
        waiting = documents.filtered(lambda row: row.state == "printed")[:1]
        return PaperState("printed" if waiting else "none", waiting, waiting.printed_at)
