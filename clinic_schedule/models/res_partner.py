# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResPartner(models.Model):
    """Who reads the schedule sees the alert of a patient, as the board shows it."""

    _inherit = "res.partner"

    patient_alert = fields.Char(groups="clinic_schedule.group_clinic_schedule_reader")
