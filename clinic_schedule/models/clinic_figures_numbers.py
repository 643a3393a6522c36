# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..const import CANCELLED, PATIENT_CHANNELS, STAFF_CHANNELS, VISITOR_EVENTS

#: Groups of every question: each branch by itself, and all together, in each period.
SETS = SQL("GROUP BY GROUPING SETS ((s.n, s.branch_id), (s.n))")


class ClinicFigures(models.AbstractModel):
    """Where the numbers of the figures come from: one statement each for events, visits, places, load.

    Rights were checked by the caller: these statements count, they show nobody. Each knows only the branches
    of its ``spans``.
    """

    _inherit = "clinic.figures"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _numbers(self, spans, whole):
        """(number of the period, branch id or None for all) -> name -> number.

        :param spans: rows period, branch, first moment, moment after the last, first day, last day
        :param whole: these are all branches that the user may see
        """
        names = ("n", "branch_id", "low", "high", "first", "last")
        kinds = ("int", "int", "timestamp", "timestamp", "date", "date")
        columns = SQL(", ").join(
            SQL("%s::%s[]", list(column), SQL(kind))
            for column, kind in zip(zip(*spans, strict=True), kinds, strict=True)
        )
        span = SQL("unnest(%s) AS s(%s)", columns, SQL(", ").join(SQL.identifier(name) for name in names))
        bounds = {
            name: function(span_row[number] for span_row in spans)
            for name, number, function in (
                ("low", 2, min),
                ("high", 3, max),
                ("first", 4, min),
                ("last", 5, max),
            )
        }
        numbers = {}
        for query in (
            self._sql_events(span, bounds),
            self._sql_visits(span, bounds),
            self._sql_mistakes(span, bounds),
            self._sql_holes(span, bounds),
            self._sql_load(span, bounds),
            *([self._sql_visitors(span, bounds)] if whole else []),
        ):
            self.env.cr.execute(query)
            for row in self.env.cr.dictfetchall():
                numbers.setdefault((row.pop("n"), row.pop("branch_id")), {}).update(row)
        return numbers

    @api.model
    def _sql_events(self, span, bounds):
        """Bookings and refusals from the event log."""
        booked = SQL("e.kind = 'booked' AND e.channel <> 'import'")
        timed = SQL("%s AND e.duration_ms > 0", booked)
        return SQL(
            """
            SELECT s.n, s.branch_id,
                   count(*) FILTER (WHERE %(booked)s) AS booked,
                   count(*) FILTER (WHERE %(booked)s AND e.channel IN %(online)s) AS online,
                   count(*) FILTER (WHERE e.kind = 'refused' AND e.channel <> 'import') AS refused,
                   count(*) FILTER (WHERE e.channel <> 'import') AS tried,
                   count(*) FILTER (WHERE %(timed)s AND e.channel = 'site') AS site_timed,
                   count(*) FILTER (WHERE %(timed)s AND e.channel IN %(staff)s) AS desk_timed,
                   round((percentile_cont(0.5) WITHIN GROUP (ORDER BY e.duration_ms)
                       FILTER (WHERE %(timed)s AND e.channel = 'site') / 60000)::numeric, 1)::float8
                       AS site_minutes,
                   round((percentile_cont(0.5) WITHIN GROUP (ORDER BY e.duration_ms)
                       FILTER (WHERE %(timed)s AND e.channel IN %(staff)s) / 60000)::numeric, 1)::float8
                       AS desk_minutes
              FROM %(span)s
              JOIN clinic_booking_event e ON e.branch_id = s.branch_id AND e.at >= s.low AND e.at < s.high
             WHERE e.kind IN ('booked', 'refused') AND e.at >= %(low)s AND e.at < %(high)s
            %(sets)s
            """,
            booked=booked,
            timed=timed,
            online=PATIENT_CHANNELS,
            staff=STAFF_CHANNELS,
            span=span,
            sets=SETS,
            low=bounds["low"],
            high=bounds["high"],
        )

    @api.model
    def _sql_visitors(self, span, bounds):
        """Visitors of the booking page, by the marks of their sessions; who only looks has no branch."""
        return SQL(
            """
            SELECT s.n, NULL AS branch_id, count(*) FILTER (WHERE v.visited) AS site_visitors,
                   count(*) FILTER (WHERE v.visited AND v.booked) AS site_booked
              FROM (SELECT n, min(low) AS low, max(high) AS high, array_agg(branch_id) AS ids
                      FROM %(span)s GROUP BY n) s
             CROSS JOIN LATERAL (
                   SELECT e.session_hash, bool_or(e.kind IN %(steps)s) AS visited,
                          bool_or(e.kind = 'booked') AS booked
                     FROM clinic_booking_event e
                    WHERE e.channel = 'site' AND e.session_hash IS NOT NULL
                      AND e.at >= s.low AND e.at < s.high
                      AND (e.branch_id IS NULL OR e.branch_id = ANY(s.ids))
                    GROUP BY e.session_hash) v
             GROUP BY s.n
            """,
            span=span,
            steps=VISITOR_EVENTS,
        )

    @api.model
    def _sql_visits(self, span, bounds):
        """Visits by the day on which they take place."""
        early = SQL("a.state NOT IN %s AND j.booked <= a.start - interval '24 hours'", CANCELLED)
        due = SQL("a.state IN ('arrived', 'in_progress', 'done', 'no_show')")
        return SQL(
            """
            SELECT s.n, s.branch_id, count(*) AS visits,
                   count(*) FILTER (WHERE a.state IN %(cancelled)s) AS cancelled,
                   count(*) FILTER (WHERE %(due)s) AS due,
                   count(*) FILTER (WHERE a.state = 'no_show') AS no_show,
                   count(*) FILTER (WHERE %(due)s AND (j.confirmed IS NULL OR j.confirmed > a.start))
                       AS unconfirmed,
                   count(*) FILTER (WHERE %(early)s AND a.start <= %(soon)s) AS confirmable,
                   count(*) FILTER (WHERE %(early)s AND a.start <= %(soon)s
                                      AND j.confirmed <= a.start - interval '24 hours') AS confirmed_early,
                   count(*) FILTER (WHERE %(known)s) AS lead_known,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY a.local_date - ((j.booked AT TIME ZONE 'UTC')
                       AT TIME ZONE b.tz)::date) FILTER (WHERE %(known)s) AS lead_days
              FROM %(span)s
              JOIN clinic_branch b ON b.id = s.branch_id
              JOIN clinic_appointment a ON a.branch_id = s.branch_id
                                       AND a.local_date >= s.first AND a.local_date <= s.last
              LEFT JOIN LATERAL (
                   SELECT min(j.at) FILTER (WHERE j.action = 'booked') AS booked,
                          min(j.at) FILTER (WHERE j.action = 'confirmed') AS confirmed
                     FROM clinic_appointment_journal j
                    WHERE j.appointment_id = a.id AND j.action IN ('booked', 'confirmed')) j ON TRUE
             WHERE a.state <> 'held' AND a.local_date >= %(first)s AND a.local_date <= %(last)s
            %(sets)s
            """,
            cancelled=CANCELLED,
            due=due,
            early=SQL("%s AND a.channel <> 'import'", early),
            known=SQL("a.channel <> 'import' AND j.booked <= a.start"),
            soon=fields.Datetime.add(fields.Datetime.now(), hours=24),
            span=span,
            sets=SETS,
            first=bounds["first"],
            last=bounds["last"],
        )

    @api.model
    def _sql_mistakes(self, span, bounds):
        """Cancellations and moves for which the reception took the blame."""
        reasons = [
            self.env.ref(name, raise_if_not_found=False)
            for name in (
                "clinic_schedule.reason_cancel_registry_error",
                "clinic_schedule.reason_move_registry_error",
            )
        ]
        return SQL(
            """
            SELECT s.n, s.branch_id, count(*) AS mistakes
              FROM clinic_appointment_journal j
              JOIN clinic_appointment a ON a.id = j.appointment_id
              JOIN %(span)s ON s.branch_id = a.branch_id AND j.at >= s.low AND j.at < s.high
             WHERE j.reason_id = ANY(%(reasons)s) AND j.action IN ('cancelled', 'moved')
               AND j.at >= %(low)s AND j.at < %(high)s
            %(sets)s
            """,
            reasons=[reason.id for reason in reasons if reason],
            span=span,
            sets=SETS,
            low=bounds["low"],
            high=bounds["high"],
        )

    @api.model
    def _sql_holes(self, span, bounds):
        """Places freed before their time."""
        return SQL(
            """
            SELECT s.n, s.branch_id, count(*) AS holes, sum(h.refilled) AS refilled,
                   round((percentile_cont(0.5) WITHIN GROUP (ORDER BY h.refill_minutes))::numeric, 1)::float8
                       AS refill_minutes
              FROM (%(holes)s) h
              JOIN %(span)s ON s.branch_id = h.branch_id AND h.freed_at >= s.low AND h.freed_at < s.high
             WHERE h.freed_at >= %(low)s AND h.freed_at < %(high)s
            %(sets)s
            """,
            holes=self.env["clinic.hole.report"]._table_query,
            span=span,
            sets=SETS,
            low=bounds["low"],
            high=bounds["high"],
        )

    @api.model
    def _sql_load(self, span, bounds):
        """Open and taken hours of doctors."""
        return SQL(
            """
            SELECT s.n, s.branch_id, sum(l.capacity) AS open_hours, sum(l.booked) AS taken_hours
              FROM (%(load)s) l
              JOIN %(span)s ON s.branch_id = l.branch_id AND l.day >= s.first AND l.day <= s.last
             WHERE l.kind = 'practitioner' AND l.day >= %(first)s AND l.day <= %(last)s
            %(sets)s
            """,
            load=self.env["clinic.load.report"]._table_query,
            span=span,
            sets=SETS,
            first=bounds["first"],
            last=bounds["last"],
        )
