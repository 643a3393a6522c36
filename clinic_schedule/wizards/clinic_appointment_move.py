# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ClinicAppointmentMove(models.TransientModel):
    """Asks the staff for the new time and the reason of a move, and moves."""

    _name = "clinic.appointment.move"
    _description = "Move a visit"

    appointment_id = fields.Many2one("clinic.appointment", required=True, ondelete="cascade")
    resource_id = fields.Many2one(
        "resource.resource",
        string="Doctor, room or device",
        required=True,
        ondelete="cascade",
        domain="[('clinic_kind', '!=', False)]",
    )
    start = fields.Datetime(required=True)
    tz = fields.Selection(related="appointment_id.tz", string="Time zone of the branch")
    reason_id = fields.Many2one(
        "clinic.appointment.reason", required=True, ondelete="cascade", domain="[('kind', '=', 'move')]"
    )

    def action_move(self):
        """Button: move the visit; a taken time is refused. Rights: those of the booking service."""
        for wizard in self:
            slot = {
                "service_id": wizard.appointment_id.service_id.id,
                "resource_id": wizard.resource_id.id,
                "start": wizard.start.replace(second=0),
            }
            self.env["clinic.booking"].reschedule(wizard.appointment_id, slot, wizard.reason_id)
        return {"type": "ir.actions.act_window_close"}
