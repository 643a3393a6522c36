# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..const import MAX_SEATS


class ProductProduct(models.Model):
    """How a service is received: alone or in a group."""

    _inherit = "product.product"

    clinic_group_size = fields.Integer(
        string="Group of, people",
        help="Above 0: the service is received in group sessions only, so many people at once unless the"
        " session says otherwise.",
    )

    _clinic_group_size = models.Constraint(
        f"CHECK (COALESCE(clinic_group_size, 0) BETWEEN 0 AND {MAX_SEATS})",
        f"A group has at most {MAX_SEATS} people.",
    )
