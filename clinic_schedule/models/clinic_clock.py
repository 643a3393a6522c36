# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..const import LIVE
from ..slot_algebra import kept_moment, offset_at, utc_to_wall

#: Every way in which a kept wall time cannot be: the one found first is named.
PROBLEMS = ("taken", "overlap", "shift", "visits", "length", "group")


class ClinicClock(models.AbstractModel):
    """Finds what would show another wall time than was agreed, because the rules of a zone have changed.

    A visit, a shift and an absence remember by how much the clock was ahead of UTC when they were
    agreed; a group session remembers date and hour. The rows found become lines of ``clinic.clock.keep``,
    which is both the preview and what is carried out. Statements do not grow with the rows.
    """

    _name = "clinic.clock"
    _description = "Change of the local time"

    @api.model
    def _flush(self):
        for model in ("clinic.shift", "clinic.appointment", "clinic.absence", "clinic.group.session"):
            self.env[model].flush_model()

    @api.model
    def _fill(self, keep):
        """Make the lines of the window anew: everything of its branch that has moved, with its problem."""
        self._flush()
        self.env.cr.execute("DELETE FROM clinic_clock_keep_line WHERE keep_id = %s", [keep.id])
        absences = self._absences(keep.branch_id)
        moments = self._moments(keep.branch_id, absences)
        if any(moment[2] != moment[0] for moment in moments):
            for select in self._selects(keep.branch_id, absences):
                self._insert(keep, moments, select)
            self._mark_problems(keep)
        keep.invalidate_recordset(["line_ids"])
        self.env["clinic.clock.keep.line"].invalidate_model(flush=False)

    @api.model
    def _absences(self, branch):
        """Absences to come of those whose clock is that of the branch.

        Sudo: which clock counts for a resource is a matter of the directory, not of the user.
        """
        found = self.env["clinic.absence"].sudo().with_context(active_test=False)
        found = found.search([("stop", ">", fields.Datetime.now())])
        return found.filtered(lambda absence: absence._clock_branch() == branch)

    @api.model
    def _pairs(self, branch, absences):
        """The query for every (moment, offset) on which something of the branch stands."""
        return SQL(
            """
            SELECT start AS at, clock_offset AS was FROM clinic_shift
             WHERE branch_id = %(branch)s AND start > %(now)s AND clock_offset IS NOT NULL
             UNION SELECT stop, clock_offset_stop FROM clinic_shift
             WHERE branch_id = %(branch)s AND start > %(now)s AND clock_offset_stop IS NOT NULL
             UNION SELECT start, clock_offset FROM clinic_appointment
             WHERE branch_id = %(branch)s AND start > %(now)s AND state = ANY(%(live)s)
               AND clock_offset IS NOT NULL AND session_id IS NULL
             UNION SELECT start, %(session)s FROM clinic_group_session g
             WHERE branch_id = %(branch)s AND start > %(now)s
             UNION SELECT start, clock_offset FROM clinic_absence
             WHERE id = ANY(%(absences)s) AND clock_offset IS NOT NULL
             UNION SELECT stop, clock_offset_stop FROM clinic_absence
             WHERE id = ANY(%(absences)s) AND clock_offset_stop IS NOT NULL
            """,
            branch=branch.id,
            now=fields.Datetime.now(),
            live=list(LIVE),
            absences=absences.ids,
            session=self._session_offset(),
        )

    @api.model
    def _session_offset(self):
        """Offset that makes the start of session ``g`` out of its date and hour."""
        return SQL(
            "(EXTRACT(EPOCH FROM"
            " g.date + make_interval(mins => round(g.hour * 60)::int) - g.start) / 60)::int"
        )

    @api.model
    def _moments(self, branch, absences):
        """``[(at, was, new at, new offset, offset now, promised, shown)]`` of the branch."""
        rows = self.env.execute_query(self._pairs(branch, absences))
        moments = []
        for at, was in rows:
            new = kept_moment(at, was, branch.tz)
            promised, shown = at + timedelta(minutes=was), utc_to_wall(at, branch.tz)
            moments.append(
                (at, was, new, offset_at(new, branch.tz), offset_at(at, branch.tz), promised, shown)
            )
        return moments

    @api.model
    def _selects(self, branch, absences):
        """Who stands on the moments: one query for each kind; ``a`` is of the start, ``z`` of the end."""
        common = {"branch": branch.id, "now": fields.Datetime.now(), "live": list(LIVE)}
        both = SQL("a.new_at, z.new_at, a.new_offset, z.new_offset, a.now_offset, z.now_offset")
        length = SQL(
            "a.new_at, a.new_at + (t.stop - t.start), a.new_offset, NULL::int, a.now_offset, NULL::int"
        )
        ends = SQL("JOIN moment z ON z.at = t.stop AND z.was = t.clock_offset_stop")
        return [
            SQL(
                """
                SELECT 'shift', t.id, t.resource_id, NULL, t.active, t.start, t.stop, %(both)s,
                       a.promised, a.shown
                  FROM clinic_shift t JOIN moment a ON a.at = t.start AND a.was = t.clock_offset %(ends)s
                 WHERE t.branch_id = %(branch)s AND t.start > %(now)s
                   AND (a.new_at <> a.at OR z.new_at <> z.at)
                """,
                both=both,
                ends=ends,
                **common,
            ),
            SQL(
                """
                SELECT 'absence', t.id, t.resource_id, NULL, t.active, t.start, t.stop, %(both)s,
                       a.promised, a.shown
                  FROM clinic_absence t JOIN moment a ON a.at = t.start AND a.was = t.clock_offset %(ends)s
                 WHERE t.id = ANY(%(absences)s) AND (a.new_at <> a.at OR z.new_at <> z.at)
                """,
                both=both,
                ends=ends,
                absences=absences.ids,
            ),
            SQL(
                """
                SELECT 'session', t.id, t.resource_id, NULL, t.state = 'planned', t.start, t.stop, %(length)s,
                       a.promised, a.shown
                  FROM (SELECT g.*, %(session)s AS was FROM clinic_group_session g) t
                  JOIN moment a ON a.at = t.start AND a.was = t.was
                 WHERE t.branch_id = %(branch)s AND t.start > %(now)s AND a.new_at <> a.at
                """,
                length=length,
                session=self._session_offset(),
                **common,
            ),
            # a participant keeps step with the session
            SQL(
                """
                SELECT 'visit', t.id, t.resource_id, t.number, TRUE, t.start, t.stop, %(length)s,
                       a.promised, a.shown
                  FROM clinic_appointment t LEFT JOIN clinic_group_session g ON g.id = t.session_id
                  JOIN moment a ON a.at = t.start
                       AND a.was = CASE WHEN g.id IS NULL THEN t.clock_offset ELSE %(session)s END
                 WHERE t.branch_id = %(branch)s AND t.start > %(now)s AND t.state = ANY(%(live)s)
                   AND a.new_at <> a.at
                """,
                length=length,
                session=self._session_offset(),
                **common,
            ),
        ]

    @api.model
    def _insert(self, keep, moments, select):
        """Lines of one kind, in one statement."""
        columns = list(zip(*moments, strict=True))
        self.env.cr.execute(
            SQL(
                """
                WITH moment AS MATERIALIZED (
                    SELECT * FROM unnest(%s::timestamp[], %s::int[], %s::timestamp[], %s::int[], %s::int[],
                                         %s::timestamp[], %s::timestamp[])
                        AS m(at, was, new_at, new_offset, now_offset, promised, shown))
                INSERT INTO clinic_clock_keep_line
                       (kind, res_id, resource_id, number, is_live, start, stop, new_start, new_stop,
                        new_offset, new_offset_stop, now_offset, now_offset_stop, promised, shown,
                        keep_id, create_uid, create_date, write_uid, write_date)
                SELECT line.*, %s, %s, now() AT TIME ZONE 'UTC', %s, now() AT TIME ZONE 'UTC' FROM (%s) line
                """,
                *[list(column) for column in columns],
                keep.id,
                self.env.uid,
                self.env.uid,
                select,
            )
        )

    # ------------------------------------------------------------------ what cannot be

    @api.model
    def _mark_problems(self, keep):
        """Name every line that cannot keep its wall time; one refusal may bring others about."""
        self._refuse(keep, "length", self._sql_length())
        found = True
        while found:
            found = False
            for problem in PROBLEMS:
                query = getattr(self, f"_sql_{problem}")()
                found = self._refuse(keep, problem, query) or found

    @api.model
    def _refuse(self, keep, problem, query):
        """Give the lines that the query finds their problem; whether there were any."""
        self.env.cr.execute(
            SQL(
                """
                WITH line AS MATERIALIZED (
                    SELECT * FROM clinic_clock_keep_line WHERE keep_id = %s AND problem IS NULL)
                UPDATE clinic_clock_keep_line SET problem = %s WHERE id IN (%s)
                """,
                keep.id,
                problem,
                query,
            )
        )
        return bool(self.env.cr.rowcount)

    @api.model
    def _sql_length(self):
        """An end before its start, or a stretch longer than any may be: the clock jumps in between."""
        return SQL(
            "SELECT id FROM line WHERE new_stop <= new_start"
            " OR kind <> 'absence' AND new_stop > new_start + interval '36 hours'"
        )

    @api.model
    def _sql_taken(self):
        """Doctor, room, device or patient is taken then by something that stays, or that moves there too."""
        return SQL(
            """
            WITH moved AS MATERIALIZED (
                SELECT c.id, c.kind, c.ref, c.lane, l.id AS line,
                       c.start + (l.new_start - l.start) AS start, c.stop + (l.new_start - l.start) AS stop
                  FROM line l JOIN clinic_slot_claim c ON c.appointment_id = l.res_id
                 WHERE l.kind = 'visit' AND c.kind <> 'quota'
                 UNION ALL
                SELECT c.id, c.kind, c.ref, c.lane, l.id,
                       c.start + (l.new_start - l.start), c.stop + (l.new_start - l.start)
                  FROM line l JOIN clinic_slot_claim c ON c.session_id = l.res_id
                 WHERE l.kind = 'session')
            SELECT m.line FROM moved m
              JOIN clinic_slot_claim o ON o.kind = m.kind AND o.ref = m.ref AND o.lane = m.lane
                                      AND o.start < m.stop AND o.stop > m.start
                                      AND o.start > m.start - interval '36 hours'
             WHERE o.state IN ('hold', 'booked') AND NOT EXISTS (SELECT 1 FROM moved x WHERE x.id = o.id)
             UNION
            SELECT greatest(m.line, o.line) FROM moved m
              JOIN moved o ON o.kind = m.kind AND o.ref = m.ref AND o.lane = m.lane AND o.id < m.id
                          AND o.start < m.stop AND o.stop > m.start
            """
        )

    @api.model
    def _sql_overlap(self):
        """Another shift of the same doctor, room or device stands there."""
        return SQL(
            """
            SELECT l.id FROM line l
              JOIN clinic_shift o ON o.active AND o.resource_id = l.resource_id AND o.id <> l.res_id
                                 AND o.start < l.new_stop AND o.stop > l.new_start
             WHERE l.kind = 'shift' AND l.is_live
               AND NOT EXISTS (SELECT 1 FROM line x WHERE x.kind = 'shift' AND x.res_id = o.id)
             UNION
            SELECT greatest(l.id, o.id) FROM line l
              JOIN line o ON o.kind = 'shift' AND o.is_live AND o.resource_id = l.resource_id AND o.id < l.id
                         AND o.new_start < l.new_stop AND o.new_stop > l.new_start
             WHERE l.kind = 'shift' AND l.is_live
            """
        )

    @api.model
    def _sql_outside(self):
        """Visits that stand in a shift and would stand in none: ``(visit, line of it or NULL)``."""
        return SQL(
            """
            SELECT v.id, lv.id AS line, v.resource_id, v.branch_id, v.start, v.stop
              FROM clinic_appointment v LEFT JOIN line lv ON lv.kind = 'visit' AND lv.res_id = v.id
             WHERE v.state = ANY(%(live)s) AND v.start > %(now)s AND v.session_id IS NULL
               AND v.branch_id IN (
                   SELECT k.branch_id FROM line JOIN clinic_clock_keep k ON k.id = line.keep_id)
               AND EXISTS (
                   SELECT 1 FROM clinic_shift s
                    WHERE s.active AND s.resource_id = v.resource_id AND s.branch_id = v.branch_id
                      AND s.start <= v.start AND s.stop >= v.stop)
               AND NOT EXISTS (
                   SELECT 1 FROM clinic_shift s
                     LEFT JOIN line ls ON ls.kind = 'shift' AND ls.res_id = s.id
                    WHERE s.active AND s.resource_id = v.resource_id AND s.branch_id = v.branch_id
                      AND COALESCE(ls.new_start, s.start) <= COALESCE(lv.new_start, v.start)
                      AND COALESCE(ls.new_stop, s.stop) >= COALESCE(lv.new_stop, v.stop))
            """,
            live=list(LIVE),
            now=fields.Datetime.now(),
        )

    @api.model
    def _sql_shift(self):
        """A visit whose shift stays where it is."""
        return SQL("SELECT o.line FROM (%s) o WHERE o.line IS NOT NULL", self._sql_outside())

    @api.model
    def _sql_visits(self):
        """A shift that would leave visits behind that were booked after the change."""
        return SQL(
            """
            SELECT l.id FROM (%s) o
              JOIN clinic_shift s ON s.active AND s.resource_id = o.resource_id AND s.branch_id = o.branch_id
                                 AND s.start <= o.start AND s.stop >= o.stop
              JOIN line l ON l.kind = 'shift' AND l.res_id = s.id
             WHERE o.line IS NULL
            """,
            self._sql_outside(),
        )

    @api.model
    def _sql_group(self):
        """A session and its participants keep step: all of them or nobody."""
        return SQL(
            """
            SELECT l.id FROM line l JOIN clinic_appointment v ON v.id = l.res_id
             WHERE l.kind = 'visit' AND v.session_id IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM line g WHERE g.kind = 'session' AND g.res_id = v.session_id)
             UNION
            SELECT l.id FROM line l JOIN clinic_appointment v ON v.session_id = l.res_id
             WHERE l.kind = 'session' AND v.state = ANY(%s)
               AND NOT EXISTS (SELECT 1 FROM line p WHERE p.kind = 'visit' AND p.res_id = v.id)
            """,
            list(LIVE),
        )
