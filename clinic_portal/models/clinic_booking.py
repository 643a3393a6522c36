# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import AccessError
from odoo.http import request


class ClinicBooking(models.AbstractModel):
    """Patients book, move and cancel through the pages of the site only.

    The pages ask for the consent, count holds and look at the time left before the visit, and
    then call the service as superuser. A patient's account that calls the service itself from
    outside would pass all of that by.
    """

    _inherit = "clinic.booking"

    @api.model
    def _refuse_patients_rpc(self):
        """Raise for an account of a patient that calls from outside, not through a page."""
        if request and not self.env.su and not self.env.user._is_internal():
            raise AccessError(
                self.env._("Visits are booked and changed on the pages of the site. Please open them.")
            )

    @api.model
    def hold(self, slot, token, patient=None, minutes=None, channel=None):
        self._refuse_patients_rpc()
        return super().hold(slot, token, patient=patient, minutes=minutes, channel=channel)

    @api.model
    def book(self, slot, patient, token=None, channel="reception", **vals):
        self._refuse_patients_rpc()
        return super().book(slot, patient, token=token, channel=channel, **vals)

    @api.model
    def reschedule(self, appointment, slot, reason=None, channel=None):
        self._refuse_patients_rpc()
        return super().reschedule(appointment, slot, reason=reason, channel=channel)

    @api.model
    def cancel(self, appointment, by="patient", reason=None, channel=None):
        self._refuse_patients_rpc()
        return super().cancel(appointment, by=by, reason=reason, channel=channel)
