# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from babel.dates import format_datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import babel_locale_parse

from ..slot_algebra import utc_to_wall


class ClinicCourseFindOption(models.TransientModel):
    """A free time of the day of one visit."""

    _name = "clinic.course.find.option"
    _description = "Free time of a day of a course"
    _order = "start, id"

    line_id = fields.Many2one("clinic.course.find.line", required=True, index=True, ondelete="cascade")
    resource_id = fields.Many2one("resource.resource", string="Doctor, room or device", required=True)
    branch_id = fields.Many2one("clinic.branch", required=True)
    service_id = fields.Many2one("product.product", required=True)
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    currency_id = fields.Many2one(related="branch_id.company_id.currency_id")
    price = fields.Monetary()

    @api.depends_context("lang")
    @api.depends("start", "branch_id.tz", "resource_id.name")
    def _compute_display_name(self):
        """Weekday, date, hour by the clock of the branch, and with whom."""
        locale = babel_locale_parse(self.env.lang or "en_US")
        for option in self:
            wall = utc_to_wall(option.start, option.branch_id.tz or "UTC")
            text = format_datetime(wall, "EEE dd.MM.yyyy HH:mm", locale=locale)
            option.display_name = f"{text} · {option.resource_id.name}"

    def _slot(self):
        if not self:
            raise UserError(self.env._("Choose a time for each visit, or remove the line."))
        return {
            "service_id": self.service_id.id,
            "resource_id": self.resource_id.id,
            "branch_id": self.branch_id.id,
            "start": self.start,
            "price": self.price,
        }
