# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ResUsers(models.Model):
    """An account that is joined with another card keeps the visits it has booked."""

    _inherit = "res.users"

    def write(self, vals):
        """Visits booked in the cabinet of the account's former card pass to its new one."""
        former = {user: user.partner_id for user in self.sudo()} if vals.get("partner_id") else {}
        result = super().write(vals)
        for user, partner in former.items():
            # another account of the former card would lose what it has booked itself
            others = partner.with_context(active_test=False).user_ids - user
            if partner != user.partner_id and not others:
                self.env["clinic.appointment"]._portal_change_booker(partner, user.partner_id)
        return result
