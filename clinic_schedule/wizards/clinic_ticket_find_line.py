# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..slot_algebra import utc_to_wall


class ClinicTicketFindLine(models.TransientModel):
    """A free time that a ticket is good for."""

    _name = "clinic.ticket.find.line"
    _description = "Free time for a ticket"
    _order = "start, id"

    find_id = fields.Many2one("clinic.ticket.find", required=True, index=True, ondelete="cascade")
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
        """Button: book this time with the ticket. Rights: those of booking; raises ``SlotTaken``."""
        self.ensure_one()
        window = self.find_id
        if not window.patient_id:
            raise UserError(self.env._("Choose the patient of the visit."))
        visit = self.env["clinic.booking"].book(
            {
                "service_id": self.service_id.id,
                "resource_id": self.resource_id.id,
                "branch_id": self.branch_id.id,
                "start": self.start,
                "price": self.price,
                "ticket": window.ticket_id.id,
            },
            window.patient_id,
        )
        return visit._get_records_action()
