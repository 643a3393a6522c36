# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import AUDIENCES, ONLINE_MODES, VISIT_TYPES


class ClinicPractitionerService(models.Model):
    """What one practitioner does of one service: own duration, step, price, audience.

    An empty value (0 for numbers) means the value of the service, and for the audience and the
    ages the narrower of the service's and the practitioner's. The rule itself is in ``clinic.offer``.
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
    duration = fields.Integer(string="Duration, min", help="0 = as the service says.")
    step = fields.Integer(string="Step, min", help="0 = as the service says.")
    own_price = fields.Boolean(help="Use the price of this row instead of the price of the service.")
    price = fields.Monetary()
    audience = fields.Selection(AUDIENCES, string="Receives")
    age_min = fields.Integer(string="Age from", help="0 = as the service and the practitioner say.")
    age_max = fields.Integer(string="Age to", help="0 = as the service and the practitioner say.")
    visit_type = fields.Selection(VISIT_TYPES, help="Empty: for first and repeat visits.")
    online = fields.Selection(ONLINE_MODES, string="Online booking", help="Empty: as the service says.")
    effective_duration = fields.Integer(string="In fact, min", compute="_compute_effective")
    effective_price = fields.Monetary(string="Price in fact", compute="_compute_effective")

    _pair_uniq = models.UniqueIndex(
        "(practitioner_id, service_id, COALESCE(visit_type, '')) WHERE active",
        "This practitioner already has this service for this kind of visit.",
    )
    _minutes = models.Constraint(
        "CHECK (duration >= 0 AND duration <= 1440 AND step >= 0 AND price >= 0)",
        "Duration, step and price cannot be negative, and a visit cannot be longer than 24 hours.",
    )
    _ages = models.Constraint(
        "CHECK (COALESCE(age_min, 0) BETWEEN 0 AND 150 AND COALESCE(age_max, 0) BETWEEN 0 AND 150"
        " AND (COALESCE(age_max, 0) = 0 OR COALESCE(age_min, 0) <= age_max))",
        "The ages for this service are wrong: “from” cannot be greater than “to”,"
        " and both are full years between 0 and 150.",
    )

    @api.depends("duration", "own_price", "price", "service_id.clinic_duration", "service_id.list_price")
    def _compute_effective(self):
        terms = self._origin._effective()
        for line in self:
            term = terms.get(line._origin.id)
            if term and not line._origin - line:
                line.effective_duration, line.effective_price = term["duration"], term["price"]
            else:
                # a row that is being edited: what the rule will say once it is saved
                line.effective_duration = line.duration or line.service_id.clinic_duration
                line.effective_price = line.price if line.own_price else line.service_id.list_price

    @api.onchange("price")
    def _onchange_price(self):
        """Typing a price means an own price."""
        if self.price:
            self.own_price = True

    @api.onchange("own_price")
    def _onchange_own_price(self):
        if not self.own_price:
            self.price = 0

    @api.constrains("practitioner_id", "service_id", "audience", "age_min", "age_max")
    def _check_somebody_fits(self):
        terms = self._effective()
        for line in self:
            if terms[line.id]["age_from"] > terms[line.id]["age_to"]:
                raise ValidationError(
                    self.env._(
                        "Nobody could book “%(service)s” with %(doctor)s: the ages of the service, of the "
                        "practitioner and of this row exclude each other. Change the ages or the audience.",
                        service=line.service_id.display_name,
                        doctor=line.practitioner_id.name,
                    )
                )

    def _effective(self):
        """The values that count for each row: ``{row id: term}``, one query for any number of rows.

        A term is described in ``clinic.offer``. Archived rows are answered too.
        """
        if not self.ids:
            return {}
        # the rows were read by the caller; the terms hold nothing that the rows do not
        terms = self.env["clinic.offer"].sudo()._find(lines=self)
        return {term["line_id"]: term for term in terms}

    def _accepts(self, age=None, sex=None):
        """The rows that fit a patient of this age (full years on the day) and sex; unknown values fit."""
        terms = self._effective()
        offer = self.env["clinic.offer"]
        return self.filtered(lambda line: offer._accepts(terms[line.id], age, sex))
