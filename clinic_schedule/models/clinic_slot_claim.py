# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import NamedTuple

from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import CLAIM_KINDS, CLAIM_STATES
from ..exceptions import SlotTaken

#: What PostgreSQL answers when the rival has committed after our snapshot, or both wait.
RIVAL_ERRORS = (errors.SerializationFailure, errors.DeadlockDetected, errors.ExclusionViolation)


#: Who may own occupied time: model -> the column of the claim that names the row.
OWNERS = {"clinic.appointment": "appointment_id", "clinic.group.session": "session_id"}


class Key(NamedTuple):
    """One thing for one stretch of time; sorting keys gives the order of writing."""

    kind: str
    ref: int
    lane: int
    start: object
    stop: object


class ClinicSlotClaim(models.Model):
    """One thing occupied for one stretch of time: the only truth about what is free.

    Written by ``_claim`` and its neighbours below and by nothing else. The database
    refuses overlaps; there is no check before the insert that anything could rely on.
    """

    _name = "clinic.slot.claim"
    _description = "Occupied time"
    _order = "start, id"
    _rec_name = "kind"
    _log_access = False

    kind = fields.Selection(CLAIM_KINDS, required=True)
    ref = fields.Integer(required=True, help="Id of the resource, patient, quota or group session.")
    lane = fields.Integer(required=True, default=0)
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    state = fields.Selection(CLAIM_STATES, required=True)
    expires_at = fields.Datetime()
    appointment_id = fields.Many2one("clinic.appointment", index=True, ondelete="cascade")
    session_id = fields.Many2one(
        "clinic.group.session",
        index="btree_not_null",
        ondelete="cascade",
        help="The group session that occupies its doctor and room; its places belong to visits.",
    )

    _stop_after_start = models.Constraint("CHECK (stop > start)", "A claim must end after it starts.")
    _hold_expires = models.Constraint(
        "CHECK (state <> 'hold' OR expires_at IS NOT NULL)", "A hold must have an end."
    )
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (kind WITH =, ref WITH =, lane WITH =, tsrange(start, stop, '[)') WITH &&)"
        " WHERE (state IN ('hold', 'booked'))",
        "This time is already occupied.",
    )
    _at_most_36_hours = models.Constraint(
        "CHECK (stop <= start + interval '36 hours')",
        "Time is occupied for at most 36 hours at once: the search relies on it.",
    )
    _window_idx = models.Index("(kind, ref, start)")
    _stop_idx = models.Index("(stop)")
    _expires_idx = models.Index("(expires_at) WHERE state = 'hold'")

    def _auto_init(self):
        """The constraint needs btree_gist before the tables are finished."""
        self.env.cr.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        return super()._auto_init()

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        """Refused: claims are written by the booking service."""
        self._refuse()

    def write(self, vals):  # pylint: disable=method-required-super
        """Refused: claims are written by the booking service."""
        self._refuse()

    def unlink(self):  # pylint: disable=method-required-super
        """Refused: claims are written by the booking service."""
        self._refuse()

    def _refuse(self):
        raise UserError(
            self.env._(
                "Occupied time is written by the booking service only. Book, move or cancel the visit."
            )
        )

    # ------------------------------------------------------------------ the one writer

    @api.model
    def _claim(self, appointment, fixed, options=(), state="booked", expires_at=None, release=False):
        """Occupy all ``fixed`` keys and one key of every list of ``options``, or nothing.

        ``release`` gives the appointment's own claims back first, in the same savepoint:
        if the new place is taken, the old one stays. Returns the chosen keys in the order
        of ``options``. Raises ``SlotTaken`` with the lost keys in ``lost`` and no sentence
        for the user: the caller knows what was asked.
        """
        options = [list(option) for option in options]
        if release:
            # a rival who has moved or freed this visit meanwhile is no loss of the place: outside
            # of any try, so that the transaction is repeated and sees what he did
            self._execute(
                SQL(
                    "SELECT id FROM clinic_slot_claim WHERE %s = %s ORDER BY id FOR UPDATE",
                    self._owner(appointment),
                    appointment.id,
                )
            )
        self._lock_resources(key for keys in (fixed, *options) for key in keys)
        while True:
            chosen = [option[0] for option in options]
            keys = sorted([*fixed, *chosen])
            lost = self._insert(appointment, keys, state, expires_at, release, bool(options))
            if not lost:
                appointment.invalidate_recordset(["claim_ids"])
                self.invalidate_model(flush=False)
                return chosen
            options = [[key for key in option if key not in lost] for option in options]
            if lost & set(fixed) or not all(options):
                raise self._taken(lost)

    @api.model
    def _owner(self, record):
        """The column of claims that names this visit or group session as their owner."""
        return SQL.identifier(OWNERS[record._name])

    def _delete_own(self, record):
        self._execute(SQL("DELETE FROM clinic_slot_claim WHERE %s = %s", self._owner(record), record.id))

    def _lock_resources(self, keys):
        """Nobody archives these doctors, rooms and devices until we commit.

        If somebody has just done so, the database refuses, and the transaction is repeated.
        """
        self._execute(
            "SELECT id FROM resource_resource WHERE id = ANY(%s) ORDER BY id FOR SHARE",
            [sorted({key.ref for key in keys if key.kind == "resource"})],
        )

    def _taken(self, lost):
        taken = SlotTaken(self.env._("This time has just been taken."))
        taken.lost = set(lost)
        return taken

    @api.model
    def _visible(self, appointment, fixed, choices, release=False):
        """The choices without keys that are seen to be taken; ``SlotTaken`` when it is hopeless.

        Only saves work: what it lets through is decided by the constraint.
        """
        keys = [*fixed, *(key for choice in choices for key in choice)]
        self._execute(
            SQL(
                """
                SELECT k.n
                  FROM unnest(%s::int[], %s::text[], %s::int[], %s::int[], %s::timestamp[], %s::timestamp[])
                       AS k(n, kind, ref, lane, start, stop)
                 WHERE EXISTS (
                       SELECT 1 FROM clinic_slot_claim c
                        WHERE c.kind = k.kind AND c.ref = k.ref AND c.lane = k.lane
                          AND c.start < k.stop AND c.stop > k.start
                          AND c.start > k.start - interval '36 hours' AND c.state IN ('hold', 'booked')
                          AND (c.state = 'booked' OR c.expires_at > %s)
                          AND (c.%s IS DISTINCT FROM %s OR NOT %s))
                """,
                list(range(len(keys))),
                *self._columns(keys),
                fields.Datetime.now(),
                self._owner(appointment),
                appointment.id or None,
                release,
            )
        )
        taken = {keys[n] for (n,) in self.env.cr.fetchall()}
        options = [[key for key in choice if key not in taken] for choice in choices]
        gone = [key for choice, left in zip(choices, options, strict=True) if not left for key in choice]
        if taken & set(fixed) or gone:
            raise self._taken(taken & set(fixed) or gone)
        return options

    def _insert(self, appointment, keys, state, expires_at, release, diagnose):
        """Try to occupy all keys; the set of lost keys, empty on success.

        The first try is one statement. If it fails and an expired hold may be in the way,
        or the caller can choose another unit, the keys are tried one by one in the same
        order, expired holds of each being deleted first; this names the culprit.
        """
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            with savepoint:
                if release:
                    self._delete_own(appointment)
                got = self._insert_rows(appointment, keys, state, expires_at)
                if len(got) < len(keys):
                    raise SlotTaken("")
                return set()
        except SlotTaken:
            lost = set(keys) - got
            diagnose = diagnose or self._expired_exist(lost)
        except RIVAL_ERRORS:
            lost = set(keys)
        if not diagnose:
            return lost
        return self._insert_one_by_one(appointment, keys, state, expires_at, release)

    def _insert_one_by_one(self, appointment, keys, state, expires_at, release):
        key = keys[0]
        try:
            with self.env.cr.savepoint(flush=False):
                if release:
                    self._delete_own(appointment)
                for key in keys:
                    self._delete_expired([key])
                    if not self._insert_rows(appointment, [key], state, expires_at):
                        raise SlotTaken("")
        except (SlotTaken, *RIVAL_ERRORS):
            return {key}
        return set()

    def _insert_rows(self, appointment, keys, state, expires_at):
        self._execute(
            SQL(
                """
                INSERT INTO clinic_slot_claim (kind, ref, lane, start, stop, state, expires_at, %s)
                SELECT k.kind, k.ref, k.lane, k.start, k.stop, %s, %s, %s
                  FROM unnest(%s::text[], %s::int[], %s::int[], %s::timestamp[], %s::timestamp[])
                       WITH ORDINALITY AS k(kind, ref, lane, start, stop, n)
                 ORDER BY k.n
                ON CONFLICT DO NOTHING RETURNING kind, ref, lane, start, stop
                """,
                self._owner(appointment),
                state,
                expires_at,
                appointment.id,
                *self._columns(keys),
            )
        )
        return {Key(*row) for row in self.env.cr.fetchall()}

    def _expired_exist(self, keys):
        self._execute(SQL("SELECT 1 %s LIMIT 1", self._sql_expired(keys)))
        return bool(self.env.cr.fetchone())

    def _delete_expired(self, keys):
        """Remove expired holds of these keys; those that somebody else removes are skipped."""
        self._execute(
            SQL(
                "DELETE FROM clinic_slot_claim WHERE id IN (SELECT c.id %s FOR UPDATE OF c SKIP LOCKED)",
                self._sql_expired(keys),
            )
        )

    def _sql_expired(self, keys):
        return SQL(
            """
              FROM clinic_slot_claim c
             WHERE c.state = 'hold' AND c.expires_at <= %s
               AND EXISTS (
                   SELECT 1 FROM unnest(%s::text[], %s::int[], %s::int[], %s::timestamp[], %s::timestamp[])
                              AS k(kind, ref, lane, start, stop)
                    WHERE c.kind = k.kind AND c.ref = k.ref AND c.lane = k.lane
                      AND c.start < k.stop AND c.stop > k.start
                      AND c.start > k.start - interval '36 hours')
            """,
            fields.Datetime.now(),
            *self._columns(keys),
        )

    @staticmethod
    def _columns(keys):
        """The keys as five arrays, in their order."""
        keys = list(keys)
        return [[key[column] for key in keys] for column in range(5)]

    def _execute(self, query, params=None):
        """Raw SQL of claims: a refusal is an ordinary answer and does not go to the log."""
        self.env.cr.execute(query, params, log_exceptions=False)

    # ------------------------------------------------------------------ holds and releases

    @api.model
    def _settle(self, appointment):
        """Turn the live hold of the appointment into booked time; False if it has expired."""
        self._execute(
            "UPDATE clinic_slot_claim SET state = 'booked', expires_at = NULL"
            " WHERE appointment_id = %s AND state = 'hold' AND expires_at > %s RETURNING id",
            [appointment.id, fields.Datetime.now()],
        )
        settled = bool(self.env.cr.fetchall())
        appointment.invalidate_recordset(["claim_ids"])
        self.invalidate_model(flush=False)
        return settled

    @api.model
    def _prolong(self, appointment, expires_at):
        """Give a live hold a new end; False if it has expired."""
        self._execute(
            "UPDATE clinic_slot_claim SET expires_at = %s"
            " WHERE appointment_id = %s AND state = 'hold' AND expires_at > %s RETURNING id",
            [expires_at, appointment.id, fields.Datetime.now()],
        )
        self.invalidate_model(flush=False)
        return bool(self.env.cr.fetchall())

    @api.model
    def _release(self, appointments):
        """Give back everything the appointments, or group sessions, occupy themselves."""
        self._execute(
            SQL(
                "DELETE FROM clinic_slot_claim WHERE %s = ANY(%s)",
                self._owner(appointments),
                list(appointments.ids),
            )
        )
        appointments.invalidate_recordset(["claim_ids"])
        self.invalidate_model(flush=False)

    @api.model
    def _release_quotas(self, quota_ids):
        """Forget the places of quotas that go; the visits keep everything else."""
        self._execute(
            "DELETE FROM clinic_slot_claim WHERE kind = 'quota' AND ref = ANY(%s)", [list(quota_ids)]
        )
        self.invalidate_model(flush=False)

    @api.model
    def _refit_quotas(self, quota_ids):
        """Places of quotas take over the hours of their shifts, which are flushed."""
        self._execute(
            """
            UPDATE clinic_slot_claim c SET start = s.start, stop = s.stop
              FROM clinic_shift_quota q JOIN clinic_shift s ON s.id = q.shift_id
             WHERE c.kind = 'quota' AND c.ref = q.id AND q.id = ANY(%s)
            """,
            [list(quota_ids)],
        )
        self.invalidate_model(flush=False)

    @api.model
    def _change_patient(self, old, new):
        """The occupied time of one patient becomes another's: at a join of cards.

        The constraint decides: two visits at one time make it fail.

        :return: ids of the claims
        """
        self._execute(
            "UPDATE clinic_slot_claim SET ref = %s WHERE kind = 'patient' AND ref = %s RETURNING id",
            [new.id, old.id],
        )
        ids = [claim_id for (claim_id,) in self.env.cr.fetchall()]
        self.invalidate_model(flush=False)
        return ids

    @api.model
    def _cron_sweep(self, limit=1000):
        """Remove expired holds with their unfinished appointments, and claims of past days."""
        appointments = (
            self.env["clinic.appointment"]
            .sudo()
            .search([("state", "=", "held"), ("hold_expires_at", "<=", fields.Datetime.now())], limit=limit)
        )
        appointments._try_lock_to_drop()._drop_expired()
        keep = self.env["clinic.booking"]._setting("clinic_schedule.claim_keep_days")
        self._execute(
            """
            DELETE FROM clinic_slot_claim WHERE id IN (
                SELECT id FROM clinic_slot_claim
                 WHERE (state = 'hold' AND expires_at <= %s) OR stop < %s
                 LIMIT %s FOR UPDATE SKIP LOCKED)
            """,
            [
                fields.Datetime.now(),
                fields.Datetime.subtract(fields.Datetime.now(), days=keep),
                limit * 10,
            ],
        )
        removed = self.env.cr.rowcount
        self.invalidate_model(flush=False)
        if removed >= limit * 10 or len(appointments) >= limit:
            self.env.ref("clinic_schedule.ir_cron_sweep_holds")._trigger()
        return removed
