# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ClinicDeviceType(models.Model):
    """A type of devices: "any device of this type will do" for a service."""

    _name = "clinic.device.type"
    _inherit = ["clinic.unit.type.mixin"]
    _description = "Device type"
