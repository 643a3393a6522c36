# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from ..messages_import import person_reason
from ..patient_row import REJECT
from ..person_match import AUTO


class ClinicImporterPerson(models.AbstractModel):
    """Rows about patients who are already there: found by identifier, card number, or name and birth date."""

    _name = "clinic.importer.person"
    _inherit = ["clinic.importer"]
    _description = "Importer of rows about patients"

    @api.model
    def _missing(self, codes):
        if codes & {"patient_id", "patient_number", "patient_name"}:
            return ""
        return self.env._("Say which column names the patient: identifier, card number or name.")

    @api.model
    def _reason(self, code):
        return person_reason(self.env, code) or super()._reason(code)

    @api.model
    def _find_people(self, load, items):
        """Fill ``patient`` of each item; who is not found is rejected."""
        links = self.env["clinic.import.link"]
        wanted = {item.record["patient_id"].strip() for item in items if item.record.get("patient_id")}
        known = links._known("patient", load.source, wanted)
        numbers = {
            item.record["patient_number"].strip() for item in items if item.record.get("patient_number")
        }
        by_number = self._by_numbers(numbers)
        for item in items:
            record = item.record
            found = known.get(record.get("patient_id", "").strip(), ("", 0))[1]
            found = found or by_number.get(record.get("patient_number", "").strip())
            item.patient = found or self._by_name(record) or 0
            if not item.patient:
                item.note(REJECT, "no_patient", "patient_id")

    @api.model
    def _by_numbers(self, numbers):
        """``{card number: id}``; the number of a card that was joined leads to the card it was joined to."""
        if not numbers:
            return {}
        everybody = self.env["res.partner"].with_context(active_test=False)
        cards = everybody.search([("patient_number", "in", list(numbers))])
        return {
            card.patient_number: (card.merged_into_id or card).id
            for card in cards
            if (card.merged_into_id or card).active
        }

    @api.model
    def _by_name(self, record):
        """The one card that surely is this person, or nothing."""
        if not record.get("patient_name"):
            return 0
        asked = {
            "full_name": record["patient_name"],
            "birth_date": record.get("birth_date", ""),
            "phone": record.get("phone", ""),
        }
        found = [
            card_id
            for card_id, match, *_rest in self.env["clinic.match"].sudo()._check_record(asked)
            if match.zone == AUTO
        ]
        return found[0] if len(found) == 1 else 0
