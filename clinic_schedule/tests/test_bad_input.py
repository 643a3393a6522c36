# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError

from ..exceptions import SlotTaken
from .common import ScheduleCommon


class TestBadInput(ScheduleCommon):
    """Whatever is sent: a clear sentence, nothing written, no stack trace."""

    def _refused(self, slot, patient=None, pattern="", **kwargs):
        counts = self._counts()
        with self.assertRaisesRegex(UserError, pattern) as caught, self.env.cr.savepoint():
            self.booking.book(slot, self.patient if patient is None else patient, **kwargs)
        self.assertNotIsInstance(caught.exception, SlotTaken)
        self.assertEqual(self._counts(), counts)

    def _counts(self):
        names = ("clinic.appointment", "clinic.slot.claim", "clinic.appointment.journal")
        return [self.env[name].search_count([]) for name in names]

    def test_garbage_slots(self):
        good = self._slot()
        for slot in (
            None, "x", 7, [], {}, {"service_id": self.service.id}, {**good, "service_id": "1"},
            {**good, "service_id": 2**40}, {**good, "service_id": True}, {**good, "resource_id": None},
            {**good, "start": "tomorrow"}, {**good, "start": "2026-02-31 10:00:00"}, {**good, "start": 12},
            {**good, "start": "x" * 10_000}, {**good, "start": good["start"] + timedelta(seconds=7)},
            {**good, "stop": good["start"]}, {**good, "branch_id": "main"}, {**good, "branch_id": 10**9},
        ):  # fmt: skip
            with self.subTest(slot=str(slot)[:80]):
                self._refused(slot)

    def test_hint_garbage_for_units(self):
        room_type = self._make_room_type()
        room = self._make_room(self.branch, room_type_id=room_type.id)
        service = self._make_service(practitioners=self.practitioner, clinic_room_type_id=room_type.id)
        for wrong in ("x", [1], {}, 10**12, self.room.id):
            slot = {**self._slot(service=service), "room_id": wrong}
            try:
                visit = self.booking.book(slot, self.patient)
            except UserError:
                continue
            self.assertEqual(visit.room_id, room, "a wrong room is never obeyed")
            self.booking.cancel(visit, "clinic")

    def test_times(self):
        now = fields.Datetime.now()
        self._make_shift(day=-1)
        self._refused(self._slot(day=-1), pattern="already passed")
        self._refused(self._slot(minutes=480), pattern="no visiting hours")
        self._refused(self._slot(minutes=700), pattern="no visiting hours")
        self._make_shift(day=70)
        self._refused(self._slot(day=70), channel="site", pattern="not open")
        self.assertTrue(self._book(day=70))
        self._refused(self._slot(minutes=550), channel="site", pattern="do not begin")
        start = now.replace(second=0, microsecond=0) + timedelta(minutes=10)
        self.env["clinic.shift"].create(
            {
                "resource_id": self._make_practitioner(
                    branches=self.branch, services=self.service
                ).resource_id.id,
                "branch_id": self.branch.id,
                "start": start,
                "stop": start + timedelta(hours=2),
            }
        )
        soon = self.env["clinic.shift"].search([], order="id desc", limit=1)
        slot = {"service_id": self.service.id, "resource_id": soon.resource_id.id, "start": start}
        self._refused(slot, channel="site", pattern="too late")
        self.assertTrue(self.booking.book(slot, self.patient))

    def test_wrong_service_and_resource(self):
        self._refused(self._slot(service=self._make_service()), pattern="does not give")
        product = self.env["product.product"].create({"name": "Bandage"})
        self._refused(self._slot(service=product), pattern="not offered")
        self._refused({**self._slot(), "resource_id": self.room.resource_id.id}, pattern="does not give")
        self.service.active = False
        self._refused(self._slot(), pattern="not offered")

    def test_archived_branch(self):
        branch = self._make_branch()
        doctor = self._make_practitioner(branches=branch, services=self.service)
        self._make_shift(doctor, branch=branch)
        slot = {**self._slot(owner=doctor), "start": self._at(1, 540, branch)}
        branch.active = False
        self._refused(slot, pattern="no visiting hours")
        self.assertEqual(self.booking.search_slots(self.service, practitioners=doctor), [])
        branch.active = True
        self.assertTrue(self.booking.book(slot, self.patient))

    def test_shift_for_other_services(self):
        self.shift.service_ids = self._make_service(practitioners=self.practitioner)
        self._refused(self._slot(), pattern="not given in these")

    def test_absence(self):
        self.env["clinic.absence"].create(
            {
                "resource_id": self.practitioner.resource_id.id,
                "start": self._at(1, 560),
                "stop": self._at(1, 600),
            }
        )
        self._refused(self._slot(), pattern="absence")
        self.assertTrue(self._book(600))

    def test_ages(self):
        child = self._make_patient(birth_date=fields.Date.today() - timedelta(days=365 * 5))
        self.practitioner.audience = "adult"
        self._refused(self._slot(), child, "age")
        self.practitioner.audience = "child"
        self._refused(self._slot(), self.patient, "age")
        self.assertTrue(self._book(patient=child))
        self.practitioner.audience = "all"
        self.shift.audience = "adult"
        self._refused(self._slot(600), child, "age")

    def test_sex(self):
        self.service.clinic_sex = "male"
        self._refused(self._slot(), pattern="sex")

    def test_patients(self):
        contact = self.env["res.partner"].create({"name": "Supplier"})
        for patient in (contact, 10**9, "x", 2**40, self.env["res.users"]._name, contact.id):
            with self.subTest(patient=str(patient)):
                self._refused(self._slot(), patient)
        self._refused(self._slot(), 0, "Choose the patient")
        survivor = self._make_patient()
        loser = self._make_patient(merged_into_id=survivor.id)
        self.assertEqual(self._book(patient=loser).patient_id, survivor)

    def test_other_company(self):
        company = self._make_company()
        branch = self._make_branch(company_id=company.id)
        doctor = self._make_practitioner(branches=branch, services=self.service, company_id=company.id)
        self._make_shift(doctor, branch=branch)
        only = self.booking.with_context(allowed_company_ids=self.company.ids)
        slot = {**self._slot(owner=doctor), "start": self._at(1, 540, branch)}
        with self.assertRaises(UserError):
            only.book(slot, self.patient)
        with self.assertRaisesRegex(UserError, "not yours"):
            only.search_slots(self.service, branches=branch)
        with self.assertRaisesRegex(UserError, "not yours"):
            only.search_slots(self.service, branches=[10**9])
        self.assertFalse(only.search_slots(self.service, practitioners=doctor))

    def test_other_branch(self):
        branch = self._make_branch()
        self._refused(self._slot(branch_id=branch.id), pattern="another branch")

    def test_values(self):
        self._refused(self._slot(), pattern="no fields", state="done")
        self._refused(self._slot(), pattern="no fields", price=1)
        self._refused(self._slot(), pattern="too long", note="x" * 10_000)
        self._refused(self._slot(), pattern="kind of visit", visit_type="third")
        self._refused(self._slot(), pattern="kind of visit", visit_type=["first"])
        self._refused(self._slot(), pattern="kind of visit", payer_kind={"self": 1})
        self.assertEqual(self._book(600, note="one\x00 two\x1b\n").note, "one two\n")
        self._refused(self._slot(), pattern="needs the name", external_ref="7")
        self._refused(self._slot(), pattern="does not exist", channel="pigeon")
        for token in ("short", "x" * 1000, 7, "with\nbreaks-in-it", ["a-token-12"]):
            self._refused(self._slot(), pattern="token", token=token)

    def test_hold_arguments(self):
        with self.assertRaises(UserError):
            self.booking.hold(self._slot(), "")
        for minutes in (0, -5, 10_000, "10", True):
            with self.assertRaises(UserError):
                self.booking.hold(self._slot(), "a-token-1", minutes=minutes)

    def test_changes(self):
        visit = self._book()
        for bad in (10**9, "x", None, self.patient):
            with self.assertRaises(UserError):
                self.booking.cancel(bad, "patient")
        with self.assertRaises(UserError):
            self.booking.cancel(visit, "weather")
        with self.assertRaises(UserError):
            self.booking.cancel(visit, "patient", self.env.ref("clinic_schedule.reason_move_schedule"))
        with self.assertRaises(UserError):
            self.booking.reschedule(visit, None)
        with self.assertRaises(UserError):
            self.booking.reschedule(visit, self._slot(700))
        self.assertEqual(visit.state, "booked")

    def test_search_arguments(self):
        for kwargs in (
            {"date_from": "yesterday"}, {"date_to": 7}, {"date_from": "2026-02-31"}, {"channel": "pigeon"},
            {"audience": "dogs"}, {"resources": "all"}, {"channel": []}, {"channel": {}},
            {"audience": ["all"]}, {"limit": "many"}, {"limit": True}, {"per_resource": "few"},
            {"date_from": "2026-01-01", "date_to": "2030-01-01"},
        ):  # fmt: skip
            with self.subTest(kwargs=kwargs), self.assertRaises(UserError):
                self.booking.search_slots(self.service, **kwargs)
        self.assertEqual(
            self.booking.search_slots(self.service, date_from=self._day(5), date_to=self._day(3)), []
        )

    def test_events(self):
        self.assertTrue(
            self.booking.log_event("shown", service=self.service, duration_ms=12, session_hash="ab12")
        )
        for kwargs in (
            {"kind": "booked"},
            {"kind": "shown", "session_hash": "Ivanova"},
            {"kind": "shown", "branch": "x"},
        ):
            with self.assertRaises(UserError):
                self.booking.log_event(**kwargs)
