# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ClinicRoom(models.Model):
    """A room of a branch. May lead services (treatment room) or be taken by visits."""

    _name = "clinic.room"
    _description = "Clinic room"
    _inherit = ["clinic.branch.part.mixin"]
    _inherits = {"resource.resource": "resource_id"}
    _order = "branch_id, sequence, id"
    _clinic_kind = "room"

    resource_id = fields.Many2one(
        "resource.resource", required=True, ondelete="restrict", index=True, bypass_search_access=True
    )
    department_id = fields.Many2one(
        "clinic.department", index="btree_not_null", domain="[('branch_id', '=', branch_id)]"
    )
    room_type_id = fields.Many2one("clinic.room.type", index="btree_not_null")
    floor = fields.Char()
    device_ids = fields.One2many("clinic.device", "room_id", string="Devices")
    service_ids = fields.Many2many("product.product", string="Leads services")

    _resource_uniq = models.UniqueIndex("(resource_id)", "This resource already belongs to a room.")

    @api.constrains("branch_id", "department_id")
    def _check_department_branch(self):
        for room in self:
            if room.department_id and room.department_id.branch_id != room.branch_id:
                raise ValidationError(
                    self.env._(
                        "The department “%(department)s” is not in the branch of the room “%(room)s”. "
                        "Choose a department of the same branch.",
                        department=room.department_id.name,
                        room=room.name,
                    )
                )
