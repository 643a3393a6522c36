# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from ..bookers import wait_for_bookers
from ..const import LIVE

#: Written before the state of a claim while it is carried from one moment to the other: the constraint
#: looks at booked and held time only, so neighbours that move together never meet in between.
ON_THE_WAY = "moving_"


class ClinicClock(models.AbstractModel):
    """Carries the moments over, so that the clock shows what was agreed; or accepts the new wall time.

    All in one transaction and some statements for each kind. What may stand where, the constraints of
    claims and shifts decide at the end; a rival who was quicker makes everything begin again.
    """

    _inherit = "clinic.clock"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _lock(self, branch):
        """Nobody books or moves in the branch until we commit; whoever does so now is waited for.

        Bookers keep a shared lock on the branch. Then the visits before their claims: the order of those
        who cancel.
        """
        visits = SQL(
            "SELECT id FROM clinic_appointment WHERE branch_id = %s AND start > %s AND state = ANY(%s)",
            branch.id,
            fields.Datetime.now(),
            list(LIVE),
        )
        wait_for_bookers(self.env, branch._table, branch.ids, visits)
        self.env.cr.execute(SQL("%s ORDER BY id FOR UPDATE", visits), log_exceptions=False)

    @api.model
    def _carry(self, keep):
        """Keep the wall time of the lines without a problem. The caller has locked, filled and checked.

        Claims first, then shifts: the order in which bookings wait for each other is that of the claims.
        """
        touched = self._untouched_shifts(keep)
        try:
            with self.env.cr.savepoint():
                self._carry_claims(keep)
                self._carry_shifts(keep)
                self._carry_rows(keep)
        except errors.ExclusionViolation as error:
            raise ConcurrencyError("a place was taken meanwhile, start again") from error
        self._write_journal(keep, SQL("l.new_start"), self.env._("The clock was changed: wall time kept"))
        self.env.invalidate_all(flush=False)
        for shift in touched:
            shift.made_as = shift.env["clinic.shift.template"]._mark(
                shift.start, shift.stop, shift._pattern_vals()
            )
        self._notify(keep)

    @api.model
    def _untouched_shifts(self, keep):
        """Shifts that are still as their template made them: they stay so. Sudo: of a fingerprint only."""
        rows = self.env["clinic.shift"].sudo().with_context(active_test=False)
        return rows.browse(self._kept_ids(keep, "shift")).filtered(
            lambda shift: shift.made_as and not shift._is_touched()
        )

    @api.model
    def _kept_ids(self, keep, kind):
        self.env.cr.execute(
            "SELECT res_id FROM clinic_clock_keep_line"
            " WHERE keep_id = %s AND kind = %s AND problem IS NULL ORDER BY res_id",
            [keep.id, kind],
        )
        return [row[0] for row in self.env.cr.fetchall()]

    @api.model
    def _carry_claims(self, keep):
        """Occupied time goes along with its visits and sessions; places of quotas with their shift."""
        mine = SQL(
            """
              FROM clinic_clock_keep_line l
             WHERE l.keep_id = %s AND l.problem IS NULL AND c.kind <> 'quota'
               AND (l.kind = 'visit' AND c.appointment_id = l.res_id
                    OR l.kind = 'session' AND c.session_id = l.res_id)
            """,
            keep.id,
        )
        self.env.cr.execute(
            SQL(
                "SELECT c.id FROM clinic_slot_claim c WHERE c.id IN (SELECT c.id %s)"
                " ORDER BY c.id FOR UPDATE",
                mine,
            )
        )
        self.env.cr.execute(SQL("UPDATE clinic_slot_claim c SET state = %s || c.state %s", ON_THE_WAY, mine))
        self.env.cr.execute(
            SQL(
                """
                UPDATE clinic_slot_claim c
                   SET start = c.start + (l.new_start - l.start), stop = c.stop + (l.new_start - l.start),
                       state = substr(c.state, %s) %s
                """,
                len(ON_THE_WAY) + 1,
                mine,
            ),
            log_exceptions=False,
        )

    @api.model
    def _carry_shifts(self, keep):
        """Shifts of one doctor never meet on the way either; archived ones are carried along."""
        mine = SQL("l.keep_id = %s AND l.problem IS NULL AND l.kind = 'shift' AND l.res_id = s.id", keep.id)
        self.env.cr.execute(
            SQL("UPDATE clinic_shift s SET active = FALSE FROM clinic_clock_keep_line l WHERE %s", mine)
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE clinic_shift s
                   SET start = l.new_start, stop = l.new_stop, active = l.is_live,
                       clock_offset = l.new_offset, clock_offset_stop = l.new_offset_stop,
                       local_date = (l.new_start + make_interval(mins => l.new_offset))::date,
                       write_uid = %s, write_date = now() AT TIME ZONE 'UTC'
                  FROM clinic_clock_keep_line l WHERE %s
                """,
                self.env.uid,
                mine,
            ),
            log_exceptions=False,
        )
        quotas = self.env["clinic.shift.quota"].sudo()
        ids = quotas.search([("shift_id", "in", self._kept_ids(keep, "shift"))]).ids
        if ids:
            self.env["clinic.slot.claim"].sudo()._refit_quotas(ids)

    @api.model
    def _carry_rows(self, keep):
        """Visits, sessions and absences themselves."""
        mine = SQL("l.keep_id = %s AND l.problem IS NULL AND l.res_id = t.id", keep.id)
        stamp = SQL("write_uid = %s, write_date = now() AT TIME ZONE 'UTC'", self.env.uid)
        self.env.cr.execute(
            SQL(
                """
                UPDATE clinic_appointment t
                   SET start = l.new_start, stop = l.new_stop, clock_offset = l.new_offset,
                       local_date = (l.new_start + make_interval(mins => l.new_offset))::date, %s
                  FROM clinic_clock_keep_line l WHERE l.kind = 'visit' AND %s
                """,
                stamp,
                mine,
            )
        )
        self.env.cr.execute(
            SQL(
                "UPDATE clinic_group_session t SET start = l.new_start, stop = l.new_stop, %s"
                " FROM clinic_clock_keep_line l WHERE l.kind = 'session' AND %s",
                stamp,
                mine,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE clinic_absence t
                   SET start = l.new_start, stop = l.new_stop, clock_offset = l.new_offset,
                       clock_offset_stop = l.new_offset_stop, %s,
                       made_as = CASE WHEN made_as = t.resource_id || ' ' || t.start || ' ' || t.stop
                                 THEN t.resource_id || ' ' || l.new_start || ' ' || l.new_stop
                                 ELSE made_as END
                  FROM clinic_clock_keep_line l WHERE l.kind = 'absence' AND %s
                """,
                stamp,
                mine,
            )
        )

    @api.model
    def _accept(self, keep):
        """Take the wall time shown now for agreed: nothing moves, nothing is to be decided any more.

        For every line, those with a problem as well.
        """
        mine = SQL("l.keep_id = %s AND l.res_id = t.id", keep.id)
        for table, kind, local in (
            ("clinic_shift", "shift", SQL(", local_date = l.shown::date")),
            ("clinic_appointment", "visit", SQL(", local_date = l.shown::date")),
            ("clinic_absence", "absence", SQL("")),
        ):
            stop = SQL("") if kind == "visit" else SQL(", clock_offset_stop = l.now_offset_stop")
            self.env.cr.execute(
                SQL(
                    "UPDATE %s t SET clock_offset = l.now_offset%s%s FROM clinic_clock_keep_line l"
                    " WHERE l.kind = %s AND %s",
                    SQL.identifier(table),
                    stop,
                    local,
                    kind,
                    mine,
                )
            )
        self.env.cr.execute(
            SQL(
                """
                UPDATE clinic_group_session t
                   SET date = l.shown::date,
                       hour = EXTRACT(HOUR FROM l.shown) + EXTRACT(MINUTE FROM l.shown) / 60.0
                  FROM clinic_clock_keep_line l WHERE l.kind = 'session' AND %s
                """,
                mine,
            )
        )
        self.env.cr.execute("UPDATE clinic_clock_keep_line SET problem = NULL WHERE keep_id = %s", [keep.id])
        self._write_journal(keep, SQL("l.start"), self.env._("The clock was changed: new wall time accepted"))
        self.env.invalidate_all(flush=False)
        self._notify(keep)

    @api.model
    def _write_journal(self, keep, start, note):
        """A line in the journal of each visit, in one statement: who, and from which moment to which."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO clinic_appointment_journal
                       (appointment_id, user_id, at, channel, action, state_from, state_to, start_from,
                        start_to, note, create_uid, create_date, write_uid, write_date)
                SELECT a.id, %(uid)s, now() AT TIME ZONE 'UTC', 'reception', 'clock', a.state, a.state,
                       l.start, %(start)s, %(note)s, %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s,
                       now() AT TIME ZONE 'UTC'
                  FROM clinic_clock_keep_line l JOIN clinic_appointment a ON a.id = l.res_id
                 WHERE l.keep_id = %(keep)s AND l.kind = 'visit' AND l.problem IS NULL
                """,
                uid=self.env.uid,
                start=start,
                note=note,
                keep=keep.id,
            )
        )

    @api.model
    def _notify(self, keep):
        """Tell the open boards of the branch: days and ids only."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT array_agg(DISTINCT resource_id),
                       array_agg(DISTINCT promised::date) || array_agg(DISTINCT shown::date)
                  FROM clinic_clock_keep_line WHERE keep_id = %s AND problem IS NULL
                """,
                keep.id,
            )
        )
        resources, days = rows[0]
        if resources:
            self.env["clinic.booking"]._bus_changed(keep.branch_id, resources, set(days), "clock")
