# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..slot_algebra import utc_to_wall
from .clinic_shift_plan import ACTIONS


class ClinicShiftPlanLine(models.TransientModel):
    """One shift of the preview: what would happen to it, on the clock of its branch."""

    _name = "clinic.shift.plan.line"
    _description = "Line of the preview of shifts"

    plan_id = fields.Many2one("clinic.shift.plan", required=True, index=True, ondelete="cascade")
    action = fields.Selection(ACTIONS, string="What happens", required=True)
    resource_id = fields.Many2one("resource.resource")
    branch_id = fields.Many2one("clinic.branch")
    date = fields.Date()
    hours = fields.Char()
    reason = fields.Char(string="Why")

    @api.model
    def _prepare(self, step):
        """Values of the line for a TemplateStep."""
        low, high = (utc_to_wall(moment, step.branch.tz) for moment in (step.start, step.stop))
        there = step.shift if step.action == "taken" else None
        place = [there.branch_id.name, there.room_id.name, there._hours_words()] if there else []
        return {
            "action": step.action,
            "resource_id": step.template.resource_id.id,
            "branch_id": step.branch.id,
            "date": low.date(),
            "hours": f"{low:%H:%M}–{high:%H:%M}",
            "reason": ", ".join(filter(None, place)),
        }
