# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class IrActionsReport(models.Model):
    """What is printed about patients is written to the access journal before it is made."""

    _inherit = "ir.actions.report"

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        self._journal_print(report_ref, res_ids)
        once = self.with_context(clinic_print_noted=True)
        return super(IrActionsReport, once)._render_qweb_pdf(report_ref, res_ids, data)

    def _render_qweb_html(self, report_ref, docids, data=None):
        self._journal_print(report_ref, docids)
        return super()._render_qweb_html(report_ref, docids, data=data)

    def _journal_print(self, report_ref, res_ids):
        """An event for each patient of the printed records; other prints are not our business."""
        if self.env.context.get("clinic_print_noted") or not res_ids or self.env.user._is_superuser():
            return
        report = self._get_report(report_ref)
        records = self.env.get(report.model)
        if records is None:
            return
        records = records.sudo().browse(res_ids if isinstance(res_ids, list) else [res_ids]).exists()
        if records._name == "res.partner":
            patients = records.filtered("is_patient")
        elif "patient_id" in records._fields:
            patients = records.patient_id
        else:
            return
        if patients:
            self.env["clinic.access.event"]._record_now(
                "print", patients, model=records, detail=report.report_name
            )
