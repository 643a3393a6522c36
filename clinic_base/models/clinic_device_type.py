# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ClinicDeviceType(models.Model):
    """A type of devices that are interchangeable for a service. Created by administrators."""

    _name = "clinic.device.type"
    _description = "Device type"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
