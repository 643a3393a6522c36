# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ClinicAppointment(models.Model):
    """The package of documents from a visit: its branch prints, its service stands in the forms."""

    _inherit = "clinic.appointment"

    def action_document_package(self):
        """Open the window with the papers the patient of this visit needs. Rights: the desk, and a doctor
        for his own patients."""
        self.ensure_one()
        self.check_access("read")
        return self.env["clinic.print.package"]._open(self.patient_id, self.branch_id, about=self)
