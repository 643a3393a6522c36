# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from itertools import pairwise

from odoo import api, fields, models
from odoo.tools import format_date

LEAST_VISITS, MOST_VISITS = 2, 6


class ClinicChain(models.Model):
    """Visits that one patient has in one coming: blood test, ultrasound, doctor.

    Each visit is a row of its own with its own place. Made, moved and cancelled by the booking service.
    """

    _name = "clinic.chain"
    _description = "Visits in one coming"
    _inherit = ["clinic.access.log.mixin"]
    _order = "id desc"

    patient_id = fields.Many2one("res.partner", required=True, index=True, ondelete="restrict", readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True, default=lambda self: self.env.company
    )
    token = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    visit_ids = fields.One2many("clinic.appointment", "chain_id", string="Visits", readonly=True)
    branch_id = fields.Many2one("clinic.branch", compute="_compute_coming")
    day = fields.Date(compute="_compute_coming")
    count = fields.Integer(string="Visits in the coming", compute="_compute_coming")
    coming_count = fields.Integer(string="Coming", compute="_compute_coming")
    waiting = fields.Integer(
        string="Waiting (min)", compute="_compute_coming", help="Between the visits, all together."
    )

    _token_uniq = models.UniqueIndex("(token) WHERE token IS NOT NULL", "These visits were booked already.")

    @api.depends("visit_ids.state", "visit_ids.start", "visit_ids.stop", "visit_ids.branch_id")
    def _compute_coming(self):
        for chain in self:
            visits = chain.visit_ids._standing()
            first = (visits or chain.visit_ids.sorted("start"))[:1]
            gaps = [later.start - earlier.stop for earlier, later in pairwise(visits)]
            chain.branch_id = first.branch_id
            chain.day = first.local_date
            chain.count = len(visits)
            chain.coming_count = len(visits._to_come())
            chain.waiting = sum(gaps, timedelta()) // timedelta(minutes=1)

    @api.depends_context("lang")
    @api.depends("visit_ids.service_id.name", "day")
    def _compute_display_name(self):
        for chain in self:
            visits = chain.visit_ids._standing() or chain.visit_ids.sorted("start")
            names = " → ".join(visit.service_id.name for visit in visits)
            chain.display_name = f"{format_date(self.env, chain.day)} · {names}" if chain.day else names

    def action_move(self):
        """Button: find other times for all visits that are still to come."""
        self.ensure_one()
        return self.env["clinic.chain.find"]._open(self)

    def action_route_sheet(self):
        """Button: print the sheet with all visits of the day for the patient."""
        self.ensure_one()
        visits = self.visit_ids._standing()[:1]
        return self.env.ref("clinic_schedule.action_report_route_sheet").report_action(visits)
