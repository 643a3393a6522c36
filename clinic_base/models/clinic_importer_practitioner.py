# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo import api, models

from ..import_cells import digits
from ..patient_row import WARN

#: Posts of nurses: «медсестра», «медицинский брат», «старшая сестра».
NURSE = re.compile(r"сестр|медбрат|медицинск\w+ брат", re.IGNORECASE)


class ClinicImporterPractitioner(models.AbstractModel):
    """Rows that are doctors."""

    _name = "clinic.importer.practitioner"
    _inherit = ["clinic.importer.directory"]
    _description = "Importer of doctors"
    _target, _lines = "clinic.practitioner", "service_line_ids"

    @api.model
    def _label(self):
        return self.env._("Doctors")

    @api.model
    def _own_domain(self, wizard):
        return wizard._own_or_shared()

    @api.model
    def _check_values(self, item, record):
        if record.get("snils") and len(digits(record["snils"])) != 11:
            item.note(WARN, "bad_snils", "snils")
            record.pop("snils")

    @api.model
    def _make(self, wizard, item):
        said = item.parsed
        wizard._apply_doctor_line(
            [said["name"], said.get("specialty", ""), said.get("branch", ""), said.get("audience", "")]
        )
        made = wizard._find_named(self._target, said["name"], self._own_domain(wizard))
        if NURSE.search(said.get("specialty", "")):
            made.role = "nurse"
        if said.get("snils"):
            made.snils = said["snils"]

    @api.model
    def _remove(self, load, made):
        self.env["clinic.practitioner"].sudo().browse(made.get("clinic.practitioner", ())).exists().unlink()
