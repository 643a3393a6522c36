# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ClinicRoom(models.Model):
    """A room of a branch. May lead services (treatment room) or be taken by visits."""

    _name = "clinic.room"
    _description = "Clinic room"
    _inherits = {"resource.resource": "resource_id"}
    _order = "branch_id, sequence, id"

    resource_id = fields.Many2one(
        "resource.resource", required=True, ondelete="restrict", index=True, bypass_search_access=True
    )
    sequence = fields.Integer(default=10)
    branch_id = fields.Many2one("clinic.branch", required=True, index=True, ondelete="restrict")
    department_id = fields.Many2one(
        "clinic.department", index="btree_not_null", domain="[('branch_id', '=', branch_id)]"
    )
    room_type_id = fields.Many2one("clinic.room.type", index="btree_not_null")
    floor = fields.Char()
    color = fields.Integer()

    _resource_uniq = models.UniqueIndex("(resource_id)", "This resource already belongs to a room.")

    @api.model_create_multi
    def create(self, vals_list):
        """Create the room with its own resource of kind room."""
        return super().create(
            [
                {"resource_type": "material", "calendar_id": False, **vals, "clinic_kind": "room"}
                for vals in vals_list
            ]
        )
