# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, time, timedelta

import pytz
from babel.dates import get_day_names

from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import babel_locale_parse

from ..hours_text import HoursError, format_hours, parse_hours

#: How far ahead the next opening is looked for; the January holidays last ten days.
HORIZON_DAYS = 21


class ResourceCalendar(models.Model):
    """Working hours of branches and of the call centre, with days off."""

    _inherit = "resource.calendar"

    clinic_branch_ids = fields.One2many("clinic.branch", "calendar_id", string="Clinic branches")
    clinic_hours_text = fields.Char(string="Hours in words", compute="_compute_clinic_hours_text")

    @api.depends("attendance_ids.dayofweek", "attendance_ids.hour_from", "attendance_ids.hour_to")
    @api.depends_context("lang")
    def _compute_clinic_hours_text(self):
        locale = babel_locale_parse(self.env.lang or "en_US")
        names = get_day_names("abbreviated", locale=locale)
        for calendar in self:
            rows = [
                (int(line.dayofweek), line.hour_from, line.hour_to)
                for line in calendar.attendance_ids
                if line.day_period != "lunch" and not line.display_type
            ]
            calendar.clinic_hours_text = format_hours(rows, [names[day] for day in range(7)])

    @api.constrains("tz")
    def _check_clinic_branch_tz(self):
        if not self.env.context.get("clinic_branch_moves_zone"):
            self.clinic_branch_ids._check_calendar_tz()

    @api.model
    def _clinic_parse_hours(self, text):
        """Turn hours in words into the commands of ``attendance_ids``; ValidationError if unreadable."""
        try:
            rows = parse_hours(text)
        except HoursError as error:
            raise ValidationError(
                self.env._(
                    "The working hours “%(part)s” cannot be read. "
                    "Write them like this: Mon-Fri 8:00-20:00, Sat 9:00-15:00.",
                    part=error.part,
                )
            ) from error
        return [Command.clear()] + [
            Command.create(
                {
                    "name": f"{start:g}–{stop:g}",
                    "dayofweek": str(day),
                    "hour_from": start,
                    "hour_to": stop,
                    "day_period": "morning" if stop <= 12 else "afternoon" if start >= 12 else "full_day",
                }
            )
            for day, start, stop in rows
        ]

    def _clinic_with_hours(self, text, is_own, **vals):
        """The calendar with these hours: this one when it is the owner's alone, else a new one.

        :param vals: ``name``, ``company_id`` and ``tz`` of a new calendar
        """
        attendances = self._clinic_parse_hours(text)
        if is_own:
            self.attendance_ids = attendances
            return self
        return self.create({**vals, "attendance_ids": attendances[1:]})

    def _clinic_opening_at(self, at=None):
        """Is it open at the instant ``at`` (naive UTC, default: now), and until when?

        :return: dict ``is_open`` (None when the hours are not stated at all), ``until`` (end of
            the present working interval), ``opens_at`` (next opening); instants are naive UTC
            or False when there is none within three weeks.
        """
        if not self or not self.attendance_ids:
            return {"is_open": None, "until": False, "opens_at": False}
        self.ensure_one()
        at = (at or fields.Datetime.now()).replace(tzinfo=pytz.utc)
        end = at + timedelta(days=HORIZON_DAYS)
        work = self._work_intervals_batch(at - timedelta(days=1), end, tz=pytz.timezone(self.tz))[False]
        for start, stop in self._clinic_joined(work):
            if start <= at < stop:
                until = False if stop >= end else stop.replace(tzinfo=None)
                return {"is_open": True, "until": until, "opens_at": False}
            if start > at:
                return {"is_open": False, "until": False, "opens_at": start.replace(tzinfo=None)}
        return {"is_open": False, "until": False, "opens_at": False}

    @staticmethod
    def _clinic_joined(intervals):
        """Join intervals with a gap under a minute: midnight is 23:59:59.999999 in a calendar."""
        joined = []
        for start, stop, _records in intervals:
            start, stop = start.astimezone(pytz.utc), stop.astimezone(pytz.utc)
            if joined and start - joined[-1][1] < timedelta(minutes=1):
                joined[-1][1] = stop
            else:
                joined.append([start, stop])
        return [
            (start, stop + timedelta(microseconds=1) if stop.microsecond == 999999 else stop)
            for start, stop in joined
        ]

    def _clinic_add_holidays(self, year):
        """Add the days off of the production calendar of this year; existing ones stay as they are.

        Days that are over are left out.
        """
        now = fields.Datetime.now()
        days = self.env["clinic.holiday"]._of_year(year)
        for calendar in self:
            zone = pytz.timezone(calendar.tz)
            wanted = []
            for first, last, name in days:
                start, stop = (
                    zone.localize(datetime.combine(day, moment))
                    .astimezone(pytz.utc)
                    .replace(tzinfo=None, microsecond=0)
                    for day, moment in ((first, time.min), (last, time.max))
                )
                if stop > now and not calendar.global_leave_ids.filtered(
                    lambda leave, start=start, stop=stop: leave.date_from < stop and leave.date_to > start
                ):
                    wanted.append({"name": name, "date_from": start, "date_to": stop})
            calendar.global_leave_ids = [Command.create(vals) for vals in wanted]
