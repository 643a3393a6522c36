# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..const import AUDIENCES, OWN_SIGNATURE
from .clinic_print_field import PrintSource

FORM_KINDS = [
    ("contract", "Contract"),
    ("consent", "Consent to a use of personal data"),
    ("withdrawal", "Withdrawal of a consent"),
    ("intervention", "Informed consent to an intervention"),
    ("questionnaire", "Questionnaire"),
    ("title_page", "Title page of the card"),
    ("other", "Other"),
]
#: Kinds that speak of one purpose of processing personal data.
PURPOSE_KINDS = ("consent", "withdrawal")


class ClinicPrintForm(models.Model):
    """A paper that patients get or sign: its kind, who signs it, and the versions of its text.

    Kept by clinic administrators without a developer. What is printed is a ``clinic.print.document``.
    """

    _name = "clinic.print.form"
    _description = "Print form"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(FORM_KINDS, required=True, default="other")
    purpose_id = fields.Many2one(
        "clinic.consent.purpose",
        ondelete="restrict",
        index="btree_not_null",
        help="A signed paper gives (or takes back) the consent for this purpose.",
    )
    company_id = fields.Many2one("res.company", index="btree_not_null")
    in_package = fields.Boolean(
        string="In the package of documents", default=True, help="Offered for every patient it fits."
    )
    ticked = fields.Boolean(
        string="Needed from everybody",
        default=True,
        help="Ticked in the package while the patient has no valid signed one.",
    )
    needs_signature = fields.Boolean(string="To be signed", default=True)
    audience = fields.Selection(AUDIENCES, required=True, default="all", string="For")
    own_signature = fields.Selection(
        OWN_SIGNATURE,
        string="Patient signs himself",
        required=True,
        compute="_compute_from_purpose",
        store=True,
        precompute=True,
        readonly=False,
        help="Until this age a representative signs. The ages are in the settings of the clinic.",
    )
    term_months = fields.Integer(
        string="Term, months",
        compute="_compute_from_purpose",
        store=True,
        precompute=True,
        readonly=False,
        help="After so many months the paper is to be signed anew; 0: no term.",
    )
    number_code = fields.Char(
        string="Code of the numbering",
        help="Code of a sequence. A branch has its own numbers when there is a sequence with this code, a dot"
        " and the code of the branch.",
    )
    version_ids = fields.One2many("clinic.print.form.version", "form_id", string="Versions")
    current_version_id = fields.Many2one(
        "clinic.print.form.version", compute="_compute_current_version_id", string="Version in force"
    )

    _purpose_of_consent = models.Constraint(
        "CHECK ((kind IN ('consent', 'withdrawal')) = (purpose_id IS NOT NULL))",
        "A consent and its withdrawal are for one purpose; other forms are for none. Choose the purpose.",
    )
    _term_not_negative = models.Constraint(
        "CHECK (term_months >= 0)", "A term is a number of months, or 0 for none."
    )

    @api.depends("purpose_id.own_signature", "purpose_id.term_months")
    def _compute_from_purpose(self):
        for form in self:
            form.own_signature = form.purpose_id.own_signature or form.own_signature or "adult"
            form.term_months = form.purpose_id.term_months or form.term_months

    @api.depends("version_ids.state", "version_ids.date_from")
    def _compute_current_version_id(self):
        for form in self:
            published = form.version_ids.filtered(lambda version: version.state == "published")
            form.current_version_id = published.sorted("version")[-1:]

    @api.constrains("kind", "purpose_id")
    def _check_kind(self):
        # the published text was checked for the kind that the form had then
        self.version_ids.filtered(lambda version: version.state == "published")._check_text()

    @api.constrains("number_code")
    def _check_number_code(self):
        codes = {form.number_code for form in self if form.number_code}
        # sudo: only asks whether the numbering exists
        known = set(self.env["ir.sequence"].sudo().search([("code", "in", list(codes))]).mapped("code"))
        missing = sorted(codes - known)
        if missing:
            raise ValidationError(
                self.env._(
                    "There is no sequence with the code %(code)s. Create it under Settings, Technical, "
                    "Sequences, or leave the field empty.",
                    code=missing[0],
                )
            )

    def action_new_version(self):
        """A draft to be changed: of the version in force, or an empty one. Rights: who edits forms."""
        self.ensure_one()
        self.check_access("write")
        draft = self.version_ids.filtered(lambda version: version.state == "draft")[:1]
        body = self.current_version_id.body or "<p><br></p>"
        draft = draft or self.version_ids.create({"form_id": self.id, "body": body})
        return draft.action_open()

    @api.model
    def fields_list(self):
        """The register of fields for the editor, by groups. Rights: who edits forms."""
        if not self.has_access("write"):
            raise AccessError(self.env._("Only clinic administrators edit print forms."))
        return self.env["clinic.print.field"]._labels()

    def _fits(self, patient, day):
        """Whether the form is for a patient of this age."""
        self.ensure_one()
        if self.audience == "all" or not patient.birth_date:
            return True
        return (self.audience == "child") == self._signs_for(patient, day, "adult")

    @api.model
    def _signs_for(self, patient, day, kind):
        """Whether somebody has to sign for the patient because of the age."""
        consents = self.env["clinic.consent"]
        born = patient.birth_date
        return bool(born) and consents._is_younger(born, day, kind)

    def _source(self, patient, relation, branch, payer=None, named_person=None, about=None, token=""):
        """What this form is filled with; without a relation the patient signs himself."""
        self.ensure_one()
        nobody = patient.browse()
        signer = relation.actor_id or patient
        return PrintSource(
            patient=patient,
            signer=signer,
            relation=relation,
            payer=payer or signer,
            branch=branch,
            company=branch.company_id or self.env.company,
            form=self,
            purpose=self.purpose_id,
            text=self.purpose_id.current_text_id,
            named_person=named_person if named_person and self.purpose_id.needs_person else nobody,
            number="",
            token=token,
            moment=fields.Datetime.now(),
            about=about,
        )

    def _next_number(self, branch):
        """The next number of the form's own numbering, or an empty text."""
        self.ensure_one()
        if not self.number_code:
            return ""
        # sudo: who prints a contract need not read sequences
        sequences = self.env["ir.sequence"].sudo().with_company(branch.company_id or self.env.company)
        return sequences.next_by_code(branch._sequence_code(self.number_code))
