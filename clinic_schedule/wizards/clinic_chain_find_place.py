# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ClinicChainFindPlace(models.TransientModel):
    """The time of one service in a coming that was found."""

    _name = "clinic.chain.find.place"
    _description = "Time of a service in a coming"
    _order = "start, id"

    option_id = fields.Many2one("clinic.chain.find.option", required=True, index=True, ondelete="cascade")
    resource_id = fields.Many2one("resource.resource", required=True)
    service_id = fields.Many2one("product.product", required=True)
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    currency_id = fields.Many2one(related="option_id.currency_id")
    price = fields.Monetary()

    def _slot(self, branch):
        return {
            "service_id": self.service_id.id,
            "resource_id": self.resource_id.id,
            "branch_id": branch.id,
            "start": self.start,
            "price": self.price,
        }
