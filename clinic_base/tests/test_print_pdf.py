# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Paper as wkhtmltopdf makes it: sheets, barcodes, words that can be read back."""

import io
import shutil
from unittest import skipUnless

from pypdf import PdfReader

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .print_common import PrintCase


@tagged("post_install", "-at_install")
@skipUnless(shutil.which("wkhtmltopdf"), "wkhtmltopdf is not installed: PDF prints are not tested")
class TestPrintPdf(PrintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the papers must not need the server: an address where nobody answers
        cls.env["ir.config_parameter"].set_param("report.url", "http://127.0.0.1:9")

    def _pdf(self, documents, user=None):
        report = self.env["ir.actions.report"].with_user(user or self.registrar)
        report = report.with_context(force_report_rendering=True)
        content, kind = report._render_qweb_pdf("clinic_base.report_print_document", documents.ids)
        self.assertEqual(kind, "pdf")
        return PdfReader(io.BytesIO(content))

    def _words(self, reader):
        """The words of each page, with one space between them."""
        return [" ".join(page.extract_text().split()) for page in reader.pages]

    def test_each_document_begins_on_its_own_sheet(self):
        codes = ("contract", "personal_data", "intervention", "questionnaire", "title_page")
        documents = self._print(*codes)
        pages = self._words(self._pdf(documents))
        heads = ("Договор", "Согласие на обработку", "Информированное", "Анкета", "Медицинская карта")
        for document, head in zip(documents, heads, strict=True):
            with self.subTest(head):
                begins = [
                    number for number, text in enumerate(pages) if document.token in text.replace(" ", "")
                ]
                self.assertEqual(len(begins), 1, "the barcode stands on the first page only")
                self.assertIn(head, pages[begins[0]])
                self.assertEqual(begins[0] % 2, 0, "the front of a sheet")
        consent = next(text for text in pages if documents[1].token in text.replace(" ", ""))
        self.assertNotIn("Договор", consent)
        self.assertIn("Бланкова", consent)

    def test_two_sides(self):
        """A long contract of two pages, and what follows begins on the next sheet."""
        form = self.forms["contract"]
        long = "<h2>Длинный договор</h2>" + "<p>Одно слово за другим.</p>" * 60 + "<p>{{patient.name}}</p>"
        form.version_ids.create({"form_id": form.id, "body": long}).action_publish()
        documents = self._print("contract", "personal_data")
        pages = self._words(self._pdf(documents))
        self.assertEqual(len(pages), 3, "two pages are one sheet: no empty page is needed")
        self.assertIn("Согласие на обработку", pages[2])

    def test_nothing_personal_in_the_barcode(self):
        document = self._print("title_page")
        self.assertEqual(len(self._pdf(document).pages), 1)
        self.assertNotIn(self.patient.patient_number, document.token)

    def test_the_same_words_again(self):
        document = self._print("contract")
        first = self._words(self._pdf(document))
        self.patient.family_name = "Другова"
        self.assertEqual(self._words(self._pdf(document)), first)

    def test_who_prints(self):
        document = self._print("contract")
        for role in ("operator", "doctor", "privacy_officer", "director"):
            user = self._make_user(f"t_pdf_{role}", role)
            with self.subTest(role), self.assertRaises(AccessError):
                self._pdf(document, user)
