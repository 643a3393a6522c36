# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ClinicRoomType(models.Model):
    """A type of rooms: "any room of this type will do" for a service."""

    _name = "clinic.room.type"
    _inherit = ["clinic.unit.type.mixin"]
    _description = "Room type"
