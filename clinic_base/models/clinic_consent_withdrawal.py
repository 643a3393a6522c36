# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError


class ClinicConsent(models.Model):
    """The paper by which a consent is taken back; signed and scanned, it does so by itself."""

    _inherit = "clinic.consent"

    def action_print_withdrawal(self):
        """Print the application to withdraw this consent. Rights: the desk."""
        self.ensure_one()
        self.check_access("read")
        form = self.env["clinic.print.form"].search(
            [("kind", "=", "withdrawal"), ("purpose_id", "=", self.purpose_id.id)], limit=1
        )
        if not form.current_version_id:
            raise UserError(
                self.env._(
                    "There is no printed application for this purpose. Press Withdraw, or add a form of the "
                    "kind “Withdrawal of a consent” under Configuration, Print forms."
                )
            )
        patient = self.patient_id
        relations = self.env["clinic.relation"]
        if form._signs_for(patient, fields.Datetime.now(), form.own_signature):
            domain = relations._acting_domain(fields.Date.context_today(self))
            relations = relations.search(domain & fields.Domain("patient_id", "=", patient.id), limit=1)
            if not relations:
                raise UserError(
                    self.env._(
                        "The patient is too young to sign, and nobody is recorded who acts for him. Add the "
                        "parent on the page Family of the card first."
                    )
                )
        branch = patient.patient_branch_id or self.env["clinic.print.package"]._usual_branch()
        source = form._source(patient, relations, branch, named_person=self.named_person_id)
        return self.env["clinic.print.document"]._print([source]).action_print()
