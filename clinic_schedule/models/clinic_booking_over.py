# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import models
from odoo.exceptions import AccessError, UserError

from odoo.addons.clinic_base.texts import without_controls

from ..const import MAX_OVER, OVER_LANE, STAFF_CHANNELS
from ..exceptions import SlotTaken
from ..slot_algebra import local_date, wall_to_utc
from .clinic_booking_flags import MAX_REASON
from .clinic_slot_claim import Key


class ClinicBooking(models.AbstractModel):
    """Extra visits into taken time (CITO): a limited right with a reason.

    The doctor's claim of an extra visit has a lane of 100 and more and the range of the whole day on
    the branch's calendar: so many lanes as the setting allows, hence so many extra visits a day, and
    the constraint keeps the number, not a count. Patient and devices are claimed as ever: nobody is
    in two places, no device examines two.
    """

    _inherit = "clinic.booking"  # pylint: disable=consider-merging-classes-inherited

    def _overbook(self, plan, channel, reason, held=None):
        """Turn a plan for a taken time into an extra visit; a free time is booked as ever.

        :raise AccessError: without the right
        :raise UserError: for channels and services that know no extra visits, or without a reason
        """
        user = self.env.user
        if not (user._is_superuser() or user.has_group("clinic_schedule.group_clinic_overbook")):
            raise AccessError(
                self.env._(
                    "You are not allowed to book into a time that is taken. Ask the senior nurse, or choose"
                    " another time."
                )
            )
        text = without_controls(reason).strip() if isinstance(reason, str) else ""
        if not text:
            raise UserError(self.env._("Write why the extra visit is put into a time that is taken."))
        if len(text) > MAX_REASON:
            raise UserError(
                self.env._("A text of the booking is too long: at most %(size)s characters.", size=MAX_REASON)
            )
        if channel not in STAFF_CHANNELS or plan.session_id or not plan.terms.practitioner_id:
            raise UserError(
                self.env._(
                    "Extra visits are booked by the staff to a doctor only, not into group sessions and not"
                    " to rooms or devices. Choose another time."
                )
            )
        if self._is_taken(plan, held):
            self._put_over(plan, text)

    def _is_taken(self, plan, held=None):
        """Whether the doctor, his room or the quota are seen to be taken; the claims decide later."""
        claims, appointments = self.env["clinic.slot.claim"].sudo(), self.env["clinic.appointment"].sudo()
        try:
            claims._visible(held or appointments, plan.fixed, plan.choices(), release=bool(held))
        except SlotTaken as taken:
            # an extra visit does not help the patient, nor a device that is busy
            own = {key for key in plan.fixed if key.kind == "resource"}
            return any(key in own or key.kind == "quota" for key in taken.lost)
        return False

    def _put_over(self, plan, reason):
        """The doctor's lanes of the day, and the room of the shift beside who is in it already."""
        lanes = range(OVER_LANE, OVER_LANE + self._over_limit())
        day = local_date(plan.start, plan.tz)
        first, last = (wall_to_utc(one, 0, plan.tz) for one in (day, day + timedelta(days=1)))
        lead = plan.terms.resource_id
        plan.over = [[Key("resource", lead, lane, first, last) for lane in lanes]]
        for key in plan.fixed:
            if key.kind == "resource" and key.ref != lead:
                beside = range(OVER_LANE, OVER_LANE + MAX_OVER)
                plan.over.append([key, *(key._replace(lane=lane) for lane in beside)])
        if not lanes:
            raise UserError(self._over_limit_sentence(plan))
        plan.fixed = [key for key in plan.fixed if key.kind != "resource"]
        plan.quota = []
        plan.over_reason = reason or ""

    def _over_limit(self):
        """Extra visits that one doctor may have on one day."""
        return min(max(self._setting("clinic_schedule.overbook_per_day"), 0), MAX_OVER)

    def _over_limit_sentence(self, plan):
        return self.env._(
            "This doctor already has all extra visits that a day may have: %(limit)s. Choose another doctor"
            " or day, or another visit is to be moved first.",
            limit=self._over_limit(),
        )
