# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

import pytz
from babel.dates import format_date, format_time

from odoo import api, fields, models
from odoo.tools.misc import babel_locale_parse, get_lang


class ClinicPortalMoment(models.AbstractModel):
    """Texts of instants for patients: always in the branch's zone, never in the reader's."""

    _name = "clinic.portal.moment"
    _description = "Moments in words"

    @api.model
    def _texts(self, start, tz):
        """``time`` (14:00), ``day`` (Today, 22 November), ``date`` (Sunday, 22 November 2026),
        ``zone`` (local time, Moscow +5 h) of a naive UTC instant in the zone ``tz``."""
        zone = pytz.timezone(tz or "UTC")
        local = pytz.utc.localize(start).astimezone(zone)
        locale = babel_locale_parse(get_lang(self.env).code)
        today = pytz.utc.localize(fields.Datetime.now()).astimezone(zone).date()
        short = format_date(local.date(), "d MMMM", locale=locale)
        if local.date() == today:
            day = self.env._("Today, %(date)s", date=short)
        elif local.date() == today + timedelta(days=1):
            day = self.env._("Tomorrow, %(date)s", date=short)
        else:
            day = format_date(local.date(), "EEE, d MMMM", locale=locale)
        return {
            "time": format_time(local.time(), "HH:mm", locale=locale),
            "day": day[:1].upper() + day[1:],
            "date": format_date(local.date(), "EEEE, d MMMM y", locale=locale),
            "zone": self._zone_text(local),
        }

    @api.model
    def _zone_text(self, local):
        """The zone for people: the difference to Moscow, as Russian timetables write it."""
        moscow = local.astimezone(pytz.timezone("Europe/Moscow")).utcoffset()
        minutes = int((local.utcoffset() - moscow).total_seconds() // 60)
        if not minutes:
            return self.env._("Moscow time")
        sign, minutes = ("\N{MINUS SIGN}" if minutes < 0 else "+"), abs(minutes)
        hours = f"{sign}{minutes // 60}" + (f":{minutes % 60:02d}" if minutes % 60 else "")
        return self.env._("local time, Moscow %(hours)s h", hours=hours)
