# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class ClinicHoliday(models.Model):
    """Days of the production calendar: public holidays, days off moved to them, working weekends.

    Kept by administrators; the government moves days off once a year. Branches take them over as days
    off of their working hours, where each branch may still differ.
    """

    _name = "clinic.holiday"
    _description = "Day of the production calendar"
    _order = "date_from, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [("off", "Day off"), ("working", "Working day")],
        required=True,
        default="off",
        help="A working day is a Saturday or Sunday on which the country works.",
    )
    date_from = fields.Date(string="First day", required=True, index=True)
    date_to = fields.Date(string="Last day", required=True)
    yearly = fields.Boolean(string="Every year", help="The same days each year, whatever year is entered.")
    ground = fields.Char(translate=True, help="Law or decree that says so.")
    active = fields.Boolean(default=True)

    _order_of_days = models.Constraint(
        "CHECK (date_to >= date_from AND date_to < date_from + 31)",
        "A holiday ends after it begins and is shorter than a month.",
    )

    @api.onchange("date_from")
    def _onchange_date_from(self):
        if self.date_from and (not self.date_to or self.date_to < self.date_from):
            self.date_to = self.date_from

    @api.model
    def _of_year(self, year, kind="off"):
        """Triples ``(first, last, name)`` that touch the year, in order. Sudo: dates are no secret."""
        found = self.sudo().search([("kind", "=", kind)])
        days = []
        for holiday in found:
            first, last = holiday.date_from, holiday.date_to
            if holiday.yearly:
                length = last - first
                # the 29th of February of other years is the 28th
                first += relativedelta(year=year)
                last = first + length
            if first.year <= year <= last.year:
                days.append((first, last, holiday.name))
        return sorted(days)

    @api.model
    def _kinds_of_year(self, year):
        """Date -> kind for the dates of the year that the calendar speaks of; a working day wins."""
        kinds = {}
        for kind in ("off", "working"):
            for first, last, _name in self._of_year(year, kind):
                kinds |= {first + timedelta(days=number): kind for number in range((last - first).days + 1)}
        return kinds

    def action_to_branches(self):
        """Button: take the days off of this and the next year over to all branches of the user's companies.

        Days already there stay as they are. Rights: those of the calendars.
        """
        branches = self.env["clinic.branch"].search([("calendar_id", "!=", False)])
        if not branches:
            raise UserError(
                self.env._("No branch has working hours yet. Enter them first: days off are kept in them.")
            )
        before = len(branches.calendar_id.global_leave_ids)
        branches.action_add_holidays()
        branches.invalidate_recordset(["calendar_id"])
        added = len(branches.calendar_id.global_leave_ids) - before
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Days off added to the working hours of the branches: %(count)s.", count=added
                ),
            },
        }
