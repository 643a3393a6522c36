# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..const import PATIENT_CONTACT_FIELDS

#: What makes a look at a patient an event: contact data and everything that hangs on the card.
JOURNALLED = PATIENT_CONTACT_FIELDS | {
    "clinic_document_ids",
    "clinic_coverage_ids",
    "clinic_consent_ids",
    "clinic_representative_ids",
}


class ResPartner(models.Model):
    """Looks at patients' cards and lists are written to the access journal."""

    _name = "res.partner"
    _inherit = ["res.partner", "clinic.access.log.mixin"]

    def _journalled_fields(self):
        return JOURNALLED

    def _journal_patients(self):
        return self.sudo().filtered(lambda card: card.is_patient) - self.env.user.partner_id
