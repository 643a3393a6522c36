# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import PATIENT_CHANNELS
from .clinic_booking_plan import Plan
from .clinic_slot_claim import Key


class ClinicBooking(models.AbstractModel):
    """Places in group sessions: offered and booked like any other time, through the same methods.

    A caller names service, leader and beginning as ever; the session is found from them. Shifts,
    their channels and quotas do not count here: a session is open where its senior nurse put it.
    """

    _inherit = "clinic.booking"  # pylint: disable=consider-merging-classes-inherited

    def _session_slots(self, terms, places, patient, channel, exclude_id=None, limit=20, per_resource=None):
        """Sessions with free places as slots, soonest first: one statement."""
        by_pair = {(term.service_id, term.resource_id): term for term in terms}
        slots, counts = [], {}
        for row in self.env.execute_query_dict(
            self._sql_sessions(terms, places, patient, channel, exclude_id, limit, per_resource)
        ):
            term = by_pair[row["service_id"], row["resource_id"]]
            counts[term] = counts.get(term, 0) + 1
            if per_resource and counts[term] > per_resource:
                continue
            slots.append(
                {
                    "resource_id": term.resource_id,
                    "practitioner_id": term.practitioner_id or False,
                    "branch_id": row["branch_id"],
                    "room_id": row["room_id"] or term.room_id or False,
                    "device_ids": [term.device_id] if term.device_id else [],
                    "service_id": term.service_id,
                    "start": row["start"],
                    "stop": row["stop"],
                    "price": term.price,
                    "price_before": term.price_before or False,
                    "session_id": row["id"],
                    "seats_left": row["seats_left"],
                }
            )
        return slots

    def _sql_sessions(self, terms, places, patient, channel, exclude_id, limit, per_resource):
        for model in ("clinic.group.session", "clinic.slot.claim", "clinic.absence"):
            self.env[model].flush_model()
        live = SQL("(c.state = 'booked' OR c.expires_at > %s)", fields.Datetime.now())
        if exclude_id:
            live = SQL("%s AND c.appointment_id IS DISTINCT FROM %s", live, exclude_id)
        only = [SQL("TRUE")]
        if channel in PATIENT_CHANNELS:
            only.append(SQL("g.show_online"))
        if patient:
            only.append(
                SQL(
                    """NOT EXISTS (SELECT 1 FROM clinic_slot_claim c
                                    WHERE c.kind = 'patient' AND c.ref = %s AND c.lane = 0
                                      AND c.start < g.stop AND c.stop > g.start
                                      AND c.start > g.start - interval '36 hours' AND %s)""",
                    patient.id,
                    live,
                )
            )
        return SQL(
            """
            SELECT g.id, g.service_id, g.resource_id, g.branch_id, g.room_id, g.start, g.stop,
                   g.capacity - seats.taken AS seats_left
              FROM clinic_group_session g
              JOIN unnest(%(services)s::int[], %(resources)s::int[], %(valid_from)s::date[],
                          %(valid_after)s::date[])
                   AS t(service_id, resource_id, valid_from, valid_after)
                ON t.service_id = g.service_id AND t.resource_id = g.resource_id
              JOIN unnest(%(branches)s::int[], %(zones)s::text[], %(lows)s::timestamp[],
                          %(highs)s::timestamp[]) AS p(branch_id, tz, low, high)
                ON p.branch_id = g.branch_id
             CROSS JOIN LATERAL (
                   SELECT count(*)::int AS taken FROM clinic_slot_claim c
                    WHERE c.kind = 'seat' AND c.ref = g.id AND c.state IN ('hold', 'booked') AND %(live)s
                   ) seats
             CROSS JOIN LATERAL (
                   SELECT (g.start AT TIME ZONE 'UTC' AT TIME ZONE p.tz)::date AS day) local
             WHERE g.state = 'planned' AND g.start >= p.low AND g.start < p.high
               AND seats.taken < g.capacity
               AND (t.valid_from IS NULL OR local.day >= t.valid_from)
               AND (t.valid_after IS NULL OR local.day < t.valid_after)
               AND NOT EXISTS (%(away)s) AND %(only)s
             ORDER BY g.start, g.resource_id, g.service_id LIMIT %(limit)s
            """,
            services=[term.service_id for term in terms],
            resources=[term.resource_id for term in terms],
            valid_from=[term.valid_from for term in terms],
            valid_after=[term.valid_after for term in terms],
            branches=[place[0] for place in places],
            zones=[place[1] for place in places],
            lows=[place[2] for place in places],
            highs=[place[3] for place in places],
            live=live,
            away=self._sql_session_away(),
            only=SQL(" AND ").join(only),
            limit=5000 if per_resource else limit,
        )

    def _sql_session_away(self):
        """Rows if the leader or the room of the session ``g`` is absent then."""
        return SQL(
            """
            SELECT 1 FROM clinic_absence a
             WHERE a.active AND a.start < g.stop AND a.stop > g.start
               AND (a.resource_id = g.resource_id
                    OR a.resource_id = (SELECT m.resource_id FROM clinic_room m WHERE m.id = g.room_id))
            """
        )

    # ------------------------------------------------------------------ booking

    def _plan_session(self, slot, service, terms, patient, start, channel, held=None):
        """Check a place in a session as ``_plan`` checks a free time; the claims say whether one is left."""
        if not held or held.start != start:
            self._check_when(start, channel)
        session = self._lock_session(service, terms, start, slot.get("session_id"))
        if not session:
            raise UserError(
                self.env._("There is no group session at this time. Choose one of the offered ones.")
            )
        if session["state"] != "planned":
            raise UserError(self.env._("This group session does not take place. Choose another one."))
        if session["away"]:
            raise UserError(self.env._("There is an absence at this time. Choose another time."))
        if channel in PATIENT_CHANNELS and not session["open_online"]:
            raise UserError(
                self.env._("This time is not open for online booking. Choose another one or phone us.")
            )
        self._check_slot_hints(slot, session, session["stop"])
        self._check_age(terms, {"tz": session["tz"], "audience": "all"}, patient, start)
        plan = Plan(
            service, terms, session["branch_id"], session["tz"], start, session["stop"], session["room_id"],
            session_id=session["id"],
        )  # fmt: skip
        plan.seats = [
            Key("seat", session["id"], lane, start, plan.stop) for lane in range(session["capacity"])
        ]
        if patient:
            # whatever the setting: nobody takes two places in one session
            plan.fixed = [Key("patient", patient.id, 0, start, plan.stop)]
        return plan

    def _lock_session(self, service, terms, start, session_id=None):
        """The row of the session, locked with its branch until we commit; None if there is none.

        Whoever cancels it or changes its places meets this lock, as ``_lock_shift`` does for shifts.
        """
        self.env["clinic.group.session"].flush_model()
        self.env["clinic.absence"].flush_model()
        only = SQL("TRUE")
        if session_id:
            only = SQL(
                "g.id = %s", self._id_of(session_id, "clinic.group.session", self.env._("group session"))
            )
        self.env.cr.execute(
            SQL(
                """
                SELECT g.id, g.branch_id, g.room_id, g.stop, g.capacity, g.state, b.tz,
                       g.show_online AND b.show_on_site AND b.online_booking AS open_online,
                       EXISTS (%s) AS away
                  FROM clinic_group_session g JOIN clinic_branch b ON b.id = g.branch_id
                 WHERE g.service_id = %s AND g.resource_id = %s AND g.start = %s AND %s
                   AND b.active AND b.company_id = ANY(%s)
                 ORDER BY g.state = 'planned' DESC, g.id LIMIT 1
                   FOR SHARE OF g, b
                """,
                self._sql_session_away(),
                service.id,
                terms.resource_id,
                start,
                only,
                self.env.companies.ids,
            ),
            log_exceptions=False,
        )
        return self.env.cr.dictfetchone()

    def _full_sentence(self, plan):
        return self.env._(
            "All places of the group session on %(when)s are taken. Choose another one.",
            when=self._wall_sentence(plan.start, plan.tz),
        )
