# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..slot_algebra import utc_to_wall, wall_to_utc


class ClinicAppointmentMove(models.TransientModel):
    """Asks the staff for the new time and the reason of a move, and moves.

    The day and the hour are asked on the clock of the branch, wherever the user sits.
    """

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
    day = fields.Date(string="New day", compute="_compute_wall", inverse="_inverse_wall")
    hour = fields.Float(string="New time", compute="_compute_wall", inverse="_inverse_wall")
    tz = fields.Selection(related="appointment_id.tz", string="Time zone of the branch")
    reason_id = fields.Many2one(
        "clinic.appointment.reason", required=True, ondelete="cascade", domain="[('kind', '=', 'move')]"
    )

    @api.depends("start", "tz")
    def _compute_wall(self):
        for wizard in self:
            wall = utc_to_wall(wizard.start, wizard.tz) if wizard.start and wizard.tz else None
            wizard.day = wall and wall.date()
            wizard.hour = wall.hour + wall.minute / 60 if wall else 0.0

    def _inverse_wall(self):
        for wizard in self.filtered("day"):
            minutes = min(max(round(wizard.hour * 60), 0), 24 * 60 - 1)
            wizard.start = wall_to_utc(wizard.day, minutes, wizard.tz)

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
