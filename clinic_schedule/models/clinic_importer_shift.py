# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from odoo.addons.clinic_base.patient_row import REJECT, read_clock
from odoo.addons.clinic_base.table_text import key
from odoo.addons.clinic_base.texts import whole_number

from ..slot_algebra import wall_to_utc

MAX_STEP = 240


class ClinicImporterShift(models.AbstractModel):
    """Rows that are shifts: who works, where, from when to when."""

    _name = "clinic.importer.shift"
    _inherit = ["clinic.importer.schedule"]
    _description = "Importer of shifts"

    @api.model
    def _label(self):
        return self.env._("Shifts")

    @api.model
    def _missing(self, codes):
        if {"resource", "date", "stop"} <= codes:
            return ""
        return self.env._(
            "Say which columns hold the doctor, the day with the start, and the end of the shift."
        )

    @api.model
    def _check(self, load, items):
        known = self._directory(load)
        for item in items:
            item.parsed = place = self._place(load, item, known)
            stop = read_clock(place["record"].get("stop", "").rpartition(" ")[2])
            if not place["start"]:
                continue
            place["stop"] = wall_to_utc(place["day"], stop, place["branch"].tz) if stop else None
            if not place["stop"] or place["stop"] <= place["start"]:
                item.note(REJECT, "no_stop", "stop")

    @api.model
    def _load(self, load, items):
        rooms = self.env["clinic.room"].search([("branch_id.company_id", "in", (False, load.company_id.id))])
        vals_list = []
        for item in items:
            place = item.parsed
            named = key(place["record"].get("room"))
            room = rooms.filtered(
                lambda each, b=place["branch"], n=named: each.branch_id == b and key(each.name) == n
            )
            vals_list.append(
                {
                    "resource_id": place["resource"].id,
                    "branch_id": place["branch"].id,
                    "room_id": room[:1].id,
                    "start": place["start"],
                    "stop": place["stop"],
                    "step": min(whole_number(place["record"].get("step"), 0), MAX_STEP),
                }
            )
        for item, shift in zip(items, self.env["clinic.shift"].sudo().create(vals_list), strict=True):
            item.state, item.main = "loaded", shift
            item.add_made(shift)

    @api.model
    def _still_there(self, load):
        ids = self.env["clinic.import.link"].search([("import_id", "=", load.id)]).mapped("res_id")
        return len(self.env["clinic.shift"].browse(ids).exists())
