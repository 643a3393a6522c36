# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..const import PATIENT_CONTACT_FIELDS


class MailTrackingValue(models.Model):
    """The history of a patient's card shows old phones and addresses to those who see the present ones."""

    _inherit = "mail.tracking.value"

    def _filter_has_field_access(self, env):
        visible = super()._filter_has_field_access(env)
        if env["res.partner"]._user_hides_patient_contacts():
            visible -= visible._of_patient_contacts()
        return visible

    def _filter_free_field_access(self):
        """Summaries that are mailed out never hold contact data of patients."""
        visible = super()._filter_free_field_access()
        return visible - visible._of_patient_contacts()

    def _of_patient_contacts(self):
        """The values that are phones, e-mail, birth date or address of a patient."""
        values = self.filtered(
            lambda value: (
                value.field_id.model == "res.partner" and value.field_id.name in PATIENT_CONTACT_FIELDS
            )
        )
        cards = self.env["res.partner"].sudo().browse(values.mail_message_id.mapped("res_id")).exists()
        patients = set(cards.filtered("is_patient").ids)
        return values.filtered(lambda value: value.mail_message_id.res_id in patients)
