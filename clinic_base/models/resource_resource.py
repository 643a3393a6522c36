# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

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

    _clinic_user_uniq = models.UniqueIndex(
        "(user_id, COALESCE(company_id, 0)) WHERE clinic_kind = 'practitioner' AND user_id IS NOT NULL",
        "This user is already linked to another practitioner of the same company.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Record rules of doctors depend on the link of a user, so the rules' cache must forget it."""
        resources = super().create(vals_list)
        if any(vals.get("user_id") for vals in vals_list):
            self.env.registry.clear_cache()
        return resources

    def write(self, vals):
        """See ``create``."""
        result = super().write(vals)
        if "user_id" in vals:
            self.env.registry.clear_cache()
        return result
