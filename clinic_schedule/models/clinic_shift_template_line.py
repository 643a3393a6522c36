# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..const import WEEKDAYS

DAY = 1440


class ClinicShiftTemplateLine(models.Model):
    """Hours of one weekday of a shift template, on the clock of the branch.

    Stored as whole minutes after midnight; an end not after the start lies on the next day.
    """

    _name = "clinic.shift.template.line"
    _description = "Hours of a shift template"
    _order = "template_id, weekday, minute_from, id"

    template_id = fields.Many2one("clinic.shift.template", required=True, index=True, ondelete="cascade")
    weekday = fields.Selection(WEEKDAYS, required=True, default="0")
    minute_from = fields.Integer(required=True, default=9 * 60)
    minute_to = fields.Integer(required=True, default=15 * 60)
    hour_from = fields.Float(string="From", compute="_compute_hours", inverse="_inverse_hour_from")
    hour_to = fields.Float(string="To", compute="_compute_hours", inverse="_inverse_hour_to")

    _minutes = models.Constraint(
        "CHECK (minute_from >= 0 AND minute_from < 1440 AND minute_to > 0 AND minute_to <= 1440)",
        "Hours of a shift must lie between 0:00 and 24:00.",
    )

    @api.depends("minute_from", "minute_to")
    def _compute_hours(self):
        for line in self:
            line.hour_from = line.minute_from / 60
            line.hour_to = line.minute_to / 60

    def _inverse_hour_from(self):
        for line in self:
            line.minute_from = round(line.hour_from * 60)

    def _inverse_hour_to(self):
        for line in self:
            line.minute_to = round(line.hour_to * 60)

    def _last_minute(self):
        """Minutes from the midnight of the weekday to the end of the shift."""
        self.ensure_one()
        return self.minute_to if self.minute_to > self.minute_from else self.minute_to + DAY
