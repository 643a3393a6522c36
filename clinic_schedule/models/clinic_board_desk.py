# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import UserError

from ..const import STAFF_CHANNELS
from ..exceptions import PriceChanged, SlotTaken

#: Most people of one family booked in one go.
MAX_LINES = 12

#: What a line of a booking may say besides slot, patient and token.
LINE_VALS = ("payer_kind", "note", "blacklist_reason", "overbook_reason", "visit_address")


class ClinicBoardDesk(models.AbstractModel):
    """What the registrar does on the board. Every booking goes through ``clinic.booking``.

    Each method that changes something answers ``{"appointment_ids", "resource_ids", "dates"}``:
    what the client has to load again.
    """

    _inherit = "clinic.board"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _touched(self, appointments, resources=None, dates=()):
        """What an action changed on the screen."""
        resource_ids = set(resources or ())
        for appointment in appointments:
            resource_ids |= self._used_resources(appointment)
        return {
            "appointment_ids": appointments.ids,
            "resource_ids": sorted(resource_ids),
            "dates": sorted({*dates, *(a.local_date.isoformat() for a in appointments if a.local_date)}),
        }

    @api.model
    def _used_resources(self, appointment):
        used = appointment.resource_id | appointment.practitioner_id.resource_id
        used |= appointment.room_id.resource_id | appointment.device_ids.resource_id
        return set(used.ids)

    @api.model
    def _appointment(self, appointment_id):
        appointment = self.env["clinic.appointment"].browse(appointment_id).exists()
        if not appointment:
            raise UserError(self.env._("This visit no longer exists. The board has been refreshed."))
        return appointment

    @api.model
    def book(self, lines, channel="reception", journey=None):
        """Book one or several people, all or nothing.

        :param lines: list of dicts ``slot, patient_id, token`` and perhaps those of ``LINE_VALS``
        :param channel: one of the staff's channels
        :param journey: ``{"session", "duration_ms"}``, the mark and the age of the dialog, for the event log
        A lost place raises ``SlotTaken``, another price ``PriceChanged``; the context of both tells the
        number of the ``line``.
        """
        self._check_desk()
        if not lines or len(lines) > MAX_LINES:
            raise UserError(self.env._("From one to %(count)s people are booked in one go.", count=MAX_LINES))
        channel = channel if channel in STAFF_CHANNELS else self._default_channel()
        booked = self.env["clinic.appointment"]
        booking = self.env["clinic.booking"].with_context(clinic_journey=journey)
        for number, line in enumerate(lines):
            vals = {name: line[name] for name in LINE_VALS if line.get(name)}
            try:
                booked |= booking.book(
                    line["slot"], line["patient_id"], token=line.get("token"), channel=channel, **vals
                )
            except (PriceChanged, SlotTaken) as taken:
                taken.context = {**getattr(taken, "context", {}), "line": number}
                raise
        return self._touched(booked)

    @api.model
    def cancel(self, appointment_id, reason_id):
        """Cancel a visit with a reason; who cancels follows from the reason."""
        appointment = self._appointment(appointment_id)
        reason = self.env["clinic.appointment.reason"].browse(reason_id).exists()
        self.env["clinic.booking"].cancel(appointment, reason.by or "clinic", reason=reason)
        return self._touched(appointment)

    @api.model
    def confirm(self, appointment_id):
        """The patient says they will come."""
        appointment = self._appointment(appointment_id)
        self.env["clinic.booking"].confirm(appointment, self._default_channel())
        return self._touched(appointment)

    @api.model
    def arrive(self, appointment_id):
        """The patient stands at the desk."""
        return self._step(appointment_id, "action_arrive")

    @api.model
    def start(self, appointment_id):
        """The visit begins."""
        return self._step(appointment_id, "action_start")

    @api.model
    def done(self, appointment_id):
        """The visit is over."""
        return self._step(appointment_id, "action_done")

    @api.model
    def no_show(self, appointment_id):
        """The patient did not come."""
        return self._step(appointment_id, "action_no_show")

    @api.model
    def _step(self, appointment_id, action):
        appointment = self._appointment(appointment_id)
        getattr(appointment, action)()
        return self._touched(appointment)

    @api.model
    def undo(self, appointment_ids):
        """Take back the last booking action of each of these visits, the latest first."""
        appointments = self.env["clinic.appointment"].browse(appointment_ids).exists()
        before = self._touched(appointments)
        for appointment in reversed(appointments):
            self.env["clinic.booking"].undo(appointment)
        return self._touched(appointments.exists(), before["resource_ids"], before["dates"])
