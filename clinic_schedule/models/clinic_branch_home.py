# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..const import DISTRICT_MODES
from ..districts import is_served


class ClinicBranch(models.Model):
    """Where the doctors of a branch go on home visits."""

    _inherit = "clinic.branch"

    home_district_mode = fields.Selection(DISTRICT_MODES, string="Home visits", required=True, default="off")
    home_districts = fields.Text(
        string="Places served",
        help="One in a line: a district, a town or a street, as it stands in addresses.",
    )

    def _home_places(self):
        """The list as lines."""
        self.ensure_one()
        return [line.strip() for line in (self.home_districts or "").splitlines() if line.strip()]

    def _serves(self, address):
        """Whether doctors of the branch go to this address, by its list."""
        self.ensure_one()
        return self.home_district_mode == "off" or is_served(address, self._home_places())
