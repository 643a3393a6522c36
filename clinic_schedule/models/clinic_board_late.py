# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class ClinicBoardLate(models.AbstractModel):
    """Heads of columns tell how late their doctor is."""

    _inherit = "clinic.board"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _load_columns(self, scope):
        """Adds to each column ``late``, minutes of its doctor, and ``late_after``, those of patients."""
        data = super()._load_columns(scope)
        ids = {column["resource_id"] for column in data["columns"]}
        late = self.env["clinic.delay"]._of(ids, scope["dates"]) if scope["kind"] == "practitioner" else {}
        after = self.env["clinic.appointment"]._late_after()
        for column in data["columns"]:
            column["late_after"] = after
            column["late"] = late.get((column["resource_id"], column["date"]), 0)
        return data
