# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io
import shutil
from unittest import skipUnless

from pypdf import PdfReader

from odoo.tests import tagged

from .board_common import BoardCommon

MM = 72 / 25.4


@tagged("post_install", "-at_install")
@skipUnless(shutil.which("wkhtmltopdf"), "wkhtmltopdf is not installed: PDF prints are not tested")
class TestBoardPdf(BoardCommon):
    """Paper as wkhtmltopdf makes it: size of the sheet, pages, text that can be read back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service.clinic_duration = 10
        # the slips must not need the server: an address where nobody answers
        cls.env["ir.config_parameter"].set_param("report.url", "http://127.0.0.1:9")

    def _pdf(self, name, docids, data=None):
        report = self.env["ir.actions.report"].with_user(self.users["registrar"])
        report = report.with_context(force_report_rendering=True)
        content, kind = report._render_qweb_pdf(f"clinic_schedule.{name}", docids, data=data)
        self.assertEqual(kind, "pdf")
        return PdfReader(io.BytesIO(content))

    def _assert_size(self, page, width, height):
        self.assertAlmostEqual(float(page.mediabox.width) / MM, width, delta=1.5)
        self.assertAlmostEqual(float(page.mediabox.height) / MM, height, delta=1.5)

    def _right_edge(self, page):
        """How far to the right text begins, in points: nothing may begin beyond the sheet."""
        edges = [0.0]

        def visit(text, matrix, text_matrix, _font, _size):
            if text.strip():
                edges.append(matrix[0] * text_matrix[4] + matrix[4])

        page.extract_text(visitor_text=visit)
        return max(edges)

    def test_slips(self):
        """One slip a sheet, 80 mm or A5 wide, with the name, the hour and the preparation in Cyrillic."""
        self.patient.write({"family_name": "Константинопольская", "given_name": "Александра"})
        self.service.clinic_preparation = "Натощак, воду пить можно."
        visits = self._book(self.patient, 9) | self._book(self._make_patient(), 10)
        for name, width, height in (("report_talon_80", 80, 190), ("report_talon_a5", 148, 210)):
            with self.subTest(name):
                reader = self._pdf(name, visits.ids)
                self.assertEqual(len(reader.pages), 2, "one slip a sheet")
                self._assert_size(reader.pages[0], width, height)
                text = reader.pages[0].extract_text()
                for word in ("09:00", "Константинопольская", "Натощак"):
                    self.assertIn(word, text)
                self.assertNotIn("10:00", text)
                self.assertLess(self._right_edge(reader.pages[0]), width * MM)

    def test_fonts_have_cyrillic(self):
        """The letters come from a font that has them, and the font travels with the file."""
        visit = self._book(self.patient, 9)
        page = self._pdf("report_talon_80", visit.ids).pages[0]
        fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
        names = {str(font["/BaseFont"]) for font in fonts}
        self.assertTrue(all("Liberation" in name or "DejaVu" in name for name in names), names)
        for font in fonts:
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            self.assertTrue({"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor), "embedded")

    def test_route_sheet(self):
        first = self._book(self.patient, 9)
        self._book(self.patient, 14)
        reader = self._pdf("report_route_sheet", first.ids)
        self.assertEqual(len(reader.pages), 1)
        self._assert_size(reader.pages[0], 210, 297)
        text = reader.pages[0].extract_text()
        self.assertIn("09:00", text)
        self.assertIn("14:00", text)

    def test_full_day(self):
        """Sixty visits of a doctor: all on paper, each sheet with its head, no line cut in two."""
        shift = self.env["clinic.shift"].search(
            [("resource_id", "=", self.doctor_resource.id), ("local_date", "=", self.day)]
        )
        shift.write({"start": self._instant(8), "step": 10})
        patients = [self._make_patient(family_name=f"Surname{number:02d}") for number in range(60)]
        for number, patient in enumerate(patients):
            hour, minute = divmod(8 * 60 + number * 10, 60)
            self._book(patient, hour, minute=minute)
        empty = self._make_doctor_with_shift()
        shifts = shift | self.env["clinic.shift"].search([("resource_id", "=", empty.resource_id.id)])
        reader = self._pdf("report_day_list", shifts.ids)
        pages = [page.extract_text() for page in reader.pages]
        self.assertEqual(len(pages), 4, "three sheets of sixty visits and one of nobody")
        self.assertTrue(all("Patient" in page for page in pages), "each sheet has the head of the table")
        for number in range(60):
            owners = [page for page in pages if f"Surname{number:02d}" in page]
            self.assertEqual(len(owners), 1, "each visit once")
            hour, minute = divmod(8 * 60 + number * 10, 60)
            self.assertIn(f"{hour:02d}:{minute:02d}", owners[0], "the hour stands on the same sheet")
        last = [n for n, page in enumerate(pages) if "Surname" in page][-1]
        self.assertEqual(last, len(pages) - 2, "the next list begins on its own sheet")
