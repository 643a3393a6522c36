# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import CHANNELS, EVENT_KINDS


class ClinicBookingEvent(models.Model):
    """One step of somebody's booking, without the person: figures of the funnel.

    Written by the booking service and, through it, by the site. Append-only.
    """

    _name = "clinic.booking.event"
    _description = "Booking event"
    _order = "id desc"
    _rec_name = "kind"
    _log_access = False

    at = fields.Datetime(required=True, index=True)
    kind = fields.Selection(EVENT_KINDS, required=True)
    channel = fields.Selection(CHANNELS)
    branch_id = fields.Many2one("clinic.branch", index="btree_not_null", ondelete="set null")
    company_id = fields.Many2one(related="branch_id.company_id")
    service_id = fields.Many2one("product.product", index="btree_not_null", ondelete="set null")
    resource_id = fields.Many2one("resource.resource", index="btree_not_null", ondelete="set null")
    duration_ms = fields.Integer(string="Duration, ms", aggregator="avg")
    overbooked = fields.Boolean(string="CITO", help="An extra visit, put into a time that was taken already.")
    session_hash = fields.Char(help="Tells steps of one visitor together; not traceable to a person.")

    def write(self, vals):  # pylint: disable=method-required-super
        """Figures are not rewritten."""
        raise UserError(self.env._("Booking events cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Booking events cannot be deleted."))
