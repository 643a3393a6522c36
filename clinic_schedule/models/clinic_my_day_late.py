# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..slot_algebra import local_date


class ClinicMyDay(models.AbstractModel):
    """“Late by N minutes”: the desk sees it at once, the wall shows it by the room."""

    _inherit = "clinic.my.day"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _more(self, doctor, day):
        """Adds ``late``: minutes of the doctor's delay on the day."""
        late = self.env["clinic.delay"]._of(doctor.resource_id.ids, [day])
        return {**super()._more(doctor, day), "late": sum(late.values())}

    @api.model
    def set_late(self, minutes, practitioner_id=False):
        """Say how late a doctor is today; 0 takes it back. Rights: the doctor himself, the desk for anybody.

        :return: the minutes
        """
        doctor = self._practitioner(practitioner_id)
        if not doctor or not self.env.user.has_group("clinic_base.group_clinic_booking"):
            raise AccessError(self.env._("Only the doctor and the desk say how late a doctor is."))
        day = local_date(fields.Datetime.now(), doctor.tz or "UTC")
        self.env["clinic.delay"]._say(doctor, day, minutes)
        return minutes
