# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ClinicAddressHouse(models.Model):
    """House numbers of a street: a list with ranges as КЛАДР writes them, or one house of ГАР."""

    _name = "clinic.address.house"
    _description = "Houses of the address classifier"
    _log_access = False
    _rec_name = "numbers"

    street_code = fields.Char(required=True, readonly=True, index=True)
    region = fields.Char(required=True, readonly=True, index=True)
    numbers = fields.Char(required=True, readonly=True)
    guid = fields.Char(readonly=True)
    postcode = fields.Char(readonly=True)
