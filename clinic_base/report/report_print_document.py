# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup

from odoo import api, models


class ReportPrintDocument(models.AbstractModel):
    """Papers as they were frozen; the event of the print is written by the report engine."""

    _name = "report.clinic_base.report_print_document"
    _description = "Printed documents"

    @api.model
    def _get_report_values(self, docids, data=None):
        documents = self.env["clinic.print.document"].browse(docids)
        documents.check_access("read")
        documents._check_printer(documents.patient_id, documents.form_id)
        registry = self.env["clinic.print.field"]
        return {
            "doc_ids": documents.ids,
            "doc_model": documents._name,
            "docs": documents,
            # markup: sanitised when the version was saved, its values escaped when it was filled
            "papers": [
                {
                    "head": Markup(registry._barcode(document.token)),
                    "body": Markup(document._body()),
                    "is_void": document.state == "void",
                }
                for document in documents
            ],
        }
