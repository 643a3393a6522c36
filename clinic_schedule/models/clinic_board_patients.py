# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

QUICK_FIELDS = ("family_name", "given_name", "patronymic", "phone", "birth_date")


class ClinicBoardPatients(models.AbstractModel):
    """Patients at the desk: found by one typed line, or made from a surname and a phone."""

    _inherit = "clinic.board"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _check_desk(self):
        """Only those who book may ask for patients and prices here."""
        if not self.env.user.has_group("clinic_base.group_clinic_booking"):
            raise AccessError(
                self.env._("Your role does not book visits. Ask a clinic administrator for the right.")
            )

    @api.model
    def _patient_row(self, card):
        """A row of ``clinic_search_patients`` as the dialog shows it: one line of details."""
        born = self._birth_text(card)
        details = [born, ", ".join(card["phones"][:2]), card["patient_number"], card["branch"]]
        return {
            "id": card["id"],
            "name": card["display_name"],
            "details": " · ".join(filter(None, details)),
            "phone": card["phones"][0] if card["phones"] else "",
            "family_name": (card["display_name"] or "").split(" ")[0],
            "alert": card["alert"],
            "flags": card["flags"],
        }

    @api.model
    def _birth_text(self, card):
        if not card["birth_date"]:
            return ""
        return f"{format_date(self.env, card['birth_date'])}, {self._age_text(card['age'])}"

    @api.model
    def _age_text(self, age):
        """An age in words: Russian needs three forms of the year."""
        last, teen = age % 10, age % 100 in range(11, 15)
        if last == 1 and not teen:
            return self.env._("aged %(age)s", age=age)
        if last in (2, 3, 4) and not teen:
            return self.env._("age %(age)s", age=age)
        return self.env._("%(age)s y. o.", age=age)

    @api.model
    @api.readonly
    def search_patients(self, query, limit=8):
        """Patients for one typed line: surname, phone, birth date, card number.

        :return: list of dicts ``id, name, details, phone, family_name, alert, flags``
        """
        self._check_desk()
        found = self.env["res.partner"].clinic_search_patients(str(query)[:200], limit=min(limit, 20))
        return [self._patient_row(card) for card in found]

    @api.model
    @api.readonly
    def same_patients(self, vals):
        """Cards that the person being registered may already have."""
        self._check_desk()
        found = self.env["res.partner"].clinic_find_similar(self._quick_vals(vals), limit=6)
        return [self._patient_row(card) for card in found]

    @api.model
    def create_patient(self, vals):
        """Make a provisional card from a surname and a phone (other parts may be empty).

        :return: the row of the new patient as in ``search_patients``
        """
        self._check_desk()
        vals = self._quick_vals(vals)
        if not vals.get("family_name") or not vals.get("phone"):
            raise UserError(
                self.env._("A provisional card needs a surname and a phone. Fill both and try again.")
            )
        return self._patient_row(self.env["res.partner"].clinic_quick_create_patient(vals))

    @api.model
    def _quick_vals(self, vals):
        found = {name: str(vals.get(name) or "").strip() for name in QUICK_FIELDS}
        return {name: value for name, value in found.items() if value}
