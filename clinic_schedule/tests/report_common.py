# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, timedelta

from .common import ScheduleCommon

MEASURES = ["capacity", "booked", "held", "outside", "downtime", "idle"]


class ReportCommon(ScheduleCommon):
    """A clinic whose visits are put anywhere, past and future, without the booking service."""

    @classmethod
    def _make_visit(cls, start, minutes=30, state="booked", owner=None, branch=None, **vals):
        """A visit as the booking service would have left it; occupies nothing."""
        owner, branch = owner or cls.practitioner, branch or cls.branch
        return cls.env["clinic.appointment"]._create_guarded(
            {
                "patient_id": cls.patient.id,
                "service_id": cls.service.id,
                "resource_id": owner.resource_id.id,
                "practitioner_id": owner.id if owner._name == "clinic.practitioner" else False,
                "branch_id": branch.id,
                "start": start,
                "stop": start + timedelta(minutes=minutes),
                "state": state,
                "channel": "phone",
                **vals,
            }
        )

    @classmethod
    def _journal(cls, visit, action, at, **vals):
        return cls.env["clinic.appointment.journal"].create(
            {
                "appointment_id": visit.id,
                "user_id": cls.env.uid,
                "at": at,
                "action": action,
                "channel": visit.channel,
                "state_to": visit.state,
                "start_to": visit.start,
                **vals,
            }
        )

    @classmethod
    def _sunday(cls, month):
        """The last Sunday of a month of the next year: clocks change in Europe."""
        last = date(date.today().year + 1, month, 31)
        return last - timedelta(days=(last.weekday() + 1) % 7)

    def _rows(self, owner, branch=None, **domain):
        """(day, hour) -> minutes per measure, of one resource."""
        self.env.flush_all()
        leaves = [("resource_id", "=", owner.resource_id.id), ("branch_id", "=", (branch or self.branch).id)]
        leaves += [(name, "=", value) for name, value in domain.items()]
        rows = self.env["clinic.load.report"].search(leaves, order="day, hour")
        return {
            (row.day, row.hour): {name: round(row[name] * 60, 6) for name in MEASURES if row[name]}
            for row in rows
        }
