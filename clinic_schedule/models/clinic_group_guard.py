# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError


class ResourceResource(models.Model):
    """Who or what has group sessions to come stays visible, booked or not."""

    _inherit = "resource.resource"

    def _refuse_with_visits(self):
        """Raise if sessions to come occupy these resources as well. Sudo: whoever archives, they count."""
        result = super()._refuse_with_visits()
        sessions = (
            self.env["clinic.slot.claim"]
            .sudo()
            .search(
                [
                    ("kind", "=", "resource"),
                    ("ref", "in", self.ids),
                    ("stop", ">", fields.Datetime.now()),
                    ("session_id", "!=", False),
                ]
            )
            .session_id
        )
        if sessions:
            raise UserError(
                self.env._(
                    "%(count)s group sessions to come would vanish from the schedule. Cancel them first, then"
                    " archive the doctor, room or device.",
                    count=len(sessions),
                )
            )
        return result
