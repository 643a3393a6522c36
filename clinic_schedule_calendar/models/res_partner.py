# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from odoo.addons.clinic_base.models.res_partner_subject import Erase


class ResPartner(models.Model):
    """A copy may bear the patient's name: it goes when the person's data are destroyed."""

    _inherit = "res.partner"

    @api.model
    def _clinic_erase_spec(self):
        lines = super()._clinic_erase_spec()
        visits = next(line for line in lines if line.model == "clinic.appointment" and not line.parent)
        return lines + [Erase("calendar.event", "clinic_appointment_id", "delete", parent=visits.key)]
