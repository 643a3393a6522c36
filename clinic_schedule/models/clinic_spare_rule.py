# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ..slot_algebra import SpareRule
from ..waiting_const import WEEKDAY_FIELDS

#: At most so many visits a day are limited one by one; more is no limit worth the name.
MOST_A_DAY = 200


class ClinicSpareRule(models.Model):
    """When free time is sold cheaper: by the forecast of the load, the time ahead, days and hours.

    Kept by clinic administrators. The booking service applies the cheapest rule that fits; how many visits
    of a day have the price is kept by claims, so that the database forbids one too many.
    """

    _name = "clinic.spare.rule"
    _inherit = ["mail.thread"]
    _description = "Reduced price of spare time"
    _order = "sequence, id"

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    branch_ids = fields.Many2many(
        "clinic.branch",
        string="Branches",
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
        help="Empty: all branches.",
    )
    resource_ids = fields.Many2many(
        "resource.resource",
        string="Doctors, rooms, devices",
        ondelete="restrict",
        domain="[('clinic_kind', '!=', False)]",
        help="Who leads the visit. Empty: everybody.",
    )
    service_ids = fields.Many2many(
        "product.product",
        string="Services",
        ondelete="restrict",
        domain="[('clinic_is_service', '=', True), ('clinic_group_size', '=', 0)]",
        help="Empty, and no sections: all services. Places in group sessions are not reduced.",
    )
    categ_ids = fields.Many2many(
        "product.category",
        string="Sections of the price list",
        ondelete="restrict",
        help="Services of these sections and of the sections below them.",
    )
    channel_ids = fields.Many2many(
        "clinic.booking.channel", string="Ways of booking", help="Empty: the site, the desk and all others."
    )
    on_mon = fields.Boolean(string="Mon", default=True)
    on_tue = fields.Boolean(string="Tue", default=True)
    on_wed = fields.Boolean(string="Wed", default=True)
    on_thu = fields.Boolean(string="Thu", default=True)
    on_fri = fields.Boolean(string="Fri", default=True)
    on_sat = fields.Boolean(string="Sat", default=True)
    on_sun = fields.Boolean(string="Sun", default=True)
    hour_from = fields.Float(string="From", default=0.0, help="On the clock of the branch.")
    hour_to = fields.Float(string="To", default=24.0, help="Visits that begin before this hour.")
    lead_from = fields.Integer(
        string="Closes, h before the visit",
        default=2,
        help="Time left for the patient to come. 0: up to the start.",
    )
    lead_to = fields.Integer(
        string="Opens, h before the visit",
        default=48,
        help="Only when so few hours are left. 0: as long before as visits are booked.",
    )
    load_below = fields.Integer(
        string="Forecast load below, %",
        default=60,
        help="How full the day will be in the end: what is booked now and what is usually still booked "
        "from now on. 100: whatever the load.",
    )
    date_from = fields.Date(string="Visits from", help="First day of the visits.")
    date_to = fields.Date(string="Visits up to", help="Last day of the visits. Empty: without an end.")
    percent = fields.Float(string="Cheaper by, %", default=20.0, required=True, digits=(5, 1), tracking=True)
    least_price = fields.Monetary(string="Not below", help="The reduced price does not fall below.")
    rounding = fields.Float(
        string="Rounded down to", default=10.0, digits=(10, 2), help="10: to full tens. 0: to the kopeck."
    )
    per_day = fields.Integer(
        string="Visits a day", help="So many visits of one day have the price, over all doctors. 0: no limit."
    )
    patient_days = fields.Integer(
        string="One visit of a patient in, days",
        help="The same patient has a reduced price once in so many days. 0: no limit.",
    )
    visit_count = fields.Integer(string="Visits", compute="_compute_visit_count")

    _percent_sensible = models.Constraint(
        "CHECK (percent > 0 AND percent <= 90)", "A price is reduced by 1 to 90 percent."
    )
    _hours_sensible = models.Constraint(
        "CHECK (hour_from >= 0 AND hour_to <= 24 AND hour_from < hour_to)",
        "The hours lie between 0:00 and 24:00, and the end comes after the beginning.",
    )
    _lead_sensible = models.Constraint(
        "CHECK (lead_from >= 0 AND lead_to >= 0 AND (lead_to = 0 OR lead_from < lead_to))",
        "The hours before the visit do not leave any time: the first number must be below the second.",
    )
    _load_sensible = models.Constraint(
        "CHECK (load_below > 0 AND load_below <= 100)", "The load is given as 1 to 100 percent."
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_from IS NULL OR date_to >= date_from)",
        "The last day must not come before the first.",
    )
    _limits_sensible = models.Constraint(
        f"CHECK (per_day >= 0 AND per_day <= {MOST_A_DAY} AND patient_days >= 0 AND patient_days <= 3650"
        " AND rounding >= 0 AND least_price >= 0)",
        f"Limits are no negative numbers; at most {MOST_A_DAY} visits a day are counted.",
    )
    _some_day = models.Constraint(
        f"CHECK ({' OR '.join(WEEKDAY_FIELDS)})", "Choose at least one day of the week."
    )

    def _compute_visit_count(self):
        counts = self.env["clinic.appointment"]._read_group(
            [("spare_rule_id", "in", self.ids), ("state", "!=", "held")], ["spare_rule_id"], ["__count"]
        )
        counts = {rule.id: count for rule, count in counts}
        for rule in self:
            rule.visit_count = counts.get(rule.id, 0)

    @api.model_create_multi
    def create(self, vals_list):
        """A new rule counts at once, in every process."""
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        """A changed rule counts at once; visits booked before keep their price."""
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        """A rule that is gone counts no more, in any process."""
        self.env.registry.clear_cache()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: visits of other branches count, too
        if self.env["clinic.appointment"].sudo().search_count([("spare_rule_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("Visits have this price: their history needs the rule. Archive it instead.")
            )

    @api.model
    @tools.ormcache("company_ids")
    def _active_rules(self, company_ids):
        """The rules of these companies as plain values, in their order.

        :param company_ids: a tuple
        :return: tuple of ``(SpareRule, days between two reduced visits of one patient)``
        """
        # sudo: prices are for everybody who books, the rules themselves are not shown
        # the answer is kept: nothing of the caller's context may be in it
        found = self.sudo().with_context(active_test=True).search([("company_id", "in", company_ids)])
        return tuple((rule._as_value(), rule.patient_days) for rule in found)

    def _as_value(self):
        self.ensure_one()
        # a rule for a doctor who has left is for nobody, not for everybody
        rule = self.with_context(active_test=False)
        days = frozenset(number for number, name in enumerate(WEEKDAY_FIELDS) if self[name])
        some = rule.service_ids or rule.categ_ids
        return SpareRule(
            ref=self.id,
            company=self.company_id.id,
            services=frozenset(rule.service_ids.ids) if some else None,
            sections=frozenset(rule.categ_ids.ids),
            resources=frozenset(rule.resource_ids.ids) or None,
            branches=frozenset(rule.branch_ids.ids) or None,
            channels=frozenset(self.channel_ids.mapped("code")) or None,
            weekdays=days,
            minute_from=round(self.hour_from * 60),
            minute_to=round(self.hour_to * 60),
            lead_from=self.lead_from * 60,
            lead_to=self.lead_to * 60 or None,
            first_day=self.date_from or None,
            last_day=self.date_to or None,
            load_below=self.load_below / 100 if self.load_below < 100 else None,
            percent=self.percent,
            least=self.least_price,
            rounding=self.rounding,
            per_day=self.per_day,
        )

    def action_visits(self):
        """Button: the visits that have this price."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("clinic_schedule.clinic_spare_report_action")
        return {**action, "context": {"search_default_spare_rule_id": self.id}}

    def action_preview(self):
        """Button: what this rule makes cheaper just now."""
        self.ensure_one()
        return self.env["clinic.spare.preview"]._open(self)
