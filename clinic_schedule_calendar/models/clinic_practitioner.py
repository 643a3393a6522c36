# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ClinicPractitioner(models.Model):
    """Whose visits are copied. Switched on for one practitioner by one, by administrators."""

    _inherit = "clinic.practitioner"

    calendar_copy = fields.Boolean(
        string="Copy visits into the calendar",
        copy=False,
        help="Coming visits are shown in the Odoo calendar of this person's user. One way only: what is"
        " changed in the calendar changes no visit.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Create practitioners; copies follow soon."""
        practitioners = super().create(vals_list)
        if any(practitioners.mapped("calendar_copy")):
            self.env["calendar.event"]._clinic_copy_soon()
        return practitioners

    def write(self, vals):
        """Change practitioners; copies follow soon when it matters to them."""
        result = super().write(vals)
        if {"calendar_copy", "active", "user_id"} & vals.keys():
            self.env["calendar.event"]._clinic_copy_soon()
        return result
