# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.patient_row import REJECT


class ClinicImporterBooking(models.AbstractModel):
    """Rows that are visits to come: booked by the booking service, through the channel of imports.

    A row whose time is taken or closed becomes a reject with the reason: the list of rejects is the
    list of calls for the desk. Nobody is messaged (the context says ``clinic_import``).
    """

    _name = "clinic.importer.booking"
    _inherit = ["clinic.importer.visit"]
    _description = "Importer of bookings"

    @api.model
    def _label(self):
        return self.env._("Visits to come")

    @api.model
    def _check_when(self, item, start, now):
        if start and start <= now:
            item.note(REJECT, "not_future", "date")

    @api.model
    def _reason(self, code):
        if code == "conflict":
            return (
                self.env._("The visit could not be booked at this time."),
                self.env._(
                    "Call the patient and agree on another time, or open a shift and load the row again."
                ),
            )
        return super()._reason(code)

    @api.model
    def _state(self, item, text):
        return "booked"

    @api.model
    def _load(self, load, items):
        booking = self.env["clinic.booking"].sudo()
        for item in items:
            place = item.parsed
            slot = {
                "service_id": place["service"].id,
                "resource_id": place["resource"].id,
                "branch_id": place["branch"].id,
                "start": place["start"],
            }
            vals = {"source": load.source, "external_ref": item.ref}
            if place["record"].get("note"):
                vals["note"] = place["record"]["note"][:500]
            try:
                with self.env.cr.savepoint():
                    visit = booking.book(slot, item.patient, channel="import", **vals)
            except UserError as error:
                item.state, item.detail = "reject", str(error)[:300]
                item.note(REJECT, "conflict", "date")
                continue
            item.state, item.main = "loaded", visit
            item.add_made(visit)

    @api.model
    def _untouched(self, load, rows):
        free = super()._untouched(load, rows)
        for row_id, made, _stamp in rows:
            visits = self.env["clinic.appointment"].sudo().browse(made.get("clinic.appointment", ())).exists()
            if any(visit.state != "booked" or visit.start <= fields.Datetime.now() for visit in visits):
                free.discard(row_id)
        return free

    @api.model
    def _remove(self, load, made):
        """Bookings are cancelled by the clinic: a booking is never deleted."""
        visits = self.env["clinic.appointment"].sudo().browse(made.get("clinic.appointment", ())).exists()
        for visit in visits:
            self.env["clinic.booking"].sudo().cancel(visit, by="clinic")
            # the number in the old program is free for another load
            visit._write_guarded({"external_ref": False})
