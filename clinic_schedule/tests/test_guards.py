# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time

from ..exceptions import SlotTaken
from .common import ScheduleCommon


class TestHoldAndPatient(ScheduleCommon):
    """What a hold said of patient and price does not outlive the booking."""

    def _patient_claims(self, visit):
        return visit.claim_ids.filtered(lambda claim: claim.kind == "patient").mapped("ref")

    def test_hold_for_one_booked_for_another(self):
        other = self._make_patient()
        self.booking.hold(self._slot(), "a-token-1", self.patient)
        visit = self.booking.book(self._slot(), other, token="a-token-1")
        self.assertEqual((visit.patient_id, self._patient_claims(visit)), (other, [other.id]))
        self.assertEqual(set(visit.claim_ids.mapped("state")), {"booked"})
        doctor = self._make_practitioner(branches=self.branch, services=self.service)
        self._make_shift(doctor)
        with self.assertRaisesRegex(UserError, "already has another visit"):
            self._book(patient=other, owner=doctor)
        self._book(patient=self.patient, owner=doctor)

    def test_hold_passes_to_another_patient(self):
        other = self._make_patient()
        hold = self.booking.hold(self._slot(), "a-token-1", self.patient)
        self.assertEqual(self.booking.hold(self._slot(), "a-token-1", other), hold)
        self.assertEqual((hold.patient_id, self._patient_claims(hold)), (other, [other.id]))
        self.booking.hold(self._slot(), "a-token-1")
        self.assertEqual((hold.patient_id.ids, self._patient_claims(hold)), ([], []))
        self.booking.hold(self._slot(), "a-token-1", self.patient)
        self.assertEqual(self._patient_claims(hold), [self.patient.id])

    def test_busy_patient_does_not_get_the_hold(self):
        other = self._make_patient()
        doctor = self._make_practitioner(branches=self.branch, services=self.service)
        self._make_shift(doctor)
        self._book(patient=other, owner=doctor)
        hold = self.booking.hold(self._slot(), "a-token-1", self.patient)
        with self.assertRaisesRegex(UserError, "already has another visit"):
            self.booking.book(self._slot(), other, token="a-token-1")
        self.assertEqual((hold.state, self._patient_claims(hold)), ("held", [self.patient.id]))

    def test_price_of_the_day_of_booking(self):
        hold = self.booking.hold(self._slot(), "a-token-1")
        self.assertEqual(hold.price, 2000.0)
        self.env["clinic.practitioner.service"].search(
            [("practitioner_id", "=", self.practitioner.id), ("service_id", "=", self.service.id)]
        ).write({"price": 3100.0, "own_price": True})
        visit = self.booking.book(self._slot(), self.patient, token="a-token-1")
        self.assertEqual(visit.price, 3100.0)

    def test_repeat_after_a_moved_hold(self):
        self.booking.hold(self._slot(), "a-token-1")
        self.booking.hold(self._slot(600), "a-token-1")
        visit = self.booking.book(self._slot(600), self.patient, token="a-token-1")
        self.assertEqual(self.booking.book(self._slot(600), self.patient, token="a-token-1"), visit)
        with self.assertRaisesRegex(UserError, "another visit"):
            self.booking.book(self._slot(), self.patient, token="a-token-1")


class TestPatientsAccount(ScheduleCommon):
    """A portal account that calls the booking service itself, past our controllers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        user = cls._make_user("t_portal", "base.group_portal")
        user.partner_id.is_patient = True
        cls.me = user.partner_id
        cls.service.clinic_show_on_site = True
        cls.mine = cls.booking.with_user(user)
        if cls.me not in cls.mine._patients_of_user():
            cls.fail(cls, "the account's own card")

    def test_nobodys_visit(self):
        with self.assertRaises(UserError):
            self.mine.book(self._slot(), None, channel="site", external_patient_ref="x")
        with self.assertRaises(UserError):
            self.mine.book(self._slot(), None, channel="site")

    def test_price_and_payer_are_the_clinics(self):
        for vals in (
            {"visit_type": "repeat"}, {"payer_kind": "oms"}, {"source": "x"},
            {"source": "x", "external_ref": "1"},
        ):  # fmt: skip
            with self.assertRaisesRegex(UserError, "set by the clinic"):
                self.mine.book(self._slot(), self.me.id, channel="site", **vals)
        visit = self.mine.book(self._slot(), self.me.id, channel="site", note="Wheelchair").sudo()
        self.assertEqual((visit.payer_kind, visit.visit_type, visit.note), ("self", "first", "Wheelchair"))

    def test_few_holds(self):
        for number in range(3):
            self.mine.hold(self._slot(540 + 30 * number), f"a-token-{number}", channel="site")
        self.mine.hold(self._slot(660), "a-token-2", channel="site")
        with self.assertRaisesRegex(UserError, "as many times"):
            self.mine.hold(self._slot(630), "a-token-3", channel="site")
        self.mine.release("a-token-0")
        self.mine.hold(self._slot(630), "a-token-3", channel="site")

    def test_hold_is_not_prolonged_for_ever(self):
        hold = self.mine.hold(self._slot(), "a-token-1", minutes=60, channel="site").sudo()
        end = hold.create_date + timedelta(minutes=60)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=50)):
            self.mine.hold(self._slot(), "a-token-1", minutes=60, channel="site")
            self.assertLessEqual(hold.hold_expires_at, end)
        later = freeze_time(fields.Datetime.now() + timedelta(minutes=70))
        with later, self.assertRaisesRegex(UserError, "any longer"):
            self.mine.hold(self._slot(), "a-token-1", minutes=60, channel="site")


class TestGuardsOfVisits(ScheduleCommon):
    """Fields, shifts and people that a visit needs."""

    def test_only_listed_fields_are_written(self):
        visit = self._book().with_user(self._make_user("t_reg", "registrar"))
        for vals in (
            {"company_id": self.env.company.id}, {"local_date": "2030-01-01"}, {"user_id": self.env.uid},
            {"duration": 5}, {"external_patient_ref": "x"}, {"note": "x", "local_date": "2030-01-01"},
        ):  # fmt: skip
            with self.assertRaises(UserError, msg=vals):
                visit.write(vals)
        visit.write({"note": "Wheelchair", "payer_kind": "insurer", "visit_type": "repeat"})

    def test_shift_of_arrived_patients_stays(self):
        visit = self._book()
        for action in ("action_arrive", "action_start"):
            getattr(visit, action)()
            with self.assertRaisesRegex(UserError, "1 visits"), self.env.cr.savepoint():
                self.shift.active = False
            with self.assertRaisesRegex(UserError, "1 visits"), self.env.cr.savepoint():
                self.shift.unlink()
        visit.action_done()
        self.shift.active = False

    def test_wall_time(self):
        """Lists show the clock of the branch, whatever zone the reader is in."""
        user = self._make_user("t_far", "registrar", tz="America/New_York")
        for record in (self._book(), self.shift):
            day = self._day(1)
            self.assertEqual(record.with_user(user).wall_start, f"{day:%d.%m} 09:00")
        self.assertEqual(self.shift.wall_stop, f"{day:%d.%m} 12:00")

    def test_archive_with_visits(self):
        visit = self._book()
        for record in (self.practitioner, self.practitioner.resource_id):
            with self.assertRaisesRegex(UserError, "1 visits to come"):
                record.write({"active": False})
        self.booking.cancel(visit, "clinic")
        self.practitioner.active = False
        self.assertFalse(self.practitioner.active)

    def test_archive_a_branch_with_visits(self):
        visit = self._book()
        with self.assertRaisesRegex(UserError, "1 visits to come"):
            self.branch.active = False
        self.booking.cancel(visit, "clinic")
        self.branch.active = False
        self.assertFalse(self.branch.active)

    def test_old_cancellation_is_not_taken_back(self):
        visit = self._book()
        self.booking.cancel(visit, "patient")
        with freeze_time(visit.stop + timedelta(days=1)):
            self.assertEqual(self.booking.undo(visit).state, "booked")
            self.booking.cancel(visit, "patient")
        later = freeze_time(visit.stop + timedelta(days=3))
        with later, self.assertRaisesRegex(UserError, "more than 2 days ago"):
            self.booking.undo(visit)
        self.assertEqual(visit.state, "cancelled_patient")

    def test_move_locks_its_own_claims_first(self):
        """A rival's move of the same visit must end in a repetition, not in "taken"."""
        visit = self._book()
        order = []
        claims = self.env.registry["clinic.slot.claim"]
        execute = claims._execute
        self.patch(
            claims,
            "_execute",
            lambda record, query, params=None: (
                order.append(getattr(query, "code", query)),
                execute(record, query, params),
            )[1],
        )
        self.booking.reschedule(visit, self._slot(600))
        locks = [number for number, query in enumerate(order) if "FOR UPDATE" in query]
        deletes = [number for number, query in enumerate(order) if query.startswith("DELETE")]
        self.assertLess(locks[0], deletes[0])

    def test_loser_of_a_settled_hold(self):
        hold = self.booking.hold(self._slot(), "a-token-1", minutes=10)
        self.env["clinic.slot.claim"]._release(hold)
        with self.assertRaises(SlotTaken):
            self.booking.book(self._slot(), self.patient, token="a-token-1")


class TestBusOfMoves(ScheduleCommon):
    """Boards of the old place learn of a move too."""

    def test_both_branches(self):
        branch = self._make_branch()
        self.practitioner.branch_ids |= branch
        rooms = [self._make_room(self.branch), self._make_room(branch)]
        self.shift.room_id = rooms[0]
        self._make_shift(day=2, branch=branch, room_id=rooms[1].id)
        visit = self._book()
        told = []
        service = self.env.registry["clinic.booking"]
        self.patch(
            service,
            "_bus_changed",
            lambda record, place, resources, dates, action, *args: told.append(
                (place, set(resources), set(dates), action)
            ),
        )
        self.booking.reschedule(visit, self._slot(day=2) | {"start": self._at(2, 540, branch)})
        doctor = self.practitioner.resource_id.id
        self.assertCountEqual(
            told,
            [
                (branch, {doctor, rooms[1].resource_id.id}, {self._day(2)}, "moved"),
                (self.branch, {doctor, rooms[0].resource_id.id}, {self._day(1)}, "moved"),
            ],
        )
