# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

SATURDAY = 5


class ClinicLegalTerm(models.Model):
    """How long the law gives for an answer or a notice, from which day on: data, not code.

    Maintained by the personal data officer. A new law is a new row with its own date.
    """

    _name = "clinic.legal.term"
    _description = "Term set by law"
    _order = "code, valid_from desc"
    _rec_name = "code"

    code = fields.Selection(
        [
            ("answer", "Answer to a person's request"),
            ("answer_more", "Extension of the answer"),
            ("correct", "Correction of wrong data"),
            ("stop", "Stop of processing on demand"),
            ("erase", "Destruction of data that are not needed"),
            ("withdraw", "Destruction after a consent is withdrawn"),
            ("incident_first", "First notice of an incident"),
            ("incident_result", "Results of the inquiry into an incident"),
        ],
        required=True,
    )
    amount = fields.Integer(required=True)
    unit = fields.Selection(
        [("hours", "hours"), ("days", "days"), ("working_days", "working days")],
        required=True,
        default="days",
    )
    valid_from = fields.Date(required=True, string="In force from")
    ground = fields.Char(help="Law and article; to be compared with the text in force.")

    _amount_positive = models.Constraint("CHECK (amount > 0)", "A term is longer than nothing.")
    _code_uniq = models.UniqueIndex("(code, valid_from)", "This term has a value from that day on already.")

    @api.model
    def _end(self, code, start):
        """When a term that began at ``start`` (naive UTC) ends, by the rule in force at that moment.

        Working days end with the day where the user is; Saturdays, Sundays, the days off of the
        production calendar and of the company's calendar are not counted.
        """
        term = self.sudo().search([("code", "=", code), ("valid_from", "<=", start.date())], limit=1)
        if not term:
            raise UserError(
                self.env._(
                    "There is no term for this in force. Add it under Personal data, Terms set by law."
                )
            )
        if term.unit != "working_days":
            return start + relativedelta(**{term.unit: term.amount})
        zone = ZoneInfo(self.env.user.tz or "UTC")
        day, left, calendars = start.replace(tzinfo=UTC).astimezone(zone).date(), term.amount, {}
        while left:
            day += timedelta(days=1)
            if day.year not in calendars:
                calendars[day.year] = self.env["clinic.holiday"]._kinds_of_year(day.year)
            left -= self._is_working(day, calendars[day.year].get(day))
        end = datetime.combine(day, time(23, 59, 59), zone)
        return end.astimezone(UTC).replace(tzinfo=None)

    @api.model
    def _is_working(self, day, kind):
        """``kind``: what the production calendar says of the date, if anything."""
        if kind == "off" or kind != "working" and day.weekday() >= SATURDAY:
            return False
        calendar = self.env.company.sudo().resource_calendar_id
        return not calendar.global_leave_ids.filtered(
            lambda leave: leave.date_from.date() <= day <= leave.date_to.date()
        )
