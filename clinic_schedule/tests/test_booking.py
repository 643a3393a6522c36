# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time

from ..exceptions import SlotTaken
from .common import ScheduleCommon


class TestBooking(ScheduleCommon):
    """hold, book, reschedule, cancel, confirm, undo as the superuser (an integration would be alike)."""

    def _journal(self, visit):
        return self.env["clinic.appointment.journal"].search([("appointment_id", "=", visit.id)], order="id")

    def test_book(self):
        visit = self.booking.book(self._slot(), self.patient, note="Call before")
        self.assertEqual(visit.state, "booked")
        self.assertEqual(visit.patient_id, self.patient)
        self.assertEqual(visit.practitioner_id, self.practitioner)
        self.assertEqual(visit.branch_id, self.branch)
        self.assertEqual((visit.duration, visit.price, visit.payer_kind), (30, 2000.0, "self"))
        self.assertEqual(visit.local_date, self._day(1))
        self.assertEqual(visit.visit_type, "first")
        self.assertTrue(visit.number)
        self.assertEqual(
            sorted((claim.kind, claim.ref, claim.state) for claim in visit.claim_ids),
            [
                ("patient", self.patient.id, "booked"),
                ("resource", self.practitioner.resource_id.id, "booked"),
            ],
        )
        line = self._journal(visit)
        self.assertEqual((line.action, line.state_to, line.channel), ("booked", "booked", "reception"))
        self.assertEqual(line.user_id, self.env.user)
        event = self.env["clinic.booking.event"].search([], limit=1)
        self.assertEqual((event.kind, event.service_id), ("booked", self.service))

    def test_taken(self):
        self._book()
        with self.assertRaises(SlotTaken) as caught:
            self._book(555)
        asked = caught.exception.asked
        self.assertEqual(asked["resource_id"], self.practitioner.resource_id.id)
        self.assertEqual(caught.exception.context, {"asked": asked})
        alternatives = self.booking.find_alternatives(asked)
        self.assertEqual([self._wall(slot["start"]) for slot in alternatives], ["09:30", "09:45", "10:00"])
        for slot in alternatives:
            self.assertFalse(
                self.env["clinic.appointment"].search_count(
                    [("start", "<", slot["stop"]), ("stop", ">", slot["start"])]
                )
            )

    def test_loser_leaves_nothing(self):
        self._book()
        before = [self.env[model].search_count([]) for model in ("clinic.appointment", "clinic.slot.claim")]
        with self.assertRaises(SlotTaken):
            self._book()
        after = [self.env[model].search_count([]) for model in ("clinic.appointment", "clinic.slot.claim")]
        self.assertEqual(before, after)

    def test_patient_in_two_places(self):
        doctor = self._make_practitioner(branches=self.branch, services=self.service)
        self._make_shift(doctor)
        self._book(patient=self.patient)
        with self.assertRaisesRegex(UserError, "already has another visit") as caught:
            self._book(555, patient=self.patient, owner=doctor)
        self.assertNotIsInstance(caught.exception, SlotTaken)
        self.assertNotIn(self.patient.name, str(caught.exception))
        self.env["ir.config_parameter"].set_param("clinic_schedule.patient_claim", "0")
        self._book(555, patient=self.patient, owner=doctor)

    def test_token_is_idempotent(self):
        visit = self.booking.book(self._slot(), self.patient, token="a-token-1")
        self.assertEqual(self.booking.book(self._slot(), self.patient, token="a-token-1"), visit)
        with self.assertRaisesRegex(UserError, "another visit"):
            self.booking.book(self._slot(600), self.patient, token="a-token-1")
        with self.assertRaisesRegex(UserError, "another visit"):
            self.booking.book(self._slot(), self._make_patient(), token="a-token-1")
        self.booking.cancel(visit, "patient")
        self.assertFalse(visit.token, "the token is dropped on cancel")
        again = self.booking.book(self._slot(), self.patient, token="a-token-1")
        self.assertNotEqual(again, visit)

    def test_hold_then_book(self):
        hold = self.booking.hold(self._slot(), "a-token-1")
        self.assertEqual((hold.state, set(hold.claim_ids.mapped("state"))), ("held", {"hold"}))
        self.assertEqual(self.booking.hold(self._slot(), "a-token-1"), hold)
        with self.assertRaises(SlotTaken):
            self._book()
        visit = self.booking.book(self._slot(), self.patient, token="a-token-1", channel="site")
        self.assertEqual(visit, hold)
        self.assertEqual((visit.state, visit.channel), ("booked", "site"))
        self.assertEqual(set(visit.claim_ids.mapped("state")), {"booked"})
        self.assertIn("patient", visit.claim_ids.mapped("kind"))
        self.assertFalse(visit.hold_expires_at)
        self.assertEqual(self._journal(visit).mapped("action"), ["held", "booked"])

    def test_hold_moves_with_its_token(self):
        hold = self.booking.hold(self._slot(), "a-token-1")
        self.assertEqual(self.booking.hold(self._slot(600), "a-token-1"), hold)
        self.assertEqual(self._wall(hold.start), "10:00")
        self._book()
        with self.assertRaises(SlotTaken):
            self.booking.hold(self._slot(555), "a-token-1")
        self.assertEqual(self._wall(hold.start), "10:00", "the old place is kept")
        visit = self.booking.book(self._slot(660), self.patient, token="a-token-1")
        self.assertEqual((visit, self._wall(visit.start), visit.state), (hold, "11:00", "booked"))

    def test_expired_hold(self):
        hold = self.booking.hold(self._slot(), "a-token-1", minutes=10)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=11)):
            with self.assertRaisesRegex(UserError, "only for a while"):
                self.booking.book(self._slot(), self.patient, token="a-token-1")
            self.assertEqual(hold.state, "held", "nothing half-written")
            free = self.booking.search_slots(self.service, limit=1)
            self.assertEqual(self._wall(free[0]["start"]), "09:00", "an expired hold is free")
            self.booking.hold(self._slot(), "a-token-1")
            visit = self.booking.book(self._slot(), self.patient, token="a-token-1")
        self.assertEqual(visit, hold)

    def test_release(self):
        hold = self.booking.hold(self._slot(), "a-token-1")
        self.booking.release("a-token-1")
        self.assertFalse(hold.exists())
        self.assertTrue(self.booking.release("a-token-1"))
        self._book()

    def test_reschedule(self):
        visit = self._book(patient=self.patient)
        reason = self.env.ref("clinic_schedule.reason_move_patient_asked")
        moved = self.booking.reschedule(
            visit, {"resource_id": visit.resource_id.id, "start": self._at(1, 550)}, reason
        )
        self.assertEqual(moved, visit, "a move by ten minutes overlaps only itself; the record stays")
        line = self._journal(visit)[-1]
        self.assertEqual((line.action, line.reason_id, line.start_to), ("moved", reason, visit.start))
        self.assertEqual(self._wall(line.start_from), "09:00")
        self.assertEqual((line.wall_from[-5:], line.wall_to[-5:]), ("09:00", self._wall(visit.start)))
        self.assertEqual(line.who, self.env.user.name)
        self.assertEqual(
            (visit.wall_start[-5:], visit.wall_stop[-5:]), tuple(map(self._wall, (visit.start, visit.stop)))
        )
        self.assertIn("Outside", line.note)
        other = self._book(660)
        with self.assertRaises(SlotTaken):
            self.booking.reschedule(visit, self._slot(645), reason)
        self.assertEqual(self._wall(visit.start), "09:10")
        self.assertEqual(len(visit.claim_ids), 2)
        self.assertTrue(other.claim_ids)

    def test_move_to_another_day_asks_for_confirmation_again(self):
        self._make_shift(day=2)
        visit = self._book()
        self.booking.confirm(visit, "phone")
        self.booking.reschedule(visit, self._slot(600))
        self.assertEqual(visit.state, "confirmed")
        self.booking.reschedule(visit, self._slot(600, day=2))
        self.assertEqual(visit.state, "booked")

    def test_cancel(self):
        visit = self._book()
        reason = self.env.ref("clinic_schedule.reason_cancel_ill")
        self.booking.cancel(visit, "patient", reason)
        self.assertEqual((visit.state, visit.cancel_reason_id), ("cancelled_patient", reason))
        self.assertFalse(visit.claim_ids)
        self._book()
        with self.assertRaises(UserError):
            self.booking.cancel(visit, "patient")

    def test_undo(self):
        visit = self._book()
        self.booking.confirm(visit, "phone")
        self.assertEqual(self.booking.undo(visit).state, "booked")
        with self.assertRaisesRegex(UserError, "nothing to take back"):
            self.booking.undo(visit)
        self.booking.reschedule(visit, self._slot(660))
        self.booking.undo(visit)
        self.assertEqual(self._wall(visit.start), "09:00")
        self.assertEqual(self._wall(visit.claim_ids[0].start), "09:00")
        self.booking.cancel(visit, "clinic", self.env.ref("clinic_schedule.reason_cancel_registry_error"))
        self.booking.undo(visit)
        self.assertEqual((visit.state, len(visit.claim_ids)), ("booked", 2))
        self.assertFalse(visit.cancel_reason_id)

    def test_undo_of_a_booking(self):
        visit = self._book()
        self.booking.undo(visit)
        self.assertEqual(visit.state, "cancelled_clinic")
        self.assertFalse(visit.claim_ids)
        self._book()

    def test_undo_needs_the_place(self):
        visit = self._book()
        self.booking.cancel(visit, "patient")
        self._book()
        with self.assertRaises(SlotTaken):
            self.booking.undo(visit)
        self.assertEqual(visit.state, "cancelled_patient")

    def test_life_of_a_visit(self):
        visit = self._book()
        visit.action_confirm()
        visit.action_arrive()
        visit.action_start()
        visit.action_done()
        self.assertEqual(visit.state, "done")
        actions = ["booked", "confirmed", "arrived", "started", "done"]
        self.assertEqual(self._journal(visit).mapped("action"), actions)
        with self.assertRaisesRegex(UserError, "cannot become"):
            visit.action_arrive()

    def test_no_show(self):
        visit = self._book()
        with self.assertRaisesRegex(UserError, "not begun"):
            visit.action_no_show()
        with freeze_time(visit.stop):
            visit.action_no_show()
            self.assertEqual(visit.state, "no_show")
            self.assertFalse(visit.claim_ids)
            visit.action_undo()
            self.assertEqual((visit.state, len(visit.claim_ids)), ("booked", 2))

    def test_hooks_are_called(self):
        calls = []
        appointment = self.env.registry["clinic.appointment"]
        for name in [name for name in dir(appointment) if name.startswith("_after_")]:
            self.patch(appointment, name, lambda record, *args, name=name: calls.append((name, *args)))
        visit = self._book()
        self.booking.confirm(visit, "phone")
        self.booking.reschedule(visit, self._slot(660))
        visit.action_arrive()
        visit.action_start()
        visit.action_done()
        self.booking.undo(visit)
        names = [call[0] for call in calls]
        self.assertEqual(
            names,
            [
                "_after_booked", "_after_confirmed", "_after_moved", "_after_arrived", "_after_started",
                "_after_done", "_after_undone",
            ],
        )  # fmt: skip
        self.assertEqual(calls[-1][1], "done")
        self.assertEqual(self._wall(calls[2][1]["start"]), "09:00")

    def test_pseudonym(self):
        visit = self.booking.book(
            self._slot(), None, channel="api", source="mis", external_ref="42", external_patient_ref="p-7"
        )
        self.assertFalse(visit.patient_id)
        self.assertEqual(visit.claim_ids.mapped("kind"), ["resource"])
        again = self.booking.book(
            self._slot(), None, channel="api", source="mis", external_ref="42", external_patient_ref="p-7"
        )
        self.assertEqual(again, visit, "the external number makes the call repeatable too")

    def test_first_and_repeat(self):
        self._make_practitioner_service(
            self.practitioner, self.service, visit_type="repeat", own_price=True, price=1500, duration=20
        )
        first = self._book(patient=self.patient)
        self.assertEqual((first.visit_type, first.price, first.duration), ("first", 2000.0, 30))
        first.action_arrive()
        slot = self.booking.search_slots(self.service, patient=self.patient, limit=1)[0]
        self.assertEqual((slot["price"], slot["stop"] - slot["start"]), (1500.0, timedelta(minutes=20)))
        again = self._book(660, patient=self.patient)
        self.assertEqual((again.visit_type, again.price, again.duration), ("repeat", 1500.0, 20))
        chosen = self._book(690, patient=self.patient, visit_type="first")
        self.assertEqual((chosen.visit_type, chosen.price), ("first", 2000.0))

    def test_room_of_the_shift_is_occupied(self):
        self.shift.room_id = self.room
        other = self._make_practitioner(branches=self.branch, services=self.service)
        self._make_shift(other, room_id=self.room.id)
        visit = self._book()
        self.assertEqual(visit.room_id, self.room)
        self.assertIn(
            self.room.resource_id.id, visit.claim_ids.filtered(lambda c: c.kind == "resource").mapped("ref")
        )
        with self.assertRaises(SlotTaken):
            self._book(owner=other)

    def test_units_with_own_buffers(self):
        room_type, device_type = self._make_room_type(), self._make_device_type()
        rooms = [self._make_room(self.branch, room_type_id=room_type.id) for _n in range(2)]
        device = self._make_device(self.branch, device_type_id=device_type.id)
        service = self._make_service(
            practitioners=self.practitioner,
            clinic_room_type_id=room_type.id,
            clinic_room_cleaning=10,
            clinic_device_type_id=device_type.id,
            clinic_device_warmup=5,
        )
        visit = self._book(600, service=service)
        ranges = {
            claim.ref: (self._wall(claim.start), self._wall(claim.stop))
            for claim in visit.claim_ids
            if claim.kind == "resource"
        }
        self.assertEqual(ranges[self.practitioner.resource_id.id], ("10:00", "10:30"))
        self.assertEqual(ranges[rooms[0].resource_id.id], ("10:00", "10:40"))
        self.assertEqual(ranges[device.resource_id.id], ("09:55", "10:30"))
        self.assertEqual((visit.room_id, visit.device_ids), (rooms[0], device))

    def test_device_leads(self):
        device = self._make_device(self.branch)
        service = self._make_service(clinic_leading_kind="device", clinic_device_ids=[(6, 0, device.ids)])
        self._make_shift(device)
        slot = self.booking.search_slots(service, limit=1)[0]
        self.assertFalse(slot["practitioner_id"])
        visit = self.booking.book(slot, self.patient)
        self.assertEqual((visit.resource_id, visit.device_ids), (device.resource_id, device))
        self.assertFalse(visit.practitioner_id)

    def test_guarded_fields(self):
        visit = self._book()
        for vals in ({"state": "done"}, {"start": visit.stop}, {"patient_id": self._make_patient().id}):
            with self.assertRaises(UserError):
                visit.write(vals)
        with self.assertRaises(UserError):
            self.env["clinic.appointment"].create({"service_id": self.service.id})
        with self.assertRaises(UserError):
            visit.unlink()
        with self.assertRaises(UserError):
            visit.journal_ids.write({"note": "x"})
        visit.write({"note": "Wheelchair", "payer_kind": "insurer"})

    def test_bus(self):
        """Open boards are told at commit: ids and dates, no person."""
        group = self.env.ref("clinic_base.group_clinic_user")
        self.env.cr.precommit.run()
        before = self.env["bus.bus"].search([], order="id desc", limit=1).id
        visit = self._book(channel="site")
        self.env.cr.precommit.run()
        rows = self.env["bus.bus"].search([("id", ">", before)])
        row = rows.filtered(lambda row: '"clinic_schedule/changed"' in row.message)
        self.assertEqual(len(row), 1)
        self.assertIn(f'"appointment_id":{visit.id}', row.message.replace(" ", ""))
        self.assertIn('"channel":"site"', row.message.replace(" ", ""))
        self.assertIn(str(group.id), row.channel)
        self.assertNotIn(visit.patient_id.family_name, row.message)
