# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class ResPartner(models.Model):
    """Cards that came from another program."""

    _inherit = "res.partner"

    @api.model
    def _clinic_merge_policy(self):
        return [
            *super()._clinic_merge_policy(),
            ("clinic.import.row", "patient_id", "repoint"),
            ("clinic.import.row", "candidate_id", "repoint"),
            # the identifier of the old program leads to the card that stays
            ("clinic.import.link", "res_id", "repoint"),
        ]
