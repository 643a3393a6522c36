# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import os
import random
from datetime import timedelta

from ..slot_algebra import Lead, Need, Unit, find_starts
from .common import ScheduleCommon

# the whole row of random clinics is for ``./clinic test --all``
SEEDS = 300 if os.environ.get("CLINIC_TEST_ALL") else 25


class TestSearchAgainstModel(ScheduleCommon):
    """The SQL of the search against the reference of ``slot_algebra`` on random small clinics."""

    def test_random_clinics(self):
        for seed in range(SEEDS):
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                self._compare(random.Random(seed))
                savepoint.rollback()
                self.env.invalidate_all()

    def _minutes(self, moment):
        return int((moment - self.base).total_seconds() // 60)

    def _moment(self, minutes):
        return self.base + timedelta(minutes=minutes)

    def _compare(self, rng):
        self.base = self._at(3, 0)
        self.busy, self.away = {}, {}
        room_type, device_type = self._make_room_type(), self._make_device_type()
        rooms = [self._make_room(self.branch, room_type_id=room_type.id) for _n in range(rng.randint(1, 3))]
        devices = [
            self._make_device(self.branch, device_type_id=device_type.id) for _n in range(rng.randint(1, 2))
        ]
        service = self._make_service(
            clinic_duration=rng.choice([10, 25, 30, 45]),
            clinic_step=rng.choice([0, 5, 20]),
            clinic_buffer_before=rng.choice([0, 5]),
            clinic_buffer_after=rng.choice([0, 10]),
            clinic_room_type_id=rng.choice([False, room_type.id]),
            clinic_room_cleaning=rng.choice([0, 15]),
            clinic_device_type_id=rng.choice([False, device_type.id]),
            clinic_device_warmup=rng.choice([0, 10]),
        )
        doctors = [
            self._make_practitioner(branches=self.branch, services=service) for _n in range(rng.randint(1, 3))
        ]
        for unit in [*rooms, *devices, *doctors]:
            self._occupy(rng, unit)
        patient_busy = self._spans(rng, 2)
        self._write_claims("patient", self.patient.id, patient_busy)
        expected = []
        for doctor in doctors:
            expected += self._expected(rng, doctor, service, rooms, devices, patient_busy)
        slots = self.booking.search_slots(
            service, patient=self.patient, date_from=self.base, date_to=self._moment(1440), limit=5000
        )
        found = [(self._minutes(slot["start"]), slot["resource_id"]) for slot in slots]
        self.assertEqual(found, sorted(expected))
        few = self.booking.search_slots(
            service, patient=self.patient, date_from=self.base, date_to=self._moment(1440), limit=7
        )
        self.assertEqual(few, slots[:7], "the shortcut for the first starts is exact")
        for slot in rng.sample(slots, min(2, len(slots))):
            with self.env.cr.savepoint() as savepoint:
                visit = self.booking.book(slot, self.patient)
                self.assertEqual(
                    (visit.room_id.id, visit.device_ids.ids), (slot["room_id"], slot["device_ids"])
                )
                savepoint.rollback()

    def _spans(self, rng, most):
        """Disjoint spans of a day, in minutes."""
        points = sorted(rng.sample(range(480, 900), 2 * rng.randint(0, most)))
        return [(points[n], points[n + 1]) for n in range(0, len(points), 2)]

    def _occupy(self, rng, unit):
        resource = unit.resource_id.id
        self.busy[resource] = self._spans(rng, 3)
        self._write_claims("resource", resource, self.busy[resource])
        self.away[resource] = self._spans(rng, 1)
        for start, stop in self.away[resource]:
            self.env["clinic.absence"].create(
                {"resource_id": resource, "start": self._moment(start), "stop": self._moment(stop)}
            )

    def _write_claims(self, kind, ref, spans):
        for start, stop in spans:
            self.env.cr.execute(
                "INSERT INTO clinic_slot_claim (kind, ref, lane, start, stop, state)"
                " VALUES (%s, %s, 0, %s, %s, 'booked')",
                [kind, ref, self._moment(start), self._moment(stop)],
            )

    def _unit(self, record):
        resource = record.resource_id.id
        return Unit(resource, self.busy[resource], self.away[resource])

    def _expected(self, rng, doctor, service, rooms, devices, patient_busy):
        shifts = []
        for low, high in self._spans(rng, 2):
            follow = rng.choice([None, *rooms])
            shift = self.env["clinic.shift"].create(
                {
                    "resource_id": doctor.resource_id.id,
                    "branch_id": self.branch.id,
                    "start": self._moment(low),
                    "stop": self._moment(high),
                    "step": rng.choice([0, 10, 15]),
                    "room_id": follow and follow.id,
                }
            )
            shifts.append((low, high, shift.step, follow))
        expected = []
        for low, high, step, follow in shifts:
            needs = []
            if service.clinic_room_type_id:
                needs.append(Need([self._unit(room) for room in rooms], 0, service.clinic_room_cleaning))
            elif follow:
                needs.append(Need([self._unit(follow)], 0, service.clinic_room_cleaning))
            if service.clinic_device_type_id:
                needs.append(
                    Need([self._unit(device) for device in devices], service.clinic_device_warmup, 0)
                )
            lead = Lead(
                self._unit(doctor),
                [(low, high)],
                service.clinic_duration,
                service.clinic_step or step or 15,
                service.clinic_buffer_before,
                service.clinic_buffer_after,
            )
            starts = find_starts(lead, needs, patient_busy)
            expected += [(start, doctor.resource_id.id) for start in starts]
        return expected
