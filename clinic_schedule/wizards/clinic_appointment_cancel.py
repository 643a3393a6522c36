# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..const import REASON_BY


class ClinicAppointmentCancel(models.TransientModel):
    """Asks the staff for the reason of a cancellation, one click, and cancels."""

    _name = "clinic.appointment.cancel"
    _description = "Cancel a visit"

    appointment_id = fields.Many2one("clinic.appointment", required=True, ondelete="cascade")
    reason_id = fields.Many2one(
        "clinic.appointment.reason", required=True, ondelete="cascade", domain="[('kind', '=', 'cancel')]"
    )
    by = fields.Selection(
        REASON_BY,
        string="Who cancels",
        required=True,
        compute="_compute_by",
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends("reason_id")
    def _compute_by(self):
        for wizard in self:
            wizard.by = wizard.reason_id.by or "patient"

    def action_cancel(self):
        """Button: cancel the visit. Rights: those of the booking service."""
        for wizard in self:
            self.env["clinic.booking"].cancel(wizard.appointment_id, wizard.by, wizard.reason_id)
        return {"type": "ir.actions.act_window_close"}
