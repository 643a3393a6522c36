# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..slot_algebra import utc_to_wall


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

    def _coming_text(self):
        """The visits of the same coming with their times on the clock of the branch, in one line."""
        self.ensure_one()
        return ", ".join(
            f"{utc_to_wall(visit.start, visit.tz):%H:%M} {visit.service_id.name}"
            for visit in self.chain_id.visit_ids._standing()
        )

    def action_book_chain(self):
        """Button: several services in one coming for this patient, on the day of this visit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("clinic_schedule.clinic_chain_find_action")
        day = max(self.local_date, fields.Date.context_today(self))
        defaults = {
            "default_patient_id": self.patient_id.id,
            "default_branch_id": self.branch_id.id,
            "default_first_day": fields.Date.to_string(day),
        }
        return {**action, "context": {"dialog_size": "extra-large", **defaults}}
