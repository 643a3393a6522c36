# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL


class ResPartner(models.Model):
    """Cards that came from another program."""

    _inherit = "res.partner"

    @api.model
    def _clinic_merge_policy(self):
        return [
            *super()._clinic_merge_policy(),
            ("clinic.import.row", "patient_id", "repoint"),
            ("clinic.import.row", "candidate_id", "repoint"),
            # the identifier of the old program leads to the card that stays
            ("clinic.import.link", "res_id", "repoint"),
        ]

    @api.model
    def _next_patient_numbers(self, branch, count):
        """So many card numbers as ``_next_patient_number`` would give one by one, in two queries."""
        sequences, code = self._patient_sequences(branch)
        companies = [sequences.env.company.id, False]
        sequence = sequences.search(
            [("code", "=", code), ("company_id", "in", companies)], order="company_id", limit=1
        )
        if not sequence or sequence.implementation != "standard" or sequence.use_date_range:
            return [self._next_patient_number(branch) for _turn in range(count)]
        numbers = []
        while len(numbers) < count:
            rows = self.env.execute_query(
                SQL(
                    "SELECT nextval(%s) FROM generate_series(1, %s)",
                    f"ir_sequence_{sequence.id:03d}",
                    count - len(numbers),
                )
            )
            found = [sequence.get_next_char(value) for (value,) in rows]
            taken = {
                number
                for (number,) in self.env.execute_query(
                    SQL("SELECT patient_number FROM res_partner WHERE patient_number = ANY(%s)", found)
                )
            }
            numbers += [number for number in found if number not in taken]
        return numbers
