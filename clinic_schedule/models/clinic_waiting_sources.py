# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

#: What may give a shift more time than it had.
SHIFT_FRAME = {"start", "stop", "active", "resource_id", "service_ids", "branch_id", "channel_ids"}


class ClinicAppointment(models.Model):
    """Visits that give their place up; the place goes to the waiting list."""

    _inherit = "clinic.appointment"  # pylint: disable=consider-merging-classes-inherited

    def _after_cancelled(self):
        result = super()._after_cancelled()
        self._end_of_wave()
        self._freed_for_waiting()
        return result

    def _after_moved(self, old):
        result = super()._after_moved(old)
        moment = fields.Datetime.to_datetime
        place = (old["resource_id"], old["branch_id"], moment(old["start"]), moment(old["stop"]))
        self.env["clinic.waiting.wave"].sudo()._freed([place])  # sudo: a note for the cron
        return result

    def _after_undone(self, action):
        result = super()._after_undone(action)
        if action == "booked":
            self._freed_for_waiting()
        return result

    def _try_lock_to_drop(self):
        """A time that is being offered just now is left alone: its wave is locked before its visit."""
        self.env.cr.execute(
            "SELECT id FROM clinic_waiting_wave WHERE appointment_id = ANY(%s) ORDER BY id"
            " FOR UPDATE SKIP LOCKED",
            [self.ids],
        )
        locked = [wave_id for (wave_id,) in self.env.cr.fetchall()]
        waves = self.env["clinic.waiting.wave"].sudo()  # sudo: whose time it is, not who may see it
        busy = waves.search([("appointment_id", "in", self.ids), ("id", "not in", locked)])
        return super(ClinicAppointment, self - busy.appointment_id)._try_lock_to_drop()

    def _drop_expired(self):
        """Times that a visitor kept and did not book are free again; those of waves end otherwise."""
        now = fields.Datetime.now()
        gone = self.filtered(lambda visit: visit.state == "held" and visit.hold_expires_at <= now)
        waves = self.env["clinic.waiting.wave"].sudo()  # sudo: a note for the cron
        # the deletion clears the link of the wave: lock it first, as the answers to its offers do
        waves.search([("appointment_id", "in", self.ids)])._lock()
        if gone and not self.env.context.get("clinic_waiting_end"):
            gone -= waves.search([("appointment_id", "in", gone.ids)]).appointment_id
            waves._freed(gone._waiting_places())
        return super()._drop_expired()

    def _waiting_places(self):
        return [(visit.resource_id.id, visit.branch_id.id, visit.start, visit.stop) for visit in self]

    def _freed_for_waiting(self):
        self.env["clinic.waiting.wave"].sudo()._freed(self._waiting_places())  # sudo: a note for the cron

    def _end_of_wave(self):
        """Somebody at the desk has cancelled a time that is being offered: nobody can have it any more."""
        # sudo: waves are written by their steps only
        waves = self.env["clinic.waiting.wave"].sudo()
        for wave in waves.search([("appointment_id", "in", self.ids), ("state", "=", "running")]):
            wave._end("over")


class ClinicShift(models.Model):
    """Shifts that open or grow: those who wait are asked first."""

    _inherit = "clinic.shift"  # pylint: disable=consider-merging-classes-inherited

    @api.model_create_multi
    def create(self, vals_list):
        """Create shifts and note their time for the waiting list."""
        shifts = super().create(vals_list)
        shifts._freed_for_waiting()
        return shifts

    def write(self, vals):
        """Change shifts and note their time for the waiting list."""
        result = super().write(vals)
        if SHIFT_FRAME & vals.keys():
            self.filtered("active")._freed_for_waiting()
        return result

    def _freed_for_waiting(self):
        places = [(shift.resource_id.id, shift.branch_id.id, shift.start, shift.stop) for shift in self]
        self.env["clinic.waiting.wave"].sudo()._freed(places)  # sudo: a note for the cron


class ClinicAbsence(models.Model):
    """Absences that end earlier than was said: their time goes to the waiting list."""

    _inherit = "clinic.absence"  # pylint: disable=consider-merging-classes-inherited

    def write(self, vals):
        """Change absences; what they no longer occupy is free."""
        places = self._absent_places() if {"start", "stop", "active", "resource_id"} & vals.keys() else []
        result = super().write(vals)
        self.env["clinic.waiting.wave"].sudo()._freed(places)  # sudo: a note for the cron
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_freed_for_waiting(self):
        self.env["clinic.waiting.wave"].sudo()._freed(self._absent_places())  # sudo: a note for the cron

    def _absent_places(self):
        """Hours of the absent doctor, room or device that this gives back, by their shifts."""
        active = self.filtered("active")
        if not active:
            return []
        shifts = self.env["clinic.shift"].sudo()  # sudo: only times, for the cron
        places = []
        for absence in active:
            met = shifts.search(
                [
                    ("resource_id", "=", absence.resource_id.id),
                    ("start", "<", absence.stop),
                    ("stop", ">", max(absence.start, fields.Datetime.now())),
                ]
            )
            places += [
                (
                    shift.resource_id.id,
                    shift.branch_id.id,
                    max(shift.start, absence.start),
                    min(shift.stop, absence.stop),
                )
                for shift in met
            ]
        return places


class ClinicBooking(models.AbstractModel):
    """The red button is stronger than an offer."""

    _inherit = "clinic.booking"  # pylint: disable=consider-merging-classes-inherited

    def _reclaim(self, appointment, before):
        """A visit that comes back takes its place from the wave that offers it."""
        # sudo: waves are written by their steps only; the right to the visit was checked
        waves = (
            self.env["clinic.waiting.wave"]
            .sudo()
            .search(
                [
                    ("state", "=", "running"),
                    ("resource_id", "=", before["resource_id"]),
                    ("start", "<", before["stop"]),
                    ("stop", ">", before["start"]),
                ]
            )
        )
        for wave in waves:
            wave._end("over")
        return super()._reclaim(appointment, before)
