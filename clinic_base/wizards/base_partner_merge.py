# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Odoo's merge of contacts deletes rows and cannot be undone: patients are not for it."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        partners = self.env["res.partner"].browse(partner_ids)
        if any(partner.is_patient for partner in partners.exists()):
            raise UserError(
                self.env._(
                    "Cards of patients are not merged here: consents and phones would be lost for good. "
                    "Leave the patients out of the selection."
                )
            )
        return super()._merge(partner_ids, dst_partner, extra_checks)
