# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import CONSENT_WAYS, CONTACT_CHANNELS, SIGNED_AS

_MUTABLE = {"note"}
#: Found out or written by the program; a caller's values are not taken.
_BY_PROGRAM = {
    "text_hash",
    "relation_id",
    "signer_ground",
    "attachment_hash",
    "resign_reason",
    "resign_by",
}
_NOT_WITHDRAWN = {
    "state": "granted",
    "withdrawn_at": False,
    "withdrawn_way": False,
    "withdrawn_by_id": False,
    "withdrawn_ip": False,
}


class ClinicConsent(models.Model):
    """A person agreed to one purpose at one moment; the row is proof and is never edited.

    Granted at the desk, on the site or by a code. A withdrawal is written on the same row, once.
    """

    _name = "clinic.consent"
    _description = "Consent of a patient"
    _order = "granted_at desc, id desc"
    _rec_name = "purpose_id"

    patient_id = fields.Many2one("res.partner", required=True, ondelete="restrict", index=True)
    purpose_id = fields.Many2one("clinic.consent.purpose", required=True, ondelete="restrict", index=True)
    needs_person = fields.Boolean(related="purpose_id.needs_person")
    text_id = fields.Many2one(
        "clinic.consent.text",
        required=True,
        ondelete="restrict",
        index=True,
        compute="_compute_text_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('purpose_id', '=', purpose_id), ('state', '=', 'published')]",
    )
    text_hash = fields.Char(string="Hash of the text", readonly=True)
    signer_id = fields.Many2one(
        "res.partner",
        string="Signed by",
        ondelete="restrict",
        index="btree_not_null",
        help="Empty when the patient agreed himself; a parent or guardian otherwise.",
    )
    relation_id = fields.Many2one(
        "clinic.relation",
        string="Right to sign",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        help="The row by which the signer acted for the patient at that moment.",
    )
    signer_ground = fields.Char(string="Ground of the signer", readonly=True)
    signed_as = fields.Selection(
        SIGNED_AS,
        string="Signed as",
        readonly=True,
        help="In what quality the person signed; found out at the moment of signing.",
    )
    named_person_id = fields.Many2one(
        "res.partner",
        string="May be told",
        ondelete="restrict",
        index="btree_not_null",
        help="The relative or other person who may be told about the health of the patient.",
    )
    channel = fields.Selection(
        CONTACT_CHANNELS, help="The consent is for this channel only; empty means every channel."
    )
    way = fields.Selection(CONSENT_WAYS, string="How", required=True, default="paper")
    ip_address = fields.Char(string="Address in the network", readonly=True)
    attachment_hash = fields.Char(
        string="Hash of the scan", readonly=True, help="SHA-256 of the scanned paper."
    )
    card_uuid = fields.Char(
        string="Card at that moment", readonly=True, help="Tells the events of joined cards apart."
    )
    state = fields.Selection(
        [("granted", "Granted"), ("withdrawn", "Withdrawn")], required=True, default="granted", readonly=True
    )
    granted_at = fields.Datetime(required=True, default=fields.Datetime.now)
    valid_to = fields.Datetime(string="Valid until")
    withdrawn_at = fields.Datetime(readonly=True)
    withdrawn_way = fields.Selection(CONSENT_WAYS, readonly=True)
    withdrawn_by_id = fields.Many2one("res.users", readonly=True)
    withdrawn_ip = fields.Char(string="Address of the withdrawal", readonly=True)
    note = fields.Char()

    _withdrawn_has_time = models.Constraint(
        "CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL))", "A withdrawal needs its time."
    )
    _patient_purpose_idx = models.Index("(patient_id, purpose_id, granted_at)")

    @api.depends("purpose_id")
    def _compute_text_id(self):
        for consent in self:
            if consent.text_id.purpose_id != consent.purpose_id:
                consent.text_id = consent.purpose_id.current_text_id

    @api.depends("purpose_id.name", "state")
    def _compute_display_name(self):
        for consent in self:
            consent.display_name = consent.purpose_id.name

    @api.model_create_multi
    def create(self, vals_list):
        consents = super().create([self._prepare_proof(vals) for vals in vals_list])
        for consent in consents:
            if consent.text_id.state != "published":
                raise UserError(
                    self.env._(
                        "The purpose has no published text, so there is nothing to agree to. "
                        "Publish a text under Configuration, Consent purposes."
                    )
                )
            super(ClinicConsent, consent).write({"text_hash": consent.text_id.text_hash})  # pylint: disable=super-method-mismatch
        return consents

    @api.model
    def _prepare_proof(self, vals):
        """Values of a new row: the term of its purpose, who signed and by what right.

        :raise UserError: nobody could sign like that
        """
        closed = set() if self.env.su else _BY_PROGRAM
        vals = {key: value for key, value in vals.items() if key not in closed} | _NOT_WITHDRAWN
        patient = self.env["res.partner"].browse(vals.get("patient_id"))
        purpose = self.env["clinic.consent.purpose"].browse(vals.get("purpose_id"))
        if not patient or not purpose:
            return vals
        moment = fields.Datetime.to_datetime(vals.setdefault("granted_at", fields.Datetime.now()))
        if purpose.needs_person and not vals.get("named_person_id"):
            raise UserError(
                self.env._("Name the person who may be told: this consent is for one named person only.")
            )
        if purpose.term_months and not vals.get("valid_to"):
            vals["valid_to"] = moment + relativedelta(months=purpose.term_months)
        signer = self.env["res.partner"].browse(vals.get("signer_id") or [])
        vals.update(self._signature(patient, purpose, signer, vals.get("way", "paper"), moment))
        # sudo: the identifier of the card is proof, who records a consent need not read it
        vals["card_uuid"] = patient.sudo().patient_uuid
        return vals

    def write(self, vals):
        """Only the note may change, for everybody; ``_withdraw`` writes past this."""
        if vals.keys() - _MUTABLE:
            raise UserError(
                self.env._("A consent is proof and cannot be changed. Withdraw it and record a new one.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proof(self):
        raise UserError(self.env._("A consent is proof and is not deleted. Withdraw it instead."))

    def action_withdraw(self):
        """Take the consent back at the desk. The row stays as proof of both moments."""
        self.check_access("write")
        self._withdraw("paper")

    @api.model
    def _grant(
        self,
        patient,
        purpose,
        way,
        channel=False,
        ip_address=False,
        signer=None,
        text=None,
        moment=None,
        **proof,
    ):
        """Record that a person agreed.

        :param purpose: record or code
        :param text: the version that was shown; the one in force when empty
        :param proof: further fields of the row: ``named_person_id``, ``attachment_hash`` …
        :return: the new consent
        """
        purpose = self._purpose(purpose)
        vals = {
            "patient_id": patient.id,
            "purpose_id": purpose.id,
            "way": way,
            "channel": channel,
            "ip_address": ip_address,
            "signer_id": signer.id if signer and signer != patient else False,
            "granted_at": moment or fields.Datetime.now(),
            **proof,
        }
        if text:
            vals["text_id"] = text.id
        return self.create(vals)

    def _withdraw(self, way, ip_address=False, moment=None):
        """Write the withdrawal on the granted rows of ``self``; the others are left as they are."""
        granted = self.filtered(lambda consent: consent.state == "granted")
        # past the own ``write``, which lets nobody change the proof
        return super(ClinicConsent, granted).write(  # pylint: disable=super-method-mismatch
            {
                "state": "withdrawn",
                "withdrawn_at": moment or fields.Datetime.now(),
                "withdrawn_way": way,
                "withdrawn_by_id": self.env.uid,
                "withdrawn_ip": ip_address,
                "resign_reason": False,
            }
        )

    @api.model
    def _purpose(self, purpose):
        if not isinstance(purpose, str):
            # sudo: whoever asks need not read the register of purposes
            return purpose.sudo()
        found = self.env["clinic.consent.purpose"].sudo()._find(purpose)
        if not found:
            raise UserError(
                self.env._(
                    "There is no purpose %(code)s. Add it under Configuration, Consent purposes.",
                    code=purpose,
                )
            )
        return found
