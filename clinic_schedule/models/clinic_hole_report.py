# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import SQL

from ..const import CHANNELS, WEEKDAYS
from .clinic_load_report import sql_wall

FREED_BY = [
    ("patient", "Cancelled by the patient"),
    ("clinic", "Cancelled by the clinic"),
    ("moved", "Moved to another time"),
]


class ClinicHoleReport(models.Model):
    """One place freed before its time by a cancellation or a move, and whether somebody took it again.

    A query over the journal of visits. Taken again means: another visit of the same doctor, room or
    device was booked or moved into that time later on, whatever became of it. What the clinic freed
    because nobody could give the visit (absence) counts too: then nobody takes it.
    """

    _name = "clinic.hole.report"
    _inherit = "clinic.report.mixin"
    _description = "Freed places"
    _auto = False
    _order = "freed_at desc, id desc"
    _rec_name = "resource_id"
    _depends = {
        "clinic.appointment": [
            "branch_id", "company_id", "service_id", "resource_id", "practitioner_id", "state", "start",
            "stop", "channel",
        ],
        "clinic.appointment.journal": [
            "appointment_id", "action", "at", "channel", "reason_id", "start_from", "before", "state_from",
        ],
        "clinic.branch": ["tz", "company_id"],
    }  # fmt: skip

    freed_at = fields.Datetime(string="Freed", readonly=True)
    freed_by = fields.Selection(FREED_BY, string="How it was freed", readonly=True)
    reason_id = fields.Many2one("clinic.appointment.reason", readonly=True)
    channel = fields.Selection(CHANNELS, string="Freed through", readonly=True)
    branch_id = fields.Many2one("clinic.branch", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    resource_id = fields.Many2one("resource.resource", string="Leading resource", readonly=True)
    practitioner_id = fields.Many2one("clinic.practitioner", readonly=True)
    service_id = fields.Many2one("product.product", readonly=True)
    start = fields.Datetime(string="Start of the place", readonly=True)
    weekday = fields.Selection(WEEKDAYS, readonly=True)
    hours_ahead = fields.Float(
        string="Freed ahead, h",
        readonly=True,
        aggregator="avg",
        help="How long before its time the place was freed.",
    )
    holes = fields.Integer(string="Freed places", readonly=True)
    refilled = fields.Integer(string="Taken again", readonly=True)
    refill_minutes = fields.Float(
        string="Until taken again, min",
        readonly=True,
        aggregator="avg",
        help="Of the places that were taken again.",
    )
    refill_rate = fields.Float(string="Taken again, %", readonly=True, aggregator="avg")

    def _read_group_select(self, aggregate_spec, query):
        """The share of a group is that of its places, not the mean of shares."""
        if aggregate_spec != "refill_rate:avg":
            return super()._read_group_select(aggregate_spec, query)
        part, whole = (self._field_to_sql(self._table, name, query) for name in ("refilled", "holes"))
        return SQL("100.0 * SUM(%s) / NULLIF(SUM(%s), 0)", part, whole)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT h.id, h.freed_at, h.freed_by, h.reason_id, h.channel, h.branch_id, b.company_id,
                   h.resource_id, h.practitioner_id, h.service_id, h.start,
                   (extract(isodow FROM %(wall)s)::int - 1)::text AS weekday,
                   extract(epoch FROM h.start - h.freed_at) / 3600.0 AS hours_ahead,
                   1 AS holes, (again.at IS NOT NULL)::int AS refilled,
                   extract(epoch FROM again.at - h.freed_at) / 60.0 AS refill_minutes,
                   CASE WHEN again.at IS NULL THEN 0.0 ELSE 100.0 END AS refill_rate
              FROM (%(holes)s) h
              JOIN clinic_branch b ON b.id = h.branch_id
              LEFT JOIN LATERAL (
                    SELECT min(k.at) AS at
                      FROM clinic_appointment o
                      JOIN clinic_appointment_journal k ON k.appointment_id = o.id
                     WHERE o.resource_id = h.resource_id AND o.id <> h.appointment_id AND o.state <> 'held'
                       AND o.start < h.stop AND o.stop > h.start AND o.start > h.start - interval '36 hours'
                       AND k.action IN ('booked', 'moved') AND k.at >= h.freed_at
                       AND k.start_to = o.start) again
                   ON TRUE
             WHERE h.start > h.freed_at
            """,
            wall=sql_wall("h.start", "b.tz"),
            holes=self._sql_holes(),
        )

    def _sql_holes(self):
        """Cancellations and moves that stand, with the place as it was."""
        return SQL(
            """
            SELECT j.id, j.appointment_id, j.at AS freed_at,
                   CASE WHEN j.action = 'moved' THEN 'moved'
                        WHEN j.state_to = 'cancelled_patient' THEN 'patient' ELSE 'clinic' END AS freed_by,
                   j.reason_id, j.channel,
                   COALESCE((j.before->>'branch_id')::int, a.branch_id) AS branch_id,
                   COALESCE((j.before->>'resource_id')::int, a.resource_id) AS resource_id,
                   COALESCE(NULLIF(j.before->>'practitioner_id', 'false')::int, a.practitioner_id)
                       AS practitioner_id,
                   a.service_id,
                   COALESCE((j.before->>'start')::timestamp, j.start_from, a.start) AS start,
                   COALESCE((j.before->>'stop')::timestamp, a.stop) AS stop
              FROM clinic_appointment_journal j
              JOIN clinic_appointment a ON a.id = j.appointment_id
             WHERE j.action IN ('cancelled', 'moved') AND j.state_from IS DISTINCT FROM 'held'
               AND (j.action = 'moved' OR a.state IN ('cancelled_patient', 'cancelled_clinic'))
               AND (j.action = 'cancelled' OR (j.before->>'stop' IS NOT NULL AND (
                    (j.before->>'resource_id')::int <> a.resource_id
                    OR a.start >= (j.before->>'stop')::timestamp
                    OR a.stop <= (j.before->>'start')::timestamp)))
               AND NOT EXISTS (SELECT 1 FROM clinic_appointment_journal u
                                WHERE u.appointment_id = j.appointment_id AND u.action = 'undone'
                                  AND u.id > j.id)
            """
        )
