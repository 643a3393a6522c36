# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..const import CANCELLED
from ..slot_algebra import local_date, local_day, subtract, utc_to_wall

#: Who may look at the day of any doctor; other doctors see their own.
CHOOSERS = (
    "clinic_base.group_clinic_registrar",
    "clinic_base.group_clinic_operator",
    "clinic_base.group_clinic_head_doctor",
    "clinic_base.group_clinic_director",
)

#: Shorter free time is no gap worth showing.
GAP = timedelta(minutes=5)


class ClinicMyDay(models.AbstractModel):
    """The only server side of “My day”: one doctor, one day, in a fixed number of queries.

    Nothing is stored. Rows come through the user's record rules; what is pressed goes through the
    buttons of the visit and through ``clinic.booking``.
    """

    _name = "clinic.my.day"
    _description = "Doctor's day"

    # ------------------------------------------------------------------ whose day

    @api.model
    def _check_reader(self):
        if not self.env.user.has_group("clinic_schedule.group_clinic_schedule_reader"):
            raise AccessError(
                self.env._("Your role does not see the schedule. Ask a clinic administrator for the right.")
            )

    @api.model
    def _may_choose(self):
        return any(self.env.user.has_group(group) for group in CHOOSERS)

    @api.model
    def _own_practitioner(self):
        """The card of the signed-in doctor, in the companies he works in now; empty for others."""
        return self.env.user.practitioner_id

    @api.model
    def _practitioner(self, practitioner_id):
        """The doctor whose day is asked for; another one's is refused to who may not choose."""
        self._check_reader()
        own = self._own_practitioner()
        if not practitioner_id or practitioner_id == own.id:
            return own
        if not isinstance(practitioner_id, int) or not self._may_choose():
            raise AccessError(self.env._("You see your own day only."))
        return self.env["clinic.practitioner"].search([("id", "=", practitioner_id)])

    @api.model
    def _doctors(self):
        """Doctors to choose from, for those who may: one statement."""
        if not self._may_choose():
            return []
        found = self.env["clinic.practitioner"].search_fetch([], ["name"], order="name, id")
        return [{"id": doctor.id, "name": doctor.name} for doctor in found]

    # ------------------------------------------------------------------ the day

    @api.model
    @api.readonly
    def load(self, practitioner_id=False, date=False, quiet=False):
        """The day of a doctor: visits, own blocks, free gaps.

        :param practitioner_id: False: of the signed-in doctor. Another doctor's is for registrars,
            operators, head doctors and directors.
        :param date: ISO date; False: today where the doctor works
        :param quiet: the screen only refreshes what it shows; no line in the access journal
        :return: dict of plain values; instants are naive UTC strings, ``…_clock`` the wall time of the branch
        """
        doctor = self._practitioner(practitioner_id)
        doctors = [] if quiet else self._doctors()
        if not doctor:
            return {"practitioner": False, "doctors": doctors, "may_choose": self._may_choose()}
        day = self._read_day(date) or local_date(fields.Datetime.now(), doctor.tz or "UTC")
        visits = self._visits(doctor, day)
        shifts = self.env["clinic.shift"].search_fetch(
            [("resource_id", "=", doctor.resource_id.id), ("local_date", "=", day)],
            ["start", "stop", "branch_id", "room_id", "resource_id"],
        )
        # the day is the one of the place where the doctor works, which need not be the zone of his card
        tz = (shifts.branch_id or visits.branch_id)[:1].tz or doctor.tz or "UTC"
        rows = self._visit_rows(visits)
        if not quiet:
            self.env["clinic.access.event"]._record(
                "list", model=self.env["clinic.appointment"], amount=len(rows), detail="patient_id"
            )
        absences = self._absences(doctor, day, tz)
        return {
            "practitioner": {
                "id": doctor.id,
                "name": doctor.name,
                "resource_id": doctor.resource_id.id,
                "own": doctor == self._own_practitioner(),
            },
            "doctors": doctors,
            "may_choose": self._may_choose(),
            "may_act": self.env.user.has_group("clinic_base.group_clinic_booking"),
            "date": day.isoformat(),
            "is_today": day == local_date(fields.Datetime.now(), tz),
            "now_clock": self._clock(fields.Datetime.now(), tz),
            "branch_ids": (shifts.branch_id | visits.branch_id).ids,
            "shifts": [self._span(shift, shift.branch_id.tz, room=shift.room_id.name or "",
                                  branch=shift.branch_id.name) for shift in shifts],
            "visits": rows,
            "absences": absences,
            "gaps": self._gaps(doctor, shifts, absences),
            **self._more(doctor, day),
        }  # fmt: skip

    @api.model
    def _more(self, doctor, day):
        """Further parts of the answer, for the files below and for addons: ``{**super()…, …}``."""
        return {}

    @api.model
    def _read_day(self, value):
        try:
            return fields.Date.to_date(value or None)
        except (ValueError, TypeError):
            raise UserError(self.env._("There is no such day. Choose a day of the calendar.")) from None

    @api.model
    def _visits(self, doctor, day):
        domain = Domain("local_date", "=", day) & Domain("state", "not in", ("held", *CANCELLED))
        domain &= Domain("practitioner_id", "=", doctor.id) | Domain(
            "resource_id", "=", doctor.resource_id.id
        )
        return self.env["clinic.appointment"].search(domain, order="start, id")

    @api.model
    def _visit_rows(self, visits):
        patients = visits.patient_id
        cards = {card["id"]: card for card in patients._clinic_patient_dicts()} if patients else {}
        return [self._visit_row(visit, cards.get(visit.patient_id.id)) for visit in visits]

    @api.model
    def _visit_row(self, visit, card):
        age = ""
        if card and card["age"] is not False:
            age = self.env["clinic.board"]._age_text(card["age"])
        return {
            "id": visit.id,
            **self._span(visit, visit.branch_id.tz),
            "name": visit.patient_id.name or visit.external_patient_ref or "",
            "patient_id": visit.patient_id.id,
            "age": age,
            "alert": card["alert"] if card else "",
            "flags": card["flags"] if card else [],
            "service": visit.service_id.name,
            "room": (visit.room_id or visit.practitioner_id.room_id).name or "",
            "branch_id": visit.branch_id.id,
            "state": visit.state,
            "is_first": visit.visit_type == "first",
            "course": visit.course_place or "",
            "coming": visit._coming_text(),
            "walk_in": visit.walk_in,
            "queue": visit.queue_label,
            "note": visit.note or "",
            "arrived_at": self._text(visit.arrived_at),
            "called_at": self._text(visit.called_at),
            "started_at": self._text(visit.started_at),
            "arrived_clock": self._clock(visit.arrived_at, visit.branch_id.tz),
        }

    @api.model
    def _text(self, moment):
        return fields.Datetime.to_string(moment) if moment else False

    @api.model
    def _clock(self, moment, tz):
        return f"{utc_to_wall(moment, tz):%H:%M}" if moment else ""

    @api.model
    def _span(self, record, tz, **more):
        return {
            "start": fields.Datetime.to_string(record.start),
            "stop": fields.Datetime.to_string(record.stop),
            "start_clock": self._clock(record.start, tz),
            "stop_clock": self._clock(record.stop, tz),
            **more,
        }

    @api.model
    def _absences(self, doctor, day, tz):
        """Absences of the doctor that touch the day, whatever branch he is in."""
        low, high = local_day(day, tz)
        found = self.env["clinic.absence"].search_fetch(
            [("resource_id", "=", doctor.resource_id.id), ("start", "<", high), ("stop", ">", low)],
            ["start", "stop", "kind"],
            order="start, id",
        )
        kinds = dict(found._fields["kind"]._description_selection(self.env))
        return [self._span(absence, tz, id=absence.id, name=kinds[absence.kind]) for absence in found]

    @api.model
    def _gaps(self, doctor, shifts, absences):
        """What is free of the shifts, from the claims: whoever booked, and without persons."""
        if not shifts:
            return []
        scope = {"start": min(shifts.mapped("start")), "stop": max(shifts.mapped("stop"))}
        busy = self.env["clinic.board"]._load_busy(scope, [doctor.resource_id.id])
        taken = [
            (fields.Datetime.to_datetime(start), fields.Datetime.to_datetime(stop))
            for start, stop in [
                *busy.get(doctor.resource_id.id, []),
                *((absence["start"], absence["stop"]) for absence in absences),
            ]
        ]
        gaps = []
        for shift in shifts:
            for start, stop in subtract([(shift.start, shift.stop)], taken):
                if stop - start >= GAP:
                    tz = shift.branch_id.tz
                    gaps.append(
                        {
                            "start": self._text(start),
                            "stop": self._text(stop),
                            "start_clock": self._clock(start, tz),
                            "stop_clock": self._clock(stop, tz),
                            "minutes": (stop - start) // timedelta(minutes=1),
                        }
                    )
        return gaps

    # ------------------------------------------------------------------ what is pressed

    @api.model
    def step(self, appointment_id, action):
        """Press a button of a visit of the day.

        :param action: ``arrive``, ``call``, ``start``, ``done``, ``no_show`` or ``undo``. Rights: those of
            booking; a doctor who may not choose presses for his own visits only.
        """
        visit = self._visit(appointment_id)
        if action not in ("arrive", "call", "start", "done", "no_show", "undo"):
            raise UserError(self.env._("There is no such step. Reload the page."))
        getattr(visit, f"action_{action}")()
        return True

    @api.model
    def _visit(self, appointment_id):
        """The visit as the user may see and press it."""
        self._check_reader()
        visit = self.env["clinic.appointment"].search([("id", "=", appointment_id)])
        if not visit:
            raise UserError(self.env._("This visit no longer exists. Reload the page."))
        if not self._may_choose():
            own = self._own_practitioner()
            if not own or (visit.practitioner_id != own and visit.resource_id != own.resource_id):
                raise AccessError(self.env._("This is not your visit. Ask the desk."))
        return visit
