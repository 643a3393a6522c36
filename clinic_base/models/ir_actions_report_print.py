# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io

from odoo import models
from odoo.tools.pdf import PdfReader, PdfWriter

REPORT = "clinic_base.report_print_document"


class IrActionsReport(models.Model):
    """Papers of one package never share a sheet, also where the printer prints on both sides."""

    _inherit = "ir.actions.report"

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        content, kind = super()._render_qweb_pdf(report_ref, res_ids, data)
        if kind == "pdf" and res_ids and self._get_report(report_ref).report_name == REPORT:
            documents = self.env["clinic.print.document"].browse(res_ids)
            content = self._on_own_sheets(content, documents.sudo().mapped("token"))
        return content, kind

    def _on_own_sheets(self, content, tokens):
        """An empty page before each document that would begin on the back of another one's sheet.

        A document is known by the digits of its barcode in the head of its first page.
        """
        reader = PdfReader(io.BytesIO(content))
        waiting, writer, sides = list(tokens), PdfWriter(), 0
        for page in reader.pages:
            text = "".join(char for char in page.extract_text() if char.isdigit())
            begins = next((token for token in waiting if token in text), None)
            if begins:
                waiting.remove(begins)
                if sides % 2:
                    writer.add_blank_page(page.mediabox.width, page.mediabox.height)
                    sides += 1
            writer.add_page(page)
            sides += 1
        stream = io.BytesIO()
        writer.write(stream)
        return stream.getvalue()
