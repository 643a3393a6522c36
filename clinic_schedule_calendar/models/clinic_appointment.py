# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ClinicAppointment(models.Model):
    """A change of a visit whose practitioner wants it is copied soon, outside of the booking itself."""

    _inherit = "clinic.appointment"

    def _copy_soon(self):
        # sudo: whether a practitioner wants copies, whoever books
        doctors = self.sudo().practitioner_id
        doctors.fetch(["calendar_copy"])
        if any(doctors.mapped("calendar_copy")):
            self.env["calendar.event"]._clinic_copy_soon()

    def _after_booked(self):
        result = super()._after_booked()
        self._copy_soon()
        return result

    def _after_moved(self, old):
        result = super()._after_moved(old)
        before = self.env["clinic.practitioner"].sudo().browse(old.get("practitioner_id") or ())
        if before.exists().calendar_copy:
            self.env["calendar.event"]._clinic_copy_soon()
        self._copy_soon()
        return result

    def _after_cancelled(self):
        result = super()._after_cancelled()
        self._copy_soon()
        return result

    def _after_no_show(self):
        result = super()._after_no_show()
        self._copy_soon()
        return result

    def _after_undone(self, action):
        result = super()._after_undone(action)
        self._copy_soon()
        return result
