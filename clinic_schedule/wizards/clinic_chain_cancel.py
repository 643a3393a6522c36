# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ClinicChainCancel(models.TransientModel):
    """Asks for the reason and cancels all visits of a coming that are still ahead."""

    _name = "clinic.chain.cancel"
    _description = "Cancel the visits of a coming"

    chain_id = fields.Many2one("clinic.chain", required=True, ondelete="cascade")
    coming_count = fields.Integer(related="chain_id.coming_count", related_sudo=False)
    reason_id = fields.Many2one(
        "clinic.appointment.reason", required=True, ondelete="cascade", domain="[('kind', '=', 'cancel')]"
    )

    def action_cancel(self):
        """Button: cancel them. Rights: those of the booking service."""
        for wizard in self:
            reason = wizard.reason_id
            self.env["clinic.booking"]._cancel_chain(wizard.chain_id, reason.by or "patient", reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
