# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ClinicUnitTypeMixin(models.AbstractModel):
    """A type of units that are interchangeable for a service. Created by administrators."""

    _name = "clinic.unit.type.mixin"
    _description = "Type of rooms or devices"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
