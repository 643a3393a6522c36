# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import api, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

#: EXCLUDE constraints without which visits could overlap.
GUARDS = ("clinic_slot_claim_no_overlap", "clinic_shift_no_overlap")


class ClinicHealth(models.AbstractModel):
    """What keeps double booking out."""

    _inherit = "clinic.health"

    def _checks(self):
        return super()._checks() + [
            self._check_extension(),
            self._check_guards(),
            self._check_expired_holds(),
            self._check_claims_match(),
        ]

    def _check_extension(self):
        self.env.cr.execute("SELECT 1 FROM pg_extension WHERE extname = 'btree_gist'")
        return self._result(
            "btree_gist",
            self.env.cr.fetchone(),
            self.env._("The PostgreSQL extension btree_gist must be installed in this database."),
        )

    def _check_guards(self):
        missing = self._missing_guards()
        return self._result(
            "no_overlap",
            not missing,
            self.env._(
                "These constraints forbid double booking. Missing: %(names)s. Update clinic_schedule and read"
                " the log; booking is closed until then.",
                names=", ".join(missing),
            )
            if missing
            else self.env._("The database itself forbids double booking."),
        )

    def _missing_guards(self):
        """Names of EXCLUDE constraints that are absent or deferrable."""
        self.env.cr.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'x' AND NOT condeferrable"
            " AND convalidated AND conname = ANY(%s)",
            [list(GUARDS)],
        )
        present = {name for (name,) in self.env.cr.fetchall()}
        return [name for name in GUARDS if name not in present]

    def _check_expired_holds(self):
        self.env.cr.execute(
            "SELECT count(*) FROM clinic_slot_claim WHERE state = 'hold'"
            " AND expires_at < (now() AT TIME ZONE 'UTC') - interval '1 hour'"
        )
        (count,) = self.env.cr.fetchone()
        return self._result(
            "hold_sweep",
            not count,
            self.env._(
                "Holds that ended more than an hour ago: %(count)s. They do no harm, but the scheduled"
                " action that removes them seems not to run.",
                count=count,
            )
            if count
            else self.env._("No holds are left that ended more than an hour ago."),
        )

    def _check_claims_match(self):
        self.env.cr.execute(
            """
            SELECT count(*) FROM clinic_appointment a
             WHERE a.state IN ('booked', 'confirmed', 'arrived', 'in_progress')
               AND a.stop > (now() AT TIME ZONE 'UTC')
               AND NOT EXISTS (SELECT 1 FROM clinic_slot_claim c
                                WHERE c.appointment_id = a.id AND c.state = 'booked'
                                  AND (c.kind = 'resource' AND c.ref = a.resource_id
                                       OR c.kind = 'seat' AND c.ref = a.session_id))
            """
        )
        (count,) = self.env.cr.fetchone()
        return self._result(
            "claims",
            not count,
            self.env._("Coming visits that do not occupy their place: %(count)s.", count=count),
        )

    @api.model
    def _require_guards(self):
        """Refuse to book without the constraint: nothing else prevents double booking.

        Looked at once per process; the answer "all there" is kept on the registry.
        """
        if getattr(self.env.registry, "clinic_guards_ok", False):
            return
        if self._missing_guards():
            raise UserError(
                self.env._(
                    "Booking is closed: the database does not forbid double booking. Ask the administrator"
                    " to open the page “Health” and to follow its advice."
                )
            )
        self.env.registry.clinic_guards_ok = True

    def _register_hook(self):
        super()._register_hook()
        missing = self._missing_guards()
        if missing:
            _logger.error("Double booking is possible: constraints missing: %s", ", ".join(missing))
