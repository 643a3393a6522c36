# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..models.clinic_shift_operation import ACTIONS
from ..slot_algebra import utc_to_wall


class ClinicShiftOperateLine(models.TransientModel):
    """One line of the preview of an operation, on the clock of its branch."""

    _name = "clinic.shift.operate.line"
    _description = "Line of the preview of an operation"

    operate_id = fields.Many2one("clinic.shift.operate", required=True, index=True, ondelete="cascade")
    action = fields.Selection(ACTIONS, string="What happens", required=True)
    resource_id = fields.Many2one("resource.resource")
    date = fields.Date()
    hours = fields.Char()
    visits = fields.Integer()
    detail = fields.Char(string="Where")

    @api.model
    def _prepare(self, step):
        """Values of the line for an OperationStep. Sudo: what stands in the way is named."""
        low, high = (utc_to_wall(moment, step.branch.tz) for moment in (step.start, step.stop))
        there = step.shift.sudo() if step.shift else None
        room = self.env["clinic.room"].browse((step.vals or {}).get("room_id") or ())
        place = [room.name] if room else []
        if there:
            elsewhere = there.branch_id != step.branch
            place = [there.branch_id.name if elsewhere else "", there.room_id.name]
            if step.action == "taken":
                place.append(there._hours_words())
        hours = f"{low:%H:%M}–{high:%H:%M}"
        if high - low and not (low.hour or low.minute or high.hour or high.minute):
            hours = self.env._("whole day")
        return {
            "action": step.action,
            "resource_id": step.resource.id,
            "date": low.date(),
            "hours": hours,
            "visits": step.visits,
            "detail": ", ".join(filter(None, place)),
        }
