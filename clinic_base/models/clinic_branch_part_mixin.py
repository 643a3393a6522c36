# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class ClinicBranchPartMixin(models.AbstractModel):
    """A room or device: stands in one branch and has a resource of its own.

    The resource lives in the zone and the company of the branch, whoever creates it.
    """

    _name = "clinic.branch.part.mixin"
    _description = "Bookable part of a branch"
    _order = "branch_id, sequence, id"

    sequence = fields.Integer(default=10)
    branch_id = fields.Many2one("clinic.branch", required=True, index=True, ondelete="restrict")
    color = fields.Integer()
    archived_with_branch = fields.Boolean(copy=False, readonly=True)

    #: The ``clinic_kind`` of the resource.
    _clinic_kind = None

    @api.model_create_multi
    def create(self, vals_list):
        """Create the record with its own resource, in the zone and company of the branch."""
        branches = self.env["clinic.branch"]
        prepared = []
        for vals in vals_list:
            branch = branches.browse(vals.get("branch_id") or self.env.context.get("default_branch_id"))
            prepared.append(
                {
                    "resource_type": "material",
                    "calendar_id": False,
                    **vals,
                    **({"tz": branch.tz, "company_id": branch.company_id.id} if branch else {}),
                    "clinic_kind": self._clinic_kind,
                }
            )
        return super().create(prepared)

    def write(self, vals):
        """A move to another branch takes its zone and company; bringing back needs a living branch."""
        if vals.get("branch_id"):
            branch = self.env["clinic.branch"].browse(vals["branch_id"])
            vals = {**vals, "tz": branch.tz, "company_id": branch.company_id.id}
        if vals.get("active") and "archived_with_branch" not in vals:
            vals = {**vals, "archived_with_branch": False}
        return super().write(vals)

    def unlink(self):
        """Delete the resource too: nothing else may use it."""
        resources = self.resource_id
        result = super().unlink()
        resources.unlink()
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "name" in (default or {}):
            return vals_list
        return [
            dict(vals, name=self.env._("%s (copy)", record.name))
            for record, vals in zip(self, vals_list, strict=True)
        ]

    @api.constrains("active", "branch_id")
    def _check_branch_active(self):
        for record in self:
            if record.active and not record.branch_id.active:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” belongs to the archived branch “%(branch)s”. "
                        "Bring the branch back first, or choose another one.",
                        name=record.name,
                        branch=record.branch_id.name,
                    )
                )

    @api.model
    def _site_domain(self, booking=False):
        """Rooms and devices obey the switches of their branch."""
        return Domain("branch_id", "any", self.env["clinic.branch"]._site_domain(booking))
