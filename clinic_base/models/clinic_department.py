# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.fields import Domain


class ClinicDepartment(models.Model):
    """A department of a branch (therapy, diagnostics, laboratory). Created by administrators."""

    _name = "clinic.department"
    _description = "Clinic department"
    _inherit = ["clinic.site.visible.mixin"]
    _order = "branch_id, sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char()
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    branch_id = fields.Many2one("clinic.branch", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="branch_id.company_id", store=True, index=True)
    frmo_oid = fields.Char(string="FRMO OID")
    archived_with_branch = fields.Boolean(copy=False, readonly=True)

    def _site_domain(self, booking=False):
        """Also the branch must be open to patients."""
        branch = self.env["clinic.branch"]._site_domain(booking)
        return super()._site_domain(booking) & Domain("branch_id", "any", branch)
