# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ClinicAppointment(models.Model):
    """A visit may be one of several in one coming."""

    _inherit = "clinic.appointment"

    chain_id = fields.Many2one(
        "clinic.chain",
        string="In one coming",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="clinic_schedule.group_clinic_schedule_reader",
    )
    chain_count = fields.Integer(
        compute="_compute_chain_count", groups="clinic_schedule.group_clinic_schedule_reader"
    )

    @api.depends("chain_id.count")
    def _compute_chain_count(self):
        for visit in self:
            visit.chain_count = visit.chain_id.count

    def action_open_chain(self):
        """Button: the visits of this coming."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "clinic.chain",
            "res_id": self.chain_id.id,
            "views": [(False, "form")],
        }
