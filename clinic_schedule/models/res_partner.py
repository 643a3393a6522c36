# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ResPartner(models.Model):
    """Who reads the schedule sees the alert of a patient, as the board shows it."""

    _inherit = "res.partner"

    patient_alert = fields.Char(groups="clinic_schedule.group_clinic_schedule_reader")

    @api.model
    def _clinic_merge_policy(self):
        return super()._clinic_merge_policy() + [("clinic.appointment", "patient_id", "combine")]
