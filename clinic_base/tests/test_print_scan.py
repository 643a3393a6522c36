# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A signed paper comes back by its barcode."""

import base64
import hashlib

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .print_common import PrintCase

PDF = b"%PDF-1.4 a scan"
PNG = b"\x89PNG\r\n\x1a\n a picture"


@tagged("post_install", "-at_install")
class TestPrintScan(PrintCase):
    def _file(self, content=PDF, name="scan.pdf"):
        return (
            self.env["ir.attachment"]
            .with_user(self.registrar)
            .create({"name": name, "datas": base64.b64encode(content), "res_model": "clinic.print.scan"})
        )

    def _scan(self, code, *files, **vals):
        scan = self.env["clinic.print.scan"].with_user(self.registrar).create({"code": code, **vals})
        scan.file_ids = [Command.set([file.id for file in files])]
        scan.action_accept()
        return scan

    def test_a_consent(self):
        document = self._print("marketing")
        consents = self.env["clinic.consent"]
        self.assertFalse(consents.may(self.patient, "marketing").allowed)
        spaced = " ".join(document.token[at : at + 4] for at in range(0, 16, 4))
        scan = self._scan(f" {spaced}\n", self._file())
        self.assertEqual((document.state, document.signed_at), ("signed", document.printed_at))
        self.assertEqual((scan.done_ids, scan.code, scan.file_ids.ids), (document, False, []))
        consent = document.consent_id
        self.assertEqual(
            (consent.way, consent.text_id, consent.signed_as, consent.granted_at),
            ("paper", document.text_id, "self", document.printed_at),
        )
        self.assertEqual(consent.attachment_hash, hashlib.sha256(PDF).hexdigest())
        self.assertEqual(consents.may(self.patient, "marketing").consent, consent)
        attachment = document.scan_ids
        self.assertEqual((attachment.res_model, attachment.res_id), (document._name, document.id))

    def test_the_text_that_was_printed(self):
        """The text may have changed between the print and the scan: signed is what stood on the paper."""
        document = self._print("marketing")
        purpose = self.forms["marketing"].purpose_id
        text = self.env["clinic.consent.text"].create(
            {"purpose_id": purpose.id, "body": "Другие слова", "is_wider": True}
        )
        text.action_publish()
        self._scan(document.token)
        self.assertEqual(document.consent_id.text_id, document.text_id)
        self.assertEqual(self.env["clinic.consent"].may(self.patient, "marketing").reason, "wider")

    def test_a_withdrawal_between_print_and_scan_is_stronger(self):
        with freeze_time("2026-03-10 04:00:00"):
            older = self.env["clinic.consent"]._grant(self.patient, "marketing", "site")
            document = self._print("marketing")
        with freeze_time("2026-03-11 04:00:00"):
            older._withdraw("site")
        with freeze_time("2026-03-12 04:00:00"):
            self._scan(document.token)
            self.assertEqual(self.env["clinic.consent"].may(self.patient, "marketing").reason, "withdrawn")

    def test_the_mother_signs(self):
        document = self._print("personal_data", patient=self.child)
        self._scan(document.token, self._file(PNG, "scan.png"))
        consent = document.consent_id
        self.assertEqual(
            (consent.patient_id, consent.signer_id, consent.signed_as),
            (self.child, self.patient, "representative"),
        )
        self.assertTrue(self.env["clinic.consent"].may(self.child, "personal_data").allowed)

    def test_a_named_person(self):
        husband = self._make_patient()
        document = self._print("health_information", named_person_id=husband.id)
        self._scan(document.token)
        may = self.env["clinic.consent"].may
        self.assertTrue(may(self.patient, "health_information", person=husband).allowed)
        self.assertFalse(may(self.patient, "health_information", person=self.child).allowed)

    def test_a_withdrawal_on_paper(self):
        self.env["clinic.consent"]._grant(self.patient, "marketing", "site")
        action = self.patient.clinic_consent_ids.with_user(self.registrar).action_print_withdrawal()
        self.assertEqual(action["type"], "ir.actions.report")
        document = self.env["clinic.print.document"].search([], limit=1, order="id desc")
        self.assertEqual((document.kind, document.patient_id), ("withdrawal", self.patient))
        self._scan(document.token, self._file())
        self.assertEqual(self.env["clinic.consent"].may(self.patient, "marketing").reason, "withdrawn")

    def test_other_papers(self):
        document = self._print("contract")
        self._scan(document.token)
        self.assertEqual((document.state, document.has_scan), ("signed", False))
        self.assertFalse(document.consent_id)
        self._scan(document.token, self._file())
        self.assertTrue(document.has_scan, "a second scan is added")
        with self.assertRaises(UserError):
            document.action_void()

    def test_day_of_signature(self):
        with freeze_time("2026-03-10 04:00:00"):
            document = self._print("contract")
        self._scan(document.token, signed_on="2026-03-12")
        self.assertEqual(fields.Date.to_date(document.signed_at), fields.Date.to_date("2026-03-12"))
        later = self._print("questionnaire")
        with self.assertRaises(UserError):
            self._scan(later.token, signed_on=fields.Date.add(fields.Date.today(), days=2))

    def test_wrong_codes(self):
        document = self._print("contract")
        wrong_digit = document.token[:-1] + str((int(document.token[-1]) + 1) % 10)
        for code in ("", "1", "abc", wrong_digit, document.token + "0", "٠" * 16, "{{patient.name}}"):
            with self.subTest(code), self.assertRaises(UserError):
                self._scan(code)
        self.assertEqual(document.state, "printed")

    def test_wrong_files(self):
        document = self._print("contract")
        for name, content in (("a.exe", b"MZ"), ("b.html", b"<html>"), ("c.pdf", b"")):
            with self.subTest(name), self.assertRaises(UserError):
                self._scan(document.token, self._file(content, name))
        self.assertEqual(document.state, "printed")

    def test_void(self):
        document = self._print("contract")
        document.action_void()
        with self.assertRaises(UserError):
            self._scan(document.token)
        self.assertEqual(document.state, "void")

    def test_the_window(self):
        document = self._print("contract")
        with Form(self.env["clinic.print.scan"].with_user(self.registrar)) as form:
            form.code = "1111 1111"
            self.assertTrue(form.is_unknown)
            form.code = document.token
            self.assertFalse(form.is_unknown)
            self.assertEqual(form.patient_id, self.patient)

    def test_rights(self):
        document = self._print("contract")
        for role in ("operator", "doctor", "privacy_officer", "marketer"):
            user = self._make_user(f"t_scan_{role}", role)
            with self.subTest(role), self.assertRaises(AccessError):
                document.with_user(user)._accept()
            with self.subTest(role), self.assertRaises(AccessError):
                self.env["clinic.print.scan"].with_user(user).create({"code": document.token})

    def test_a_scan_is_seen_with_the_document_only(self):
        document = self._print("contract")
        self._scan(document.token, self._file())
        marketer = self._make_user("t_scan_marketer", "marketer")
        self.assertTrue(document.scan_ids.with_user(self.registrar).raw)
        with self.assertRaises(AccessError):
            document.sudo().scan_ids.with_user(marketer).read(["raw"])
