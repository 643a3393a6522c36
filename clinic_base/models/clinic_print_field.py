# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
from typing import NamedTuple

import pytz

from odoo import api, fields, models
from odoo.tools import html_escape

from ..ages import full_years
from ..code128 import svg
from ..form_text import Fragment

DATE = "%d.%m.%Y"


class PrintField(NamedTuple):
    """One field of print forms: what is written in braces, how it is called, and where it stands."""

    name: str
    label: str
    group: str


class PrintSource(NamedTuple):
    """Whom and what a form is filled for; missing things are empty records or None."""

    patient: object
    signer: object  # a contact; the patient himself when he signs
    relation: object  # clinic.relation of a signer who is not the patient
    payer: object
    branch: object
    company: object
    form: object
    purpose: object
    text: object  # the version of the consent text
    named_person: object
    number: str
    token: str
    moment: object
    about: object = None  # the record from which the print was asked for, e.g. an appointment

    @property
    def by_other(self):
        """Whether somebody else signs for the patient."""
        return bool(self.signer and self.signer != self.patient)


class ClinicPrintField(models.AbstractModel):
    """The register of fields that forms may use; an addon extends it by ``super() + […]``.

    The value of the field ``a.b`` comes from the method ``_value_a_b(source)``: text, a ``Fragment`` of
    markup made by the program, or for ``only.…`` a boolean. The text of a form is never evaluated.
    """

    _name = "clinic.print.field"
    _description = "Fields of print forms"

    @api.model
    def _registry(self):
        """All fields as a list of ``PrintField``. Extension point."""
        patient, signer, payer = self.env._("Patient"), self.env._("Who signs"), self.env._("Who pays")
        clinic, document, consent = self.env._("Clinic"), self.env._("Document"), self.env._("Consent")
        condition = self.env._("Paragraph only for …")
        return [
            PrintField("patient.name", self.env._("Full name"), patient),
            PrintField("patient.birth_date", self.env._("Birth date"), patient),
            PrintField("patient.age", self.env._("Age, full years"), patient),
            PrintField("patient.sex", self.env._("Sex"), patient),
            PrintField("patient.number", self.env._("Number of the card"), patient),
            PrintField("patient.address", self.env._("Address"), patient),
            PrintField("patient.phone", self.env._("Phone"), patient),
            PrintField("patient.email", self.env._("E-mail"), patient),
            PrintField("patient.document", self.env._("Identity document with its number"), patient),
            PrintField("patient.snils", self.env._("SNILS"), patient),
            PrintField("patient.oms", self.env._("Policy of compulsory insurance"), patient),
            PrintField("patient.dms", self.env._("Policy of voluntary insurance"), patient),
            PrintField("signer.name", self.env._("Full name"), signer),
            PrintField("signer.relation", self.env._("Who he is to the patient"), signer),
            PrintField("signer.ground", self.env._("Ground of his right"), signer),
            PrintField("signer.document", self.env._("Identity document with its number"), signer),
            PrintField("signer.address", self.env._("Address"), signer),
            PrintField("signer.phone", self.env._("Phone"), signer),
            PrintField("payer.name", self.env._("Name"), payer),
            PrintField("payer.document", self.env._("Identity document with its number"), payer),
            PrintField("payer.address", self.env._("Address"), payer),
            PrintField("payer.phone", self.env._("Phone"), payer),
            PrintField("payer.vat", self.env._("INN"), payer),
            PrintField("clinic.name", self.env._("Legal name"), clinic),
            PrintField("clinic.address", self.env._("Legal address"), clinic),
            PrintField("clinic.vat", self.env._("INN"), clinic),
            PrintField("clinic.registry", self.env._("OGRN"), clinic),
            PrintField("clinic.phone", self.env._("Phone"), clinic),
            PrintField("clinic.email", self.env._("E-mail"), clinic),
            PrintField("branch.name", self.env._("Branch"), clinic),
            PrintField("branch.address", self.env._("Address of the branch"), clinic),
            PrintField("branch.phone", self.env._("Phone of the branch"), clinic),
            PrintField("branch.licence", self.env._("Licence: number, date, who issued it"), clinic),
            PrintField("staff.name", self.env._("Member of the staff"), clinic),
            PrintField("document.name", self.env._("Name of the document"), document),
            PrintField("document.number", self.env._("Number"), document),
            PrintField("document.date", self.env._("Date of the print"), document),
            PrintField("document.barcode", self.env._("Barcode"), document),
            PrintField("document.signature", self.env._("Lines for signature, name and date"), document),
            PrintField("document.line", self.env._("Line to write on"), document),
            PrintField("consent.text", self.env._("Text in force of the purpose"), consent),
            PrintField("consent.purpose", self.env._("Purpose"), consent),
            PrintField("consent.data_set", self.env._("Data processed"), consent),
            PrintField("consent.recipients", self.env._("Who receives the data"), consent),
            PrintField("consent.term", self.env._("How long the data are kept"), consent),
            PrintField("consent.person", self.env._("Named person"), consent),
            PrintField("only.representative", self.env._("… when somebody signs for the patient"), condition),
            PrintField("only.self", self.env._("… when the patient signs himself"), condition),
            PrintField("only.payer", self.env._("… when somebody else pays"), condition),
            PrintField("only.adult", self.env._("… for grown-up patients"), condition),
            PrintField("only.child", self.env._("… for children"), condition),
        ]

    @api.model
    def _names(self):
        return {field.name for field in self._registry()}

    @api.model
    def _labels(self):
        """The register for the editor of forms: groups in their order, each with its fields."""
        groups = {}
        for field in self._registry():
            groups.setdefault(field.group, []).append({"name": field.name, "label": field.label})
        return [{"group": group, "fields": rows} for group, rows in groups.items()]

    @api.model
    def _values(self, source, names):
        """Values of the named fields for a ``PrintSource``; unknown names are left out.

        Whole numbers of documents are among them: the caller writes the event of the print first.
        """
        known = self._names()
        return {
            name: getattr(self, f"_value_{name.replace('.', '_')}")(source) for name in names if name in known
        }

    # --- people

    @api.model
    def _date(self, value):
        return value.strftime(DATE) if value else ""

    @api.model
    def _address(self, partner):
        street = " ".join(part for part in (partner.street, partner.street2) if part)
        parts = (partner.zip, partner.state_id.name, partner.city, street)
        return ", ".join(part for part in parts if part)

    @api.model
    def _identity(self, partner):
        """The first valid document that proves identity, in one line, or an empty text."""
        documents = partner.clinic_document_ids.filtered(
            lambda row: row.kind_id.is_identity and row.state != "expired" and row.number_tail
        )
        return self._document_line(documents[:1])

    @api.model
    def _document_line(self, row):
        if not row:
            return ""
        issued = " ".join(part for part in (row.issued_by, self._date(row.issued_on)) if part)
        code = self.env._("code %(code)s", code=row.issuer_code) if row.issuer_code else ""
        parts = (f"{row.kind_id.name} {row._number_plain()}", issued, code)
        return ", ".join(part for part in parts if part)

    @api.model
    def _policy(self, patient, kind):
        today = fields.Date.context_today(self)
        rows = patient.clinic_coverage_ids.filtered(
            lambda row: row.kind == kind and row._is_good_on(today) and row.number_tail
        )[:1]
        return ", ".join(part for part in (rows._number_plain(), rows.payer_id.name) if part) if rows else ""

    def _value_patient_name(self, source):
        return source.patient.name

    def _value_patient_birth_date(self, source):
        return self._date(source.patient.birth_date)

    def _value_patient_age(self, source):
        return source.patient.birth_date and str(source.patient.age)

    def _value_patient_sex(self, source):
        return dict(source.patient._fields["sex"]._description_selection(self.env)).get(source.patient.sex)

    def _value_patient_number(self, source):
        return source.patient.patient_number

    def _value_patient_address(self, source):
        return self._address(source.patient)

    def _value_patient_phone(self, source):
        return source.patient.phone

    def _value_patient_email(self, source):
        return source.patient.email

    def _value_patient_document(self, source):
        return self._identity(source.patient)

    def _value_patient_snils(self, source):
        rows = source.patient.clinic_document_ids.filtered(lambda row: row.kind_code == "snils")
        return rows[:1]._number_plain() if rows else ""

    def _value_patient_oms(self, source):
        return self._policy(source.patient, "oms")

    def _value_patient_dms(self, source):
        return self._policy(source.patient, "dms")

    def _value_signer_name(self, source):
        return source.signer.name

    def _value_signer_relation(self, source):
        if not source.by_other:
            return ""
        kinds = dict(source.relation._fields["kind"]._description_selection(self.env))
        return kinds.get(source.relation.kind, "").lower()

    def _value_signer_ground(self, source):
        return source.relation.ground if source.by_other else ""

    def _value_signer_document(self, source):
        return self._identity(source.signer)

    def _value_signer_address(self, source):
        return self._address(source.signer) or self._address(source.patient)

    def _value_signer_phone(self, source):
        return source.signer.phone or source.patient.phone

    def _value_payer_name(self, source):
        return source.payer.name

    def _value_payer_document(self, source):
        return self._identity(source.payer)

    def _value_payer_address(self, source):
        return self._address(source.payer)

    def _value_payer_phone(self, source):
        return source.payer.phone

    def _value_payer_vat(self, source):
        return source.payer.vat

    # --- the clinic; its requisites stand on the site and on every receipt

    def _value_clinic_name(self, source):
        return source.company.name

    def _value_clinic_address(self, source):
        return self._address(source.company.partner_id)

    def _value_clinic_vat(self, source):
        return source.company.vat

    def _value_clinic_registry(self, source):
        return source.company.company_registry

    def _value_clinic_phone(self, source):
        return source.company.clinic_call_phone or source.company.phone

    def _value_clinic_email(self, source):
        return source.company.email

    def _value_branch_name(self, source):
        return source.branch.name

    def _value_branch_address(self, source):
        return ", ".join(part for part in (source.branch.city, source.branch.address) if part)

    def _value_branch_phone(self, source):
        return source.branch.phone

    def _value_branch_licence(self, source):
        branch = source.branch
        if not branch.licence_number:
            return ""
        dated = self.env._("of %(date)s", date=self._date(branch.licence_date)) if branch.licence_date else ""
        numbered = f"{branch.licence_number} {dated}".strip()
        return ", ".join(part for part in (numbered, branch.licence_authority) if part)

    def _value_staff_name(self, source):
        return self.env.user.name

    # --- the document

    def _value_document_name(self, source):
        return source.form.name

    def _value_document_number(self, source):
        return source.number

    def _value_document_date(self, source):
        zone = pytz.timezone(source.branch.tz or self.env.user.tz or "Europe/Moscow")
        return self._date(pytz.utc.localize(source.moment).astimezone(zone))

    def _value_document_barcode(self, source):
        return self._barcode(source.token)

    @api.model
    def _barcode(self, token):
        """The token as Code128: random digits, nothing about the person."""
        encoded = base64.b64encode(svg(token).encode()).decode()
        spaced = " ".join(token[at : at + 4] for at in range(0, len(token), 4))
        return Fragment(
            f'<span class="o_cf_barcode"><img src="data:image/svg+xml;base64,{encoded}" alt="{token}"/>'
            f"<br/><span>{html_escape(spaced)}</span></span>"
        )

    def _value_document_signature(self, source):
        cells = (self.env._("signature"), self.env._("full name"), self.env._("date"))
        return Fragment(
            '<span class="o_cf_sign">'
            + "".join(f'<span class="o_cf_sign_cell"><i>{html_escape(cell)}</i></span>' for cell in cells)
            + "</span>"
        )

    def _value_document_line(self, source):
        return ""

    # --- the consent

    def _value_consent_text(self, source):
        return source.text.body

    def _value_consent_purpose(self, source):
        return source.purpose.name

    def _value_consent_data_set(self, source):
        return source.purpose.data_set

    def _value_consent_recipients(self, source):
        return source.purpose.recipients

    def _value_consent_term(self, source):
        return source.purpose.retention

    def _value_consent_person(self, source):
        return source.named_person.name

    # --- conditions

    def _value_only_representative(self, source):
        return source.by_other

    def _value_only_self(self, source):
        return not source.by_other

    def _value_only_payer(self, source):
        return bool(source.payer) and source.payer not in (source.patient, source.signer)

    def _value_only_adult(self, source):
        return not self._value_only_child(source)

    def _value_only_child(self, source):
        born = source.patient.birth_date
        own_age = self.env["clinic.consent"]._age_setting("adult")
        return bool(born) and full_years(born, source.moment) < own_age
