# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..slot_algebra import local_date, utc_to_wall

#: After how many days the patient comes again, when nobody says otherwise.
DAYS = 14
#: In how many days from there a time is looked for.
WINDOW = 14
#: So many times are proposed, not more than so many of one day.
MOST, PER_DAY = 8, 3
LONGEST = 366


class ClinicMyDay(models.AbstractModel):
    """The patient's next visit to the same doctor, in two clicks: one proposes, one books."""

    _inherit = "clinic.my.day"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def propose_next(self, appointment_id, days=DAYS):
        """Free times of the same doctor for the same service, in about so many days.

        :return: dict ``days, service, slots``: list of ``{"start", "service_id", "resource_id",
            "branch_id", "stop", "day", "clock"}``, soonest first. Changes nothing.
        """
        visit = self._next_of(appointment_id)
        if not isinstance(days, int) or not 0 < days <= LONGEST:
            raise UserError(self.env._("A visit is booked from one day to one year ahead."))
        first = max(local_date(fields.Datetime.now(), visit.tz), visit.local_date) + timedelta(days=days)
        found = self.env["clinic.booking"].search_slots(
            visit.service_id,
            resources=visit.resource_id,
            date_from=first,
            date_to=first + timedelta(days=WINDOW),
            channel=self._next_channel(),
            patient=visit.patient_id,
            limit=500,
        )
        return {"days": days, "service": visit.service_id.name, "slots": self._few(found)}

    @api.model
    def book_next(self, appointment_id, slot, token):
        """Book one of the proposed times for the patient of the visit; a lost place raises ``SlotTaken``.

        :return: ``{"id", "text"}`` of the new visit. Rights: those of booking.
        """
        visit = self._next_of(appointment_id)
        slot = slot if isinstance(slot, dict) else {}
        booked = self.env["clinic.booking"].book(
            {
                "service_id": visit.service_id.id,
                "resource_id": visit.resource_id.id,
                "start": slot.get("start"),
            },
            visit.patient_id,
            token=token,
            channel=self._next_channel(),
            payer_kind=visit.payer_kind,
            visit_type="repeat",
        )
        wall = utc_to_wall(booked.start, booked.tz)
        day = format_date(self.env, wall.date(), date_format="EEEE, d MMMM")
        return {
            "id": booked.id,
            "text": self.env._("Next visit: %(day)s, %(time)s", day=day, time=f"{wall:%H:%M}"),
        }

    @api.model
    def _next_of(self, appointment_id):
        visit = self._visit(appointment_id)
        if not visit.patient_id:
            raise UserError(
                self.env._("The patient is known by a pseudonym only. The other system books his visits.")
            )
        return visit

    @api.model
    def _next_channel(self):
        """A doctor's booking counts as his referral, the desk's as its own."""
        return "referral" if self._own_practitioner() else "reception"

    @api.model
    def _few(self, slots):
        """The first times, spread over days: a full morning of one day is no choice."""
        rows, by_day = [], {}
        branches = self.env["clinic.branch"].browse({slot["branch_id"] for slot in slots})
        zones = {branch.id: branch.tz for branch in branches}
        for slot in slots:
            wall = utc_to_wall(slot["start"], zones[slot["branch_id"]])
            by_day[wall.date()] = by_day.get(wall.date(), 0) + 1
            if by_day[wall.date()] > PER_DAY:
                continue
            rows.append(
                {
                    **{name: slot[name] for name in ("service_id", "resource_id", "branch_id")},
                    "start": self._text(slot["start"]),
                    "stop": self._text(slot["stop"]),
                    "day": format_date(self.env, wall.date(), date_format="EEE, d MMMM"),
                    "clock": f"{wall:%H:%M}",
                }
            )
            if len(rows) == MOST:
                break
        return rows
