# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..const import AUDIENCES, ONLINE_MODES, VISIT_TYPES


class ClinicPractitionerService(models.Model):
    """What one practitioner does of one service: own duration, step, price, audience.

    An empty value (0 for numbers) means the value of the service or the practitioner.
    """

    _name = "clinic.practitioner.service"
    _description = "Service of a practitioner"
    _order = "practitioner_id, sequence, id"
    _rec_name = "service_id"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    practitioner_id = fields.Many2one("clinic.practitioner", required=True, index=True, ondelete="cascade")
    service_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('clinic_is_service', '=', True)]",
    )
    company_id = fields.Many2one(related="practitioner_id.resource_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="service_id.currency_id")
    duration = fields.Integer(string="Duration, min")
    step = fields.Integer(string="Step, min")
    own_price = fields.Boolean(help="Use the price of this row instead of the price of the service.")
    price = fields.Monetary()
    audience = fields.Selection(AUDIENCES)
    age_min = fields.Integer(string="Age from")
    age_max = fields.Integer(string="Age to")
    visit_type = fields.Selection(VISIT_TYPES, help="Empty: for first and repeat visits.")
    online = fields.Selection(ONLINE_MODES, string="Online booking")

    _pair_uniq = models.UniqueIndex(
        "(practitioner_id, service_id, COALESCE(visit_type, '')) WHERE active",
        "This practitioner already has this service for this kind of visit.",
    )
    _minutes = models.Constraint(
        "CHECK (duration >= 0 AND duration <= 1440 AND step >= 0 AND price >= 0)",
        "Duration, step and price cannot be negative, and a visit cannot be longer than 24 hours.",
    )
