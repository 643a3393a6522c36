# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import ACTIONS, CHANNELS, STATES


class ClinicAppointmentJournal(models.Model):
    """One action on a visit: who, when, through which channel, from what to what, why.

    Written by the appointment itself in the same transaction; never changed.
    """

    _name = "clinic.appointment.journal"
    _description = "Journal of a visit"
    _order = "id desc"
    _rec_name = "action"

    appointment_id = fields.Many2one("clinic.appointment", required=True, index=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", required=True, index="btree_not_null", ondelete="restrict")
    at = fields.Datetime(required=True)
    channel = fields.Selection(CHANNELS)
    action = fields.Selection(ACTIONS, required=True)
    state_from = fields.Selection(STATES)
    state_to = fields.Selection(STATES, required=True)
    start_from = fields.Datetime()
    start_to = fields.Datetime()
    reason_id = fields.Many2one("clinic.appointment.reason", index="btree_not_null", ondelete="restrict")
    note = fields.Char()
    before = fields.Json(help="What the visit was before the action, for taking it back.")
    tz = fields.Selection(related="appointment_id.tz")

    def write(self, vals):  # pylint: disable=method-required-super
        """A journal is not rewritten."""
        raise UserError(self.env._("The journal of visits cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The journal of visits cannot be deleted."))
