# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResCompany(models.Model):
    """How the clinic treats what doctors ask for."""

    _inherit = "res.company"

    clinic_absence_approval = fields.Selection(
        [
            ("always", "Always"),
            ("with_visits", "Only when visits are touched"),
            ("never", "Never"),
        ],
        string="Absences of doctors need approval",
        default="with_visits",
        required=True,
    )
