# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class ClinicReportMixin(models.AbstractModel):
    """A report that is a query and not a table: always of this moment, read-only, without patients."""

    _name = "clinic.report.mixin"
    _description = "Report of the schedule"

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Such a query is long to compile and quick to run: compiling it costs seconds and saves nothing."""
        self.env.cr.execute("SET LOCAL jit TO off")
        return super()._search(domain, *args, **kwargs)
