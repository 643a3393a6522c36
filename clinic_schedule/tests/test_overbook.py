# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..exceptions import SlotTaken
from .common import ScheduleCommon


@tagged("post_install", "-at_install")
class TestOverbook(ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nurse = cls._make_user("o_nurse", "senior_nurse")
        cls.first = cls._book(540, patient=cls.patient)

    def _over(self, minutes=540, patient=None, user=None, day=1, reason="Acute pain", **kwargs):
        booking = self.booking.with_user(user or self.nurse)
        slot = self._slot(minutes, day, owner=kwargs.pop("owner", None))
        return booking.book(
            slot, patient or self._make_patient(), channel="reception", overbook_reason=reason, **kwargs
        )

    def test_an_extra_visit_stands_beside(self):
        visit = self._over()
        self.assertTrue(visit.overbooked)
        self.assertEqual(visit.overbook_reason, "Acute pain")
        self.assertIn("Acute pain", visit.journal_ids[:1].note)
        lanes = {(c.kind, c.lane) for c in visit.sudo().claim_ids}
        self.assertEqual(lanes, {("resource", 100), ("patient", 0)})
        event = self.env["clinic.booking.event"].search([("kind", "=", "booked")], limit=1)
        self.assertTrue(event.overbooked)
        self.assertFalse(self.first.overbooked)

    def test_free_time_is_booked_as_ever(self):
        visit = self._over(600)
        self.assertFalse(visit.overbooked)
        self.assertEqual(set(visit.sudo().claim_ids.mapped("lane")), {0})
        with self.assertRaises(SlotTaken):
            self._book(600)

    def test_the_time_of_the_others_stays_open(self):
        before = [slot["start"] for slot in self.booking.search_slots(self.service, limit=100)]
        self._over()
        after = [slot["start"] for slot in self.booking.search_slots(self.service, limit=100)]
        self.assertEqual(after, before)

    def test_limit_of_the_day(self):
        self._book(600)
        self._over(540)
        self._over(600)
        with self.assertRaisesRegex(SlotTaken, "all extra visits that a day may have: 2"):
            self._over(540)
        # another day has its own
        self._make_shift(day=2)
        self._book(540, 2)
        self.assertTrue(self._over(540, day=2).overbooked)
        self.env["ir.config_parameter"].sudo().set_param("clinic_schedule.overbook_per_day", "3")
        self.assertTrue(self._over(600).overbooked)

    def test_none_at_all(self):
        self.env["ir.config_parameter"].sudo().set_param("clinic_schedule.overbook_per_day", "0")
        with self.assertRaisesRegex(UserError, "may have: 0"):
            self._over()

    def test_none_by_the_settings_screen(self):
        self.env["res.config.settings"].create({"clinic_overbook_per_day": 0}).set_values()
        self.assertEqual(self.booking._over_limit(), 0)
        self.env["res.config.settings"].create({"clinic_overbook_per_day": 3}).set_values()
        self.assertEqual(self.booking._over_limit(), 3)

    def test_a_cancelled_one_frees_its_lane(self):
        one, _other = self._over(), self._over()
        self.booking.cancel(one, "clinic", self.env.ref("clinic_schedule.reason_cancel_ill"))
        third = self._over()
        self.assertTrue(third.overbooked)
        with self.assertRaises(SlotTaken):
            self.booking.undo(one)
        self.booking.cancel(third, "clinic", self.env.ref("clinic_schedule.reason_cancel_ill"))
        self.booking.undo(one)
        self.assertTrue(one.overbooked)
        self.assertEqual(one.overbook_reason, "Acute pain")
        self.assertIn(100, one.claim_ids.mapped("lane"))

    def test_a_move_to_free_time_makes_it_a_usual_visit(self):
        visit = self._over()
        reason = self.env.ref("clinic_schedule.reason_move_patient_asked")
        booking = self.booking.with_user(self.nurse)
        booking.reschedule(visit, self._slot(630), reason)
        self.assertFalse(visit.overbooked or visit.overbook_reason)
        self.assertEqual(set(visit.sudo().claim_ids.mapped("lane")), {0})
        with self.assertRaises(SlotTaken):
            booking.reschedule(visit, self._slot(540), reason)
        booking.undo(visit)
        self.assertTrue(visit.overbooked)

    def test_nobody_is_in_two_places(self):
        with self.assertRaisesRegex(UserError, "already has another visit"):
            self._over(patient=self.patient)

    def test_rights(self):
        for role in ("registrar", "operator", "doctor"):
            user = self._make_user(f"o_{role}", role)
            with self.assertRaises(AccessError):
                self._over(user=user)
            with self.assertRaises(AccessError):
                # a free time, too: the right is asked for before anything is looked at
                self._over(660, user=user)
        one = self._make_user("o_one", "registrar")
        one.group_ids |= self.env.ref("clinic_schedule.group_clinic_overbook")
        self.assertTrue(self._over(user=one).overbooked)
        self.assertTrue(self._over(user=self._make_user("o_admin", "clinic_admin")).overbooked)

    def test_reason(self):
        for reason in ("  ", 7, ["x"], "x" * 301):
            with self.assertRaises(UserError):
                self._over(reason=reason)

    def test_not_in_channels_without_staff(self):
        with self.assertRaisesRegex(UserError, "Extra visits are booked by the staff"):
            self.booking.book(self._slot(), self._make_patient(), channel="site", overbook_reason="x")

    def test_the_room_of_the_shift_goes_along(self):
        room = self.env["clinic.room"].create({"name": "Room", "branch_id": self.branch.id})
        doctor = self._make_practitioner()
        self.env["clinic.practitioner.service"].create(
            {"practitioner_id": doctor.id, "service_id": self.service.id}
        )
        self._make_shift(doctor, room_id=room.id)
        self._book(540, owner=doctor)
        visit = self._over(owner=doctor)
        claims = {(c.ref, c.lane) for c in visit.sudo().claim_ids if c.kind == "resource"}
        self.assertEqual(claims, {(doctor.resource_id.id, 100), (room.resource_id.id, 100)})

    def test_a_busy_device_is_no_matter_of_courage(self):
        kind = self.env["clinic.device.type"].create({"name": "Holter"})
        self.env["clinic.device"].create(
            {"name": "Holter 1", "branch_id": self.branch.id, "device_type_id": kind.id}
        )
        self.service.clinic_device_type_id = kind
        other = self._make_practitioner()
        self.env["clinic.practitioner.service"].create(
            {"practitioner_id": other.id, "service_id": self.service.id}
        )
        self._make_shift(other)
        self._book(600, owner=other)
        with self.assertRaises(SlotTaken):
            self._over(600)

    def test_quota_does_not_stop_it(self):
        channel = self.env["clinic.booking.channel"].search([("code", "=", "reception")])
        self.env["clinic.shift.quota"].create(
            {"shift_id": self.shift.id, "channel_id": channel.id, "seats": 1}
        )
        self._book(570)
        with self.assertRaises(SlotTaken):
            self._book(600)
        visit = self._over(600)
        self.assertTrue(visit.overbooked)
        self.assertNotIn("quota", visit.sudo().claim_ids.mapped("kind"))

    def test_board_marks_it(self):
        self._over()
        board = self.env["clinic.board"].with_user(self.nurse)
        data = board.load({"date": self._day(1).isoformat(), "with_options": True})
        self.assertEqual(sorted(row["overbooked"] for row in data["visits"]), [False, True])
        self.assertTrue(data["options"]["rights"]["can_overbook"])
        # the lane of the day is no busy time of the column
        busy = data["busy"][self.practitioner.resource_id.id]
        self.assertEqual(len(busy), 1)
        line = {
            "slot": self._slot(540),
            "patient_id": self._make_patient().id,
            "overbook_reason": "Second one",
        }
        result = board.book([line])
        visit = self.env["clinic.appointment"].browse(result["appointment_ids"])
        self.assertTrue(visit.overbooked)

    def test_the_word_of_the_patient_is_wiped(self):
        spec = self.env["res.partner"]._clinic_erase_spec()
        wiped = [one.values for one in spec if (one.model, one.action) == ("clinic.appointment", "wipe")]
        self.assertTrue(any("overbook_reason" in values for values in wiped))
