# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..const import REASON_BY, REASON_KINDS


class ClinicAppointmentReason(models.Model):
    """Why a visit was cancelled or moved: one click for the staff, columns of a report.

    Kept by administrators.
    """

    _name = "clinic.appointment.reason"
    _description = "Reason of a cancellation or move"
    _order = "kind, sequence, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(REASON_KINDS, required=True, default="cancel")
    by = fields.Selection(REASON_BY, required=True, default="patient", string="Whose")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
