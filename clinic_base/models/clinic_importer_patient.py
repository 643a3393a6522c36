# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..messages_import import patient_reason
from ..patient_row import REJECT, SKIP, WARN, read_day, read_patient, worst
from ..table_file import PEOPLE_WORDS, with_second_phone
from ..table_text import key

#: Any of these makes a table of people.
_NAMES = {"full_name", "family_name"}


class ClinicImporterPatient(models.AbstractModel):
    """Rows that are patients: what a row says of a person."""

    _name = "clinic.importer.patient"
    _inherit = ["clinic.importer"]
    _description = "Importer of patients"

    @api.model
    def _label(self):
        return self.env._("Patients")

    @api.model
    def _heading_words(self):
        return dict(PEOPLE_WORDS)

    @api.model
    def _second_columns(self, codes, titles):
        recognise = self.env["clinic.import.field"]._recogniser("patient")
        return with_second_phone(codes, titles, recognise)

    @api.model
    def _joined_codes(self):
        return {"note", "phone", "phone2", "address"}

    @api.model
    def _identifier(self, record):
        number = record.get("card_number", "")
        return record.get("id") or (f"№ {number}" if number.strip() else "")

    @api.model
    def _missing(self, codes):
        if not codes & _NAMES:
            return self.env._(
                "Say which column holds the name of the patient: the whole name or the surname."
            )
        return ""

    @api.model
    def _reason(self, code):
        return patient_reason(self.env, code) or super()._reason(code)

    @api.model
    def _check(self, load, items):
        today = fields.Date.context_today(self)
        city_code = load.company_id.clinic_city_code or ""
        for item in items:
            item.parsed = read_patient(item.record, today, city_code)
            item.notes += [note for note in item.parsed.notes if note not in item.notes]
            item.moment = read_day(item.record.get("created", "").strip()[:10])
        self._check_numbers(load, items)

    @api.model
    def _check_numbers(self, load, items):
        """A card number that another card has becomes a line of the note."""
        wanted = {}
        for item in items:
            number = item.parsed.vals.get("card_number")
            if number and worst(item.notes) not in (REJECT, SKIP):
                wanted.setdefault(number, []).append(item)
        if not wanted:
            return
        taken = {
            number
            for (number,) in self.env.execute_query(
                SQL("SELECT patient_number FROM res_partner WHERE patient_number = ANY(%s)", list(wanted))
            )
        }
        for number, holders in wanted.items():
            for item in holders if number in taken else holders[1:]:
                item.parsed.vals.pop("card_number")
                item.parsed.remarks.append(f"№ {number}")
                item.note(WARN, "number_taken", "card_number")

    @api.model
    def _strangers(self, known):
        """Another surname, another given name and another birth date than the card has."""
        ids = [res_id for _item, model, res_id in known if model == "res.partner"]
        if not ids:
            return set()
        rows = self.env.execute_query(
            SQL(
                "SELECT id, family_name, given_name, birth_date FROM res_partner WHERE id = ANY(%s)"
                " AND family_name IS NOT NULL AND given_name IS NOT NULL AND birth_date IS NOT NULL",
                ids,
            )
        )
        cards = {card_id: rest for card_id, *rest in rows}
        found = set()
        for item, _model, res_id in known:
            said = item.parsed.vals
            if item.ref.startswith("#"):
                continue  # known by its content, not by an identifier
            if res_id in cards and said.get("birth_date") not in (None, False, cards[res_id][2]):
                pairs = zip((said.get("family_name"), said.get("given_name")), cards[res_id], strict=False)
                if all(key(own) and key(own) != key(other) for own, other in pairs):
                    found.add(item.row_id)
        return found

    @api.model
    def _branches(self):
        """``{name: id}`` of branches, names as they are compared."""
        return {key(branch.name): branch.id for branch in self.env["clinic.branch"].search([])}

    @api.model
    def _still_there(self, load):
        return self.env.execute_query(
            SQL(
                """
                SELECT count(*) FROM clinic_import_link l JOIN res_partner p ON p.id = l.res_id
                 WHERE l.import_id = %s AND l.model = 'res.partner'
                   AND (p.active OR p.merged_into_id IS NOT NULL)
                """,
                load.id,
            )
        )[0][0]
