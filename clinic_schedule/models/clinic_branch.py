# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..bookers import wait_for_bookers
from ..const import LIVE


class ClinicBranch(models.Model):
    """A branch that still has visits to come stays on the board."""

    _inherit = "clinic.branch"

    def write(self, vals):
        """Refuse to archive branches that have visits to come."""
        if "active" in vals and not vals["active"]:
            self.filtered("active")._refuse_with_visits()
        return super().write(vals)

    def _refuse_with_visits(self):
        """Raise if visits to come take place here. Sudo: whoever archives, visits count."""
        if not self:
            return
        now = fields.Datetime.now()
        wait_for_bookers(
            self.env,
            "clinic_branch",
            self.ids,
            SQL(
                "SELECT id FROM clinic_appointment"
                " WHERE branch_id = ANY(%s) AND stop > %s AND state = ANY(%s)",
                self.ids,
                now,
                list(LIVE),
            ),
        )
        domain = [("branch_id", "in", self.ids), ("stop", ">", now), ("state", "in", LIVE)]
        count = self.env["clinic.appointment"].sudo().search_count(domain)
        if count:
            raise UserError(
                self.env._(
                    "%(count)s visits to come would vanish from the schedule. Move or cancel them first, then"
                    " archive the branch.",
                    count=count,
                )
            )
