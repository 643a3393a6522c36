# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ClinicAppointment(models.Model):
    """A visit may have the price of a time ticket."""

    _inherit = "clinic.appointment"

    ticket_id = fields.Many2one(
        "clinic.time.ticket",
        string="Time ticket",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="clinic_base.group_clinic_booking",
    )

    # a time that is only held does not use a ticket up
    _ticket_once = models.UniqueIndex(
        "(ticket_id) WHERE ticket_id IS NOT NULL"
        " AND state NOT IN ('held', 'cancelled_patient', 'cancelled_clinic')",
        "This ticket is used already.",
    )
