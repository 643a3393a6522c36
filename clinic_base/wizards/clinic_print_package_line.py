# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.clinic_print_state import STATES


class ClinicPrintPackageLine(models.TransientModel):
    """One paper of the window."""

    _name = "clinic.print.package.line"
    _description = "Paper of the package"

    package_id = fields.Many2one("clinic.print.package", required=True, ondelete="cascade", index=True)
    form_id = fields.Many2one("clinic.print.form", string="Document", required=True, readonly=True)
    is_chosen = fields.Boolean(string="Print")
    state = fields.Selection(STATES, readonly=True)
    day = fields.Datetime(string="Date", readonly=True)
    is_old = fields.Boolean(string="There is a newer text", readonly=True)
    document_id = fields.Many2one("clinic.print.document", string="Paper", readonly=True)
    signs = fields.Selection(
        [
            ("patient", "Patient"),
            ("representative", "Representative"),
            ("nobody", "A representative is needed"),
        ],
        compute="_compute_signs",
    )

    @api.depends("form_id", "package_id.relation_id", "package_id.patient_id")
    def _compute_signs(self):
        now = fields.Datetime.now()
        forms = self.env["clinic.print.form"]
        for line in self:
            patient, relation = line.package_id.patient_id, line.package_id.relation_id
            too_young = forms._signs_for(patient, now, line.form_id.own_signature)
            is_child = forms._signs_for(patient, now, "adult")
            if too_young:
                line.signs = "representative" if relation else "nobody"
            else:
                # of age for this paper but not for others: a child signs it himself
                line.signs = "representative" if relation and not is_child else "patient"

    def _source(self):
        """What the form is filled with.

        :raise UserError: nobody may sign it, or the named person is missing
        """
        package, form = self.package_id, self.form_id
        if self.signs == "nobody":
            raise UserError(
                self.env._(
                    "“%(form)s” is signed by a representative, because the patient is too young. Choose the "
                    "representative, or add the parent on the page Family of the card first.",
                    form=form.name,
                )
            )
        if form.purpose_id.needs_person and not package.named_person_id:
            raise UserError(
                self.env._(
                    "Say who may be told about the health: “%(form)s” names one person.", form=form.name
                )
            )
        relation = package.relation_id if self.signs == "representative" else package.relation_id.browse()
        return form._source(
            package.patient_id,
            relation,
            package.branch_id,
            payer=package.payer_id or package.patient_id,
            named_person=package.named_person_id,
            about=package.about,
        )
