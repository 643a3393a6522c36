# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ClinicRoomType(models.Model):
    """A type of rooms that are interchangeable for a service. Created by administrators."""

    _name = "clinic.room.type"
    _description = "Room type"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
