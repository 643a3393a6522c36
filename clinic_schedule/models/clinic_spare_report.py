# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from ..const import CHANNELS, STATES, WEEKDAYS
from .clinic_load_report import sql_wall


class ClinicSpareReport(models.Model):
    """One visit at a reduced price, without the patient: what it brought and what it cost.

    A query, not a table. Some of these times would have been sold at the full price anyway; how likely that
    was is kept with the visit when it is booked. Extra revenue = price − that chance × full price, for
    visits that took place: below zero a rule gives away more than it brings.
    """

    _name = "clinic.spare.report"
    _inherit = "clinic.report.mixin"
    _description = "Visits at reduced prices"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "service_id"
    _depends = {
        "clinic.appointment": [
            "branch_id", "company_id", "service_id", "resource_id", "practitioner_id", "channel", "state",
            "local_date", "start", "price", "price_before", "spare_rule_id", "spare_chance",
        ],
        "clinic.branch": ["tz"],
    }  # fmt: skip

    spare_rule_id = fields.Many2one("clinic.spare.rule", string="Rule", readonly=True)
    branch_id = fields.Many2one("clinic.branch", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    day = fields.Date(string="Date of the visit", readonly=True)
    weekday = fields.Selection(WEEKDAYS, readonly=True)
    hour = fields.Char(string="Hour (branch time)", readonly=True)
    service_id = fields.Many2one("product.product", readonly=True)
    resource_id = fields.Many2one("resource.resource", string="Leading resource", readonly=True)
    practitioner_id = fields.Many2one("clinic.practitioner", readonly=True)
    channel = fields.Selection(CHANNELS, readonly=True)
    state = fields.Selection(STATES, readonly=True)
    visits = fields.Integer(readonly=True)
    came = fields.Integer(readonly=True)
    price = fields.Monetary(string="Reduced price", readonly=True)
    price_before = fields.Monetary(string="Full price", readonly=True)
    revenue = fields.Monetary(readonly=True, help="Of the visits that took place.")
    given = fields.Monetary(
        string="Reduction given", readonly=True, help="Full prices less reduced prices of these visits."
    )
    chance = fields.Float(
        string="Would have been sold, %",
        readonly=True,
        aggregator="avg",
        help="How likely the time would have been booked at the full price, as seen when it was booked.",
    )
    extra = fields.Monetary(
        string="Extra revenue",
        readonly=True,
        help="Revenue less what these times would have brought at full prices. An estimate: how many of them "
        "would have been sold is told by the pace at which days usually fill.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT v.*, v.price * v.came AS revenue, (v.price_before - v.price) * v.came AS given,
                   (v.price - v.chance / 100 * v.price_before) * v.came AS extra
              FROM (SELECT a.id, a.spare_rule_id, a.branch_id, a.company_id, a.local_date AS day,
                           (extract(isodow FROM a.local_date)::int - 1)::text AS weekday,
                           to_char(%(wall)s, 'HH24') || ':00' AS hour,
                           a.service_id, a.resource_id, a.practitioner_id, a.channel, a.state, 1 AS visits,
                           (a.state IN ('arrived', 'in_progress', 'done'))::int AS came,
                           a.price, a.price_before, 100.0 * COALESCE(a.spare_chance, 0) AS chance
                      FROM clinic_appointment a JOIN clinic_branch b ON b.id = a.branch_id
                     WHERE a.spare_rule_id IS NOT NULL AND a.state <> 'held') v
            """,
            wall=sql_wall("a.start", "b.tz"),
        )
