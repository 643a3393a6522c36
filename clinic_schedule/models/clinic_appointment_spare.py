# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ClinicAppointment(models.Model):
    """A visit may have the reduced price of spare time."""

    _inherit = "clinic.appointment"

    spare_rule_id = fields.Many2one(
        "clinic.spare.rule",
        string="Reduced price",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="clinic_schedule.group_clinic_schedule_reader",
    )
    spare_chance = fields.Float(
        string="Would have been sold",
        readonly=True,
        copy=False,
        help="Chance, from 0 to 1, that the time would have been sold at the full price.",
        groups="clinic_schedule.group_clinic_schedule_reader",
    )
