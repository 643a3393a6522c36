# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ClinicAppointment(models.Model):
    """A visit may be one of a course."""

    _inherit = "clinic.appointment"

    course_id = fields.Many2one(
        "clinic.course",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="clinic_schedule.group_clinic_schedule_reader",
    )
