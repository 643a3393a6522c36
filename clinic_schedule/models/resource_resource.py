# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError

from ..const import LIVE


class ResourceResource(models.Model):
    """Who or what still has visits to come stays visible."""

    _inherit = "resource.resource"

    def write(self, vals):
        """Refuse to archive doctors, rooms and devices that have visits to come."""
        if "active" in vals and not vals["active"]:
            self.filtered(lambda resource: resource.active and resource.clinic_kind)._refuse_with_visits()
        return super().write(vals)

    def _refuse_with_visits(self):
        """Raise if visits to come occupy these resources. Sudo: whoever archives, visits count."""
        if not self:
            return
        visits = (
            self.env["clinic.slot.claim"]
            .sudo()
            .search(
                [
                    ("kind", "=", "resource"),
                    ("ref", "in", self.ids),
                    ("stop", ">", fields.Datetime.now()),
                    ("appointment_id.state", "in", LIVE),
                ]
            )
            .appointment_id
        )
        if visits:
            raise UserError(
                self.env._(
                    "%(count)s visits to come would vanish from the schedule. Move or cancel them first, then"
                    " archive the doctor, room or device.",
                    count=len(visits),
                )
            )
