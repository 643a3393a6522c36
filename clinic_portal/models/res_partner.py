# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from odoo.addons.clinic_base.models.res_partner_subject import Erase


class ResPartner(models.Model):
    """What the site keeps of a patient goes with a joined card."""

    _inherit = "res.partner"

    @api.model
    def _clinic_merge_policy(self):
        return super()._clinic_merge_policy() + [
            ("clinic.appointment", "portal_partner_id", "repoint"),
            ("clinic.site.request", "patient_id", "repoint"),
        ]

    @api.model
    def _clinic_erase_spec(self):
        return super()._clinic_erase_spec() + [
            Erase("clinic.appointment", "portal_partner_id", "wipe", {"portal_partner_id": None}),
            Erase("clinic.site.request", "patient_id", "wipe", {"phone": None, "wish": None, "token": None}),
        ]

    def _clinic_erase_more(self):
        result = super()._clinic_erase_more()
        limit = self.env["clinic.portal.limit"]
        hashes = [limit._hash("phone", phone.number) for phone in self.clinic_phone_ids if phone.number]
        self.env["clinic.phone.code"].search([("phone_hash", "in", hashes)]).unlink()
        return result

    def _clinic_subject_sections(self):
        requests = self.env["clinic.site.request"].search([("patient_id", "=", self.id)])
        names = ("create_date", "phone", "service_id", "wish", "state")
        accounts = self.with_context(active_test=False).user_ids
        return super()._clinic_subject_sections() + [
            self._subject_list("site_requests", self.env._("Requests from the site"), requests, names),
            self._subject_section(
                "accounts",
                self.env._("Account of the site"),
                [(account.login, account.login_date) for account in accounts],
                [self.env._("Login"), self.env._("Last sign-in")],
            ),
        ]
