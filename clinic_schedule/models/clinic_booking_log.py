# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import VISITOR_EVENTS

#: The longest duration that the log keeps, ms.
MAX_DURATION = 2**31 - 1

#: What may tell the steps of one booking together: a hash or a random mark, never a person.
SESSION = re.compile(r"[0-9a-f]{1,64}")


class ClinicBooking(models.AbstractModel):
    """What others learn of a booking: open boards by the bus, figures by the event log."""

    _inherit = "clinic.booking"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _bus_changed(self, branch, resource_ids, dates, action, appointment_id=False, channel=False):
        """Tell open boards at commit what changed; ids and dates only."""
        group = self.env.ref("clinic_base.group_clinic_user", raise_if_not_found=False)
        if group and branch:
            group.sudo()._bus_send(
                "clinic_schedule/changed",
                {
                    "branch_id": branch.id,
                    "resource_ids": list(resource_ids),
                    "dates": sorted(day.isoformat() for day in dates if day),
                    "appointment_id": appointment_id,
                    "action": action,
                    "channel": channel,
                },
            )

    def _log(self, kind, appointments, channel=None, begun=None):
        """A line of the event log about each visit, without the person.

        ``begun``: when the time was chosen; the line says how long it took from there. Without it
        the client's own clock counts (``_journey``). Sudo: the log is append-only and nobody's own.
        """
        now = fields.Datetime.now()
        session, clocked = self._journey()
        duration = (now - begun) // timedelta(milliseconds=1) if begun else clocked
        self.env["clinic.booking.event"].sudo().create(
            [
                {
                    "at": now,
                    "kind": kind,
                    "channel": channel or appointment.channel,
                    "branch_id": appointment.branch_id.id,
                    "service_id": appointment.service_id.id,
                    "resource_id": appointment.resource_id.id,
                    "duration_ms": min(max(duration, 0), MAX_DURATION),
                    "session_hash": session,
                    "overbooked": appointment.overbooked,
                }
                for appointment in appointments
            ]
        )

    @api.model
    def _journey(self):
        """The mark and the age (ms) of the booking of which this request is a step, if the client says so.

        From the context key ``clinic_journey``: ``{"session": …, "duration_ms": …}``. Whatever
        else stands there is not kept.
        """
        said = self.env.context.get("clinic_journey")
        said = said if isinstance(said, dict) else {}
        session, duration = said.get("session"), said.get("duration_ms")
        if not isinstance(session, str) or not SESSION.fullmatch(session):
            session = None
        return session, self._duration_of(duration)

    @api.model
    def _duration_of(self, value):
        return value if isinstance(value, int) and 0 <= value <= MAX_DURATION else 0

    def _log_refused(self, plan, channel):
        """Log a refusal after the transaction has ended, whichever way; it must not be lost with it."""
        cr, registry = self.env.cr, self.env.registry
        values = [fields.Datetime.now(), channel, *self._journey()]
        values += [plan.branch_id, plan.service.id, plan.terms.resource_id]

        def write():
            with registry.cursor() as own:
                own.execute("SET LOCAL synchronous_commit TO off")
                # SELECT: nothing is written about records that exist only in a rolled back transaction
                own.execute(
                    """
                    INSERT INTO clinic_booking_event
                           (at, kind, channel, session_hash, duration_ms, branch_id, service_id, resource_id)
                    SELECT %s, 'refused', %s, %s, %s, b.id, p.id, r.id
                      FROM clinic_branch b, product_product p, resource_resource r
                     WHERE b.id = %s AND p.id = %s AND r.id = %s
                    """,
                    values,
                )

        cr.postcommit.add(write)
        cr.postrollback.add(write)

    @api.model
    def log_event(self, kind, channel="site", branch=None, service=None, resource=None, duration_ms=None,
                  session_hash=None):  # fmt: skip
        """Note a step that only the client knows (a visitor's browser or a board): opened, shown or chosen.

        Rights: any channel of the user. Keeps no person: ``session_hash`` is at most 64
        hexadecimal digits of a one-way hash.
        """
        channel = self._check_channel(channel)
        if kind not in VISITOR_EVENTS:
            raise UserError(self.env._("This kind of event is written by the booking service itself."))
        if session_hash and not (isinstance(session_hash, str) and SESSION.fullmatch(session_hash)):
            raise UserError(self.env._("The mark of the session must be a hexadecimal hash."))
        ids = {
            "branch_id": ("clinic.branch", branch),
            "service_id": ("product.product", service),
            "resource_id": ("resource.resource", resource),
        }
        vals = {
            name: self.env[model].sudo().browse(self._id_of(value, model, name)).exists().id
            for name, (model, value) in ids.items()
            if value
        }
        self.env["clinic.booking.event"].sudo().create(
            {"at": fields.Datetime.now(), "kind": kind, "channel": channel,
             "duration_ms": self._duration_of(duration_ms), "session_hash": session_hash or False, **vals}
        )  # fmt: skip
        return True
