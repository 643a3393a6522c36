# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..const import ABSENCE_KINDS


class ClinicBlockReason(models.Model):
    """Why time is closed: lunch, a staff meeting, disinfection … A dictionary of administrators.

    The name is what everybody reads on the board.
    """

    _name = "clinic.block.reason"
    _description = "Reason of closed time"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        ABSENCE_KINDS, required=True, default="other", help="As what it counts in the list of absences."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
