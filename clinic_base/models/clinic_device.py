# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ClinicDevice(models.Model):
    """A medical device (MRI, ultrasound). May lead services or be taken by visits."""

    _name = "clinic.device"
    _description = "Medical device"
    _inherits = {"resource.resource": "resource_id"}
    _order = "branch_id, sequence, id"

    resource_id = fields.Many2one(
        "resource.resource", required=True, ondelete="restrict", index=True, bypass_search_access=True
    )
    sequence = fields.Integer(default=10)
    branch_id = fields.Many2one("clinic.branch", required=True, index=True, ondelete="restrict")
    room_id = fields.Many2one(
        "clinic.room",
        index="btree_not_null",
        domain="[('branch_id', '=', branch_id)]",
        help="Where the device stands. Empty: it is movable within the branch.",
    )
    device_type_id = fields.Many2one("clinic.device.type", index="btree_not_null")
    serial_number = fields.Char()
    color = fields.Integer()

    _resource_uniq = models.UniqueIndex("(resource_id)", "This resource already belongs to a device.")

    @api.model_create_multi
    def create(self, vals_list):
        """Create the device with its own resource of kind device."""
        return super().create(
            [
                {"resource_type": "material", "calendar_id": False, **vals, "clinic_kind": "device"}
                for vals in vals_list
            ]
        )
