# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields

from .common import ScheduleCommon


class TestSearch(ScheduleCommon):
    def _starts(self, service=None, **kwargs):
        kwargs.setdefault("date_from", self._day(1))
        kwargs.setdefault("date_to", self._day(1))
        kwargs.setdefault("limit", 100)
        return [
            self._wall(slot["start"]) for slot in self.booking.search_slots(service or self.service, **kwargs)
        ]

    def test_grid(self):
        self.assertEqual(
            self._starts(),
            [
                "09:00",
                "09:15",
                "09:30",
                "09:45",
                "10:00",
                "10:15",
                "10:30",
                "10:45",
                "11:00",
                "11:15",
                "11:30",
            ],
        )
        self.service.clinic_step = 60
        self.assertEqual(self._starts(), ["09:00", "10:00", "11:00"])
        self.practitioner.service_line_ids.step = 90
        self.assertEqual(self._starts(), ["09:00", "10:30"])
        self.practitioner.service_line_ids.duration = 120
        self.assertEqual(self._starts(), ["09:00"])

    def test_keys(self):
        slot = self.booking.search_slots(self.service, limit=1)[0]
        self.assertEqual(
            slot,
            {
                "resource_id": self.practitioner.resource_id.id,
                "practitioner_id": self.practitioner.id,
                "branch_id": self.branch.id,
                "room_id": False,
                "device_ids": [],
                "service_id": self.service.id,
                "start": self._at(1, 540),
                "stop": self._at(1, 570),
                "price": 2000.0,
                "price_before": False,
            },
        )

    def test_buffers(self):
        self.service.write({"clinic_buffer_before": 10, "clinic_buffer_after": 5, "clinic_step": 5})
        self._book(600)
        starts = self._starts()
        self.assertIn("09:15", starts)
        self.assertNotIn("09:20", starts, "the visit would end at 9:50 with its buffer at 9:55, after 9:50")
        self.assertIn("10:45", starts)
        self.assertNotIn("10:40", starts)
        self.assertEqual(starts[-1], "11:30", "buffers may hang over the end of the shift")

    def test_patient_busy(self):
        other = self._make_practitioner(branches=self.branch, services=self.service)
        self._make_shift(other)
        self._book(540, patient=self.patient, owner=other)
        starts = self._starts(practitioners=self.practitioner, patient=self.patient)
        self.assertEqual(starts[0], "09:30")

    def test_holds(self):
        hold = self.booking.hold(self._slot(), "a-token-1")
        self.assertEqual(self._starts()[0], "09:30")
        self.booking.release("a-token-1")
        self.assertFalse(hold.exists())
        self.assertEqual(self._starts()[0], "09:00")

    def test_window_and_limits(self):
        self._make_shift(day=2)
        self.assertEqual(len(self.booking.search_slots(self.service, limit=3)), 3)
        slots = self.booking.search_slots(
            self.service, date_from=self._at(1, 660), date_to=self._at(2, 560), limit=99
        )
        self.assertEqual(
            [self._wall(slot["start"]) for slot in slots], ["11:00", "11:15", "11:30", "09:00", "09:15"]
        )

    def test_per_resource(self):
        for _n in range(3):
            self._make_shift(self._make_practitioner(branches=self.branch, services=self.service))
        slots = self.booking.search_slots(self.service, per_resource=2, limit=100)
        self.assertEqual(len(slots), 8)
        self.assertEqual({self._wall(slot["start"]) for slot in slots}, {"09:00", "09:15"})

    def test_ages_and_audience(self):
        child = self._make_patient(birth_date=fields.Date.today() - timedelta(days=365 * 5))
        self.shift.audience = "child"
        self.assertFalse(self._starts(patient=self.patient))
        self.assertTrue(self._starts(patient=child))
        self.assertFalse(self._starts(audience="adult"))
        self.assertTrue(self._starts(audience="child"))
        self.service.clinic_age_min = 10
        self.assertFalse(self._starts(patient=child))

    def test_birthday_inside_the_window(self):
        """Grown up the day after tomorrow: an adult doctor is open from that day on."""
        self._make_shift(day=2)
        self._make_shift(day=3)
        day = self._day(2)
        youth = self._make_patient(birth_date=day.replace(year=day.year - 18))
        self.practitioner.audience = "adult"
        slots = self.booking.search_slots(self.service, patient=youth, limit=100)
        self.assertEqual(
            {self.env["clinic.shift"]._fields and slot["start"].date() for slot in slots}, {day, self._day(3)}
        )

    def test_absence_of_room_and_doctor(self):
        self.shift.room_id = self.room
        for owner, low in ((self.room, 540), (self.practitioner, 660)):
            self.env["clinic.absence"].create(
                {
                    "resource_id": owner.resource_id.id,
                    "start": self._at(1, low),
                    "stop": self._at(1, low + 30),
                }
            )
        self.assertEqual(self._starts(), ["09:30", "09:45", "10:00", "10:15", "10:30", "11:30"])

    def test_any_free_unit_for_the_whole_visit(self):
        room_type = self._make_room_type()
        rooms = [self._make_room(self.branch, room_type_id=room_type.id) for _n in range(2)]
        service = self._make_service(
            practitioners=self.practitioner, clinic_room_type_id=room_type.id, clinic_duration=60
        )
        for room, low in zip(rooms, (540, 570), strict=True):
            self.env["clinic.absence"].create(
                {"resource_id": room.resource_id.id, "start": self._at(1, low), "stop": self._at(1, low + 30)}
            )
        starts = self.booking.search_slots(service, limit=100)
        self.assertEqual(self._wall(starts[0]["start"]), "09:30", "two half-free rooms do not make one")
        self.assertEqual(starts[0]["room_id"], rooms[0].id)

    def test_online_switches(self):
        def closed(record, name, value, restore):
            record[name] = value
            self.assertFalse(self._starts(channel="site"), f"{record._name}.{name}")
            self.assertTrue(self._starts(), "staff may always book")
            record[name] = restore

        self.assertTrue(self._starts(channel="site"))
        for record in (self.branch, self.practitioner, self.specialty):
            closed(record, "online_booking", False, True)
            closed(record, "show_on_site", False, True)
        closed(self.service, "clinic_online", "request", "yes")
        closed(self.practitioner.service_line_ids, "online", "no", False)
        self.assertTrue(self._starts(channel="site"))

    def test_price_of_the_doctor(self):
        self.practitioner.service_line_ids.write({"own_price": True, "price": 2500})
        self.assertEqual(self.booking.search_slots(self.service, limit=1)[0]["price"], 2500.0)

    def test_query_count_does_not_grow(self):
        counts = []
        for doctors in (1, 12):
            for _n in range(doctors):
                doctor = self._make_practitioner(branches=self.branch, services=self.service)
                self._make_shift(doctor)
            self.env.flush_all()
            self.env.invalidate_all()
            self.booking.search_slots(self.service, patient=self.patient)  # warms what a process keeps
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.booking.search_slots(self.service, patient=self.patient)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 8)

    def test_several_services_at_once(self):
        """One call for many services: the same starts as one call each, in few queries."""
        room_type = self._make_room_type()
        self._make_room(self.branch, room_type_id=room_type.id)
        services = self.service
        for duration in (10, 20, 45):
            services |= self._make_service(practitioners=self.practitioner, clinic_duration=duration)
        services |= self._make_service(practitioners=self.practitioner, clinic_room_type_id=room_type.id)
        unknown = self._make_service(active=False)
        self._book(600)
        together = self.booking.search_slots(services | unknown, per_resource=3, limit=500)
        single = []
        for service in services:
            single += self.booking.search_slots(service, limit=3)
        self.assertCountEqual([str(slot) for slot in together], [str(slot) for slot in single])
        self.env.invalidate_all()
        with self.assertQueryCount(10):
            self.booking.search_slots(services.ids, per_resource=3, limit=500)
