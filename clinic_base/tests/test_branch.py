# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tests import freeze_time
from odoo.tools import mute_logger

from .common import ClinicCommon


class TestBranch(ClinicCommon):
    def test_hours_in_words_round_trip(self):
        self.branch.hours_text = "пн-пт 8:00-20:00, сб 9-15, вс выходной"
        calendar = self.branch.calendar_id
        self.assertEqual(calendar.tz, "Asia/Irkutsk")
        self.assertEqual(calendar.company_id, self.branch.company_id)
        self.assertEqual(self.branch.hours_text, "Mon–Fri 8:00–20:00, Sat 9:00–15:00")
        self.branch.hours_text = "daily 9-21"
        self.assertEqual(self.branch.calendar_id, calendar, "the own calendar is changed, not replaced")
        self.assertEqual(self.branch.hours_text, "Mon–Sun 9:00–21:00")
        self.branch.hours_text = ""
        self.assertFalse(self.branch.calendar_id)

    def test_every_day_is_read(self):
        for text, words in (
            ("пн-вс 9-18", "Mon–Sun 9:00–18:00"),
            ("воскресенье 10:30-14", "Sun 10:30–14:00"),
            ("понедельник, среда и пятница с 8 до 20", "Mon 8:00–20:00, Wed 8:00–20:00, Fri 8:00–20:00"),
            ("сб-пн 9-12", "Mon 9:00–12:00, Sat–Sun 9:00–12:00"),
            ("вт 8-12; вт 13-17", "Tue 8:00–12:00, Tue 13:00–17:00"),
        ):
            self.branch.hours_text = text
            self.assertEqual(self.branch.hours_text, words)
            # what is shown can be typed back
            self.branch.hours_text = False
            self.branch.hours_text = words
            self.assertEqual(self.branch.hours_text, words)

    def test_shared_hours_are_not_overwritten(self):
        self.branch.hours_text = "пн-пт 8-20"
        other = self._make_branch(calendar_id=self.branch.calendar_id.id)
        other.hours_text = "пн-пт 10-18"
        self.assertNotEqual(other.calendar_id, self.branch.calendar_id)
        self.assertEqual(self.branch.hours_text, "Mon–Fri 8:00–20:00")

    def test_unreadable_hours(self):
        for text in ("завтра", "пн 25-26", "пн", "пн-пт 8:00", "фыв 8-20"):
            with self.assertRaises(ValidationError, msg=text):
                self.branch.hours_text = text

    def test_opening_at(self):
        self.assertIsNone(self._open("2026-11-23 03:00:00")["is_open"], "no hours stated")
        self.branch.hours_text = "пн-пт 8-20, сб 9-15"
        # Irkutsk is UTC+8: Monday 11:00 there
        self.assertEqual(
            self._open("2026-11-23 03:00:00"),
            {"is_open": True, "until": datetime(2026, 11, 23, 12), "opens_at": False},
        )
        # the end is exclusive: at 20:00 sharp it is closed until the morning
        self.assertEqual(
            self._open("2026-11-23 12:00:00"),
            {"is_open": False, "until": False, "opens_at": datetime(2026, 11, 24, 0)},
        )
        self.assertTrue(self._open("2026-11-23 11:59:59")["is_open"])
        # Saturday evening → Monday morning
        self.assertEqual(self._open("2026-11-28 10:00:00")["opens_at"], datetime(2026, 11, 30, 0))

    def test_opening_round_the_clock(self):
        self.branch.hours_text = "круглосуточно"
        self.assertEqual(
            self._open("2026-11-23 16:00:00"), {"is_open": True, "until": False, "opens_at": False}
        )
        self.branch.hours_text = "пт 20:00-2:00"
        friday = self._open("2026-11-27 13:00:00")
        self.assertEqual(friday["until"], datetime(2026, 11, 27, 18), "two in the night of Saturday")

    @freeze_time("2026-11-22 12:00:00")
    def test_holidays(self):
        self.branch.hours_text = "пн-пт 8-20"
        self.branch.calendar_id._clinic_add_holidays(2027)
        self.branch.calendar_id._clinic_add_holidays(2027)
        self.assertEqual(len(self.branch.holiday_ids), 7, "not doubled")
        self.branch.calendar_id._clinic_add_holidays(2026)
        self.assertEqual(len(self.branch.holiday_ids), 8, "of this year only the last day is still to come")
        state = self._open("2027-01-04 03:00:00")
        self.assertEqual((state["is_open"], state["opens_at"]), (False, datetime(2027, 1, 11, 0)))

    def test_call_centre(self):
        self.assertIsNone(self.company._clinic_call_centre_opening_at()["is_open"])
        self.branch.hours_text = "пн-пт 8-20"
        self.company.clinic_call_calendar_id = self.branch.calendar_id
        at = datetime(2026, 11, 23, 3)
        self.assertTrue(self.company._clinic_call_centre_opening_at(at)["is_open"])
        self.branch.hours_text = "пн-пт 9-10"
        self.assertNotEqual(self.branch.calendar_id, self.company.clinic_call_calendar_id)

    def test_call_centre_in_words(self):
        self.branch.hours_text = "пн-пт 8-20"
        self.company.clinic_call_calendar_id = self.branch.calendar_id
        self.company.clinic_call_hours = "ежедневно 7-22"
        own = self.company.clinic_call_calendar_id
        self.assertNotEqual(own, self.branch.calendar_id, "the branch keeps its hours")
        self.assertEqual((own.tz, own.company_id), (self.branch.tz, self.company))
        settings = self.env["res.config.settings"].create({"clinic_call_hours": "ежедневно 8-22"})
        settings.execute()
        self.assertEqual(self.company.clinic_call_calendar_id, own, "the own calendar is changed")
        self.assertEqual(self.company.clinic_call_hours, "Mon–Sun 8:00–22:00")
        self.company.clinic_call_hours = False
        self.assertIsNone(self.company._clinic_call_centre_opening_at()["is_open"])

    def test_zone_is_one(self):
        self.branch.hours_text = "пн-пт 8-20"
        device = self._make_device(self.branch)
        self.branch.tz = "Asia/Yakutsk"
        self.assertEqual(self.branch.calendar_id.tz, "Asia/Yakutsk")
        self.assertEqual({self.room.tz, device.tz}, {"Asia/Yakutsk"})
        with self.assertRaises(ValidationError):
            self.branch.calendar_id.tz = "Europe/Moscow"
        with self.assertRaises(ValidationError):
            self._make_branch(tz="Europe/Moscow", calendar_id=self.branch.calendar_id.id)
        with self.assertRaises(ValidationError):
            self._make_branch(tz="Asia/Atlantis")

    def test_archiving_takes_the_parts_along(self):
        department = self._make_department(self.branch)
        device = self._make_device(self.branch)
        old = self._make_room(self.branch, active=False)
        self.branch.action_archive()
        self.assertFalse(
            self.room.active or self.room.resource_id.active or device.active or department.active
        )
        with self.assertRaises(ValidationError):
            self.room.action_unarchive()
        self.branch.action_unarchive()
        self.assertTrue(
            self.room.active and self.room.resource_id.active and device.active and department.active
        )
        self.assertFalse(old.active, "what was archived before stays archived")

    def test_unlink(self):
        with self.assertRaises(UserError):
            self.branch.unlink()
        resource = self.room.resource_id
        self.room.unlink()
        self.assertFalse(resource.exists(), "the resource goes with the room")
        empty = self._make_branch()
        empty.unlink()

    def test_code_is_unique_in_the_company(self):
        self._make_branch(code="A")
        self._make_branch(code="A", company_id=self._make_company().id)
        with self.assertRaises(psycopg2.IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self._make_branch(code="A")

    def test_parts_of_one_branch(self):
        other = self._make_branch()
        with self.assertRaises(ValidationError):
            self._make_device(other, room_id=self.room.id)
        with self.assertRaises(ValidationError):
            self._make_room(other, department_id=self._make_department(self.branch).id)

    def test_move_of_a_room(self):
        moscow = self._make_branch(tz="Europe/Moscow", company_id=self._make_company().id)
        self.room.branch_id = moscow
        self.assertEqual(self.room.tz, "Europe/Moscow")
        self.assertEqual(self.room.company_id, moscow.company_id)
        self.assertEqual(self.room.copy().name, "Room 1 (copy)")

    def test_switches(self):
        branches = self.env["clinic.branch"]
        hidden = self._make_branch(show_on_site=False)
        by_phone = self._make_branch(online_booking=False)
        shown = branches.search(branches._site_domain())
        self.assertTrue(self.branch in shown and by_phone in shown and hidden not in shown)
        bookable = branches.search(branches._site_domain(booking=True))
        self.assertTrue(self.branch in bookable and by_phone not in bookable)
        departments = self.env["clinic.department"]
        self._make_department(hidden)
        visible = self._make_department(self.branch)
        shown = departments.search(
            departments._site_domain() & Domain("branch_id", "in", (hidden | self.branch).ids)
        )
        self.assertEqual(shown, visible)

    def _open(self, at):
        return self.branch._opening_at(datetime.fromisoformat(at))

    def test_days_off_through_the_branch(self):
        self.branch.hours_text = "пн-пт 8-20"
        self.branch.holiday_ids = [
            Command.create(
                {"name": "Repair", "date_from": "2026-11-23 00:00:00", "date_to": "2026-11-23 15:59:59"}
            )
        ]
        self.assertFalse(self._open("2026-11-23 03:00:00")["is_open"])

    def test_own_numbers_of_cards(self):
        administrator = self._make_user("t_numbers_admin", "clinic_admin")
        branch = self.branch.with_user(administrator)
        branch.code = False
        with self.assertRaisesRegex(UserError, "short code"):
            branch.own_card_numbers = True
        branch.code = "N"
        branch.write({"own_card_numbers": True, "card_number_prefix": "N-", "card_number_next": 7})
        self.assertEqual(branch.card_number_sample, "N-000007")
        first = self._make_patient(patient_branch_id=self.branch.id)
        self.assertEqual(first.patient_number, "N-000007")
        for wrong in ({"card_number_prefix": "%(y)s"}, {"card_number_padding": 99}, {"card_number_next": 0}):
            with self.subTest(wrong), self.assertRaises(UserError):
                branch.write(wrong)
        self.env.invalidate_all()
        self.assertEqual((branch.card_number_prefix, branch.card_number_next), ("N-", 8))
        # a new code takes the count along; switched off and on again it goes on
        branch.code = "M"
        self.assertEqual(self._make_patient(patient_branch_id=self.branch.id).patient_number, "N-000008")
        branch.own_card_numbers = False
        self.assertNotIn("N-", self._make_patient(patient_branch_id=self.branch.id).patient_number)
        branch.own_card_numbers = True
        self.assertEqual(self._make_patient(patient_branch_id=self.branch.id).patient_number, "N-000009")

    def test_own_numbers_are_for_administrators(self):
        registrar = self._make_user("t_numbers_registrar", "registrar")
        branch = self.branch.with_user(registrar)
        with self.assertRaises(AccessError):
            branch.own_card_numbers = True
        self.assertNotIn("card_number_prefix", branch.fields_get())
