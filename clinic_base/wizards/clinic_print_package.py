# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.clinic_print_document import DESK_GROUP, MEDICAL_KINDS
from ..models.clinic_print_state import MISSING


class ClinicPrintPackage(models.TransientModel):
    """The papers one patient needs, with what is signed; prints the ticked ones in one file.

    Opened by the desk from the card or from a visit. Each paper begins on its own sheet.
    """

    _name = "clinic.print.package"
    _description = "Package of documents"

    patient_id = fields.Many2one("res.partner", required=True, readonly=True)
    relation_ids = fields.Many2many("clinic.relation", compute="_compute_relation_ids")
    relation_id = fields.Many2one(
        "clinic.relation",
        string="Representative",
        domain="[('id', 'in', relation_ids)]",
        help="Signs where the patient is too young, and in place of a grown-up patient when chosen.",
    )
    payer_id = fields.Many2one(
        "res.partner",
        string="Pays",
        help="Named in the contract: the patient, the representative, a relative, an employer.",
    )
    branch_id = fields.Many2one("clinic.branch", required=True)
    named_person_id = fields.Many2one("res.partner", string="May be told about health")
    asks_person = fields.Boolean(compute="_compute_asks_person")
    no_representative = fields.Boolean(compute="_compute_no_representative")
    about = fields.Reference(selection="_selection_about", readonly=True)
    line_ids = fields.One2many("clinic.print.package.line", "package_id")

    @api.model
    def _selection_about(self):
        """Models from whose records a package may be asked for. Extension point."""
        return [("res.partner", self.env._("Patient"))]

    @api.depends("patient_id")
    def _compute_relation_ids(self):
        today = fields.Date.context_today(self)
        for package in self:
            domain = self.env["clinic.relation"]._acting_domain(today)
            domain &= fields.Domain("patient_id", "=", package.patient_id.id)
            package.relation_ids = self.env["clinic.relation"].search(domain)

    @api.depends("line_ids.is_chosen")
    def _compute_asks_person(self):
        for package in self:
            chosen = package.line_ids.filtered("is_chosen").form_id
            package.asks_person = any(chosen.purpose_id.mapped("needs_person"))

    @api.depends("line_ids.is_chosen", "line_ids.signs", "relation_id")
    def _compute_no_representative(self):
        for package in self:
            package.no_representative = any(
                line.is_chosen and line.signs == "nobody" for line in package.line_ids
            )

    @api.model
    def _open(self, patient, branch=None, about=None):
        """The window for a patient, filled: for a doctor with the medical papers of his own patient only.

        Rights: ``clinic.print.document._check_printer``.
        """
        documents = self.env["clinic.print.document"]
        patient.check_access("read")
        forms = self.env["clinic.print.form"]
        package_forms = forms._package_of(patient)
        if not self.env.user.has_group(DESK_GROUP):
            package_forms = package_forms.filtered(lambda form: form.kind in MEDICAL_KINDS)
        documents._check_printer(patient, package_forms)
        if not patient.is_patient:
            raise UserError(self.env._("Documents are printed for patients. Open the card of a patient."))
        branch = branch or patient.patient_branch_id or self._usual_branch()
        if not branch:
            raise UserError(self.env._("There is no branch yet, so there is nothing to print in its name."))
        package = self.create({"patient_id": patient.id, "branch_id": branch.id})
        if about:
            package.about = about
        relation = package.relation_ids[:1]
        now = fields.Datetime.now()
        if relation and forms._signs_for(patient, now, "adult"):
            package.relation_id = relation
        package.payer_id = package.relation_id.actor_id or patient
        states = package_forms._states(patient)
        package.line_ids = [Command.create(self._line(form, state)) for form, state in states.items()]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Package of documents"),
            "res_model": self._name,
            "res_id": package.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _usual_branch(self):
        return self.env["clinic.branch"].search([("company_id", "=", self.env.company.id)], limit=1)

    @api.model
    def _line(self, form, state):
        today = fields.Date.context_today(self)
        fresh = (
            state.state == "printed"
            and fields.Datetime.context_timestamp(self, state.document.printed_at).date() == today
        )
        return {
            "form_id": form.id,
            "state": state.state,
            "day": state.day,
            "is_old": state.is_old,
            "document_id": state.document.with_env(self.env)._filtered_access("read").id,
            "is_chosen": form.ticked and state.state in MISSING and not fresh,
        }

    def action_print(self):
        """Print the ticked papers in one file, and keep what was printed. Rights: see ``_print``."""
        self.ensure_one()
        chosen = self.line_ids.filtered("is_chosen")
        if not chosen:
            raise UserError(self.env._("Tick at least one paper to print."))
        documents = self.env["clinic.print.document"]._print(line._source() for line in chosen)
        action = documents.action_print()
        return {**action, "close_on_report_download": True}
