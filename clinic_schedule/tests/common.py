# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Builders of shifts and visits for the tests of this addon and of those above it."""

import zoneinfo
from datetime import date, datetime, timedelta

from odoo.addons.clinic_base.tests.common import ClinicBuilders, ClinicCommon

from ..slot_algebra import wall_to_utc


class ScheduleBuilders(ClinicBuilders):
    """Adds dated shifts; days are counted from today, times are minutes on the branch's clock."""

    @classmethod
    def _day(cls, offset=1):
        """So many days from the day that the branch of the small clinic has now: tomorrow has not begun."""
        return datetime.now(zoneinfo.ZoneInfo(cls.branch.tz)).date() + timedelta(days=offset)

    @classmethod
    def _at(cls, day, minutes, branch=None):
        """The UTC moment of minutes after midnight of a date (or of today + so many days)."""
        day = day if isinstance(day, date) else cls._day(day)
        return wall_to_utc(day, minutes, (branch or cls.branch).tz)

    @classmethod
    def _make_shift(cls, owner=None, day=1, minute_from=540, minute_to=720, branch=None, **vals):
        """A shift of a practitioner, room or device (default: the doctor of the small clinic)."""
        owner, branch = owner or cls.practitioner, branch or cls.branch
        return cls.env["clinic.shift"].create(
            {
                "resource_id": owner.resource_id.id,
                "branch_id": branch.id,
                "start": cls._at(day, minute_from, branch),
                "stop": cls._at(day, minute_to, branch),
                "step": 15,
                **vals,
            }
        )

    @classmethod
    def _slot(cls, minutes=540, day=1, service=None, owner=None, **vals):
        """What a client would send: service, resource and start."""
        return {
            "service_id": (service or cls.service).id,
            "resource_id": (owner or cls.practitioner).resource_id.id,
            "start": cls._at(day, minutes),
            **vals,
        }

    @classmethod
    def _book(cls, minutes=540, day=1, patient=None, service=None, owner=None, **kwargs):
        return cls.env["clinic.booking"].book(
            cls._slot(minutes, day, service, owner), patient or cls._make_patient(), **kwargs
        )

    @classmethod
    def _wall(cls, moment, branch=None):
        """``HH:MM`` on the branch's clock."""
        from ..slot_algebra import utc_to_wall

        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment)
        return f"{utc_to_wall(moment, (branch or cls.branch).tz):%H:%M}"


class ScheduleCommon(ScheduleBuilders, ClinicCommon):
    """The small clinic with one shift tomorrow from 9 to 12 and the booking service as ``booking``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.booking = cls.env["clinic.booking"]
        cls.shift = cls._make_shift()
        cls.patient = cls._make_patient()
