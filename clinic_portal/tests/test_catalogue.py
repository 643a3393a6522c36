# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import PortalCommon


@tagged("post_install", "-at_install")
class TestCatalogue(PortalCommon):
    """The first screen: what is shown, in which order, and odd parameters."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.catalogue = cls.env["clinic.portal.catalogue"]

    def _cards(self, **params):
        screen = self.catalogue._search_screen(self.catalogue._read_filters(params))
        return [card for card in screen["cards"] if card["doctor"] in self.practitioner | self._others()]

    def _others(self):
        return getattr(self, "others", self.practitioner)

    def test_doctor_with_nearest_starts(self):
        (card,) = self._cards(doctor=self.practitioner.id)
        shown = [slot for day in card["days"] for slot in day["slots"]]
        self.assertEqual(len(shown), 6)
        self.assertEqual(shown[0]["time"], "09:00")
        self.assertIn("Tomorrow", shown[0]["day"])
        self.assertEqual(self._time_of(shown[0]["value"]), self._slot(0))
        self.assertIn("Moscow +5 h", shown[0]["zone"])
        self.assertIn(self.practitioner.name, shown[0]["aria"])

    def test_soonest_doctor_comes_first(self):
        self.others = self._make_practitioner(
            branches=self.branch, specialties=self.specialty, services=self.service
        )
        self._make_day_shift(self.others, hour=7)
        cards = self._cards(specialty=self.specialty.id)
        self.assertEqual([card["doctor"] for card in cards], [self.others, self.practitioner])

    def test_words_are_found_in_any_ending(self):
        self.specialty.doctor_name = "Кардиолог"
        self.assertTrue(self._cards(q="кардиолога"))
        self.assertTrue(self._cards(q="doctorova maria"))
        self.assertFalse(self._cards(q="хирург"))

    def test_hidden_doctors_services_and_branches(self):
        self.practitioner.show_on_site = False
        self.assertFalse(self._cards(q="doctorova"))
        self.assertFalse(self.catalogue._shown("clinic.practitioner", self.practitioner.id))
        self.practitioner.show_on_site = True
        self.service.clinic_show_on_site = False
        self.assertFalse(self._cards(q="doctorova"))

    def test_on_request_and_by_phone(self):
        line = self.practitioner.service_line_ids
        line.online = "request"
        (card,) = self._cards(q="doctorova")
        self.assertEqual((card["mode"], card["days"]), ("request", []))
        line.online = "no"
        (card,) = self._cards(q="doctorova")
        self.assertEqual((card["mode"], card["days"]), ("no", []))

    def test_children_and_adults(self):
        self.practitioner.audience = "child"
        self.assertTrue(self._cards(q="doctorova", age="child"))
        self.assertFalse(self._cards(q="doctorova", age="adult"))

    def test_date(self):
        later = self._make_day_shift(self.practitioner, days=5)
        wanted = fields.Datetime.context_timestamp(
            self.practitioner.with_context(tz="Asia/Irkutsk"), later.start
        )
        (card,) = self._cards(q="doctorova", date=wanted.date().isoformat())
        self.assertEqual(card["days"][0]["iso"], wanted.date().isoformat())

    def test_odd_parameters_are_left_out(self):
        for params in (
            {"date": "2026-02-31"},
            {"date": "x" * 10_000},
            {"date": "1026-01-01"},
            {"date": "9999-12-31"},
            {"doctor": "abc", "service": "-1", "branch": "99999999999999", "specialty": "1 OR 1=1"},
            {"page": "0", "age": "old", "q": "%_'\"<script>" * 50},
        ):
            filters = self.catalogue._read_filters(params)
            self.assertFalse(filters["date"])
            self.assertFalse(filters["doctor"] or filters["service"] or filters["age"])
            self.catalogue._search_screen(filters)

    def test_buttons_read_back(self):
        slot = self.catalogue._read_slot(self._slot(3))
        self.assertEqual(slot["start"], self.shift.start + timedelta(minutes=90))
        start = "1|2|3|2026-11-23T09:00:00"
        for text in (None, "", "1|2|3", "a|b|c|d", "1|2|3|31 February", "1|2|3|2026-02-31T09:00:00",
                     "1|2|3|0001-01-01", f"{start}+03:00", "9" * 5000, f"{start}|nan", f"{start}|-1",
                     f"{start}|a", f"{start}|1|2"):  # fmt: skip
            self.assertIsNone(self.catalogue._read_slot(text), text)

    def test_other_zone(self):
        branch = self._make_branch(name="Moscow branch", tz="Europe/Moscow")
        doctor = self._make_practitioner(branches=branch, specialties=self.specialty, services=self.service)
        self.others = doctor
        self._make_day_shift(doctor, branch=branch)
        (card,) = self._cards(doctor=doctor.id)
        shown = card["days"][0]["slots"][0]
        self.assertEqual((shown["time"], shown["zone"]), ("09:00", "Moscow time"))

    def test_room_leads_a_service(self):
        service = self._make_service(
            name="Blood test", clinic_leading_kind="room", clinic_room_ids=[(6, 0, self.room.ids)]
        )
        self._make_day_shift(self.room)
        screen = self.catalogue._search_screen(self.catalogue._read_filters({"service": service.id}))
        (card,) = screen["cards"]
        self.assertFalse(card["doctor"])
        self.assertTrue(card["days"])

    def test_queries_do_not_grow_with_doctors_and_services(self):
        def queries():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.catalogue._search_screen(self.catalogue._read_filters({}))
            return self.env.cr.sql_log_count - before

        def hire(number):
            for _number in range(number):
                service = self._make_service(clinic_specialty_id=self.specialty.id)
                doctor = self._make_practitioner(
                    branches=self.branch, specialties=self.specialty, services=service
                )
                self._make_day_shift(doctor)

        hire(2)
        queries()  # fills Odoo's own caches
        few = queries()
        hire(8)
        queries()
        self.assertEqual(queries(), few)
        self.assertLess(few, 40)
