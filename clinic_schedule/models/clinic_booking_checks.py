# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.clinic_base.const import VISIT_TYPES
from odoo.addons.clinic_base.texts import without_controls

from ..const import CANCELLED, MOVES, PATIENT_CHANNELS, PAYER_KINDS

#: What a caller of ``book`` may set besides time, place and patient; texts with their limits.
BOOK_VALS = {
    "visit_type",
    "payer_kind",
    "coverage_id",
    "source",
    "external_ref",
    "external_patient_ref",
    "note",
    "visit_address",
}
#: What a patient may say himself, if no controller of ours stands between.
PATIENT_VALS = {"note", "visit_address"}
TEXT_LIMITS = {
    "source": 64,
    "external_ref": 128,
    "external_patient_ref": 128,
    "note": 4000,
    "visit_address": 300,
}


class ClinicBooking(models.AbstractModel):
    """What is checked of a request besides its time and place: token, values, limits, visit, reason."""

    _inherit = "clinic.booking"  # pylint: disable=consider-merging-classes-inherited

    def _check_token(self, token):
        if token is None or token is False or token == "":
            return None
        if not isinstance(token, str) or not 8 <= len(token) <= 128 or not token.isprintable():
            raise UserError(self.env._("The token of this booking is not valid. Begin the booking again."))
        return token

    def _check_book_vals(self, vals):
        unknown = vals.keys() - BOOK_VALS
        if unknown:
            raise UserError(
                self.env._("A booking has no fields %(names)s.", names=", ".join(sorted(unknown)))
            )
        vals = {
            name: value
            for name, value in vals.items()
            if value not in (None, False, "") and name in self.env["clinic.appointment"]._fields
        }
        if self._is_patient_himself() and vals.keys() - PATIENT_VALS:
            raise UserError(
                self.env._(
                    "Kind of visit, payer and numbers of other systems are set by the clinic. Choose only the"
                    " time and the patient, or phone the clinic."
                )
            )
        for name, size in TEXT_LIMITS.items():
            value = vals.get(name, "")
            if not isinstance(value, str) or len(value) > size:
                raise UserError(
                    self.env._("A text of the booking is too long: at most %(size)s characters.", size=size)
                )
            if value:
                vals[name] = without_controls(value)
        for name, choices in (("visit_type", VISIT_TYPES), ("payer_kind", PAYER_KINDS)):
            if name in vals and vals[name] not in [key for key, _label in choices]:
                raise UserError(
                    self.env._("The kind of visit or payer is not one of the list. Choose again.")
                )
        if vals.get("external_ref") and not vals.get("source"):
            raise UserError(self.env._("An external number needs the name of its system."))
        return vals

    def _hold_minutes(self, minutes):
        if minutes is None or minutes is False:
            return self._setting("clinic_schedule.hold_minutes")
        longest = self._setting("clinic_schedule.hold_minutes_max")
        if not isinstance(minutes, int) or isinstance(minutes, bool) or not 0 < minutes <= longest:
            raise UserError(self.env._("A time can be kept for 1 to %(longest)s minutes.", longest=longest))
        return minutes

    def _hold_end(self, known, minutes):
        """When a hold of so many minutes ends; patients' holds are few and end for good some day."""
        now = fields.Datetime.now()
        end = now + timedelta(minutes=minutes)
        if not self._is_patient_himself():
            return end
        others = [
            ("user_id", "=", self.env.uid),
            ("state", "=", "held"),
            ("hold_expires_at", ">", now),
            ("id", "!=", known.id),
        ]
        most = self._setting("clinic_schedule.holds_per_patient")
        if self.env["clinic.appointment"].sudo().search_count(others, limit=most) >= most:
            raise UserError(
                self.env._("You already keep as many times as is allowed. Book one of them or give one back.")
            )
        if known:
            longest = self._setting("clinic_schedule.hold_minutes_max")
            end = min(end, known.create_date + timedelta(minutes=longest))
            if end <= now:
                raise UserError(
                    self.env._("This time cannot be kept any longer. Book it now or begin the booking again.")
                )
        return end

    def _by_token(self, token):
        """The visit of the token, empty if there is none; refused if it is somebody else's.

        Tokens are secrets of their callers; a visitor's hold may pass to the account he
        signs in to, nothing else passes to another user.
        """
        appointments = self.env["clinic.appointment"].sudo()
        if not token:
            return appointments
        known = appointments.search([("token", "=", token)], limit=1)
        if (
            known
            and known.user_id != self.env.user
            and not known.user_id._is_public()
            and not self._is_staff_su()
        ):
            raise UserError(self.env._("The token of this booking is not valid. Begin the booking again."))
        return known

    def _is_staff_su(self):
        return self.env.user._is_superuser()

    def _by_external_ref(self, vals):
        appointments = self.env["clinic.appointment"].sudo()
        if not vals.get("external_ref"):
            return appointments
        return appointments.search(
            [("source", "=", vals["source"]), ("external_ref", "=", vals["external_ref"])], limit=1
        )

    def _repeated(self, known, slot, patient):
        """The answer to a repeated request: the first visit, if it asks for the same."""
        same = (
            isinstance(slot, dict)
            and known.state not in CANCELLED
            and known.patient_id == patient
            and known.service_id.id
            == self._id_of(slot.get("service_id"), "product.product", self.env._("service"))
            and known._journal_line("booked").start_to == self._moment_of(slot.get("start"))
        )
        if not same:
            raise UserError(
                self.env._("This request was already used for another visit. Begin a new booking.")
            )
        return known.with_env(self.env)

    def _appointment_of(self, value):
        """The visit for the superuser after the caller's right to it was checked."""
        appointment_id = self._id_of(value, "clinic.appointment", self.env._("visit"))
        appointment = self.env["clinic.appointment"].browse(appointment_id).exists()
        if not appointment:
            raise UserError(self.env._("This visit does not exist any more. Reload the page."))
        if not self.env.su:
            if not self._allowed_channels():
                raise AccessError(self.env._("You are not allowed to change visits."))
            appointment.check_access("read")
        return appointment.sudo()

    def _check_open(self, appointment, channel, action="moved"):
        if appointment.state not in MOVES[action]:
            raise UserError(
                self.env._("This visit can no longer be moved, confirmed or cancelled: look at its state.")
            )
        if channel in PATIENT_CHANNELS and appointment.start <= fields.Datetime.now():
            raise UserError(self.env._("The time of this visit has come. Please phone the clinic."))

    def _reason_of(self, reason, kind):
        """The reason record; mandatory for staff, who click one of the dictionary."""
        reasons = self.env["clinic.appointment.reason"].sudo()
        if not reason:
            if self._is_staff() and not self.env.su:
                raise UserError(self.env._("Choose a reason of the list."))
            return reasons
        reason_id = self._id_of(reason, "clinic.appointment.reason", self.env._("reason"))
        found = reasons.search([("id", "=", reason_id), ("kind", "=", kind)])
        if not found:
            raise UserError(self.env._("Choose a reason of the list."))
        return found
