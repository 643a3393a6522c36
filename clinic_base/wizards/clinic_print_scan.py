# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

MAX_BYTES = 20 * 1024 * 1024
#: First bytes of the files a scanner makes.
KINDS = (b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")


class ClinicPrintScan(models.TransientModel):
    """Signed papers come back: the code read by a hand scanner names the document, files are its scan.

    Used at the desk; the window stays open for the next paper.
    """

    _name = "clinic.print.scan"
    _description = "Take a signed paper back"

    code = fields.Char(string="Barcode", help="Scan it with a hand scanner, or type the digits below it.")
    document_id = fields.Many2one("clinic.print.document", compute="_compute_document_id")
    patient_id = fields.Many2one(related="document_id.patient_id")
    state = fields.Selection(related="document_id.state")
    printed_at = fields.Datetime(related="document_id.printed_at")
    signer_id = fields.Many2one(related="document_id.signer_id")
    is_unknown = fields.Boolean(compute="_compute_document_id")
    signed_on = fields.Date(
        string="Signed on", help="Leave empty when it was signed on the day it was printed."
    )
    file_ids = fields.Many2many("ir.attachment", "clinic_print_scan_file_rel", string="Scan: PDF or picture")
    done_ids = fields.Many2many("clinic.print.document", "clinic_print_scan_done_rel", string="Taken back")

    @api.depends("code")
    def _compute_document_id(self):
        documents = self.env["clinic.print.document"]
        for scan in self:
            scan.document_id = documents._find(scan.code)
            scan.is_unknown = bool((scan.code or "").strip()) and not scan.document_id

    def action_accept(self):
        """Take the paper back and wait for the next one. Rights: the desk."""
        self.ensure_one()
        if not self.document_id:
            raise UserError(
                self.env._(
                    "No document has this barcode. Scan it once more, or type the 16 digits below the bars."
                )
            )
        self._check_files()
        signed_at = False
        printed = self.document_id.printed_at
        if self.signed_on and self.signed_on != fields.Datetime.context_timestamp(self, printed).date():
            # about noon in Russia, and never in the future
            noon = fields.Datetime.to_datetime(self.signed_on) + timedelta(hours=4)
            is_today = self.signed_on == fields.Date.context_today(self)
            signed_at = min(noon, fields.Datetime.now()) if is_today else noon
        self.document_id._accept(self.file_ids, signed_at)
        self.write(
            {
                "done_ids": [Command.link(self.document_id.id)],
                "code": False,
                "file_ids": [Command.clear()],
                "signed_on": False,
            }
        )
        return self._again()

    def _again(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take signed papers back"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _check_files(self):
        for file in self.file_ids:
            content = file.raw or b""
            if len(content) > MAX_BYTES:
                raise UserError(
                    self.env._(
                        "The file is larger than %(limit)s MB. Scan in grey at 200 dpi.",
                        limit=MAX_BYTES // 1024 // 1024,
                    )
                )
            if not content.startswith(KINDS):
                raise UserError(
                    self.env._("A scan is a PDF, PNG, JPEG or TIFF file. Save it as one of these.")
                )
