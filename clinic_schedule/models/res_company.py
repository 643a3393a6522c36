# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..const import NO_SHOW_RULES


class ResCompany(models.Model):
    """What patients may do with their visits without the staff; 0 everywhere: no limit."""

    _inherit = "res.company"

    clinic_limit_moves = fields.Integer(
        string="Moves of a visit",
        help="So many times a patient moves one visit by himself; then he phones. 0: no limit.",
    )
    clinic_limit_open = fields.Integer(
        string="Coming visits of a patient",
        help="With so many visits ahead a patient books the next one by phone. 0: no limit.",
    )
    clinic_limit_no_shows = fields.Integer(
        string="Missed visits",
        help="After so many missed visits in a year the rule below counts. 0: never.",
    )
    clinic_no_show_rule = fields.Selection(
        NO_SHOW_RULES, string="After missed visits", required=True, default="prepay"
    )

    _clinic_limits = models.Constraint(
        "CHECK (COALESCE(clinic_limit_moves, 0) BETWEEN 0 AND 100"
        " AND COALESCE(clinic_limit_open, 0) BETWEEN 0 AND 1000"
        " AND COALESCE(clinic_limit_no_shows, 0) BETWEEN 0 AND 100)",
        "Limits for patients are whole numbers from 0; 0 means no limit.",
    )
