# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass, field
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.clinic_base.const import ADULT_AGE

from ..const import DEFAULT_STEP, PATIENT_CHANNELS
from ..slot_algebra import add_years, local_date, utc_to_wall
from .clinic_availability import UnitNeed
from .clinic_slot_claim import Key


@dataclass
class Plan:
    """A checked wish: what the appointment will say and what it will occupy."""

    service: object
    terms: object
    branch_id: int
    tz: str
    start: object
    stop: object
    room_id: int | None = None
    needs: list = field(default_factory=list)  # UnitNeed with its candidates
    units: list = field(default_factory=list)  # per need: [(unit_id, resource_id)] in order of liking
    fixed: list = field(default_factory=list)
    seats: list = field(default_factory=list)  # keys of the places of the group session, if it is one
    session_id: int | None = None
    quota: list = field(default_factory=list)  # keys of the places of the quota that counts, if any
    spare: list = field(default_factory=list)  # keys of the places of the reduced price, if it counts them
    spare_rule_id: int | None = None  # whose reduced price it is
    ticket_id: int | None = None  # the time ticket whose price it is
    spare_chance: float = 0.0  # that the time would have been sold at the full price
    off_grid: bool = False
    note: str = ""  # for the journal
    over: list = field(default_factory=list)  # choices of lanes of an extra visit into taken time
    over_reason: str = ""

    def choices(self):
        """The keys of the candidates of every need, of the group session, the reduced price, the quota."""
        return [[key for _unit_id, key in units] for units in self.units] + [
            keys for keys in (self.seats, *self.over, self.spare, self.quota) if keys
        ]

    def patient_refs(self):
        """The patient as the claims know him: a set of at most one id."""
        return {key.ref for key in self.fixed if key.kind == "patient"}

    def asked(self):
        """What was asked, without persons, for ``SlotTaken`` and for alternatives."""
        return {
            "service_id": self.service.id,
            "resource_id": self.terms.resource_id,
            "branch_id": self.branch_id,
            "start": fields.Datetime.to_string(self.start),
            "stop": fields.Datetime.to_string(self.stop),
        }


class ClinicBooking(models.AbstractModel):
    """From a slot that somebody sent to a plan that the server has checked itself."""

    _inherit = "clinic.booking"  # pylint: disable=consider-merging-classes-inherited

    def _service_needs(self, service):
        """Rooms and devices of a type that the visit occupies besides its leading resource."""
        needs = []
        elsewhere = service.clinic_place in ("home", "tele")
        if service.clinic_room_type_id and service.clinic_leading_kind != "room" and not elsewhere:
            needs.append(
                UnitNeed("room", service.clinic_room_type_id.id, 0, service.clinic_room_cleaning or 0)
            )
        if service.clinic_device_type_id and service.clinic_leading_kind != "device":
            needs.append(
                UnitNeed("device", service.clinic_device_type_id.id, service.clinic_device_warmup or 0, 0)
            )
        return needs

    def _plan(self, slot, patient, channel, visit_type=None, held=None):
        """Check everything about a slot but whether it is free; the claims decide that."""
        if not isinstance(slot, dict) or len(slot) > 50:
            raise UserError(self.env._("The request names no valid time. Choose the time again."))
        service = self._service_of(slot.get("service_id"), channel)
        resource_id = self._id_of(
            slot.get("resource_id"), "resource.resource", self.env._("doctor, room or device")
        )
        start = self._moment_of(slot.get("start"))
        terms = self._terms(service, channel, patient, [resource_id], visit_type=visit_type)
        if not terms:
            self._refuse_terms(service, patient, channel, resource_id)
        terms = terms[0]
        if service.clinic_group_size:
            return self._plan_session(slot, service, terms, patient, start, channel, held)
        stop = start + timedelta(minutes=terms.duration)
        if not held or held.start != start:
            self._check_when(start, channel)
        shift = self._shift_of(service, terms, start, stop, channel)
        self._check_slot_hints(slot, shift, stop)
        self._check_age(terms, shift, patient, start)
        off_grid = (start - shift["start"]) % timedelta(minutes=terms.step or shift["step"] or DEFAULT_STEP)
        if off_grid and channel in PATIENT_CHANNELS:
            raise UserError(self.env._("Visits do not begin at this time. Choose one of the offered times."))
        plan = Plan(
            service,
            terms,
            shift["branch_id"],
            shift["tz"],
            start,
            stop,
            shift["room_id"] if terms.place == "clinic" else None,
            off_grid=bool(off_grid),
        )
        self._plan_keys(plan, shift, patient, slot)
        plan.quota = self._quota_keys(shift, start, channel)
        return plan

    def _refuse_terms(self, service, patient, channel, resource_id):
        """Say why nobody like this gives the service to this patient."""
        if patient and service.clinic_sex and patient.sex and patient.sex != service.clinic_sex:
            raise UserError(
                self.env._(
                    "This service is not meant for patients of this sex. Check the service or the card."
                )
            )
        if patient and self._terms(service, channel, None, [resource_id]):
            raise UserError(
                self.env._(
                    "The patient's age does not fit this doctor or service. Choose another doctor or service."
                )
            )
        if channel in PATIENT_CHANNELS:
            raise UserError(
                self.env._("This service of this doctor cannot be booked online. Please phone the clinic.")
            )
        raise UserError(
            self.env._("This doctor, room or device does not give this service. Choose another one.")
        )

    def _check_when(self, start, channel):
        now = fields.Datetime.now()
        if channel == "import":
            return
        if channel in PATIENT_CHANNELS:
            if start < now:
                raise UserError(self.env._("This time has already passed. Choose a later one."))
            if start < now + timedelta(minutes=self._setting("clinic_schedule.site_lead_minutes")):
                raise UserError(
                    self.env._("It is too late to book this time online. Choose a later one or phone us.")
                )
            if start >= now + timedelta(days=self._setting("clinic_schedule.site_horizon_days")):
                raise UserError(
                    self.env._("This day is not open for online booking yet. Choose an earlier one.")
                )
        elif start < now - timedelta(minutes=self._setting("clinic_schedule.staff_past_minutes")):
            raise UserError(self.env._("This time has already passed. Choose a later one."))

    def _shift_of(self, service, terms, start, stop, channel):
        """The shift that holds the whole visit, open for the service and not broken by an absence."""
        shift = self._lock_shift(service, terms, start, stop, channel)
        if not shift:
            raise UserError(
                self.env._("There are no visiting hours at this time. Choose a time within them.")
            )
        if shift["away"]:
            raise UserError(self.env._("There is an absence at this time. Choose another time."))
        if not shift["open"]:
            raise UserError(
                self.env._("This service is not given in these visiting hours. Choose another time.")
            )
        if not shift["open_to"]:
            raise UserError(
                self.env._(
                    "These visiting hours are kept for other ways of booking. Choose another time, or ask the"
                    " senior nurse to open them."
                )
                if self._is_staff()
                else self.env._("This time is not open for online booking. Choose another one or phone us.")
            )
        if channel in PATIENT_CHANNELS and not shift["open_online"]:
            raise UserError(self.env._("This branch does not take online bookings. Please phone the clinic."))
        return shift

    def _lock_shift(self, service, terms, start, stop, channel):
        """The row of the shift around the visit, locked with its branch; None if none.

        The lock keeps the hours and the branch as they are until we commit; if somebody has changed them
        since our snapshot, the database refuses, and the transaction is repeated.
        """
        shifts = self.env["clinic.shift"]
        shifts.flush_model()
        self.env["clinic.absence"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT s.id, s.branch_id, s.room_id, s.start, s.stop, s.step, s.has_quotas, s.audience,
                       b.tz, b.company_id,
                       m.resource_id AS room_ref, b.show_on_site AND b.online_booking AS open_online,
                       %(open)s AS open, %(open_to)s AS open_to,
                       EXISTS (SELECT 1 FROM clinic_absence a
                                WHERE a.active AND a.start < %(stop)s AND a.stop > %(start)s
                                  AND (a.resource_id = s.resource_id
                                       -- the room of the shift matters to visits that take place in it
                                       OR %(follow)s AND a.resource_id = m.resource_id)) AS away
                  FROM clinic_shift s JOIN clinic_branch b ON b.id = s.branch_id
                  LEFT JOIN clinic_room m ON m.id = s.room_id
                 WHERE s.active AND s.resource_id = %(resource)s
                   AND s.start <= %(start)s AND s.stop >= %(stop)s
                   AND b.active AND b.company_id = ANY(%(companies)s)
                   FOR SHARE OF s, b
                """,
                open=shifts._sql_open_for("s", SQL("%s", service.id)),
                open_to=shifts._sql_open_to("s", channel),
                start=start,
                stop=stop,
                resource=terms.resource_id,
                follow=terms.follow,
                companies=self.env.companies.ids,
            ),
            log_exceptions=False,
        )
        return self.env.cr.dictfetchone()

    def _check_slot_hints(self, slot, shift, stop):
        """What the caller said besides must not contradict what the server found."""
        branch_id = slot.get("branch_id")
        if branch_id and self._id_of(branch_id, "clinic.branch", self.env._("branch")) != shift["branch_id"]:
            raise UserError(
                self.env._("At this time the visits are in another branch. Choose the time again.")
            )
        if slot.get("stop") and self._moment_of(slot["stop"]) != stop:
            raise UserError(
                self.env._("The length of the visit has changed meanwhile. Choose the time again.")
            )

    def _check_age(self, terms, shift, patient, start):
        if not patient or not patient.birth_date:
            return
        day = local_date(start, shift["tz"])
        adult = add_years(patient.birth_date, ADULT_AGE)
        fits = (
            (not terms.valid_from or day >= terms.valid_from)
            and (not terms.valid_after or day < terms.valid_after)
            and (shift["audience"] != "adult" or day >= adult)
            and (shift["audience"] != "child" or day < adult)
        )
        if not fits:
            raise UserError(
                self.env._(
                    "The patient's age does not fit this doctor or service. Choose another doctor or service."
                )
            )

    def _plan_keys(self, plan, shift, patient, slot):
        """Everything the visit occupies, each with its own buffers."""
        start, stop, terms, service = plan.start, plan.stop, plan.terms, plan.service

        def key(ref, before, after, kind="resource"):
            return Key(kind, ref, 0, start - timedelta(minutes=before), stop + timedelta(minutes=after))

        if terms.duration + terms.before + terms.after > 36 * 60 or terms.cleaning > 12 * 60:
            raise UserError(
                self.env._(
                    "This service with its buffers takes longer than 36 hours. Correct the service first."
                )
            )
        plan.fixed = [key(terms.resource_id, terms.before, terms.after)]
        if patient and self._setting("clinic_schedule.patient_claim"):
            plan.fixed.append(key(patient.id, 0, 0, kind="patient"))
        plan.needs = self._service_needs(service)
        kinds = {need.kind for need in plan.needs}
        if service.clinic_leading_kind == "room":
            plan.room_id = terms.room_id
        elif "room" not in kinds and shift["room_ref"] and terms.place == "clinic":
            plan.fixed.append(key(shift["room_ref"], 0, service.clinic_room_cleaning or 0))
        for need in plan.needs:
            liked = shift["room_id"]
            if need.kind == "room":
                liked = slot.get("room_id") or liked
            elif slot.get("device_ids"):
                liked = (self._ids_of(slot["device_ids"], "clinic.device", self.env._("device")) or [None])[0]
            units = self._units_of(need, plan.branch_id, start, stop, liked)
            if not units:
                raise UserError(
                    self.env._(
                        "No room or device that this service needs is at hand then. Choose another time."
                    )
                )
            plan.units.append([(unit_id, key(ref, need.before, need.after)) for unit_id, ref in units])

    def _quota_keys(self, shift, start, channel):
        """One key per place of the quota that counts for the channel at this time; empty: no limit."""
        if not shift["has_quotas"] or channel == "import":
            return []
        quotas = self.env["clinic.shift.quota"]
        quotas.flush_model()
        rows = self.env.execute_query(quotas._sql_of(SQL("%s", shift["id"]), channel))
        if not rows:
            return []
        quota_id, seats, hours = rows[0]
        if hours and start <= fields.Datetime.now() + timedelta(hours=hours):
            return []
        if not seats:
            raise UserError(self._quota_sentence(quota_id))
        return [Key("quota", quota_id, lane, shift["start"], shift["stop"]) for lane in range(seats)]

    def _quota_sentence(self, quota_id):
        """Why a quota forbids; the staff hears which one, when it falls and who changes it."""
        # sudo: the quota of the shift that was just read for the booking; channels are no secret
        quota = self.env["clinic.shift.quota"].sudo().browse(quota_id)
        if not self.env.user.has_group("clinic_base.group_clinic_booking"):
            return self.env._(
                "The places of these visiting hours that are meant for this way of booking are all taken."
                " Choose another time."
            )
        return quota._refusal()

    def _units_of(self, need, branch_id, start, stop, liked):
        """``(unit id, resource id)`` of the branch's units of the type, the liked one first."""
        return self.env.execute_query(
            SQL(
                """
                SELECT u.id, u.resource_id FROM %s u
                  JOIN resource_resource r ON r.id = u.resource_id AND r.active
                 WHERE u.branch_id = %s AND u.%s = %s
                   AND NOT EXISTS (SELECT 1 FROM clinic_absence a WHERE a.resource_id = u.resource_id
                                      AND a.active AND a.start < %s AND a.stop > %s)
                 ORDER BY (u.id = %s) IS NOT TRUE, u.id
                """,
                SQL.identifier(f"clinic_{need.kind}"),
                branch_id,
                SQL.identifier(f"{need.kind}_type_id"),
                need.type_id,
                stop,
                start,
                liked if isinstance(liked, int) else None,
            )
        )

    def _place_vals(self, plan, chosen):
        """The appointment's fields of the place; ``chosen`` are the claimed keys per need."""
        vals = {
            "service_id": plan.service.id,
            "resource_id": plan.terms.resource_id,
            "practitioner_id": plan.terms.practitioner_id or False,
            "branch_id": plan.branch_id,
            "start": plan.start,
            "stop": plan.stop,
            "price": plan.terms.price,
            "price_before": plan.terms.price_before or 0.0,
            "spare_rule_id": plan.spare_rule_id or False,
            "spare_chance": plan.spare_chance,
            "ticket_id": plan.ticket_id or False,
            "room_id": plan.room_id or False,
            "session_id": plan.session_id or False,
            "place_kind": plan.terms.place,
            "overbooked": bool(plan.over),
            "overbook_reason": plan.over_reason or False,
        }
        devices = [plan.terms.device_id] if plan.terms.device_id else []
        # the place of the quota, if any, comes last and is no field of the visit
        for need, units, key in zip(plan.needs, plan.units, chosen[: len(plan.needs)], strict=True):
            unit_id = next(unit_id for unit_id, candidate in units if candidate == key)
            if need.kind == "room":
                vals["room_id"] = unit_id
            else:
                devices.append(unit_id)
        vals["device_ids"] = [fields.Command.set(devices)]
        return vals

    def _wall_sentence(self, moment, tz):
        """Date and time on the clock of the branch, for a sentence."""
        return f"{utc_to_wall(moment, tz):%d.%m.%Y %H:%M}"
