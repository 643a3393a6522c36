# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import NamedTuple

from odoo import fields, models
from odoo.tools import SQL

from ..const import DEFAULT_STEP


class Terms(NamedTuple):
    """How one leading resource gives one service to one patient."""

    service_id: int
    resource_id: int
    practitioner_id: int | None
    room_id: int | None
    device_id: int | None
    duration: int
    step: int
    before: int
    after: int
    cleaning: int  # of the shift's room, after the visit
    follow: bool  # the visit also occupies the room of the shift
    price: float
    price_before: float | None
    visit_type: str | None
    valid_from: object = None  # first and (exclusive) last date at which ages fit
    valid_after: object = None
    for_adults: bool = True
    for_children: bool = True
    place: str = "clinic"


class UnitNeed(NamedTuple):
    """Any one room or device of a type, with its own buffers."""

    kind: str  # room or device
    type_id: int
    before: int
    after: int


class ClinicAvailability(models.AbstractModel):
    """Free starts as set arithmetic in PostgreSQL: one statement for any number of resources.

    Works in the space of *starts*: every occupied range is widened by the visit's length
    and buffers into the open range of starts that would touch it. Ranges of starts of
    several units may then be united: a start is free when one unit is free for the whole
    visit. ``slot_algebra`` is the reference it is tested against.
    """

    _name = "clinic.availability"
    _description = "Free time"

    def _find_starts(
        self, terms, places, needs=(), patient_id=None, adult_from=None, audiences=None,
        channel=None, exclude_id=None, limit=20, per_resource=None,
    ):  # fmt: skip
        """Rows ``start, service_id, resource_id, branch_id, room_id, device_id``, soonest first.

        ``terms``: list of Terms, one per service and resource; ``needs`` are the same for all of
        them. ``places``: ``(branch_id, tz, low, high)``, starts lie in ``[low, high)``.
        ``adult_from``: the patient's 18th birthday. ``channel``: only shifts open to it.
        ``per_resource``: the first starts of each service and resource. The caller has checked
        rights; nothing here looks at them.
        """
        if not terms or not places:
            return []
        self.env["clinic.slot.claim"].flush_model()
        self.env["clinic.shift"].flush_model()
        self.env["clinic.shift.quota"].flush_model()
        self.env["clinic.absence"].flush_model()
        live = SQL("(c.state = 'booked' OR c.expires_at > %s)", fields.Datetime.now())
        if exclude_id:
            live = SQL("%s AND c.appointment_id IS DISTINCT FROM %s", live, exclude_id)
        parts = [
            self._sql_terms(terms),
            self._sql_places(places),
            self._sql_shifts(adult_from, audiences, channel, live),
            self._sql_busy(live, patient_id),
            *self._sql_needs(needs, live),
            self._sql_free(needs),
            self._sql_heads(limit, per_resource),
        ]  # fmt: skip
        query = SQL("WITH %s %s", SQL(", ").join(parts), self._sql_result(needs, live, limit, per_resource))
        self.env.cr.execute(query)
        columns = [column.name for column in self.env.cr.description]
        return [dict(zip(columns, row, strict=True)) for row in self.env.cr.fetchall()]

    def _sql_terms(self, terms):
        names = (
            "service_id", "resource_id", "duration", "step", "before", "after", "cleaning", "follow",
            "valid_from", "valid_after",
        )  # fmt: skip
        return SQL(
            """terms AS MATERIALIZED (
                SELECT t.service_id, t.resource_id, t.step, t.follow,
                       make_interval(mins => t.duration) AS dur,
                       make_interval(mins => t.before) AS before, make_interval(mins => t.after) AS after,
                       make_interval(mins => t.cleaning) AS cleaning,
                       t.valid_from::timestamp AS valid_from, t.valid_after::timestamp AS valid_after
                  FROM unnest(%s::int[], %s::int[], %s::int[], %s::int[], %s::int[], %s::int[], %s::int[],
                              %s::bool[], %s::date[], %s::date[])
                       AS t(service_id, resource_id, duration, step, before, after, cleaning, follow,
                            valid_from, valid_after))""",
            *([getattr(term, name) for term in terms] for name in names),
        )

    def _sql_places(self, places):
        return SQL(
            """place AS MATERIALIZED (
                SELECT * FROM unnest(%s::int[], %s::text[], %s::timestamp[], %s::timestamp[])
                    AS p(branch_id, tz, low, high))""",
            *(list(column) for column in zip(*places, strict=True)),
        )

    def _sql_shifts(self, adult_from, audiences, channel, live):
        """Shifts open for service and channel, with the range of starts that ages and window allow."""
        shifts = self.env["clinic.shift"]
        only = SQL(
            "%s AND %s", shifts._sql_open_for("s", SQL("t.service_id")), shifts._sql_open_to("s", channel)
        )
        audience = SQL("s.audience = ANY(%s)", list(audiences)) if audiences else SQL("TRUE")
        local = "((%s AT TIME ZONE p.tz) AT TIME ZONE 'UTC')"
        adult = SQL(local, SQL("%s::timestamp", adult_from))
        return SQL(
            """shift AS MATERIALIZED (
                SELECT w.*, lower(w.win) AS low, upper(w.win) AS high, row_number() OVER () AS id FROM (
                SELECT t.service_id, s.resource_id, s.branch_id, s.room_id, s.start AS anchor,
                       t.dur, t.before, t.after, t.cleaning, t.follow,
                       make_interval(
                           mins => COALESCE(NULLIF(t.step, 0), NULLIF(s.step, 0), %(step)s)) AS step,
                       60.0::float8 * COALESCE(NULLIF(t.step, 0), NULLIF(s.step, 0), %(step)s) AS seconds,
                       tsrange(s.start, s.stop - t.dur, '[]') * tsrange(p.low, p.high, '[)')
                       * tsrange(%(age_from)s, %(age_to)s, '[)') * %(quota)s
                       * CASE s.audience WHEN 'adult' THEN tsrange(%(adult)s, NULL, '[)')
                                         WHEN 'child' THEN tsrange(NULL, %(adult)s, '[)')
                                         ELSE tsrange(NULL, NULL) END AS win
                  FROM clinic_shift s
                  JOIN terms t ON t.resource_id = s.resource_id
                  JOIN place p ON p.branch_id = s.branch_id
                 WHERE s.active AND s.start < p.high AND s.stop > p.low
                   AND s.start > p.low - interval '36 hours' AND s.stop - t.dur >= s.start
                   AND %(only)s AND %(audience)s) w WHERE NOT isempty(win))""",
            step=DEFAULT_STEP,
            age_from=SQL(local, SQL("t.valid_from")),
            age_to=SQL(local, SQL("t.valid_after")),
            adult=adult,
            quota=shifts._sql_quota_window("s", channel, live),
            only=only,
            audience=audience,
        )

    def _sql_busy(self, live, patient_id):
        """Per shift the starts that the resource, its absence, its room or the patient forbid."""
        ways = [
            SQL(
                """SELECT s.id, tsrange(c.start - s.dur - s.after, c.stop + s.before, '()') AS r
                     FROM shift s JOIN clinic_slot_claim c
                       ON c.kind = 'resource' AND c.ref = s.resource_id AND c.lane = 0
                      AND c.start < s.high + s.dur + s.after AND c.stop > s.low - s.before
                      AND c.start > s.low - s.before - interval '36 hours'
                    WHERE c.state IN ('hold', 'booked') AND %s""",
                live,
            ),
            SQL(
                """SELECT s.id, tsrange(a.start - s.dur, a.stop, '()')
                     FROM shift s JOIN clinic_absence a
                       ON a.resource_id = s.resource_id AND a.active
                      AND a.start < s.high + s.dur AND a.stop > s.low"""
            ),
            *self._sql_busy_rooms(live),
        ]
        if patient_id:
            ways.append(
                SQL(
                    """SELECT s.id, tsrange(c.start - s.dur, c.stop, '()')
                         FROM shift s JOIN clinic_slot_claim c
                           ON c.kind = 'patient' AND c.ref = %s AND c.lane = 0
                          AND c.start < s.high + s.dur AND c.stop > s.low
                          AND c.start > s.low - interval '36 hours'
                        WHERE c.state IN ('hold', 'booked') AND %s""",
                    patient_id,
                    live,
                )
            )
        return SQL(
            "busy AS (SELECT id, range_agg(r) AS r FROM (%s) ways GROUP BY id)", SQL(" UNION ALL ").join(ways)
        )

    def _sql_busy_rooms(self, live):
        """The same for the room of the shift, if the visit occupies it: its claims and absences."""
        return [
            SQL(
                """SELECT s.id, tsrange(c.start - s.dur - s.cleaning, c.stop, '()')
                     FROM shift s JOIN clinic_room m ON m.id = s.room_id
                     JOIN clinic_slot_claim c
                       ON c.kind = 'resource' AND c.ref = m.resource_id AND c.lane = 0
                      AND c.start < s.high + s.dur + s.cleaning AND c.stop > s.low
                      AND c.start > s.low - interval '36 hours'
                    WHERE s.follow AND c.state IN ('hold', 'booked') AND %s""",
                live,
            ),
            SQL(
                """SELECT s.id, tsrange(a.start - s.dur, a.stop, '()')
                     FROM shift s JOIN clinic_room m ON m.id = s.room_id
                     JOIN clinic_absence a ON a.resource_id = m.resource_id AND a.active
                      AND a.start < s.high + s.dur AND a.stop > s.low
                    WHERE s.follow"""
            ),
        ]

    def _sql_needs(self, needs, live):
        """Per need, branch and length: the starts at which at least one unit is free."""
        if not needs:
            return []
        units = SQL(" UNION ALL ").join(
            SQL(
                """SELECT %s AS n, u.id AS unit_id, u.resource_id, u.branch_id,
                          make_interval(mins => %s) AS before, make_interval(mins => %s) AS after
                     FROM %s u JOIN resource_resource r ON r.id = u.resource_id AND r.active
                    WHERE u.%s = %s""",
                n,
                need.before,
                need.after,
                SQL.identifier(f"clinic_{need.kind}"),
                SQL.identifier(f"{need.kind}_type_id"),
                need.type_id,
            )
            for n, need in enumerate(needs)
        )
        return [
            SQL("unit AS MATERIALIZED (%s)", units),
            SQL(
                """span AS (SELECT branch_id, dur, min(low) AS low, max(high) AS high
                              FROM shift GROUP BY branch_id, dur)"""
            ),
            SQL(
                """unit_free AS (
                    SELECT p.branch_id, p.dur, u.n,
                           tsmultirange(tsrange(p.low, p.high, '[]'))
                           - COALESCE((SELECT range_agg(q.r) FROM (
                                SELECT tsrange(c.start - p.dur - u.after, c.stop + u.before, '()') AS r
                                  FROM clinic_slot_claim c
                                 WHERE c.kind = 'resource' AND c.ref = u.resource_id AND c.lane = 0
                                   AND c.start < p.high + p.dur + u.after AND c.stop > p.low - u.before
                                   AND c.start > p.low - u.before - interval '36 hours'
                                   AND c.state IN ('hold', 'booked') AND %s
                                 UNION ALL
                                SELECT tsrange(a.start - p.dur, a.stop, '()')
                                  FROM clinic_absence a
                                 WHERE a.resource_id = u.resource_id AND a.active
                                   AND a.start < p.high + p.dur AND a.stop > p.low) q), '{}') AS free
                      FROM span p JOIN unit u USING (branch_id))""",
                live,
            ),
            SQL(
                """need_free AS (
                    SELECT u.branch_id, u.dur, u.n, range_agg(f.r) AS free
                      FROM unit_free u CROSS JOIN LATERAL unnest(u.free) AS f(r) GROUP BY 1, 2, 3)"""
            ),
        ]

    def _sql_free(self, needs):
        """The free ranges of starts as numbers of grid steps from the start of the shift."""
        free = SQL("tsmultirange(s.win) - COALESCE(b.r, '{}')")
        joins = SQL("")
        for n in range(len(needs)):
            alias = SQL.identifier(f"need{n}")
            free = SQL("(%s) * COALESCE(%s.free, '{}')", free, alias)
            joins = SQL(
                "%s LEFT JOIN need_free %s ON %s.branch_id = s.branch_id AND %s.dur = s.dur AND %s.n = %s",
                joins,
                alias,
                alias,
                alias,
                alias,
                n,
            )
        return SQL(
            """piece AS MATERIALIZED (
                SELECT s.id, s.service_id, s.resource_id, s.branch_id, s.room_id, s.anchor, s.step, s.dur,
                       lower_inc(f.f) AS low_in, upper_inc(f.f) AS high_in,
                       extract(epoch FROM lower(f.f) - s.anchor)::float8 / s.seconds AS x,
                       extract(epoch FROM upper(f.f) - s.anchor)::float8 / s.seconds AS y
                  FROM shift s LEFT JOIN busy b ON b.id = s.id %s
                  CROSS JOIN LATERAL unnest(%s) AS f(f)),
            free AS (
                SELECT piece.*, CASE WHEN low_in THEN ceil(x) ELSE floor(x) + 1 END::int AS k0,
                       CASE WHEN high_in THEN floor(y) ELSE ceil(y) - 1 END::int AS k1
                  FROM piece)""",
            joins,
            free,
        )

    def _sql_heads(self, limit, per_resource):
        """Only the ranges that can hold one of the first ``limit`` starts.

        Each of the first ``limit`` ranges (by their first start) holds a start not later than
        any start of a range behind them, so the others need not be cut.
        """
        if per_resource:
            return SQL(
                """head AS (
                    SELECT * FROM (
                        SELECT free.*, anchor + k0 * step AS first,
                               row_number() OVER (PARTITION BY service_id, resource_id
                                                  ORDER BY anchor + k0 * step, id) AS place
                          FROM free WHERE k0 <= k1) q
                     WHERE place <= %s)""",
                per_resource,
            )
        return SQL(
            """head AS (
                SELECT free.*, anchor + k0 * step AS first, 1 AS place FROM free WHERE k0 <= k1
                 ORDER BY first, resource_id, service_id, id LIMIT %s)""",
            limit,
        )

    def _sql_result(self, needs, live, limit, per_resource):
        starts = SQL(
            """SELECT h.*, h.anchor + k * h.step AS start,
                      row_number() OVER (PARTITION BY service_id, resource_id
                                         ORDER BY h.anchor + k * h.step) AS turn
                 FROM head h CROSS JOIN LATERAL generate_series(h.k0, LEAST(h.k1, h.k0 + %s)) AS k""",
            (per_resource or limit) - 1,
        )
        picks, columns = SQL(""), {"room": SQL("s.room_id"), "device": SQL("NULL::int")}
        for n, need in enumerate(needs):
            alias = SQL.identifier(f"pick{n}")
            columns[need.kind] = SQL("%s.unit_id", alias)
            picks = SQL(
                """%(picks)s CROSS JOIN LATERAL (
                    SELECT u.unit_id FROM unit u
                     WHERE u.n = %(n)s AND u.branch_id = s.branch_id
                       AND NOT EXISTS (
                           SELECT 1 FROM clinic_slot_claim c
                            WHERE c.kind = 'resource' AND c.ref = u.resource_id AND c.lane = 0
                              AND c.start < s.start + s.dur + u.after AND c.stop > s.start - u.before
                              AND c.start > s.start - u.before - interval '36 hours'
                              AND c.state IN ('hold', 'booked') AND %(live)s)
                       AND NOT EXISTS (
                           SELECT 1 FROM clinic_absence a
                            WHERE a.resource_id = u.resource_id AND a.active
                              AND a.start < s.start + s.dur AND a.stop > s.start)
                     ORDER BY %(own)s u.unit_id LIMIT 1) %(alias)s""",
                picks=picks,
                n=n,
                live=live,
                own=SQL("(u.unit_id = s.room_id) IS NOT TRUE,") if need.kind == "room" else SQL(""),
                alias=alias,
            )
        return SQL(
            """SELECT s.start, s.service_id, s.resource_id, s.branch_id, %s AS room_id, %s AS device_id
                 FROM (SELECT * FROM (%s) w WHERE turn <= %s
                        ORDER BY start, resource_id, service_id LIMIT %s) s %s
                ORDER BY s.start, s.resource_id, s.service_id""",
            columns["room"],
            columns["device"],
            starts,
            per_resource or limit,
            limit,
            picks,
        )
