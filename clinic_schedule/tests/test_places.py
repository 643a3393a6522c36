# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..districts import is_served
from ..exceptions import SlotTaken
from .common import ScheduleCommon


class PlaceCommon(ScheduleCommon):
    """The doctor of the small clinic sees patients at home (20 min each way) and online, too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.room = cls.env["clinic.room"].create({"name": "Room 1", "branch_id": cls.branch.id})
        cls.shift.room_id = cls.room
        cls.home = cls._offer("Home visit", "home", clinic_travel_minutes=20)
        cls.tele = cls._offer("Online", "tele")

    @classmethod
    def _offer(cls, name, place, **vals):
        service = cls._make_service(name=name, clinic_place=place, clinic_duration=30, **vals)
        cls.env["clinic.practitioner.service"].create(
            {"practitioner_id": cls.practitioner.id, "service_id": service.id}
        )
        return service

    def _visit_home(self, minutes=570, patient=None, **kwargs):
        kwargs.setdefault("visit_address", "Иркутск, ул. Ленина, 5-12")
        return self._book(minutes, 1, patient or self.patient, self.home, **kwargs)


@tagged("post_install", "-at_install")
class TestHomeVisits(PlaceCommon):
    def test_the_way_is_time_of_the_doctor_and_no_room_is_taken(self):
        visit = self._visit_home()
        (claim,) = visit.claim_ids.filtered(lambda one: one.kind == "resource")
        self.assertEqual(claim.ref, self.practitioner.resource_id.id)
        self.assertEqual((claim.start, claim.stop), (self._at(1, 550), self._at(1, 620)))
        self.assertEqual(visit.place_kind, "home")
        self.assertFalse(visit.room_id)
        starts = {self._wall(slot["start"]) for slot in self.booking.search_slots(self.service, limit=50)}
        self.assertNotIn("10:00", starts)
        self.assertIn("10:30", starts)
        with self.assertRaises(SlotTaken):
            self._book(600)

    def test_search_offers_no_room(self):
        slots = self.booking.search_slots(self.home)
        self.assertTrue(slots)
        self.assertEqual({slot["room_id"] for slot in slots}, {False})
        self.assertEqual(
            {slot["room_id"] for slot in self.booking.search_slots(self.service)}, {self.room.id}
        )

    def test_a_busy_room_is_no_matter(self):
        self.env["clinic.absence"].create(
            {
                "resource_id": self.room.resource_id.id,
                "kind": "repair",
                "start": self._at(1, 0),
                "stop": self._at(1, 1439),
            }
        )
        self.assertFalse(self.booking.search_slots(self.service))
        self.assertTrue(self.booking.search_slots(self.home))
        self.assertTrue(self._visit_home())
        self.assertTrue(self._book(660, 1, service=self.tele))

    def test_address(self):
        with self.assertRaisesRegex(UserError, "needs an address"):
            self._visit_home(visit_address="")
        self.env["clinic.address"].create(
            {"patient_id": self.patient.id, "kind": "residence", "raw": "Иркутск, Байкальская, 1"}
        )
        visit = self._visit_home(visit_address="")
        self.assertEqual(visit.visit_address, "Иркутск, Байкальская, 1")
        self.assertFalse(self._book(690, 1, visit_address="Somewhere").visit_address)
        with self.assertRaisesRegex(UserError, "too long"):
            self._visit_home(660, self._make_patient(), visit_address="x" * 301)

    def test_districts(self):
        self.branch.write({"home_district_mode": "refuse", "home_districts": "ул. Ленина\nг. Шелехов"})
        self.assertTrue(self._visit_home())
        far = {"visit_address": "Ангарск, ул. Мира, 7"}
        with self.assertRaisesRegex(UserError, "do not go to this address"):
            self._visit_home(660, self._make_patient(), **far)
        self.branch.home_district_mode = "warn"
        visit = self._visit_home(660, self._make_patient(), **far)
        self.assertIn("outside", visit.journal_ids[:1].note)
        self.assertTrue(visit.address_warning)
        self.branch.home_district_mode = "off"
        self.assertFalse(visit.address_warning)

    def test_words_of_places(self):
        for address, places, expected in (
            ("г. Иркутск, улица Ленина, д. 5", ["ул. Ленина"], True),
            ("Иркутск, Ленинградская, 5", ["Ленина"], False),
            ("р-н Октябрьский, Байкальская 2", ["Октябрьский район"], True),
            ("посёлок Молодёжный, 3", ["Молодежный"], True),
            ("Карла Маркса 1", ["Маркса Карла"], False),
            ("", ["Ленина"], False),
            ("anywhere", [], True),
            ("anywhere", [" ", "ул."], True),
        ):
            self.assertEqual(is_served(address, places), expected, (address, places))

    def test_address_is_for_those_who_see_contacts(self):
        visit = self._visit_home()
        registrar = self._make_user("p_reg", "registrar")
        self.assertTrue(visit.with_user(registrar).read(["visit_address"])[0]["visit_address"])
        director = self._make_user("p_dir", "director")
        for call in (
            lambda: visit.with_user(director).read(["visit_address"]),
            lambda: visit.with_user(director).search([("visit_address", "ilike", "Ленина")]),
        ):
            with self.assertRaises(AccessError):
                call()
        self.assertTrue(visit.with_user(director).read(["place_kind"]))

    def test_a_changed_address_is_looked_up(self):
        visit = self._visit_home().with_user(self._make_user("p_reg2", "registrar"))
        self.branch.write({"home_district_mode": "refuse", "home_districts": "Ленина"})
        visit.write({"visit_address": "Ленина 7"})
        for address in ("Мира 1", "", "x" * 301):
            with self.assertRaises(UserError):
                visit.write({"visit_address": address})
        usual = self._book(660).with_user(visit.env.user)
        with self.assertRaisesRegex(UserError, "Only home visits"):
            usual.write({"visit_address": "Ленина 7"})
        with self.assertRaises(UserError):
            visit.write({"place_kind": "clinic"})

    def test_a_moved_visit_keeps_its_address(self):
        visit = self._visit_home()
        reason = self.env.ref("clinic_schedule.reason_move_patient_asked")
        self.booking.reschedule(visit, self._slot(660, service=self.home), reason)
        self.assertEqual(visit.visit_address, "Иркутск, ул. Ленина, 5-12")
        self.booking.reschedule(visit, self._slot(660), reason)
        self.assertFalse(visit.visit_address)
        self.assertEqual((visit.place_kind, visit.room_id), ("clinic", self.room))

    def test_services(self):
        for vals in ({"clinic_leading_kind": "room"}, {"clinic_group_size": 5}):
            with self.assertRaises(ValidationError):
                self.home.write(vals)

    def test_papers_and_board(self):
        visit = self._visit_home()
        registrar = self._make_user("p_board", "registrar")
        board = self.env["clinic.board"].with_user(registrar)
        (row,) = board.load({"date": self._day(1).isoformat()})["visits"]
        self.assertEqual(row["place"], "home")
        self.assertEqual(row["resource_ids"], self.practitioner.resource_id.ids)
        values = [line["value"] for line in board.visit_card(visit.id)["lines"]]
        self.assertIn("Иркутск, ул. Ленина, 5-12", values)
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("clinic_schedule.report_day_list", self.shift.ids)[0]
            .decode()
        )
        self.assertIn("Ленина, 5-12", html)
        form = board.booking_form(
            {**self._slot(660), "branch_id": self.branch.id, "start": str(self._at(1, 660))}
        )
        self.assertIn("home", [service["place"] for service in form["services"]])


@tagged("post_install", "-at_install")
class TestTelemedicine(PlaceCommon):
    def test_no_room(self):
        visit = self._book(570, 1, self.patient, self.tele)
        self.assertEqual(visit.place_kind, "tele")
        self.assertFalse(visit.room_id)
        refs = visit.claim_ids.filtered(lambda one: one.kind == "resource").mapped("ref")
        self.assertEqual(refs, self.practitioner.resource_id.ids)

    def test_link(self):
        visit = self._book(570, 1, self.patient, self.tele)
        registrar = self._make_user("t_reg", "registrar")
        visit.with_user(registrar).write({"meeting_url": "https://meet.clinic.example/a1"})
        for url in ("http://meet.clinic.example/a1", "javascript:alert(1)", "https://a b.example"):
            with self.assertRaises(ValidationError):
                visit.with_user(registrar).write({"meeting_url": url})
        values = self.env["clinic.board"].with_user(registrar).visit_card(visit.id)["lines"]
        self.assertIn("https://meet.clinic.example/a1", [line["value"] for line in values])

    def test_consent_is_asked_for_where_the_registry_knows_it(self):
        visit = self._book(570, 1, self.patient, self.tele)
        self.assertFalse(visit.tele_warning)
        self.env["clinic.consent.purpose"].create({"name": "Telemedicine", "code": "telemedicine"})
        visit.invalidate_recordset(["tele_warning"])
        self.assertIn("no consent", visit.tele_warning)
        usual = self._book(660)
        self.assertFalse(usual.tele_warning)
