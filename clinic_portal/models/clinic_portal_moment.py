# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from babel.dates import format_date, format_time

from odoo import api, fields, models
from odoo.tools.misc import babel_locale_parse, get_lang

from odoo.addons.clinic_schedule.slot_algebra import local_date, utc_to_wall

MOSCOW = "Europe/Moscow"


class ClinicPortalMoment(models.AbstractModel):
    """Texts of instants for patients: always in the branch's zone, never in the reader's."""

    _name = "clinic.portal.moment"
    _description = "Moments in words"

    @api.model
    def _texts(self, start, tz):
        """``time`` (14:00), ``day`` (Today, 22 November), ``date`` (Sunday, 22 November 2026),
        ``zone`` (local time, Moscow +5 h) of a naive UTC instant in the zone ``tz``."""
        tz = tz or "UTC"
        local = utc_to_wall(start, tz)
        locale = babel_locale_parse(get_lang(self.env).code)
        today = local_date(fields.Datetime.now(), tz)
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
            "zone": self._zone_text(local - utc_to_wall(start, MOSCOW)),
        }

    @api.model
    def _zone_text(self, ahead):
        """The zone for people: how far it is ahead of Moscow, as Russian timetables write it."""
        minutes = ahead // timedelta(minutes=1)
        if not minutes:
            return self.env._("Moscow time")
        sign, minutes = ("\N{MINUS SIGN}" if minutes < 0 else "+"), abs(minutes)
        hours = f"{sign}{minutes // 60}" + (f":{minutes % 60:02d}" if minutes % 60 else "")
        return self.env._("local time, Moscow %(hours)s h", hours=hours)
