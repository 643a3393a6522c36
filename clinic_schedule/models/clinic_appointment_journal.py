# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import ACTIONS, CHANNELS, STATES
from ..slot_algebra import utc_to_wall


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
    who = fields.Char(compute="_compute_who")
    wall_from = fields.Char(compute="_compute_walls", string="Was at (branch time)")
    wall_to = fields.Char(compute="_compute_walls", string="Is at (branch time)")

    @api.depends("user_id")
    def _compute_who(self):
        """The visitor of the site has no account: the row then says so instead of a technical name."""
        visitor = self.env.ref("base.public_user")
        for line in self:
            line.who = (
                self.env._("Visitor of the site") if line.user_id == visitor else line.user_id.sudo().name
            )

    @api.depends("start_from", "start_to", "tz")
    def _compute_walls(self):
        """Times on the branch's clock, as everywhere else on the visit."""
        for line in self:
            for wall, start in (("wall_from", line.start_from), ("wall_to", line.start_to)):
                line[wall] = f"{utc_to_wall(start, line.tz):%d.%m %H:%M}" if start and line.tz else False

    def write(self, vals):  # pylint: disable=method-required-super
        """A journal is not rewritten."""
        raise UserError(self.env._("The journal of visits cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The journal of visits cannot be deleted."))
