# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from ..patient_row import REJECT, WARN
from ..table_text import read_minutes, read_price


class ClinicImporterService(models.AbstractModel):
    """Rows that are services with prices."""

    _name = "clinic.importer.service"
    _inherit = ["clinic.importer.directory"]
    _description = "Importer of services"
    _target, _lines = "product.product", "clinic_practitioner_line_ids"

    @api.model
    def _label(self):
        return self.env._("Services and prices")

    @api.model
    def _own_domain(self, wizard):
        return [("clinic_is_service", "=", True)]

    @api.model
    def _check_values(self, item, record):
        if record.get("duration"):
            minutes = read_minutes(record["duration"])
            if not minutes or minutes > 1440:
                item.note(REJECT, "bad_duration", "duration")
        if record.get("price") and read_price(record["price"]) is None:
            item.note(REJECT, "bad_price", "price")
        elif not record.get("price"):
            item.note(WARN, "no_price", "price")

    @api.model
    def _make(self, wizard, item):
        said = item.parsed
        # doctors are told by the row only: without them nobody is guessed
        cells = [said["name"], said.get("duration", ""), said.get("price", ""), said.get("specialty", "")]
        if said.get("doctors"):
            wizard._apply_service_line([*cells, said["doctors"]])
        else:
            wizard._apply_service_line([*cells[:3], ""])
            if cells[3]:
                made = wizard._find_named(self._target, said["name"], self._own_domain(wizard))
                made.clinic_specialty_id = wizard._specialties(cells[3])[:1]
        if said.get("code"):
            made = wizard._find_named(self._target, said["name"], self._own_domain(wizard))
            made.clinic_code = said["code"][:60]

    @api.model
    def _remove(self, load, made):
        services = self.env["product.product"].sudo().browse(made.get("product.product", ())).exists()
        services.clinic_practitioner_line_ids.unlink()
        services.unlink()
