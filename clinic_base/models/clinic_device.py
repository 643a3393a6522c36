# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ClinicDevice(models.Model):
    """A medical device (MRI, ultrasound). May lead services or be taken by visits."""

    _name = "clinic.device"
    _description = "Medical device"
    _inherit = ["clinic.branch.part.mixin"]
    _inherits = {"resource.resource": "resource_id"}
    _order = "branch_id, sequence, id"
    _clinic_kind = "device"

    resource_id = fields.Many2one(
        "resource.resource", required=True, ondelete="restrict", index=True, bypass_search_access=True
    )
    room_id = fields.Many2one(
        "clinic.room",
        index="btree_not_null",
        domain="[('branch_id', '=', branch_id)]",
        help="Where the device stands. Empty: it is movable within the branch.",
    )
    device_type_id = fields.Many2one("clinic.device.type", index="btree_not_null")
    serial_number = fields.Char(copy=False)
    service_ids = fields.Many2many("product.product", string="Leads services")

    _resource_uniq = models.UniqueIndex("(resource_id)", "This resource already belongs to a device.")

    @api.constrains("branch_id", "room_id")
    def _check_room_branch(self):
        for device in self:
            if device.room_id and device.room_id.branch_id != device.branch_id:
                raise ValidationError(
                    self.env._(
                        "The room “%(room)s” is not in the branch of the device “%(device)s”. "
                        "Choose a room of the same branch, or leave the room empty.",
                        room=device.room_id.name,
                        device=device.name,
                    )
                )
