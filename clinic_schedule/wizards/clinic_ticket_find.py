# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

MOST_LINES = 80


class ClinicTicketFind(models.TransientModel):
    """The window with free times that a ticket is good for: choose the patient, book a line."""

    _name = "clinic.ticket.find"
    _description = "Free times for a ticket"

    ticket_id = fields.Many2one("clinic.time.ticket", required=True, ondelete="cascade")
    # without sudo: a row made by hand shows nothing of a ticket that its maker may not read
    service_id = fields.Many2one(related="ticket_id.service_id", related_sudo=False)
    frame = fields.Char(related="ticket_id.frame", related_sudo=False)
    is_named = fields.Boolean(readonly=True)
    patient_id = fields.Many2one("res.partner", domain="[('is_patient', '=', True)]", ondelete="cascade")
    line_ids = fields.One2many("clinic.ticket.find.line", "find_id")

    @api.model
    def _open(self, ticket):
        """The window of a ticket that can be used. Rights: those of booking."""
        ticket.check_access("read")
        booking = self.env["clinic.booking"]
        booking._check_staff(self.env["clinic.appointment"])
        problem = ticket._why_not()
        if problem:
            raise UserError(problem)
        slots = booking._ticket_slots(ticket, booking._own_channel(), ticket.patient_id, MOST_LINES)
        names = ("resource_id", "branch_id", "service_id", "start", "stop", "price")
        window = self.create(
            {
                "ticket_id": ticket.id,
                "patient_id": ticket.patient_id.id,
                "is_named": bool(ticket.patient_id),
                "line_ids": [Command.create({name: slot[name] for name in names}) for slot in slots],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Free times for the ticket %(number)s", number=ticket.number),
            "res_model": self._name,
            "res_id": window.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "large"},
        }
