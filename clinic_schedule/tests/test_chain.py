# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from itertools import pairwise

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..exceptions import SlotTaken
from .board_common import BoardHttpCommon
from .common import ScheduleCommon

TOKEN = "chain-token-of-a-test"


class ChainCase(ScheduleCommon):
    """A blood test by a nurse from 8, one ultrasound device free at 9 and at 11, a doctor from 9 to 12."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registrar = cls._make_user("t_chain_desk", "registrar")
        cls.nurse = cls._make_practitioner(cls.branch, cls.specialty)
        cls.blood = cls._make_service(cls.nurse, name="Blood", clinic_duration=15, list_price=500)
        cls._make_shift(cls.nurse, minute_from=480, minute_to=720)
        cls.device_type = cls._make_device_type()
        cls.device = cls._make_device(cls.branch, device_type_id=cls.device_type.id)
        cls.scanner = cls._make_practitioner(cls.branch, cls.specialty)
        cls.scan = cls._make_service(cls.scanner, name="Scan", clinic_device_type_id=cls.device_type.id)
        cls._make_shift(cls.scanner, minute_from=540, minute_to=570)
        cls._make_shift(cls.scanner, minute_from=660, minute_to=690)
        cls.all = cls.blood + cls.scan + cls.service

    def _window(self, services=None, **vals):
        window = self.env["clinic.chain.find"].with_user(self.registrar)
        lines = [Command.create({"service_id": service.id}) for service in services or self.all]
        return window.create({"patient_id": self.patient.id, "line_ids": lines, **vals})

    def _found(self, *args, **vals):
        window = self._window(*args, **vals)
        window.action_find()
        return window.option_ids

    def _walls(self, visits):
        return [(visit.service_id, self._wall(visit.start)) for visit in visits.sorted("start")]

    def _chain(self, **vals):
        option = self._found(**vals)[0]
        return self.env["clinic.chain"].browse(option.action_take()["res_id"])

    def _reason(self, kind):
        return self.env["clinic.appointment.reason"].search([("kind", "=", kind)], limit=1)


@tagged("post_install", "-at_install")
class TestChain(ChainCase):
    def test_blood_scan_doctor_without_waiting(self):
        best = self._found(fixed=True)[0]
        self.assertEqual(best.waiting, 0)
        walls = [(self.blood, "08:45"), (self.scan, "09:00"), (self.service, "09:30")]
        self.assertEqual(self._walls(best.place_ids), walls)
        self.assertEqual(best.price, sum(self.all.mapped("list_price")))
        self.assertIn("08:45 Blood", best.steps)
        chain = self.env["clinic.chain"].browse(best.action_take()["res_id"])
        self.assertEqual(self._walls(chain.visit_ids), walls)
        self.assertEqual(set(chain.visit_ids.mapped("state")), {"booked"})
        self.assertEqual((chain.count, chain.coming_count, chain.waiting), (3, 3, 0))
        claims = self.env["clinic.slot.claim"].search([("appointment_id", "in", chain.visit_ids.ids)])
        self.assertEqual(claims.appointment_id, chain.visit_ids, "each visit occupies its place")
        self.assertEqual(chain.visit_ids.device_ids, self.device)

    def test_the_order_with_the_least_waiting(self):
        self._book(540, owner=self.scanner, service=self.scan)
        self.assertTrue(all(option.waiting for option in self._found(fixed=True, hour_to=11.5, most=600)))
        best = self._found()[0]
        self.assertEqual(best.waiting, 0)
        self.assertEqual(best.place_ids.sorted("start").service_id[-1:], self.scan)

    def test_wishes_are_kept(self):
        option = self._found(hour_from=10.0, fixed=True)[0]
        self.assertGreaterEqual(self._wall(option.place_ids[0].start), "10:00")
        option = self._found(hour_to=10.0, fixed=True)[0]
        self.assertLessEqual(self._wall(option.place_ids.sorted("start")[-1].stop), "10:00")
        self.assertFalse(self._found(hour_to=9.5))
        nobody = self._make_service(name="Nobody gives it")
        window = self._window(self.blood + nobody)
        window.action_find()
        self.assertEqual((window.option_ids.ids, window.without), ([], "Nobody gives it"))
        option = self._found(pause=15, fixed=True)[0]
        places = option.place_ids.sorted("start")
        for earlier, later in pairwise(places):
            self.assertGreaterEqual(later.start - earlier.stop, timedelta(minutes=15))
        self._book(570)
        self.assertFalse(self._found(fixed=True, most=0, hour_to=10.5))
        other = self._make_practitioner(self.branch, self.specialty, self.service)
        self._make_shift(other, minute_from=570, minute_to=630)
        window = self._window(fixed=True, most=0)
        window.action_find()
        self.assertEqual(window.option_ids[0].place_ids.resource_id[-1:], other.resource_id)
        window.line_ids[2].practitioner_id = self.practitioner
        window.action_find()
        self.assertNotIn(other.resource_id, window.option_ids.place_ids.resource_id)

    def test_a_device_warms_up_between_two_visits(self):
        self.scan.clinic_device_warmup = 10
        second = self._make_service(
            self.practitioner, clinic_device_type_id=self.device_type.id, clinic_device_warmup=10
        )
        for option in self._found(self.scan + second, fixed=True):
            places = option.place_ids.sorted("start")
            self.assertGreaterEqual(places[1].start - places[0].stop, timedelta(minutes=10))
            with self.env.cr.savepoint() as savepoint:
                option.action_take()
                savepoint.close(rollback=True)
            self.env.invalidate_all()

    def test_one_branch_and_one_day(self):
        far = self._make_branch()
        other = self._make_practitioner(far, self.specialty, self.service)
        self._make_shift(other, branch=far)
        self.assertFalse(self._found(branch_id=far.id))
        slots = [self._slot(495, service=self.blood, owner=self.nurse), self._slot(600, owner=other)]
        with self.assertRaisesRegex(UserError, "one branch"):
            self.env["clinic.booking"]._book_chain(slots, self.patient, TOKEN)
        self._make_shift(day=2)
        slots[1] = self._slot(600, day=2)
        with self.assertRaisesRegex(UserError, "one day"):
            self.env["clinic.booking"]._book_chain(slots, self.patient, TOKEN)
        self.assertFalse(self.env["clinic.appointment"].search([("patient_id", "=", self.patient.id)]))

    def test_all_or_nothing(self):
        option = self._found(fixed=True)[0]
        self._book(570)
        with self.assertRaises(SlotTaken) as taken:
            option.action_take()
        self.assertIn("09:30", str(taken.exception), "it says which time is lost")
        self.assertFalse(self.env["clinic.appointment"].search([("patient_id", "=", self.patient.id)]))
        self.assertFalse(self.env["clinic.chain"].search([("patient_id", "=", self.patient.id)]))

    def test_a_second_press_books_nothing_twice(self):
        option = self._found()[0]
        self.assertEqual(option.action_take()["res_id"], option.action_take()["res_id"])
        self.assertEqual(
            self.env["clinic.appointment"].search_count([("patient_id", "=", self.patient.id)]), 3
        )

    def test_move_together(self):
        chain = self._chain(fixed=True)
        desk = chain.with_user(self.registrar)
        window = self.env["clinic.chain.find"].browse(desk.action_move()["res_id"]).with_user(self.registrar)
        self.assertEqual(window.line_ids.service_id, self.all)
        window.write({"fixed": False, "reason_id": self._reason("move").id, "hour_from": 9.0})
        window.action_find()
        claims = self.env["clinic.slot.claim"].search([("appointment_id", "in", chain.visit_ids.ids)])
        self.assertEqual(claims.appointment_id, chain.visit_ids, "the search gives all places back")
        # doctor and scan change places: 9:00 scan, 9:30 blood, 9:45 doctor
        option = window.option_ids.filtered(
            lambda option: (
                self._walls(option.place_ids)
                == [(self.scan, "09:00"), (self.blood, "09:30"), (self.service, "09:45")]
            )
        )
        self.assertTrue(option, "own places are free for the move")
        option.action_take()
        self.assertEqual(self._walls(chain.visit_ids), self._walls(option.place_ids))
        moved = chain.visit_ids.filtered("move_reason_id").service_id
        self.assertEqual(moved, self.blood + self.service, "a visit that stays is not moved")

    def test_a_lost_place_leaves_all_where_they_were(self):
        chain = self._chain(fixed=True)
        before = self._walls(chain.visit_ids)
        self._book(660, owner=self.scanner, service=self.scan)
        slots = [
            self._slot(600, service=self.blood, owner=self.nurse),
            self._slot(660, service=self.scan, owner=self.scanner),
            self._slot(690),
        ]
        booking = self.env["clinic.booking"].with_user(self.registrar)
        with self.assertRaises(SlotTaken):
            booking._move_chain(chain, slots, self._reason("move"))
        self.assertEqual(self._walls(chain.visit_ids), before)
        with self.assertRaises(SlotTaken):
            self._book(570)
        with self.assertRaisesRegex(UserError, "meanwhile"):
            booking._move_chain(chain, slots[:2], self._reason("move"))

    def test_cancel_together(self):
        chain = self._chain()
        wizard = self.env["clinic.chain.cancel"].with_user(self.registrar)
        wizard.create({"chain_id": chain.id, "reason_id": self._reason("cancel").id}).action_cancel()
        self.assertEqual((chain.count, chain.coming_count), (0, 0))
        self.assertFalse(chain.visit_ids.claim_ids)
        desk = chain.with_user(self.registrar)
        with self.assertRaises(UserError):
            desk.action_move()
        with self.assertRaises(UserError):
            self.env["clinic.booking"].with_user(self.registrar)._cancel_chain(chain.id)

    def test_rights(self):
        chain = self._chain()
        slots = [self._slot(660), self._slot(600, service=self.blood, owner=self.nurse)]
        readers = {
            "registrar",
            "senior_nurse",
            "clinic_admin",
            "head_doctor",
            "director",
            "doctor",
            "operator",
        }
        for role, user in self._make_cast().items():
            with self.subTest(role=role):
                row = chain.with_user(user)
                for operation in ("create", "write", "unlink"):
                    self.assertFalse(row.has_access(operation))
                if role in readers:
                    self.assertEqual(row.read(["count"])[0]["count"], 3)
                if not user.has_group("clinic_base.group_clinic_booking"):
                    booking = self.env["clinic.booking"].with_user(user)
                    with self.assertRaises(AccessError):
                        booking._book_chain(slots, self.patient, TOKEN)
                    with self.assertRaises(AccessError):
                        booking._cancel_chain(row)
                    with self.assertRaises(AccessError):
                        self._window().with_user(user).action_find()
        company = self._make_company()
        stranger = self._make_user("t_far_desk", "registrar", company_id=company.id, company_ids=company.ids)
        with self.assertRaises(AccessError):
            self.env["clinic.booking"].with_user(stranger)._cancel_chain(chain.id)

    def test_bad_input(self):
        booking = self.env["clinic.booking"].with_user(self.registrar)
        slot = self._slot(600)
        for slots in ([], "x", [slot], ["x", slot], [slot] * 7, [slot, slot], [slot, {"start": "soon"}]):
            with self.assertRaises(UserError):
                booking._book_chain(slots, self.patient, TOKEN)
        for wrong in (0, -1, 10**9, "x"):
            with self.assertRaises(UserError):
                booking._cancel_chain(wrong)
        for vals in (
            {"services": self.service},
            {"days": 0},
            {"days": 32},
            {"hour_from": 12.0, "hour_to": 10.0},
            {"hour_to": 25.0},
            {"most": -1},
            {"pause": 300},
            {"first_day": self._day(-1)},
        ):
            with self.assertRaises(UserError):
                self._window(**vals).action_find()

    def test_questions_do_not_grow_with_the_days(self):
        def questions(days):
            for day in range(2, days + 1):
                for owner in (self.nurse, self.scanner, self.practitioner):
                    self._make_shift(owner, day=day, minute_from=540, minute_to=720)
            window = self._window(days=days + 1)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            window.action_find()
            return self.env.cr.sql_log_count - before

        questions(1)
        few = questions(1)
        self.assertLessEqual(questions(10), few + 4)

    def test_the_joined_card_takes_the_coming(self):
        chain = self._chain()
        card = self._make_patient(family_name=self.patient.family_name, given_name=self.patient.given_name)
        merge = self.env["clinic.merge"].create({"survivor_id": card.id, "loser_id": self.patient.id})
        merge.reason = "one person"
        merge.action_merge()
        self.assertEqual((chain.patient_id, chain.visit_ids.patient_id), (card, card))


@tagged("post_install", "-at_install")
class TestChainTour(BoardHttpCommon):
    """The desk books two services in one coming from the patient's card and cancels them together."""

    def test_chain(self):
        nurse = self._make_practitioner(self.branch, self.specialty)
        self._make_service(nurse, name="Blood test", clinic_duration=15)
        self._make_shift(nurse, day=self.day)
        self.start_tour(f"/odoo/patients/{self.patient.id}", "clinic_chain", login="t_registrar")
        chain = self.env["clinic.chain"].search([("patient_id", "=", self.patient.id)])
        self.assertEqual(len(chain.visit_ids), 2)
        self.assertEqual(set(chain.visit_ids.mapped("state")), {"cancelled_patient"})
