# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.clinic_base.const import VISIT_TYPES

from ..const import CANCELLED, CHANNELS, PAYER_KINDS, PLACES, STATES, WEEKDAYS
from .clinic_load_report import sql_wall

#: Rates: measure -> what is counted, of what.
RATES = {
    "no_show_rate": ("no_show", "due"),
    "cancel_rate": ("cancelled", "visits"),
    "first_rate": ("first", "visits"),
}


class ClinicVisitReport(models.Model):
    """One visit without the patient: where it came from, how long ahead, what became of it.

    A query, not a table. Holds are left out. Visits of imports have no lead time, because the moment at
    which they were booked is not known.
    """

    _name = "clinic.visit.report"
    _inherit = "clinic.report.mixin"
    _description = "Figures of visits"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "service_id"
    _depends = {
        "clinic.appointment": [
            "branch_id", "company_id", "service_id", "specialty_id", "resource_id", "practitioner_id",
            "room_id", "channel", "source", "state", "visit_type", "payer_kind", "place_kind", "overbooked",
            "cancel_reason_id", "local_date", "start", "duration", "price",
        ],
        "clinic.appointment.journal": ["appointment_id", "action", "at"],
        "clinic.branch": ["tz"],
    }  # fmt: skip

    branch_id = fields.Many2one("clinic.branch", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    day = fields.Date(string="Date of the visit", readonly=True)
    weekday = fields.Selection(WEEKDAYS, readonly=True)
    hour = fields.Char(string="Hour (branch time)", readonly=True)
    service_id = fields.Many2one("product.product", readonly=True)
    specialty_id = fields.Many2one("clinic.specialty", readonly=True)
    resource_id = fields.Many2one("resource.resource", string="Leading resource", readonly=True)
    practitioner_id = fields.Many2one("clinic.practitioner", readonly=True)
    room_id = fields.Many2one("clinic.room", readonly=True)
    channel = fields.Selection(CHANNELS, readonly=True)
    source = fields.Char(string="External system", readonly=True)
    state = fields.Selection(STATES, readonly=True)
    visit_type = fields.Selection(VISIT_TYPES, string="First or repeat", readonly=True)
    payer_kind = fields.Selection(PAYER_KINDS, readonly=True)
    place_kind = fields.Selection(PLACES, string="Place", readonly=True)
    overbooked = fields.Boolean(string="CITO", readonly=True)
    cancelled_by = fields.Selection([("patient", "Patient"), ("clinic", "Clinic")], readonly=True)
    cancel_reason_id = fields.Many2one("clinic.appointment.reason", readonly=True)
    booked_at = fields.Datetime(readonly=True, help="When the visit was booked; unknown for imports.")
    lead_days = fields.Integer(
        string="Days ahead",
        readonly=True,
        aggregator="avg",
        help="From the day of booking to the day of the visit.",
    )
    visits = fields.Integer(readonly=True)
    first = fields.Integer(string="First visits", readonly=True)
    due = fields.Integer(string="Came or missed", readonly=True, help="Visits whose outcome is known.")
    came = fields.Integer(readonly=True)
    no_show = fields.Integer(string="No-shows", readonly=True)
    cancelled = fields.Integer(readonly=True)
    moves = fields.Integer(readonly=True, help="How many times the visits were moved.")
    minutes = fields.Integer(string="Length, min", readonly=True)
    price = fields.Monetary(readonly=True)
    no_show_rate = fields.Float(
        string="No-shows, %",
        readonly=True,
        aggregator="avg",
        help="Missed visits of each hundred that were due.",
    )
    cancel_rate = fields.Float(string="Cancelled, %", readonly=True, aggregator="avg")
    first_rate = fields.Float(string="First visits, %", readonly=True, aggregator="avg")

    def _read_group_select(self, aggregate_spec, query):
        """Rates of a group are those of its visits, not means of the rates of its rows."""
        name, _colon, function = aggregate_spec.partition(":")
        if name not in RATES or function != "avg":
            return super()._read_group_select(aggregate_spec, query)
        part, whole = (self._field_to_sql(self._table, column, query) for column in RATES[name])
        return SQL("100.0 * SUM(%s) / NULLIF(SUM(%s), 0)", part, whole)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT v.*, 100.0 * v.no_show / NULLIF(v.due, 0) AS no_show_rate,
                   100.0 * v.cancelled AS cancel_rate, 100.0 * v.first AS first_rate,
                   CASE WHEN v.booked_at <= v.start
                        THEN v.day - (%(booked)s)::date END AS lead_days
              FROM (SELECT a.id, a.branch_id, a.company_id, b.tz, a.start, a.local_date AS day,
                           (extract(isodow FROM a.local_date)::int - 1)::text AS weekday,
                           to_char(%(wall)s, 'HH24') || ':00' AS hour,
                           a.service_id, a.specialty_id, a.resource_id, a.practitioner_id, a.room_id,
                           a.channel, a.source, a.state, a.visit_type, a.payer_kind, a.place_kind,
                           COALESCE(a.overbooked, FALSE) AS overbooked,
                           CASE a.state WHEN 'cancelled_patient' THEN 'patient'
                                        WHEN 'cancelled_clinic' THEN 'clinic' END AS cancelled_by,
                           CASE WHEN a.state IN %(cancelled)s THEN a.cancel_reason_id END AS cancel_reason_id,
                           CASE WHEN a.channel <> 'import' THEN (
                               SELECT min(j.at) FROM clinic_appointment_journal j
                                WHERE j.appointment_id = a.id AND j.action = 'booked') END AS booked_at,
                           1 AS visits,
                           (a.visit_type IS NOT DISTINCT FROM 'first')::int AS first,
                           (a.state IN ('arrived', 'in_progress', 'done', 'no_show'))::int AS due,
                           (a.state IN ('arrived', 'in_progress', 'done'))::int AS came,
                           (a.state = 'no_show')::int AS no_show,
                           (a.state IN %(cancelled)s)::int AS cancelled,
                           (SELECT count(*) FROM clinic_appointment_journal j
                             WHERE j.appointment_id = a.id AND j.action = 'moved') AS moves,
                           a.duration AS minutes, a.price
                      FROM clinic_appointment a JOIN clinic_branch b ON b.id = a.branch_id
                     WHERE a.state <> 'held') v
            """,
            booked=sql_wall("v.booked_at", "v.tz"),
            wall=sql_wall("a.start", "b.tz"),
            cancelled=CANCELLED,
        )
