# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class ResPartner(models.Model):
    """What the site keeps of a patient goes with a joined card."""

    _inherit = "res.partner"

    @api.model
    def _clinic_merge_policy(self):
        return super()._clinic_merge_policy() + [
            ("clinic.appointment", "portal_partner_id", "repoint"),
            ("clinic.site.request", "patient_id", "repoint"),
        ]
