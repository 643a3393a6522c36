# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

#: The longest period that a screen asks for at once.
MAX_DAYS = 366


class ClinicReportPeriod(models.AbstractModel):
    """What the screens of figures ask alike: days from and to, branches that the user may see."""

    _name = "clinic.report.period"
    _description = "Period of a report"

    @api.model
    def _read_period(self, params, days=28):
        """First and last day; by default so many days until today."""
        try:
            last = fields.Date.to_date(params.get("date_to") or None) or fields.Date.context_today(self)
            first = fields.Date.to_date(params.get("date_from") or None) or last - timedelta(days=days - 1)
            length = (last - first).days + 1
        except (ValueError, TypeError, OverflowError):
            raise UserError(self.env._("There is no such day. Choose a day of the calendar.")) from None
        if length < 1:
            raise UserError(self.env._("The period ends before it begins. Choose a later last day."))
        if length > MAX_DAYS:
            raise UserError(
                self.env._(
                    "At most %(days)s days are counted at once. Choose a shorter period.", days=MAX_DAYS
                )
            )
        return first, last

    @api.model
    def _read_branches(self, params):
        """All branches that the user may see, and those that are asked for."""
        branches = self.env["clinic.branch"].search_fetch([], ["name", "tz"])
        if not branches:
            raise UserError(self.env._("There is no branch whose figures you may see."))
        wanted = branches.filtered(lambda branch: branch.id == params.get("branch_id"))
        return branches, wanted or branches
