# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..slot_algebra import utc_to_wall


class ClinicWaitingFindLine(models.TransientModel):
    """One free time of the window “Free now”."""

    _name = "clinic.waiting.find.line"
    _description = "Free time for an entry of the waiting list"
    _order = "start, id"

    find_id = fields.Many2one("clinic.waiting.find", required=True, index=True, ondelete="cascade")
    resource_id = fields.Many2one("resource.resource", string="Doctor, room or device", required=True)
    branch_id = fields.Many2one("clinic.branch", required=True)
    service_id = fields.Many2one("product.product", required=True)
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    wall_start = fields.Char(compute="_compute_wall", string="Begins (branch time)")
    currency_id = fields.Many2one(related="branch_id.company_id.currency_id")
    price = fields.Monetary()

    @api.depends("start", "branch_id.tz")
    def _compute_wall(self):
        for line in self:
            tz = line.branch_id.tz or "UTC"
            line.wall_start = f"{utc_to_wall(line.start, tz):%d.%m.%Y %H:%M}" if line.start else False

    def action_book(self):
        """Button: book this time for the entry. Rights: those of booking; raises ``SlotTaken``."""
        self.ensure_one()
        visit = self.find_id.entry_id._book_slot(
            {
                "service_id": self.service_id.id,
                "resource_id": self.resource_id.id,
                "branch_id": self.branch_id.id,
                "start": self.start,
                "price": self.price,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "clinic.appointment",
            "res_id": visit.id,
            "views": [(False, "form")],
        }
