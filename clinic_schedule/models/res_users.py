# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResUsers(models.Model):
    """A user may work for some branches only: the board and the pop-ups begin with them."""

    _inherit = "res.users"

    clinic_branch_ids = fields.Many2many(
        "clinic.branch",
        string="Own branches",
        help="Branches on the user's board and in the pop-ups about bookings on the site. Empty: all.",
    )
