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

    _inherit = "res.partner"

    def _read_format(self, fnames, load="_classic_read"):
        rows = super()._read_format(fnames, load)
        if not self.env.su and JOURNALLED.intersection(fnames):
            self._journal_reading(fnames)
        return rows

    def _journal_reading(self, fnames):
        """A card opened is an event of its own; of a list the number of patients is noted."""
        user = self.env.user
        patients = self.sudo().filtered(lambda card: card.is_patient and card != user.partner_id)
        if not patients or not user._is_internal():
            return
        events = self.env["clinic.access.event"]
        detail = ", ".join(sorted(JOURNALLED.intersection(fnames)))
        if len(self) == 1:
            events._record("read", patients, detail=detail)
        else:
            events._record("list", model=self, amount=len(patients), detail=detail)

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        if _is_toplevel_call and not self.env.su:
            patients = self.sudo().filtered("is_patient")
            if patients:
                detail = ", ".join(sorted({"/".join(path) for path in fields}))
                self.env["clinic.access.event"]._record_now(
                    "export", model=self, amount=len(patients), detail=detail
                )
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
