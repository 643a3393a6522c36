# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ClinicCourseFindLine(models.TransientModel):
    """One visit of the course that is looked for: the time chosen, among the others of its day."""

    _name = "clinic.course.find.line"
    _description = "Time of a visit of a course"
    _order = "id"

    find_id = fields.Many2one("clinic.course.find", required=True, index=True, ondelete="cascade")
    option_id = fields.Many2one(
        "clinic.course.find.option",
        string="Time (another one of the day may be chosen)",
        domain="[('line_id', '=', id)]",
        ondelete="set null",
    )
    resource_id = fields.Many2one(related="option_id.resource_id")
    branch_id = fields.Many2one(related="option_id.branch_id")
    currency_id = fields.Many2one(related="option_id.currency_id")
    price = fields.Monetary(related="option_id.price")
