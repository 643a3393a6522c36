# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.clinic_base.patient_row import REJECT, WARN, worst
from odoo.addons.clinic_base.table_text import read_minutes, read_price

_STATES = (
    ("no_show", re.compile(r"не\s*яв|не\s*приш|неяв|no.?show", re.IGNORECASE)),
    ("cancelled_clinic", re.compile(r"отмен\w*\s*(?:клиник|врач)", re.IGNORECASE)),
    ("cancelled_patient", re.compile(r"отмен|отказ|cancel", re.IGNORECASE)),
    ("done", re.compile(r"приш|прин|состоял|заверш|выполн|оказан|оплач|done|came|да$|1$", re.IGNORECASE)),
)


class ClinicImporterVisit(models.AbstractModel):
    """Rows that are past visits: history only, they occupy no time and nobody is told."""

    _name = "clinic.importer.visit"
    _inherit = ["clinic.importer.schedule"]
    _description = "Importer of past visits"

    @api.model
    def _label(self):
        return self.env._("Past visits")

    @api.model
    def _missing(self, codes):
        if not {"resource", "service", "date"} <= codes:
            return self.env._("Say which columns hold the doctor, the service and the day with the time.")
        return super()._missing(codes)

    @api.model
    def _check(self, load, items):
        self._find_people(load, items)
        known, now = self._directory(load), fields.Datetime.now()
        for item in items:
            item.parsed = place = self._place(load, item, known)
            place["service"] = self._service(item, known)
            self._check_when(item, place["start"], now)
            if worst(item.notes) == REJECT:
                continue
            record = place["record"]
            minutes = read_minutes(record.get("duration", "")) or place["service"].clinic_duration or 30
            place["stop"] = place["start"] + timedelta(minutes=min(minutes, 1440))
            place["state"] = self._state(item, record.get("state", ""))
            place["price"] = read_price(record.get("price", "")) or 0.0

    @api.model
    def _check_when(self, item, start, now):
        if start and start > now:
            item.note(REJECT, "not_past", "date")

    @api.model
    def _state(self, item, text):
        found = next((state for state, words in _STATES if words.search(text)), "")
        if text and not found:
            item.note(WARN, "unknown_state", "state")
        return found or "done"

    @api.model
    def _load(self, load, items):
        appointments = self.env["clinic.appointment"].sudo()
        numbers = self.env["ir.sequence"].sudo()
        vals_list = []
        for item in items:
            place = item.parsed
            practitioner = place["resource"].clinic_practitioner_ids[:1]
            vals_list.append(
                {
                    "number": numbers.next_by_code("clinic.appointment"),
                    "patient_id": item.patient,
                    "service_id": place["service"].id,
                    "resource_id": place["resource"].id,
                    "practitioner_id": practitioner.id,
                    "branch_id": place["branch"].id,
                    "start": place["start"],
                    "stop": place["stop"],
                    "state": place["state"],
                    "channel": "import",
                    "price": place["price"],
                    "source": load.source,
                    "external_ref": item.ref,
                    "note": place["record"].get("note") or False,
                    "user_id": self.env.uid,
                }
            )
        # the model's own create is closed on purpose: new visits must occupy their place; these are over
        visits = models.BaseModel.create(appointments, vals_list)
        self.env["clinic.appointment.journal"].sudo().create(
            [
                {
                    "appointment_id": visit.id,
                    "user_id": self.env.uid,
                    "at": fields.Datetime.now(),
                    "channel": "import",
                    "action": "booked",
                    "state_to": visit.state,
                    "start_to": visit.start,
                    "note": load.source,
                }
                for visit in visits
            ]
        )
        for item, visit in zip(items, visits, strict=True):
            item.state, item.main = "loaded", visit
            item.add_made(visit)

    @api.model
    def _remove(self, load, made):
        """History that this load wrote goes with its journal; neither may be deleted by people."""
        ids = made.get("clinic.appointment", [])
        self.env.cr.execute("DELETE FROM clinic_appointment_journal WHERE appointment_id = ANY(%s)", [ids])
        self.env.cr.execute("DELETE FROM clinic_appointment WHERE id = ANY(%s)", [ids])
        self.env.invalidate_all()

    @api.model
    def _still_there(self, load):
        links = self.env["clinic.import.link"].search([("import_id", "=", load.id)])
        return len(self.env["clinic.appointment"].browse(links.mapped("res_id")).exists())
