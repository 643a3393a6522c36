# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ClinicShiftScope(models.AbstractModel):
    """What hours of work are open for: services or sections of the price list, ages, ways of booking.

    Shared by dated shifts and the blocks of templates.
    """

    _name = "clinic.shift.scope"
    _description = "What visiting hours are open for"

    service_ids = fields.Many2many(
        "product.product", string="Only services", domain="[('clinic_is_service', '=', True)]"
    )
    categ_ids = fields.Many2many(
        "product.category",
        string="Only sections",
        help="Services of these sections of the price list and of the sections below them.",
    )
    channel_ids = fields.Many2many(
        "clinic.booking.channel",
        string="Only booked through",
        help="Empty: every way of booking. Others are told that the hours are kept.",
    )
