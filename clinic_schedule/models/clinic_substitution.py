# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.ages import full_years

#: How far behind the last visit the same doctor is looked for, and a substitute.
LATER_DAYS, SUBSTITUTE_DAYS = 60, 14

#: A substitute may also see the patient earlier that day.
EARLIER = timedelta(hours=3)

#: Starts of one service with one resource that are looked at, and of all of them.
PER_RESOURCE, MOST = 400, 5000


class ClinicSubstitution(models.AbstractModel):
    """Where visits could go whose doctor, room or device is away.

    For each visit the same leading resource later, and a substitute: same service, specialty and
    branch, nearest to the old time. All visits are answered by a fixed number of searches, and no two
    of them are promised the same place.
    """

    _name = "clinic.substitution"
    _description = "Proposals for visits to be moved"

    @api.model
    def _propose(self, visits, avoid=()):
        """``{visit id: {"later": slot, "substitute": slot}}``; None where there is nothing.

        ``avoid``: ``(resource id, start, stop)`` that are known to be lost although this
        transaction cannot see why. Rights: staff with booking rights on visits they may read.
        """
        booking = self.env["clinic.booking"]
        booking._check_staff(visits)
        # sudo: the visits were checked; claims and offers belong to nobody
        visits = visits.sudo().sorted(lambda visit: (visit.start, visit.id))
        found = {visit.id: {"later": None, "substitute": None} for visit in visits}
        taken = _Taken(avoid)
        taken.patients = self._patients_busy(visits)
        for group in visits.grouped(self._audience).values():
            try:
                services = booking._services_of(group.service_id, "reception")
            except UserError:
                continue
            buffers, ages = self._terms_of(services)
            for way in ("later", "substitute"):
                slots = self._search(group, services, way)
                for visit in group:
                    fitting = self._fitting(visit, slots, way, ages)
                    slot = next((slot for slot in fitting if taken.free(visit, slot, buffers)), None)
                    if slot:
                        taken.add(visit, slot, buffers)
                        found[visit.id][way] = slot
        return found

    @api.model
    def _audience(self, visit):
        """Adults and children are searched for apart: hours may be open for one of them only."""
        patient = visit.patient_id
        if not patient.birth_date:
            return None
        return "adult" if full_years(patient.birth_date, visit.local_date) >= 18 else "child"

    @api.model
    def _terms_of(self, services):
        """Buffers and ages by (service, resource): what a found start does not say itself."""
        buffers, ages = {}, {}
        for offer in self.env["clinic.offer"].sudo()._find(services):
            pair = offer["service_id"], offer["resource_id"]
            before, after = buffers.get(pair, (0, 0))
            buffers[pair] = max(before, offer["buffer_before"]), max(after, offer["buffer_after"])
            ages.setdefault(pair, []).append((offer["age_from"], offer["age_to"]))
        return buffers, ages

    @api.model
    def _search(self, visits, services, way):
        """Free starts by service, soonest first."""
        now = fields.Datetime.now().replace(second=0, microsecond=0)
        first, last = min(visits.mapped("start")), max(visits.mapped("start"))
        if way == "later":
            low, high, resources = first, last + timedelta(days=LATER_DAYS), visits.resource_id.ids
        else:
            low, high, resources = first - EARLIER, last + timedelta(days=SUBSTITUTE_DAYS), None
        slots = self.env["clinic.booking"]._search(
            services,
            "reception",
            None,
            resource_ids=resources,
            branch_ids=visits.branch_id.ids if way == "substitute" else None,
            window=(max(low, now), max(high, now) + timedelta(days=1)),
            limit=MOST,
            per_resource=PER_RESOURCE,
            audience=self._audience(visits[0]),
        )
        by_service = {}
        for slot in slots:
            by_service.setdefault(slot["service_id"], []).append(slot)
        return by_service

    @api.model
    def _fitting(self, visit, slots, way, ages):
        """The starts that suit the visit, the best first."""
        slots = slots.get(visit.service_id.id, [])
        birth = visit.patient_id.birth_date
        if way == "later":
            slots = [
                slot
                for slot in slots
                if slot["resource_id"] == visit.resource_id.id and slot["start"] > visit.start
            ]
        else:
            slots = sorted(
                (
                    slot
                    for slot in slots
                    if slot["resource_id"] != visit.resource_id.id
                    and slot["branch_id"] == visit.branch_id.id
                    and self._same_specialty(visit, slot)
                ),
                key=lambda slot: (abs(slot["start"] - visit.start), slot["start"], slot["resource_id"]),
            )
        if birth:
            slots = [
                slot
                for slot in slots
                if any(
                    low <= full_years(birth, slot["start"].date()) <= high
                    for low, high in ages.get((slot["service_id"], slot["resource_id"]), ())
                )
            ]
        return slots

    @api.model
    def _same_specialty(self, visit, slot):
        """Whether the substitute is of the service's specialty, or of one of the doctor's."""
        if not slot["practitioner_id"]:
            return True
        wanted = visit.practitioner_id.specialty_ids
        if visit.service_id.clinic_specialty_id in wanted:
            wanted = visit.service_id.clinic_specialty_id
        substitute = self.env["clinic.practitioner"].sudo().browse(slot["practitioner_id"])
        return not wanted or bool(wanted & substitute.specialty_ids)

    @api.model
    def _patients_busy(self, visits):
        """Other times of the patients: ``{patient id: [(start, stop, visit id)]}``."""
        busy = {}
        if not self.env["clinic.booking"]._setting("clinic_schedule.patient_claim"):
            return busy
        claims = (
            self.env["clinic.slot.claim"]
            .sudo()
            .search_fetch(
                [
                    ("kind", "=", "patient"),
                    ("ref", "in", visits.patient_id.ids),
                    ("stop", ">", fields.Datetime.now()),
                ],
                ["ref", "start", "stop", "appointment_id"],
            )
        )
        for claim in claims:
            busy.setdefault(claim.ref, []).append((claim.start, claim.stop, claim.appointment_id.id))
        return busy


class _Taken:
    """Places that are promised already, with the buffers around them."""

    def __init__(self, avoid):
        self.resources = {}
        self.patients = {}
        for resource_id, start, stop in avoid:
            self.resources.setdefault(("resource", resource_id), []).append((start, stop))

    @staticmethod
    def _keys(slot):
        if slot.get("session_id"):
            # its leader and room receive many at once: one key per place that is left
            yield "session", slot["session_id"]
            return
        yield "resource", slot["resource_id"]
        if slot["room_id"]:
            yield "room", slot["room_id"]
        for device_id in slot["device_ids"]:
            yield "device", device_id

    @staticmethod
    def _span(slot, buffers):
        before, after = buffers.get((slot["service_id"], slot["resource_id"]), (0, 0))
        return slot["start"] - timedelta(minutes=before), slot["stop"] + timedelta(minutes=after)

    def free(self, visit, slot, buffers):
        start, stop = self._span(slot, buffers)
        for key in self._keys(slot):
            met = sum(low < stop and high > start for low, high in self.resources.get(key, ()))
            if met >= slot.get("seats_left", 1):
                return False
        return not any(
            low < slot["stop"] and high > slot["start"] and other != visit.id
            for low, high, other in self.patients.get(visit.patient_id.id, ())
        )

    def add(self, visit, slot, buffers):
        for key in self._keys(slot):
            self.resources.setdefault(key, []).append(self._span(slot, buffers))
        if visit.patient_id:
            busy = self.patients.setdefault(visit.patient_id.id, [])
            busy.append((slot["start"], slot["stop"], visit.id))
