# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from odoo.addons.clinic_base.models.res_partner_subject import Erase


class ResPartner(models.Model):
    """Several services in one coming: for joins and the card."""

    _inherit = "res.partner"

    @api.model
    def _clinic_merge_policy(self):
        return super()._clinic_merge_policy() + [("clinic.chain", "patient_id", "repoint")]

    @api.model
    def _clinic_erase_spec(self):
        return super()._clinic_erase_spec() + [Erase("clinic.chain", "patient_id", "keep", {}, "contract")]

    def action_clinic_book_chain(self):
        """Button: several services in one coming for this patient."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("clinic_schedule.clinic_chain_find_action")
        return {**action, "context": {"dialog_size": "extra-large", "default_patient_id": self.id}}
