# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import CHANNELS


class ClinicBookingChannel(models.Model):
    """A way of booking, as a label that hours of work can be kept for.

    One row per key of ``CHANNELS``; administrators may give it the name the clinic uses.
    """

    _name = "clinic.booking.channel"
    _description = "Way of booking"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Selection(CHANNELS, required=True, readonly=True)
    sequence = fields.Integer(default=10)

    _code_uniq = models.UniqueIndex("(code)", "There is one row for each way of booking.")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The ways of booking belong to the program. Rename one instead."))
