# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..const import RESOURCE_KINDS


class ResourceResource(models.Model):
    """What can be occupied: the clinic's practitioners, rooms and devices delegate to it.

    Shifts and claims of ``clinic_schedule`` refer to ``resource.resource``, so that any of
    the three kinds may lead a service.
    """

    _inherit = "resource.resource"

    clinic_kind = fields.Selection(RESOURCE_KINDS, index="btree_not_null", readonly=True)
    clinic_practitioner_ids = fields.One2many("clinic.practitioner", "resource_id")
    clinic_room_ids = fields.One2many("clinic.room", "resource_id")
    clinic_device_ids = fields.One2many("clinic.device", "resource_id")
