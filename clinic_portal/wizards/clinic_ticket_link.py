# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ClinicTicketLink(models.TransientModel):
    """The window that shows the link of a time ticket, to be copied into a message. It is not saved."""

    _name = "clinic.ticket.link"
    _description = "Link of a time ticket"

    url = fields.Char(string="Link", readonly=True)
