# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..form_text import fields_of, problems
from ..models.clinic_print_document import TOKEN_DIGITS


class ClinicPrintPreview(models.TransientModel):
    """A version of a form filled for a patient, to look at; nothing is printed, numbered or kept."""

    _name = "clinic.print.preview"
    _description = "Preview of a form"

    version_id = fields.Many2one("clinic.print.form.version", required=True, readonly=True)
    patient_id = fields.Many2one("res.partner", domain=[("is_patient", "=", True)])
    relation_id = fields.Many2one("clinic.relation", string="Representative")
    problems = fields.Text(string="What forbids to publish", compute="_compute_html")
    # made of sanitised markup and escaped values by form_text.fill
    html = fields.Html(compute="_compute_html", sanitize=False, string="Preview")

    @api.depends("version_id", "patient_id", "relation_id")
    def _compute_html(self):
        registry = self.env["clinic.print.field"]
        for preview in self:
            version = preview.version_id
            found = problems(version.body, registry._names())
            preview.problems = "\n".join(version._sentence(problem) for problem in found)
            if not preview.patient_id:
                preview.html = version.body
                continue
            # whole numbers of the patient's documents come to the screen
            self.env["clinic.access.event"]._record_now(
                "reveal", preview.patient_id, model=version, detail=", ".join(fields_of(version.body))
            )
            preview.html = version._fill(preview._source())

    def _source(self):
        patient = self.patient_id
        branch = patient.patient_branch_id or self.env["clinic.print.package"]._usual_branch()
        return self.version_id.form_id._source(patient, self.relation_id, branch, token="0" * TOKEN_DIGITS)
