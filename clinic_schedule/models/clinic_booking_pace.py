# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..slot_algebra import DayLoad

#: Days ahead for which the pace is kept; farther days count as the last one.
MOST_AHEAD = 30
#: The pace of one weekday counts when so many such days have been seen.
LEAST_DAYS = 4


class ClinicBookingPace(models.Model):
    """How days fill: which share of the working time is usually booked from so many days before on.

    Counted each night from the visits of the past weeks, for each doctor, room and device by the day of the
    week, for each of them as a whole, and for the company. Visits booked on the day itself that is asked
    for count half: a part of that day has passed.
    """

    _name = "clinic.booking.pace"
    _description = "How days fill"
    _order = "resource_id, weekday, days_ahead"
    _rec_name = "days_ahead"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    resource_id = fields.Many2one("resource.resource", index="btree_not_null", ondelete="cascade")
    weekday = fields.Integer(help="Monday is 0; empty: all days.")
    days_ahead = fields.Integer(string="Days before", required=True)
    share = fields.Float(string="Still booked from then on", help="Of the working time, from 0 to 1.")
    days_seen = fields.Integer(string="Days counted")

    _lookup_idx = models.Index("(company_id, days_ahead, resource_id)")

    @api.model
    def _cron_count(self):
        """Count anew: one statement."""
        weeks = self.env["clinic.booking"]._setting("clinic_schedule.pace_weeks")
        for model in ("clinic.shift", "clinic.appointment"):
            self.env[model].flush_model()
        self.env.cr.execute("DELETE FROM clinic_booking_pace")
        self.env.cr.execute(
            SQL(
                """
                WITH day AS (
                    SELECT s.resource_id, b.company_id,
                           (s.start AT TIME ZONE 'UTC' AT TIME ZONE b.tz)::date AS day,
                           sum(extract(epoch FROM s.stop - s.start) / 60) AS minutes
                      FROM clinic_shift s JOIN clinic_branch b ON b.id = s.branch_id
                     WHERE s.active AND s.stop < %(now)s
                       AND s.start > %(now)s - make_interval(weeks => %(weeks)s)
                     GROUP BY 1, 2, 3),
                visit AS (
                    SELECT a.resource_id, a.local_date AS day, a.duration AS minutes,
                           GREATEST(0, a.local_date
                                       - (a.create_date AT TIME ZONE 'UTC' AT TIME ZONE b.tz)::date) AS ahead
                      FROM clinic_appointment a JOIN clinic_branch b ON b.id = a.branch_id
                     WHERE a.state IN ('arrived', 'in_progress', 'done', 'no_show') AND a.channel <> 'import'
                       AND a.start > %(now)s - make_interval(weeks => %(weeks)s) - interval '2 days'
                       AND a.start < %(now)s),
                booked AS (
                    SELECT day.*, ahead.n AS days_ahead,
                           LEAST(1, COALESCE((
                               SELECT sum(v.minutes * CASE WHEN v.ahead < ahead.n THEN 1 ELSE 0.5 END)
                                 FROM visit v
                                WHERE v.resource_id = day.resource_id AND v.day = day.day
                                  AND v.ahead <= ahead.n), 0) / day.minutes) AS share
                      FROM day CROSS JOIN generate_series(0, %(most)s) AS ahead(n)
                     WHERE day.minutes > 0)
                INSERT INTO clinic_booking_pace
                       (company_id, resource_id, weekday, days_ahead, share, days_seen)
                SELECT company_id, resource_id, extract(isodow FROM day)::int - 1, days_ahead,
                       avg(share), count(*)
                  FROM booked
                 GROUP BY GROUPING SETS (
                       (company_id, resource_id, extract(isodow FROM day)::int - 1, days_ahead),
                       (company_id, resource_id, days_ahead), (company_id, days_ahead))
                """,
                now=fields.Datetime.now(),
                weeks=weeks,
                most=MOST_AHEAD,
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _day_loads(self, days):
        """The loads of days of doctors, rooms and devices: one statement whatever their number.

        :param days: iterable of ``(resource_id, company_id, date, start, stop)`` where the moments are the
            midnights of the branch
        :return: dict ``(resource_id, date)`` → ``DayLoad``. Days without working time are full.
        """
        days = list(days)
        if not days:
            return {}
        for model in ("clinic.shift", "clinic.absence", "clinic.slot.claim"):
            self.env[model].flush_model()
        rows = self.env.execute_query(self._sql_loads(days))
        return {
            (ref, day): DayLoad(float(busy / length) if length else 1.0, share or 0.0)
            for ref, day, length, busy, share in rows
        }

    def _sql_loads(self, days):
        """Per day: seconds of working time, of it taken, and the share that is usually still booked."""
        columns = [list(column) for column in zip(*days, strict=True)]
        now = fields.Datetime.now()
        return SQL(
            """
            SELECT k.ref, k.day, %(open)s, %(busy)s, pace.share
              FROM unnest(%(refs)s::int[], %(companies)s::int[], %(days)s::date[], %(lows)s::timestamp[],
                          %(highs)s::timestamp[], %(aheads)s::int[])
                   AS k(ref, company, day, low, high, ahead)
             CROSS JOIN LATERAL (
                   SELECT COALESCE(range_agg(tsrange(s.start, s.stop)), '{}') AS r
                     FROM clinic_shift s
                    WHERE s.active AND s.resource_id = k.ref
                      AND s.start >= k.low AND s.start < k.high) work
             CROSS JOIN LATERAL (
                   SELECT COALESCE(range_agg(tsrange(a.start, a.stop)), '{}') AS r
                     FROM clinic_absence a
                    WHERE a.active AND a.resource_id = k.ref
                      AND a.start < k.high + interval '36 hours' AND a.stop > k.low) away
             CROSS JOIN LATERAL (
                   SELECT COALESCE(range_agg(tsrange(c.start, c.stop)), '{}') AS r
                     FROM clinic_slot_claim c
                    WHERE c.kind = 'resource' AND c.ref = k.ref AND c.lane = 0
                      AND c.start > k.low - interval '36 hours'
                      AND c.start < k.high + interval '36 hours' AND c.state IN ('hold', 'booked')
                      AND (c.state = 'booked' OR c.expires_at > %(now)s)) taken
              LEFT JOIN LATERAL (
                   SELECT p.share FROM clinic_booking_pace p
                    WHERE p.company_id = k.company AND p.days_ahead = k.ahead
                      AND (p.resource_id = k.ref OR p.resource_id IS NULL)
                      AND (p.weekday IS NULL
                           OR p.days_seen >= %(least)s
                          AND p.weekday = extract(isodow FROM k.day)::int - 1)
                    ORDER BY p.resource_id IS NULL, p.weekday IS NULL LIMIT 1) pace ON TRUE
            """,
            open=self._sql_length(SQL("work.r - away.r")),
            busy=self._sql_length(SQL("(work.r - away.r) * taken.r")),
            refs=columns[0],
            companies=columns[1],
            days=columns[2],
            lows=columns[3],
            highs=columns[4],
            aheads=[self._days_ahead(start, now) for start in columns[3]],
            now=now,
            least=LEAST_DAYS,
        )

    @staticmethod
    def _days_ahead(start, now):
        """Whole days from today to the day that begins at ``start``, on the calendar of its branch."""
        return max(0, min(MOST_AHEAD, -((now - start).days)))

    @staticmethod
    def _sql_length(ranges):
        """Seconds of a multirange."""
        return SQL(
            "COALESCE((SELECT sum(extract(epoch FROM upper(r) - lower(r))) FROM unnest(%s) AS r), 0)", ranges
        )
