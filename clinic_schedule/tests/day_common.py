# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Builders for the doctor's day: a doctor with an account who works round the clock today and tomorrow."""

from datetime import timedelta

from odoo import fields

from odoo.addons.clinic_base.tests.common import ClinicCommon, ClinicHttpCommon

from ..slot_algebra import local_date
from .common import ScheduleBuilders


class DayBuilders(ScheduleBuilders):
    """Moments are counted from now, so that “today” is today in the zone of the branch."""

    @classmethod
    def _prepare_day(cls):
        cls.users = cls._make_role_users(
            "registrar", "senior_nurse", "doctor", "head_doctor", "external_caller", "marketer", "director"
        )
        cls.practitioner.user_id = cls.users["doctor"]
        cls.resource = cls.practitioner.resource_id
        now = fields.Datetime.now().replace(second=0, microsecond=0)
        cls.now = now - timedelta(minutes=now.minute % 15)
        cls.today = local_date(cls.now, cls.branch.tz)
        cls.patient = cls._make_patient()
        cls.shift_today = cls._long_shift(cls.practitioner)

    @classmethod
    def _zone_at_noon(cls):
        """A zone whose clocks show eleven or twelve now: these tests look hours back and ahead in one day."""
        ahead = 11 - fields.Datetime.now().hour
        return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"

    @classmethod
    def _long_shift(cls, doctor, before=6, after=6, **vals):
        """A shift around now, within 24 hours, so that it may stand beside those of other days."""
        return cls.env["clinic.shift"].create(
            {
                "resource_id": doctor.resource_id.id,
                "branch_id": cls.branch.id,
                "start": cls.now - timedelta(hours=before),
                "stop": cls.now + timedelta(hours=after),
                "step": 15,
                "room_id": cls.room.id,
                **vals,
            }
        )

    @classmethod
    def _visit(cls, minutes, patient=None, doctor=None, **vals):
        """A visit so many minutes from now; past ones too."""
        return cls.env["clinic.booking"].book(
            {
                "service_id": cls.service.id,
                "resource_id": (doctor or cls.practitioner).resource_id.id,
                "start": cls.now + timedelta(minutes=minutes),
            },
            patient or cls.patient,
            channel="import",
            **vals,
        )

    def _day_as(self, role, visit=None, **kwargs):
        """The page of a user on the day of the visit (midnight may lie between now and then)."""
        date = (visit.local_date if visit else self.today).isoformat()
        return self.env["clinic.my.day"].with_user(self.users[role]).load(date=date, **kwargs)


class DayCommon(DayBuilders, ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch.tz = cls._zone_at_noon()
        cls._prepare_day()


class DayHttpCommon(DayBuilders, ClinicHttpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._prepare_day()
