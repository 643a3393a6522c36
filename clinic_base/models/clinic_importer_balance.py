# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo import api, models
from odoo.tools import SQL

from ..patient_row import REJECT, SKIP, read_day
from ..table_text import read_price

_DEBT = re.compile(r"долг|задолж|недопл|debt", re.IGNORECASE)
_DEPOSIT = re.compile(r"аванс|депозит|переплат|остат|бонус|deposit", re.IGNORECASE)


class ClinicImporterBalance(models.AbstractModel):
    """Deposits and debts of patients at the change of programs.

    Nothing is booked: the rows stay, sealed and tied to their cards, until billing takes them over
    (``_balances``).
    """

    _name = "clinic.importer.balance"
    _inherit = ["clinic.importer.person"]
    _description = "Importer of deposits and debts"

    @api.model
    def _label(self):
        return self.env._("Deposits and debts")

    @api.model
    def _missing(self, codes):
        if "amount" not in codes:
            return self.env._("Say which column holds the sum.")
        return super()._missing(codes)

    @api.model
    def _keeps_rows(self):
        return True

    @api.model
    def _read(self, record):
        """``(kind, sum, day)`` of a row; the sum is ``None`` when it cannot be read."""
        text = record.get("amount", "").strip().replace("−", "-").replace("–", "-")
        negative = text.startswith("-") or (text.startswith("(") and text.endswith(")"))
        amount = read_price(text.strip("-() "))
        said = record.get("kind", "")
        debt = bool(_DEBT.search(said)) or (negative and not _DEPOSIT.search(said))
        return "debt" if debt else "deposit", amount, read_day(record.get("date", "").strip()[:10])

    @api.model
    def _check(self, load, items):
        self._find_people(load, items)
        for item in items:
            item.parsed = self._read(item.record)
            _kind, amount, item.moment = item.parsed
            if amount is None:
                item.note(REJECT, "no_amount", "amount")
            elif not amount:
                item.note(SKIP, "zero_amount", "amount")

    @api.model
    def _load(self, load, items):
        for item in items:
            item.state, item.main = "loaded", self.env["res.partner"].browse(item.patient)

    @api.model
    def _balances(self, load):
        """``[(row id, patient id, kind, sum, day)]`` of the rows that wait for billing."""
        items, after = [], 0
        while batch := load._take(SQL("r.state = 'loaded' AND r.id > %s", after), 1000):
            after = batch[-1].row_id
            items += [(item.row_id, item.patient, *self._read(item.record)) for item in batch]
        return items

    @api.model
    def _still_there(self, load):
        return load.loaded_count

    @api.model
    def _reconcile(self, load):
        sums = {"deposit": 0.0, "debt": 0.0}
        for _row, _patient, kind, amount, _day in self.sudo()._balances(load.sudo()):
            sums[kind] += amount
        return [
            (self.env._("Deposits, sum"), f"{sums['deposit']:.2f}"),
            (self.env._("Debts, sum"), f"{sums['debt']:.2f}"),
        ]
