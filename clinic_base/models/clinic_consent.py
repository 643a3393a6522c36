# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import CONSENT_WAYS, CONTACT_CHANNELS

_MUTABLE = {"note"}
_NOT_WITHDRAWN = {
    "state": "granted",
    "withdrawn_at": False,
    "withdrawn_way": False,
    "withdrawn_by_id": False,
    "withdrawn_ip": False,
}


class Permission(NamedTuple):
    """Answer of ``_may``: allowed or not, a code of the reason, the consent that decided (or empty)."""

    allowed: bool
    reason: str
    consent: object


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
    channel = fields.Selection(
        CONTACT_CHANNELS, help="The consent is for this channel only; empty means every channel."
    )
    way = fields.Selection(CONSENT_WAYS, string="How", required=True, default="paper")
    ip_address = fields.Char(string="Address in the network", readonly=True)
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
        consents = super().create([{**vals, **_NOT_WITHDRAWN} for vals in vals_list])
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
        self, patient, purpose, way, channel=False, ip_address=False, signer=None, text=None, moment=None
    ):
        """Record that a person agreed.

        :param purpose: record or code
        :param text: the version that was shown; the one in force when empty
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
            }
        )

    @api.model
    def _may(self, patient, purpose, channel=None, at=None):
        """Whether the data of ``patient`` may be used for ``purpose`` by ``channel`` at a moment.

        Every sender asks here. The latest event decides; of two at one moment the withdrawal does.
        Runs as the superuser: the answer is yes or no, and senders may not read consents.

        :rtype: Permission
        """
        purpose = self._purpose(purpose)
        if purpose.basis != "consent":
            return Permission(True, purpose.basis, self.browse())
        at = at or fields.Datetime.now()
        rows = self.sudo().search(
            [
                ("patient_id", "=", patient.id),
                ("purpose_id.code", "=", purpose.code),
                ("granted_at", "<=", at),
                ("channel", "in", [channel, False] if channel else [False]),
            ]
        )
        events = []
        for row in rows:
            events.append((row.granted_at, 0, row))
            if row.withdrawn_at and row.withdrawn_at <= at:
                events.append((row.withdrawn_at, 1, row))
        if not events:
            return Permission(False, "none", self.browse())
        _moment, withdrawn, row = max(events, key=lambda event: (event[0], event[1], event[2].id))
        if withdrawn:
            return Permission(False, "withdrawn", row)
        if row.valid_to and row.valid_to < at:
            return Permission(False, "expired", row)
        return Permission(True, "granted", row)

    @api.model
    def _purpose(self, purpose):
        if not isinstance(purpose, str):
            return purpose
        found = self.env["clinic.consent.purpose"].sudo()._find(purpose)
        if not found:
            raise UserError(
                self.env._(
                    "There is no purpose %(code)s. Add it under Configuration, Consent purposes.",
                    code=purpose,
                )
            )
        return found
