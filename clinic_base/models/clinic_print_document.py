# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import secrets

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import RELATION_KINDS
from ..vault import key_id_of
from .clinic_print_form import FORM_KINDS

DESK_GROUP = "clinic_base.group_clinic_registrar"
DOCTOR_GROUP = "clinic_base.group_clinic_doctor"
#: What a doctor gives his patient to sign; contracts and consents to the use of data are the desk's.
MEDICAL_KINDS = ("intervention", "questionnaire")
#: Digits in the barcode, the last of them a check digit: a hand scanner types them in any keyboard layout.
TOKEN_DIGITS = 16
_MUTABLE = {"note"}


def check_digit(digits):
    """Luhn's digit for a text of digits."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 if place % 2 else 2)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


class ClinicPrintDocument(models.Model):
    """One paper printed for a patient: the words of that moment, its number and barcode, and whether the
    signed paper has come back.

    Made by the package of documents, never edited. The words hold whole numbers of documents, so they
    are encrypted. A paper that was spoilt is void, not deleted.
    """

    _name = "clinic.print.document"
    _description = "Printed document of a patient"
    _order = "id desc"
    _rec_name = "name"

    name = fields.Char(required=True, readonly=True)
    form_id = fields.Many2one("clinic.print.form", required=True, ondelete="restrict", index=True)
    version_id = fields.Many2one("clinic.print.form.version", required=True, ondelete="restrict", index=True)
    kind = fields.Selection(FORM_KINDS, required=True)
    patient_id = fields.Many2one("res.partner", required=True, ondelete="restrict", index=True)
    signer_id = fields.Many2one(
        "res.partner",
        string="Signs",
        ondelete="restrict",
        index="btree_not_null",
        help="Empty when the patient signs himself.",
    )
    relation_id = fields.Many2one("clinic.relation", ondelete="set null", index="btree_not_null")
    signer_kind = fields.Selection(RELATION_KINDS, string="Who he is to the patient")
    signer_ground = fields.Char(string="Ground of the signer")
    payer_id = fields.Many2one("res.partner", string="Pays", ondelete="restrict", index="btree_not_null")
    named_person_id = fields.Many2one(
        "res.partner", string="May be told", ondelete="restrict", index="btree_not_null"
    )
    branch_id = fields.Many2one("clinic.branch", ondelete="restrict", index="btree_not_null")
    text_id = fields.Many2one(
        "clinic.consent.text", string="Text of the consent", ondelete="restrict", index="btree_not_null"
    )
    consent_id = fields.Many2one("clinic.consent", readonly=True, index="btree_not_null")
    number = fields.Char(index="btree_not_null")
    token = fields.Char(string="Barcode", required=True, help="Random digits; nothing about the person.")
    state = fields.Selection(
        [("printed", "Printed, not signed"), ("signed", "Signed"), ("void", "Void")],
        required=True,
        default="printed",
    )
    printed_at = fields.Datetime(required=True)
    printed_by_id = fields.Many2one("res.users", string="Printed by", required=True)
    signed_at = fields.Datetime(string="Signed")
    accepted_at = fields.Datetime(string="Came back")
    accepted_by_id = fields.Many2one("res.users", string="Taken back by")
    valid_to = fields.Datetime(string="Valid until")
    scan_ids = fields.Many2many(
        "ir.attachment", "clinic_print_document_scan_rel", string="Scans", bypass_search_access=True
    )
    has_scan = fields.Boolean(readonly=True)
    scan_hash = fields.Char(string="Hash of the scan", help="SHA-256 of the scanned paper.")
    body_sealed = fields.Text(groups=fields.NO_ACCESS, copy=False)
    body_key = fields.Integer(groups=fields.NO_ACCESS, copy=False, index="btree_not_null")
    body_hash = fields.Char(string="Hash of the words", help="SHA-256 of what was printed.")
    note = fields.Char()

    _token_uniq = models.UniqueIndex("(token)", "A document with this barcode already exists.")
    _patient_form_idx = models.Index("(patient_id, form_id, printed_at)")
    _signed_has_time = models.Constraint(
        "CHECK ((state = 'signed') = (signed_at IS NOT NULL))", "A signature needs its time."
    )

    # --- guards

    @api.model_create_multi
    def create(self, vals_list):
        """Rows come from ``_print`` only, whatever the rights of the caller."""
        if not self.env.su:
            raise AccessError(self._refusal())
        return super().create(vals_list)

    def write(self, vals):
        """Only the note may change by hand."""
        if not self.env.su and vals.keys() - _MUTABLE:
            raise AccessError(self._refusal())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._("A printed paper may be anywhere, so its row stays. Make it void instead.")
        )

    @api.model
    def _refusal(self):
        return self.env._("Documents are printed by the package of documents and are not changed by hand.")

    @api.model
    def _check_desk(self):
        if not self.env.su and not self.env.user.has_group(DESK_GROUP):
            raise AccessError(self.env._("Documents of patients are printed and taken back by the desk."))

    @api.model
    def _check_printer(self, patients, forms):
        """The desk prints every form; a doctor prints medical papers for his own patients.

        :raise AccessError: says who may
        """
        if self.env.su or self.env.user.has_group(DESK_GROUP):
            return
        if not self.env.user.has_group(DOCTOR_GROUP):
            raise AccessError(self.env._("Documents of patients are printed by the desk and by doctors."))
        if any(form.kind not in MEDICAL_KINDS for form in forms):
            raise AccessError(
                self.env._(
                    "A doctor prints consents to an intervention and questionnaires. Other papers are the "
                    "desk's."
                )
            )
        if patients - patients._clinic_of_doctor():
            raise AccessError(
                self.env._(
                    "A doctor prints papers for patients who are attached to him or have a visit to him. "
                    "Ask the desk for this one."
                )
            )

    # --- printing

    @api.model
    def _new_token(self):
        digits = "".join(secrets.choice("0123456789") for _i in range(TOKEN_DIGITS - 1))
        return digits + check_digit(digits)

    @api.model
    def _print(self, sources):
        """Freeze the words of each ``PrintSource`` and return the new documents.

        The print is written to the access journal first. Rights: ``_check_printer``, on patients one sees.
        """
        sources = list(sources)
        patients = self.env["res.partner"].browse({source.patient.id for source in sources})
        self._check_printer(patients, [source.form for source in sources])
        patients.check_access("read")
        names = ", ".join(source.form.name for source in sources)
        self.env["clinic.access.event"]._record_now("print", patients, model=self, detail=names)
        ring = self.env["clinic.vault"]._sealing_ring()
        rows = [self._row(source, ring) for source in sources]
        # sudo: rows are written by this method only; the rights were checked above
        return self.sudo().create(rows).sudo(False)

    @api.model
    def _row(self, source, ring):
        source = source._replace(
            token=self._new_token(),
            number=source.form._next_number(source.branch),
            moment=fields.Datetime.now(),
        )
        version = source.form.current_version_id
        body = version._fill(source)
        sealed = ring.seal(body, self._place(source.token))
        by_other = source.by_other
        return {
            "name": " ".join(part for part in (source.form.name, source.number) if part),
            "form_id": source.form.id,
            "version_id": version.id,
            "kind": source.form.kind,
            "patient_id": source.patient.id,
            "signer_id": source.signer.id if by_other else False,
            "relation_id": source.relation.id if by_other else False,
            "signer_kind": source.relation.kind if by_other else False,
            "signer_ground": source.relation.ground if by_other else False,
            "payer_id": source.payer.id if source.payer != source.patient else False,
            "named_person_id": source.named_person.id,
            "branch_id": source.branch.id,
            "text_id": source.text.id,
            "number": source.number,
            "token": source.token,
            "printed_at": source.moment,
            "printed_by_id": self.env.uid,
            "body_sealed": sealed,
            "body_key": key_id_of(sealed),
            "body_hash": hashlib.sha256(body.encode()).hexdigest(),
        }

    @api.model
    def _place(self, token):
        """What the sealed words are tied to: the paper, so that a join of cards leaves them alone."""
        return (self._name, "body", token)

    def _body(self):
        """The words as they were printed, empty once they were destroyed.

        The caller answers for the right and the event.
        """
        self.ensure_one()
        # sudo: the column of the seal is closed to every user
        own = self.sudo()
        if not own.body_sealed:
            return ""
        return self.env["clinic.vault"]._open(own.body_sealed, self._place(own.token))

    def action_print(self):
        """Print the same words again. Rights: ``_check_printer``."""
        self.check_access("read")
        self._check_printer(self.patient_id, self.form_id)
        return self.env.ref("clinic_base.action_report_print_document").report_action(self)

    # --- coming back

    @api.model
    def _find(self, code):
        """The document with this barcode, as typed or scanned, or an empty record."""
        digits = "".join(char for char in code or "" if char.isascii() and char.isdigit())
        if len(digits) != TOKEN_DIGITS or check_digit(digits[:-1]) != digits[-1]:
            return self.browse()
        return self.search([("token", "=", digits)], limit=1)

    def _accept(self, attachments=None, signed_at=None):
        """The signed paper came back: keep the scan, and give or take back what it says.

        Without ``signed_at`` the paper was signed when it was printed, so that a withdrawal in between
        stays stronger. A second scan of a signed paper is only added. Rights: the desk.
        """
        self.ensure_one()
        self._check_desk()
        self.check_access("read")
        if self.state == "void":
            raise UserError(self.env._("This paper was made void. Print a new one and let it be signed."))
        # sudo: rows are written by the program only; the rights were checked above
        own = self.sudo()
        vals = own._keep_scans(attachments.sudo()) if attachments else {}
        if own.state == "printed":
            moment = signed_at or own.printed_at
            if moment > fields.Datetime.now():
                raise UserError(self.env._("A paper cannot be signed in the future. Check the date."))
            vals |= own._signed(moment, vals.get("scan_hash"))
        if vals:
            own.write(vals)
        return self

    def _signed(self, moment, scan_hash):
        term = self.form_id.term_months
        vals = {
            "state": "signed",
            "signed_at": moment,
            "valid_to": moment + relativedelta(months=term) if term else False,
            "accepted_at": fields.Datetime.now(),
            "accepted_by_id": self.env.uid,
        }
        if self.kind == "consent":
            consent = self.env["clinic.consent"]._grant(
                self.patient_id,
                self.form_id.purpose_id,
                "paper",
                signer=self.signer_id or None,
                text=self.text_id,
                moment=moment,
                named_person_id=self.named_person_id.id,
                attachment_hash=scan_hash,
            )
            vals |= {"consent_id": consent.id, "valid_to": consent.valid_to}
        elif self.kind == "withdrawal":
            self._consents_of_purpose()._withdraw("paper", moment=moment)
        return vals

    def _consents_of_purpose(self):
        code = self.form_id.purpose_id.code
        return self.patient_id.clinic_consent_ids.filtered(
            lambda row: (
                row.purpose_id.code == code
                and row.state == "granted"
                and (not self.named_person_id or row.named_person_id == self.named_person_id)
            )
        )

    def _keep_scans(self, attachments):
        """Attach the files to this document; the hash is that of all of them in their order."""
        attachments.write({"res_model": self._name, "res_id": self.id, "public": False})
        content = b"".join(each.raw or b"" for each in attachments)
        vals = {"scan_ids": [fields.Command.link(each.id) for each in attachments], "has_scan": True}
        if not self.scan_hash:
            vals["scan_hash"] = hashlib.sha256(content).hexdigest()
        return vals

    def action_void(self):
        """The paper was spoilt or not signed. Rights: the desk; a signed one stays."""
        self._check_desk()
        self.check_access("write")
        if any(document.state == "signed" for document in self):
            raise UserError(
                self.env._("A signed paper is proof. Withdraw the consent or print a new paper instead.")
            )
        self.sudo().write({"state": "void"})

    # --- keys

    @api.model
    def _count_old_keys(self):
        """How many documents wait to be sealed with the newest key."""
        return self.sudo().search_count(self._old_keys_domain())

    @api.model
    def _old_keys_domain(self):
        return [("body_key", "not in", (False, 0, self.env["clinic.vault"]._ring().current_id))]

    @api.model
    def _reseal_batch(self, limit=200):
        """Seal documents of older keys anew.

        :return: how many are left
        """
        rows = self.sudo().search(self._old_keys_domain(), limit=limit, order="id").try_lock_for_update()
        ring = self.env["clinic.vault"]._sealing_ring()
        for row in rows:
            sealed = ring.seal(row._body(), self._place(row.token))
            row.write({"body_sealed": sealed, "body_key": key_id_of(sealed)})
        return self._count_old_keys()
