# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..exceptions import SlotTaken
from .common import ScheduleCommon

#: role -> may write sessions
WRITERS = {"registrar": False, "operator": False, "doctor": False, "senior_nurse": True, "clinic_admin": True}


class GroupCommon(ScheduleCommon):
    """The small clinic with a group service of three places and one session tomorrow from 14 to 15."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group_service = cls._make_service(
            name="School of asthma", clinic_group_size=3, clinic_duration=60
        )
        cls.env["clinic.practitioner.service"].create(
            {"practitioner_id": cls.practitioner.id, "service_id": cls.group_service.id}
        )
        cls.room = cls.env["clinic.room"].create({"name": "Hall", "branch_id": cls.branch.id})
        cls.session = cls._make_session()

    @classmethod
    def _make_session(cls, day=1, hour=14.0, **vals):
        return cls.env["clinic.group.session"].create(
            {
                "service_id": cls.group_service.id,
                "resource_id": cls.practitioner.resource_id.id,
                "branch_id": cls.branch.id,
                "room_id": cls.room.id,
                "date": cls._day(day),
                "hour": hour,
                **vals,
            }
        )

    @classmethod
    def _join(cls, patient=None, minutes=840, day=1, **kwargs):
        return cls._book(minutes, day, patient, cls.group_service, **kwargs)

    def _claims(self, **domain):
        return self.env["clinic.slot.claim"].search([(key, "=", value) for key, value in domain.items()])


@tagged("post_install", "-at_install")
class TestGroupSession(GroupCommon):
    def test_the_row_owns_leader_and_room(self):
        claims = self.session.claim_ids
        self.assertEqual(
            sorted((c.kind, c.ref, c.lane, c.start, c.stop) for c in claims),
            sorted(
                ("resource", ref, 0, self.session.start, self.session.stop)
                for ref in (self.practitioner.resource_id.id, self.room.resource_id.id)
            ),
        )
        self.assertEqual(self._wall(self.session.start), "14:00")
        self.assertEqual((self.session.capacity, self.session.minutes), (3, 60))

    def test_search_offers_places(self):
        slots = self.booking.search_slots(self.group_service)
        self.assertEqual(
            slots,
            [
                {
                    "resource_id": self.practitioner.resource_id.id,
                    "practitioner_id": self.practitioner.id,
                    "branch_id": self.branch.id,
                    "room_id": self.room.id,
                    "device_ids": [],
                    "service_id": self.group_service.id,
                    "start": self.session.start,
                    "stop": self.session.stop,
                    "price": self.group_service.list_price,
                    "price_before": False,
                    "session_id": self.session.id,
                    "seats_left": 3,
                }
            ],
        )
        self._join()
        self.booking.hold(slots[0], "a-token-of-one")
        self.assertEqual(self.booking.search_slots(self.group_service)[0]["seats_left"], 1)
        self._join()
        self.assertFalse(self.booking.search_slots(self.group_service))

    def test_search_mixes_services_and_asks_few_queries(self):
        both = self.service | self.group_service
        self.booking.search_slots(both)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        slots = self.booking.search_slots(both, limit=100)
        spent = self.env.cr.sql_log_count - before
        self.assertLessEqual(spent, 8)
        self.assertEqual({slot["service_id"] for slot in slots}, set(both.ids))
        self.assertEqual([slot["start"] for slot in slots], sorted(slot["start"] for slot in slots))
        # the doctor is in the hall from 14 to 15: his other services do not begin then
        self._make_shift(minute_from=780, minute_to=960)
        starts = {self._wall(s["start"]) for s in self.booking.search_slots(self.service, limit=100)}
        self.assertIn("13:00", starts)
        self.assertNotIn("14:00", starts)
        self.assertNotIn("14:45", starts)

    def test_the_last_place_and_one_more(self):
        visits = [self._join() for _n in range(3)]
        seats = self._claims(kind="seat", ref=self.session.id)
        self.assertEqual(sorted(seats.mapped("lane")), [0, 1, 2])
        self.assertEqual(seats.appointment_id, self.env["clinic.appointment"].union(*visits))
        self.assertEqual(visits[0].session_id, self.session)
        self.assertEqual(visits[0].room_id, self.room)
        self.assertEqual(self.session.seats_text, "3 / 3")
        with self.assertRaisesRegex(SlotTaken, "All places"):
            self._join()

    def test_nobody_takes_two_places(self):
        self._join(self.patient)
        with self.assertRaisesRegex(UserError, "already has another visit"):
            self._join(self.patient)
        self.env["ir.config_parameter"].sudo().set_param("clinic_schedule.patient_claim", "0")
        with self.assertRaisesRegex(UserError, "already has another visit"):
            self._join(self.patient)
        self.assertFalse(self.booking.search_slots(self.group_service, patient=self.patient))

    def test_a_held_place_becomes_a_visit(self):
        slot = self.booking.search_slots(self.group_service)[0]
        held = self.booking.hold(slot, "token-of-a-place")
        visit = self.booking.book(slot, self.patient, token="token-of-a-place")
        self.assertEqual(visit, held)
        self.assertEqual(sorted(visit.claim_ids.mapped("kind")), ["patient", "seat"])
        self.assertEqual(set(visit.claim_ids.mapped("state")), {"booked"})

    def test_move_cancel_and_undo(self):
        later = self._make_session(day=2)
        visit = self._join(self.patient)
        reason = self.env.ref("clinic_schedule.reason_move_patient_asked")
        slot = {"resource_id": visit.resource_id.id, "start": later.start}
        agreed = visit.price
        self.group_service.list_price = agreed + 500
        self.booking.reschedule(visit, slot, reason)
        self.assertEqual((visit.session_id, visit.price), (later, agreed))
        self.assertFalse(self._claims(kind="seat", ref=self.session.id))
        self.booking.undo(visit)
        self.assertEqual(visit.session_id, self.session)
        self.booking.cancel(visit, "patient", self.env.ref("clinic_schedule.reason_cancel_ill"))
        self.assertFalse(visit.claim_ids)
        for _n in range(3):
            self._join()
        with self.assertRaises(SlotTaken):
            self.booking.undo(visit)

    def test_a_place_is_only_where_a_session_is(self):
        with self.assertRaisesRegex(UserError, "no group session"):
            self._join(minutes=555)
        with self.assertRaisesRegex(UserError, "no group session"):
            self.booking.book(
                self._slot(840, service=self.group_service, session_id=self.session.id + 1000), self.patient
            )

    def test_online_only_where_offered(self):
        self.assertTrue(self.booking.search_slots(self.group_service, channel="site"))
        self.session.show_online = False
        self.assertFalse(self.booking.search_slots(self.group_service, channel="site"))
        with self.assertRaisesRegex(UserError, "not open for online"):
            self._join(channel="site")

    def test_absence_closes_and_lists(self):
        visit = self._join()
        self.env["clinic.absence"].create(
            {
                "resource_id": self.room.resource_id.id,
                "kind": "repair",
                "start": self._at(1, 870),
                "stop": self._at(1, 880),
            }
        )
        self.assertFalse(self.booking.search_slots(self.group_service))
        self.assertTrue(visit.needs_move)
        with self.assertRaisesRegex(UserError, "absence"):
            self._join()

    def test_capacity(self):
        visits = [self._join() for _n in range(3)]
        self.booking.cancel(visits[0], "patient", self.env.ref("clinic_schedule.reason_cancel_ill"))
        self.session.capacity = 2
        self.assertEqual(sorted(self._claims(kind="seat", ref=self.session.id).mapped("lane")), [0, 1])
        with self.assertRaises(SlotTaken):
            self._join()
        with self.assertRaisesRegex(UserError, "2 places of this session are taken"), self.cr.savepoint():
            self.session.capacity = 1
        self.session.capacity = 4
        self._join()
        self._join()
        self.assertEqual(self.session.seats_text, "4 / 4")

    def test_expired_holds_do_not_count(self):
        slot = self.booking.search_slots(self.group_service)[0]
        self.session.capacity = 1
        hold = self.booking.hold(slot, "token-of-a-late-one")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE clinic_slot_claim SET expires_at = now() - interval '1 day' WHERE appointment_id = %s",
            [hold.id],
        )
        self.env.invalidate_all()
        self.assertTrue(self._join())

    def test_a_cancelled_session_leaves_nobody_forgotten(self):
        visit = self._join()
        other = self._make_session(day=2)
        self.session.action_cancel()
        self.assertFalse(self.session.claim_ids)
        self.assertTrue(visit.needs_move)
        self.assertIn("cancelled", visit.away_text)
        red = self.env["clinic.appointment"].search([("needs_move", "=", True)])
        self.assertIn(visit, red)
        self.assertFalse(self.booking.search_slots(self.group_service, date_to=self._day(1)))
        with self.assertRaisesRegex(UserError, "does not take place"):
            self._join()
        proposal = self.env["clinic.substitution"]._propose(visit)[visit.id]
        self.assertTrue(proposal)
        reason = self.env.ref("clinic_schedule.reason_move_patient_asked")
        self.booking.reschedule(visit, {"resource_id": visit.resource_id.id, "start": other.start}, reason)
        self.assertFalse(visit.needs_move)

    def test_a_cancelled_session_may_take_place_after_all(self):
        visit = self._join()
        self.session.action_cancel()
        self.session.action_restore()
        self.assertFalse(visit.needs_move)
        self.assertEqual(len(self.session.claim_ids), 2)
        self.session.action_cancel()
        self._make_shift(minute_from=780, minute_to=960)
        self._book(840)
        with self.assertRaisesRegex(UserError, "busy"):
            self.session.action_restore()

    def test_time_stays_where_people_are_booked(self):
        self.session.hour = 15.0
        self.assertEqual(self._wall(self.session.start), "15:00")
        self.assertEqual(set(self.session.claim_ids.mapped("start")), {self.session.start})
        visit = self._join(minutes=900)
        for vals in ({"hour": 16.0}, {"date": self._day(3)}, {"resource_id": self.room.resource_id.id}):
            with self.assertRaisesRegex(UserError, "1 people are booked"):
                self.session.write(vals)
        hall = self.env["clinic.room"].create({"name": "Other hall", "branch_id": self.branch.id})
        self.session.room_id = hall
        self.assertEqual(visit.room_id, hall)
        self.assertIn(hall.resource_id.id, self.session.claim_ids.mapped("ref"))
        with self.assertRaises(UserError):
            self.session.unlink()
        with self.assertRaisesRegex(UserError, "button"):
            self.session.with_context(clinic_session_step=True).write({"state": "cancelled"})

    def test_a_busy_leader_or_room_is_refused(self):
        with self.assertRaisesRegex(UserError, "busy"):
            self._make_session(hour=14.5)
        self._book(540)
        with self.assertRaisesRegex(UserError, "busy"):
            self._make_session(hour=9.0)
        doctor = self._make_practitioner()
        with self.assertRaisesRegex(UserError, "Hall: busy"):
            self._make_session(resource_id=doctor.resource_id.id)

    def test_what_a_session_may_be(self):
        with self.assertRaisesRegex(ValidationError, "no group service"):
            self._make_session(hour=17.0, service_id=self.service.id)
        other = self._make_branch()
        room = self.env["clinic.room"].create({"name": "Far", "branch_id": other.id})
        with self.assertRaisesRegex(ValidationError, "room of a session"):
            self._make_session(hour=17.0, room_id=room.id)
        for vals in ({"capacity": 61}, {"minutes": 1}, {"minutes": 721}):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
                self._make_session(hour=17.0, **vals)
        with self.assertRaisesRegex(UserError, "hour of a session"):
            self._make_session(hour=25.0)

    def test_repeat_weekly(self):
        day = self.session.date
        busy = day + timedelta(weeks=2)
        self.env["clinic.absence"].create(
            {
                "resource_id": self.practitioner.resource_id.id,
                "kind": "vacation",
                "date_from": busy,
                "date_to": busy,
                "whole_days": True,
            }
        )
        made, left_out = self.session._repeat(day + timedelta(weeks=4))
        self.assertEqual(made.mapped("date"), [day + timedelta(weeks=n) for n in (1, 3, 4)])
        self.assertEqual([item[0] for item in left_out], [busy])
        self.assertEqual({self._wall(one.start) for one in made}, {"14:00"})
        again, left_out = self.session._repeat(day + timedelta(weeks=4))
        self.assertFalse(again)
        self.assertEqual(len(left_out), 4)
        with self.assertRaises(UserError):
            self.session._repeat(day)

    def test_wizard_says_what_was_left_out(self):
        wizard = self.env["clinic.group.session.repeat"].create(
            {"session_id": self.session.id, "until": self.session.date + timedelta(weeks=2)}
        )
        wizard.action_repeat()
        self.assertEqual(wizard.made_count, 2)
        self.assertIn("2", wizard.summary)

    def test_a_leader_with_sessions_is_not_archived(self):
        with self.assertRaisesRegex(UserError, "1 group sessions"):
            self.room.resource_id.active = False
        self.session.action_cancel()
        self.room.resource_id.active = False

    def test_rights(self):
        for role, may in WRITERS.items():
            user = self._make_user(f"g_{role}", role)
            session = self.session.with_user(user)
            self.assertTrue(session.read(["seats_text"]))
            if may:
                session.write({"note": "x"})
                continue
            for call in (
                session.action_cancel,
                session.action_restore,
                lambda s=session: s.write({"note": "x"}),
            ):
                with self.assertRaises(AccessError):
                    call()
        self.assertEqual(self.session.state, "planned")
        for role in ("external_caller", "marketer", "statistician"):
            with self.assertRaises(AccessError):
                self.session.with_user(self._make_user(f"g_{role}", role)).read(["capacity"])

    def test_staff_books_a_place_by_rpc(self):
        user = self._make_user("g_books", "operator")
        booking = self.booking.with_user(user)
        slot = booking.search_slots(self.group_service)[0]
        visit = booking.book(slot, self.patient, channel="phone")
        self.assertEqual(visit.session_id, self.session)
        with self.assertRaises(UserError):
            visit.with_user(user).write({"session_id": False})

    def test_companies(self):
        company = self._make_company()
        stranger = self._make_user("g_far", "senior_nurse", company_id=company.id, company_ids=company.ids)
        self.assertFalse(self.env["clinic.group.session"].with_user(stranger).search([]))
        claims = self.env["clinic.slot.claim"].with_user(stranger)
        self.assertFalse(claims.search([("session_id", "!=", False)]))

    def test_merge_of_two_participants_is_refused_and_one_moves(self):
        other = self._make_patient()
        visit = self._join(self.patient)
        self.env["clinic.slot.claim"].sudo()._change_patient(self.patient, other)
        self.assertEqual(visit.claim_ids.filtered(lambda c: c.kind == "patient").ref, other.id)
        self.assertEqual(visit.claim_ids.filtered(lambda c: c.kind == "seat").ref, self.session.id)
        self._join(self.patient)
        merge = self.env["clinic.merge"].new({"survivor_id": self.patient.id, "loser_id": other.id})
        self.assertTrue(merge._overlap_problems())

    def test_board_shows_one_block(self):
        nurse = self._make_user("g_board", "senior_nurse")
        self._join()
        self._join()
        board = self.env["clinic.board"].with_user(nurse)
        data = board.load({"date": self._day(1).isoformat()})
        (block,) = data["visits"]
        self.assertEqual(block["label"], "2 / 3")
        self.assertEqual(block["id"], -self.session.id)
        self.assertIn(self.practitioner.resource_id.id, block["resource_ids"])
        card = board.session_card(self.session.id)
        self.assertIn("2 / 3", [line["value"] for line in card["lines"]])
        place = {
            "resource_id": self.practitioner.resource_id.id,
            "branch_id": self.branch.id,
            "start": block["start"],
        }
        form = board.booking_form(
            {**place, "service_id": self.group_service.id, "session_id": self.session.id}
        )
        self.assertEqual([row["id"] for row in form["services"]], self.group_service.ids)
        form = board.booking_form(place)
        self.assertNotIn(self.group_service.id, [row["id"] for row in form["services"]])

    def test_participants_on_paper(self):
        visit = self._join()
        values = self.env["report.clinic_schedule.report_group_session"]._get_report_values(self.session.ids)
        self.assertEqual(values["sheets"][0]["visits"], visit)
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("clinic_schedule.report_group_session", self.session.ids)[0]
            .decode()
        )
        self.assertIn(visit.patient_id.name, html)
        self.assertIn("1 / 3", html)
