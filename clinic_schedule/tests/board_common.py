# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Builders for the tests of the board: a doctor with shifts today, tomorrow and the day after."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from odoo import fields

from odoo.addons.clinic_base.tests.common import ClinicCommon, ClinicHttpCommon

ROLES = ("registrar", "external_caller", "marketer")


class BoardBuilders:
    """A clinic whose doctor works 9-18 tomorrow and the day after, in room 1."""

    @classmethod
    def _prepare_board(cls):
        cls.users = cls._make_role_users(*ROLES)
        cls.zone = ZoneInfo(cls.branch.tz)
        cls.day = (datetime.now(cls.zone) + timedelta(days=1)).date()
        cls.doctor_resource = cls.practitioner.resource_id
        cls.patient = cls._make_patient()
        for offset in (0, 1):
            cls._make_shift(cls.practitioner, day=cls.day + timedelta(days=offset), room_id=cls.room.id)

    @classmethod
    def _instant(cls, hour, minute=0, day=None):
        """The naive UTC instant of a wall time of the branch."""
        wall = datetime.combine(day or cls.day, datetime.min.time(), cls.zone).replace(
            hour=hour, minute=minute
        )
        return wall.astimezone(UTC).replace(tzinfo=None)

    @classmethod
    def _utc(cls, hour, minute=0, day=None):
        return fields.Datetime.to_string(cls._instant(hour, minute, day))

    @classmethod
    def _make_shift(cls, practitioner, day=None, branch=None, **vals):
        return cls.env["clinic.shift"].create(
            {
                "resource_id": practitioner.resource_id.id,
                "branch_id": (branch or cls.branch).id,
                "start": cls._instant(9, day=day),
                "stop": cls._instant(18, day=day),
                "step": 30,
                **vals,
            }
        )

    @classmethod
    def _make_doctor_with_shift(cls, specialties=None):
        doctor = cls._make_practitioner(cls.branch, specialties or cls.specialty, cls.service)
        cls._make_shift(doctor)
        return doctor

    @classmethod
    def _slot(cls, hour, minute=0, doctor=None, day=None):
        return {
            "resource_id": (doctor or cls.practitioner).resource_id.id,
            "branch_id": cls.branch.id,
            "start": cls._utc(hour, minute, day),
        }

    @classmethod
    def _book(cls, patient, hour, doctor=None, day=None, channel="reception", minute=0):
        slot = {**cls._slot(hour, minute, doctor=doctor, day=day), "service_id": cls.service.id}
        return cls.env["clinic.booking"].book(slot, patient, channel=channel)

    @classmethod
    def _reason(cls, kind, by="patient"):
        return cls.env["clinic.appointment.reason"].create(
            {"name": f"Because {kind}", "kind": kind, "by": by}
        )


class BoardCommon(BoardBuilders, ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._prepare_board()

    def _params(self, **params):
        return {"date": self.day.isoformat(), "mode": "day", "kind": "practitioner", **params}

    def _load(self, login, **params):
        user = self.users[login.removeprefix("t_")]
        return self.env["clinic.board"].with_user(user).load(self._params(**params))


class BoardHttpCommon(BoardBuilders, ClinicHttpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._prepare_board()
