# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..slot_algebra import Start, utc_to_wall
from .clinic_course import MAX_VISITS

#: Free starts are asked for in pieces of so many days, so that no limit cuts a piece.
PIECE_DAYS, PIECE_STARTS = 14, 5000


class ClinicBooking(models.AbstractModel):
    """Courses: several visits in one transaction, all of them or none."""

    _inherit = "clinic.booking"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _book_course(self, slots, patient, token, channel="reception", course=None, **wish):
        """Book a visit at each of these times; returns the ``clinic.course``.

        ``slots``: as for ``book``, of one service. ``token`` makes the call repeatable: the second call
        returns the first course. ``course``: the visits are added to this one. ``wish``: count, every,
        minute, one_owner, weekdays, note – what the course is meant to be. Raises ``SlotTaken``, which
        names the time that is lost; then nothing is booked. Rights: staff with booking rights.
        """
        self._check_staff(self.env["clinic.appointment"])
        token = self._check_token(token)
        if not token or not isinstance(slots, list) or not 1 <= len(slots) <= MAX_VISITS:
            raise UserError(self.env._("A course has 1 to 60 visits. Find the times of the course again."))
        courses = self.env["clinic.course"]
        if known := self._known_by(courses, token):
            return known
        patient = self._patient_needed(patient)
        slots = self._course_slots(slots)
        service = self._service_of(slots[0].get("service_id"), self._check_channel(channel))
        course = self._course_of(course) if course else courses
        if any(slot.get("service_id") != service.id for slot in slots) or (
            course and (course.service_id, course.patient_id) != (service, patient)
        ):
            raise UserError(self.env._("All visits of a course are of one service and one patient."))
        with self.env.cr.savepoint():
            if course:
                # written, not only locked: two desks that book what is missing come one after the other,
                # and the second one begins anew with what the first one has booked
                course.flush_recordset()
                self.env.cr.execute(
                    SQL(
                        "UPDATE clinic_course SET write_date = now() AT TIME ZONE 'UTC' WHERE id = %s",
                        course.id,
                    )
                )
                course.invalidate_recordset()
                if len(slots) > course.sudo().missing_count:
                    raise UserError(
                        self.env._(
                            "The course was changed meanwhile. Close the window and find the times again."
                        )
                    )
            else:
                # sudo: courses are made by this service only; the right to book was checked
                course = courses.sudo().create(
                    {
                        "patient_id": patient.id,
                        "service_id": service.id,
                        "company_id": self.env.company.id,
                        "token": token,
                        **self._course_vals(wish, len(slots)),
                    }
                )
            self._book_each(slots, patient, channel, {"course_id": course.id})
            # where it takes place tells whose course it is
            course.sudo().company_id = course.sudo().visit_ids[:1].company_id
        return course.with_env(self.env)

    def _course_of(self, course):
        """The course of an argument, a record or an id, that the user may see."""
        nothing = self.env._("There is no such course. Open the list of courses and choose one.")
        return self._row_of("clinic.course", course, nothing)

    def _course_slots(self, slots):
        """The times of an argument, soonest first."""
        if not isinstance(slots, list) or not all(isinstance(slot, dict) for slot in slots):
            raise UserError(self.env._("The request names no valid time. Choose the time again."))
        return sorted(slots, key=lambda slot: self._moment_of(slot.get("start")))

    def _course_vals(self, wish, count):
        unknown = wish.keys() - {"count", "every", "minute", "one_owner", "weekdays", "note"}
        if unknown:
            raise UserError(
                self.env._("A booking has no fields %(names)s.", names=", ".join(sorted(unknown)))
            )
        return {"count": max(count, self._count_of(wish.pop("count", None), MAX_VISITS, count)), **wish}

    @api.model
    def _move_course(self, course, slots, reason, channel=None):
        """Move the visits to come of a course to these times, in their order; all of them or none.

        Raises ``SlotTaken``. Rights: staff with booking rights, a reason as for ``reschedule``.
        """
        course, slots = self._course_of(course), self._course_slots(slots)
        visits = course.visit_ids._to_come()
        self._check_staff(visits)
        if not visits or len(slots) != len(visits):
            raise UserError(
                self.env._(
                    "Visits still to come: %(visits)s, times found: %(times)s. "
                    "There has to be a time for each.",
                    visits=len(visits),
                    times=len(slots),
                )
            )
        self._move_together(list(zip(visits, slots, strict=True)), reason, channel)
        return course

    @api.model
    def _cancel_course(self, course, by="patient", reason=None, channel=None):
        """Cancel all visits of a course that are still to come; returns them. Rights: as for ``cancel``."""
        visits = self._course_of(course).visit_ids._to_come()
        nothing = self.env._("No visit of this course is still to come, so there is nothing to cancel.")
        return self._cancel_together(visits, nothing, by, reason, channel)

    @api.model
    def _course_starts(self, service, patient, first, last, practitioner=None, branch=None, course=None):
        """``{Start: [slot]}`` of the free times of some days, by the clock of their branches.

        ``course``: the places of its visits to come count as free.
        """
        visits = self._course_of(course).visit_ids._to_come() if course else self.env["clinic.appointment"]
        with self._given_back(visits):
            starts = self._course_free(service, patient, first, last, practitioner, branch)
        if visits:
            # they were booked as one: what is agreed for the first is agreed for all
            found = [slot for slots in starts.values() for slot in slots]
            self._with_move_prices(found, visits[:1], self._own_channel())
        return starts

    @api.model
    def _course_free(self, service, patient, first, last, practitioner, branch):
        found, day = {}, first
        zones = {row.id: row.tz for row in self.env["clinic.branch"].search_fetch([], ["tz"])}
        while day <= last:
            until = min(last, day + timedelta(days=PIECE_DAYS - 1))
            slots = self.search_slots(
                service,
                practitioners=practitioner or None,
                branches=branch or None,
                date_from=day,
                date_to=until,
                channel=self._own_channel(),
                patient=patient,
                limit=PIECE_STARTS,
            )
            for slot in slots:
                if slot["start"] <= fields.Datetime.now():
                    continue
                wall = utc_to_wall(slot["start"], zones[slot["branch_id"]])
                start = Start(wall.date(), wall.hour * 60 + wall.minute, slot["resource_id"])
                found.setdefault(start, []).append(slot)
            day = until + timedelta(days=1)
        return found
