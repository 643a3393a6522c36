# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ClinicCalendarFeedAddress(models.TransientModel):
    """The window that shows the secret address of a calendar once. It is not saved."""

    _name = "clinic.calendar.feed.address"
    _description = "Address of a calendar"

    url = fields.Char(string="Address", readonly=True)
