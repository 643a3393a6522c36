# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.clinic_base.const import RESOURCE_KINDS

from ..const import OCCUPYING, WEEKDAYS


def sql_midnight(day, tz):
    """The UTC moment at which a day begins on the clock of a zone; both are names of columns."""
    return SQL("(((%s)::timestamp AT TIME ZONE %s) AT TIME ZONE 'UTC')", SQL(day), SQL(tz))


def sql_wall(moment, tz):
    """What the clock of a zone shows at a UTC moment; both are names of columns."""
    return SQL("(((%s) AT TIME ZONE 'UTC') AT TIME ZONE %s)", SQL(moment), SQL(tz))


class ClinicLoadReport(models.Model):
    """Open and taken time of a doctor, room or device in one hour of one day, on the clock of the branch.

    A query, not a table: always of this moment. Doctors are open in their shifts, rooms and devices whenever
    anybody has a shift in their branch; absences, repairs included, are taken off. Conditions on the day
    reach the indexes of shifts and visits. Knows no patients.
    """

    _name = "clinic.load.report"
    _inherit = "clinic.report.mixin"
    _description = "Load of doctors, rooms and devices"
    _auto = False
    _order = "day desc, hour, resource_id"
    _rec_name = "resource_id"
    _depends = {
        "clinic.shift": ["resource_id", "branch_id", "start", "stop", "local_date", "active"],
        "clinic.absence": ["resource_id", "start", "stop", "active"],
        "clinic.appointment": [
            "resource_id", "practitioner_id", "room_id", "device_ids", "branch_id", "start", "stop",
            "local_date", "state", "hold_expires_at",
        ],
        "clinic.group.session": ["resource_id", "room_id", "branch_id", "start", "stop", "date", "state"],
        "clinic.branch": ["tz", "company_id"],
        "clinic.practitioner": ["resource_id"],
        "clinic.room": ["resource_id", "branch_id"],
        "clinic.device": ["resource_id", "branch_id"],
        "resource.resource": ["clinic_kind", "active"],
    }  # fmt: skip

    kind = fields.Selection(RESOURCE_KINDS, readonly=True)
    resource_id = fields.Many2one("resource.resource", string="Doctor, room or device", readonly=True)
    branch_id = fields.Many2one("clinic.branch", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    day = fields.Date(string="Date", readonly=True)
    weekday = fields.Selection(WEEKDAYS, readonly=True)
    hour = fields.Char(string="Hour (branch time)", readonly=True)
    capacity = fields.Float(
        string="Open, h",
        readonly=True,
        help="Shifts without absences; of rooms and devices: the hours of the branch.",
    )
    booked = fields.Float(
        string="Visits, h", readonly=True, help="Time of visits and group sessions in open hours."
    )
    held = fields.Float(
        string="Held, h", readonly=True, help="Time that is being booked or offered right now."
    )
    outside = fields.Float(
        string="Visits outside of open hours, h",
        readonly=True,
        help="Visits without a shift, or while absent.",
    )
    downtime = fields.Float(
        string="Absent or closed, h",
        readonly=True,
        help="Absences, repairs and closed time within the hours of work.",
    )
    idle = fields.Float(string="Free, h", readonly=True, help="Open hours that nobody has taken.")
    load = fields.Float(
        string="Load, %", readonly=True, aggregator="avg", help="Taken hours of each hundred open ones."
    )

    def _read_group_select(self, aggregate_spec, query):
        """The load of a group is that of its hours, not the mean of the loads of its rows."""
        if aggregate_spec != "load:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "100.0 * (SUM(%(booked)s) + SUM(%(held)s)) / NULLIF(SUM(%(capacity)s), 0)",
            **{name: self._field_to_sql(self._table, name, query) for name in ("booked", "held", "capacity")},
        )

    @property
    def _table_query(self):
        parts = SQL(", ").join(
            [
                self._sql_shift_days(),
                self._sql_base(),
                self._sql_visit_days(),
                self._sql_taken(),
                self._sql_days(),
            ]
        )
        return SQL("WITH %s %s", parts, self._sql_hours())

    @api.model
    def _sql_shift_days(self):
        """Shifts cut at midnight: one row per shift and day."""
        return SQL(
            """shift_day AS NOT MATERIALIZED (
                SELECT s.resource_id, s.branch_id, b.tz, s.local_date AS day,
                       tsrange(s.start, LEAST(s.stop, %(next)s)) AS part
                  FROM clinic_shift s JOIN clinic_branch b ON b.id = s.branch_id
                 WHERE s.active
                 UNION ALL
                SELECT s.resource_id, s.branch_id, b.tz, s.local_date + n,
                       tsrange(%(nth)s, LEAST(s.stop, %(after)s))
                  FROM clinic_shift s JOIN clinic_branch b ON b.id = s.branch_id
                 CROSS JOIN generate_series(1, 2) n
                 WHERE s.active AND s.stop > %(nth)s)""",
            next=sql_midnight("s.local_date + 1", "b.tz"),
            nth=sql_midnight("s.local_date + n", "b.tz"),
            after=sql_midnight("s.local_date + n + 1", "b.tz"),
        )

    @api.model
    def _sql_base(self):
        """The hours of work: doctors' own shifts; for rooms and devices all shifts of the branch, united."""
        return SQL(
            """base AS NOT MATERIALIZED (
                SELECT s.resource_id, s.branch_id, s.tz, s.day, s.part
                  FROM shift_day s JOIN resource_resource r ON r.id = s.resource_id
                 WHERE r.clinic_kind NOT IN ('room', 'device')
                 UNION ALL
                SELECT u.resource_id, o.branch_id, o.tz, o.day, p.part
                  FROM (SELECT branch_id, tz, day, range_agg(part) AS parts
                          FROM shift_day GROUP BY branch_id, tz, day) o
                  JOIN (SELECT branch_id, resource_id FROM clinic_room
                         UNION ALL SELECT branch_id, resource_id FROM clinic_device) u
                       ON u.branch_id = o.branch_id
                  JOIN resource_resource r ON r.id = u.resource_id AND r.active
                 CROSS JOIN LATERAL unnest(o.parts) AS p(part))"""
        )

    @api.model
    def _sql_visit_days(self):
        """Visits cut at midnight; none goes on for two midnights."""
        columns = SQL(
            """a.id, a.branch_id, b.tz, a.resource_id, a.practitioner_id, a.room_id,
               CASE a.state WHEN 'held' THEN 'held' ELSE 'booked' END AS what"""
        )
        source = SQL(
            """FROM clinic_appointment a JOIN clinic_branch b ON b.id = a.branch_id
              WHERE a.state IN %s AND (a.state <> 'held' OR a.hold_expires_at > %s)""",
            OCCUPYING,
            fields.Datetime.now(),
        )
        return SQL(
            """visit_day AS NOT MATERIALIZED (
                SELECT %(columns)s, a.local_date AS day, tsrange(a.start, LEAST(a.stop, %(next)s)) AS part
                  %(source)s
                 UNION ALL
                SELECT %(columns)s, a.local_date + 1, tsrange(%(next)s, a.stop)
                  %(source)s AND a.stop > %(next)s)""",
            columns=columns,
            source=source,
            next=sql_midnight("a.local_date + 1", "b.tz"),
        )

    @api.model
    def _sql_taken(self):
        """Whom and what visits and group sessions occupy; the same time named twice counts once later."""
        return SQL(
            """taken AS NOT MATERIALIZED (
                SELECT u.resource_id, v.branch_id, v.tz, v.day, v.what, v.part
                  FROM visit_day v
                  LEFT JOIN clinic_practitioner p ON p.id = v.practitioner_id
                  LEFT JOIN clinic_room m ON m.id = v.room_id
                 CROSS JOIN LATERAL (VALUES (v.resource_id), (p.resource_id), (m.resource_id))
                       AS u(resource_id)
                 WHERE u.resource_id IS NOT NULL
                 UNION ALL
                SELECT d.resource_id, v.branch_id, v.tz, v.day, v.what, v.part
                  FROM visit_day v
                  JOIN clinic_appointment_clinic_device_rel x ON x.clinic_appointment_id = v.id
                  JOIN clinic_device d ON d.id = x.clinic_device_id
                 UNION ALL
                SELECT u.resource_id, g.branch_id, b.tz, g.date, 'booked',
                       tsrange(g.start, LEAST(g.stop, %(next)s))
                  FROM clinic_group_session g
                  JOIN clinic_branch b ON b.id = g.branch_id
                  LEFT JOIN clinic_room m ON m.id = g.room_id
                 CROSS JOIN LATERAL (VALUES (g.resource_id), (m.resource_id)) AS u(resource_id)
                 WHERE g.state = 'planned' AND u.resource_id IS NOT NULL)""",
            next=sql_midnight("g.date + 1", "b.tz"),
        )

    @api.model
    def _sql_days(self):
        """One row per doctor, room or device, branch and day with its multiranges."""
        return SQL(
            """whole AS NOT MATERIALIZED (
                SELECT resource_id, branch_id, tz, day,
                       COALESCE(range_agg(part) FILTER (WHERE what = 'base'), '{}') AS base,
                       COALESCE(range_agg(part) FILTER (WHERE what = 'away'), '{}') AS away,
                       COALESCE(range_agg(part) FILTER (WHERE what = 'booked'), '{}') AS booked,
                       COALESCE(range_agg(part) FILTER (WHERE what = 'held'), '{}') AS held
                  FROM (SELECT resource_id, branch_id, tz, day, 'base' AS what, part FROM base
                         UNION ALL
                        SELECT o.resource_id, o.branch_id, o.tz, o.day, 'away',
                               o.part * tsrange(a.start, a.stop)
                          FROM base o
                          JOIN clinic_absence a ON a.resource_id = o.resource_id AND a.active
                                               AND a.start < upper(o.part) AND a.stop > lower(o.part)
                         UNION ALL
                        SELECT resource_id, branch_id, tz, day, what, part FROM taken) ways
                 GROUP BY resource_id, branch_id, tz, day),
            span AS NOT MATERIALIZED (
                SELECT w.resource_id, w.branch_id, w.tz, w.day, k.what, k.r
                  FROM whole w
                 CROSS JOIN LATERAL (
                       SELECT 'open' AS what, unnest(w.base - w.away) AS r
                        UNION ALL SELECT 'down', unnest(w.away)
                        UNION ALL SELECT 'booked', unnest(w.booked * (w.base - w.away))
                        UNION ALL SELECT 'outside', unnest(w.booked - (w.base - w.away))
                        UNION ALL SELECT 'held', unnest(w.held * (w.base - w.away) - w.booked)) k)"""
        )

    @api.model
    def _sql_hours(self):
        """The spans cut at the full hours of the branch's clock and summed."""
        hours = SQL(
            "extract(epoch FROM LEAST(upper(s.r), t + interval '1 hour') - GREATEST(lower(s.r), t)) / 3600.0"
        )
        first = sql_wall("lower(s.r)", "s.tz")
        return SQL(
            """
            SELECT (((h.day - DATE '2000-01-01') * 24 + h.hour::int) * 1000::bigint + h.branch_id %% 1000)
                       * 1000000 + h.resource_id AS id,
                   h.resource_id, h.branch_id, b.company_id, r.clinic_kind AS kind, h.day,
                   (extract(isodow FROM h.day)::int - 1)::text AS weekday, h.hour || ':00' AS hour,
                   h.capacity, h.booked, h.held, h.outside, h.downtime,
                   h.capacity - h.booked - h.held AS idle,
                   100.0 * (h.booked + h.held) / NULLIF(h.capacity, 0) AS load
              FROM (SELECT s.resource_id, s.branch_id, s.day, to_char(%(wall)s, 'HH24') AS hour,
                           COALESCE(SUM(%(hours)s) FILTER (WHERE s.what = 'open'), 0)::float8 AS capacity,
                           COALESCE(SUM(%(hours)s) FILTER (WHERE s.what = 'booked'), 0)::float8 AS booked,
                           COALESCE(SUM(%(hours)s) FILTER (WHERE s.what = 'held'), 0)::float8 AS held,
                           COALESCE(SUM(%(hours)s) FILTER (WHERE s.what = 'outside'), 0)::float8 AS outside,
                           COALESCE(SUM(%(hours)s) FILTER (WHERE s.what = 'down'), 0)::float8 AS downtime
                      FROM span s
                     CROSS JOIN LATERAL generate_series(
                           lower(s.r) - (%(first)s - date_trunc('hour', %(first)s)),
                           upper(s.r) - interval '1 second', interval '1 hour') AS t
                     GROUP BY s.resource_id, s.branch_id, s.day, 4) h
              JOIN clinic_branch b ON b.id = h.branch_id
              JOIN resource_resource r ON r.id = h.resource_id
            """,
            wall=sql_wall("t", "s.tz"),
            hours=hours,
            first=first,
        )
