# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import CANCELLED, COMING, MOVES, OCCUPYING
from ..slot_algebra import local_date

#: What a journal line remembers, so that the action can be taken back.
PLACE = (
    "start", "stop", "resource_id", "practitioner_id", "branch_id", "room_id", "price", "price_before",
    "overbooked", "overbook_reason", "place_kind", "spare_rule_id", "spare_chance",
    "ticket_id",
)  # fmt: skip


class ClinicAppointment(models.Model):
    """The life of a visit: the table of states, the journal, the bus, the hooks of later addons."""

    _inherit = "clinic.appointment"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _start(self, action, vals, channel, note=None):
        """Create an appointment in the state of its first action, with its journal line."""
        state = vals["state"]
        if state not in MOVES[action].get(None, ()):
            raise ValueError(f"no visit begins with {action} in state {state}")
        number = self.env["ir.sequence"].next_by_code("clinic.appointment")
        appointment = self._create_guarded({"number": number, "user_id": self.env.uid, **vals})
        appointment._write_journal(action, None, channel, note=note)
        return appointment

    def _move_to(self, action, state, channel=None, reason=None, note=None, vals=None):
        """The one method that changes the state: checks the table, writes state and journal.

        ``vals`` are further guarded values of the same step (new place of a move). Claims
        are the caller's business and are settled before.
        """
        for appointment in self:
            allowed = MOVES[action].get(appointment.state, ())
            if state not in allowed:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "A visit in the state “%(now)s” cannot become “%(then)s”. Reload the page:"
                        " somebody may have changed the visit meanwhile.",
                        now=labels[appointment.state],
                        then=labels[state],
                    )
                )
            before = appointment._snapshot()
            step = {"state": state, **(vals or {})}
            if state in CANCELLED:
                step["token"] = False
            if state != "held":
                step["hold_expires_at"] = False
            appointment._write_guarded(step)
            appointment._write_journal(action, before, channel, reason, note)

    def _standing(self):
        """Those that take place or have taken place, in their order."""
        return self.filtered(lambda visit: visit.state in (*COMING, "done")).sorted("start")

    def _to_come(self):
        """Those that are still to come, in their order: what may be moved or cancelled together."""
        now = fields.Datetime.now()
        return self.filtered(
            lambda visit: visit.state in ("booked", "confirmed") and visit.start > now
        ).sorted("start")

    def _snapshot(self):
        """What the visit is now, as plain values."""
        self.ensure_one()
        values = {"state": self.state, "device_ids": self.device_ids.ids}
        for name in PLACE:
            value = self[name]
            if isinstance(value, models.BaseModel):
                value = value.id
            elif name in ("start", "stop"):
                value = fields.Datetime.to_string(value)
            values[name] = value
        return values

    def _write_journal(self, action, before, channel=None, reason=None, note=None):
        self.ensure_one()
        self.env["clinic.appointment.journal"].sudo().create(
            {
                "appointment_id": self.id,
                "user_id": self.env.uid,
                "at": fields.Datetime.now(),
                "channel": channel or self.channel,
                "action": action,
                "state_from": before and before["state"],
                "state_to": self.state,
                "start_from": before and before["start"],
                "start_to": self.start,
                "reason_id": reason.id if reason else False,
                "note": note,
                "before": before,
            }
        )
        self._bus_changed(action, channel, before)

    def _journal_line(self, action=None):
        """The newest line of the journal, or the newest one of an action."""
        self.ensure_one()
        domain = [("appointment_id", "=", self.id)] + ([("action", "=", action)] if action else [])
        return self.env["clinic.appointment.journal"].search(domain, order="id desc", limit=1)

    def _bus_changed(self, action, channel=None, before=None):
        """Tell open boards (ids only): those of the place, and of the place before a move."""
        for appointment in self:
            places = {}
            now = appointment._snapshot()
            for place in (now, before or now):
                branch = self.env["clinic.branch"].browse(place["branch_id"])
                dates, resources = places.setdefault(branch, (set(), set()))
                dates.add(local_date(fields.Datetime.to_datetime(place["start"]), branch.tz))
                resources |= {
                    place["resource_id"],
                    self.env["clinic.room"].browse(place["room_id"]).resource_id.id,
                    *self.env["clinic.device"].browse(place["device_ids"]).resource_id.ids,
                }
            for branch, (dates, resources) in places.items():
                self.env["clinic.booking"]._bus_changed(
                    branch,
                    sorted(resources - {False}),
                    dates,
                    action,
                    appointment.id,
                    channel or appointment.channel,
                )

    def _occupies(self):
        """Whether the visit still needs its place."""
        self.ensure_one()
        return self.state in OCCUPYING

    # ------------------------------------------------------------------ hooks for later addons

    def _after_booked(self):
        """Called once after a visit was booked or a hold became a visit."""

    def _after_moved(self, old):
        """Called after a move; ``old`` is the dictionary of ``_snapshot`` before it."""

    def _after_absence_moved(self, old):
        """Called after ``_after_moved`` when the move was made because somebody or something is absent."""

    def _after_confirmed(self):
        """Called after the patient's coming was confirmed."""

    def _after_cancelled(self):
        """Called after a visit was cancelled; its place is free already."""

    def _after_arrived(self):
        """Called after the patient was marked as arrived."""

    def _after_started(self):
        """Called after the doctor began."""

    def _after_done(self):
        """Called after the visit was finished."""

    def _after_no_show(self):
        """Called after the patient was marked as not come; the place is free already."""

    def _after_undone(self, action):
        """Called after ``action`` was taken back."""
