# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class ClinicBoardPlace(models.AbstractModel):
    """Where a visit takes place, on its card."""

    _inherit = "clinic.board"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _place_lines(self, appointment):
        """Lines ``(label, value)`` about a home visit or an online consultation; addresses by their right."""
        if appointment.place_kind == "clinic":
            return []
        lines = [(self.env._("Place"), appointment._place_text())]
        if appointment.place_kind == "home" and self.env.user.has_group(
            "clinic_base.group_clinic_patient_contact"
        ):
            lines.append((self.env._("Address"), appointment.visit_address))
            lines.append((self.env._("Attention"), appointment.address_warning))
        if appointment.place_kind == "tele":
            lines.append((self.env._("Link"), appointment.meeting_url))
            lines.append((self.env._("Attention"), appointment.tele_warning))
        return lines
