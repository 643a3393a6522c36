# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from odoo.addons.clinic_base.models.res_partner_subject import Erase


class ResPartner(models.Model):
    """Time tickets made out to a patient: for joins and erasure."""

    _inherit = "res.partner"

    @api.model
    def _clinic_merge_policy(self):
        return super()._clinic_merge_policy() + [("clinic.time.ticket", "patient_id", "repoint")]

    @api.model
    def _clinic_erase_spec(self):
        return super()._clinic_erase_spec() + [
            Erase("clinic.time.ticket", "patient_id", "wipe", {"note": None}, "contract")
        ]
