# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.clinic_schedule.tests.common import ScheduleCommon


@tagged("post_install", "-at_install")
class TestCalendarCopy(ScheduleCommon):
    """One private copy for each visit of those who want it; nothing is read back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.doctor_user = cls._make_user("t_cal_doctor", "doctor", email="doctor@angara.example")
        cls.desk = cls._make_user("t_cal_desk", "registrar")
        cls.practitioner.user_id = cls.doctor_user
        cls.practitioner.calendar_copy = True
        cls.other = cls._make_practitioner(branches=cls.branch, services=cls.service)
        cls.events = cls.env["calendar.event"]

    def _copies(self):
        self.events._cron_copy_visits()
        self.env.invalidate_all()
        return self.events.search([("clinic_appointment_id", "!=", False)], order="start")

    def test_copied_silently(self):
        mails = self.env["mail.mail"].search_count([])
        visits = self._book(540) | self._book(600)
        self._make_shift(self.other)
        self._book(540, owner=self.other)
        copies = self._copies()
        self.assertEqual(copies.clinic_appointment_id, visits)
        copy = copies[0]
        self.assertEqual((copy.start, copy.stop), (visits[0].start, visits[0].stop))
        self.assertEqual((copy.user_id, copy.partner_ids), (self.doctor_user, self.doctor_user.partner_id))
        self.assertEqual((copy.privacy, copy.show_as, copy.allday), ("private", "busy", False))
        self.assertEqual(copy.name, self.service.name)
        self.assertNotIn(visits[0].patient_id.family_name, f"{copy.name} {copy.description} {copy.location}")
        self.assertEqual(self.env["mail.mail"].search_count([]), mails, "nobody is invited")

    def test_idempotent(self):
        self._book(540)
        copies = self._copies()
        moment = copies.write_date
        self.cr.execute("UPDATE calendar_event SET write_date = write_date - interval '1 day'")
        self.assertEqual(self._copies(), copies)
        self.assertEqual(copies.write_date, moment - timedelta(days=1), "what is right is not touched")

    def test_follows_the_visit(self):
        visit = self._book(540)
        copy = self._copies()
        self.booking.reschedule(visit, self._slot(660), self._reason("move"))
        self.assertEqual(self._copies(), copy)
        self.assertEqual(copy.start, visit.start)
        self.booking.cancel(visit, "patient", self._reason("cancel"))
        self.assertFalse(self._copies())
        self.booking.undo(visit)
        self.assertEqual(self._copies().clinic_appointment_id, visit)

    def _reason(self, kind):
        return self.env["clinic.appointment.reason"].search([("kind", "=", kind)], limit=1)

    def test_never_read_back(self):
        visit = self._book(540)
        start = visit.start
        copy = self._copies().with_user(self.doctor_user)
        copy.write({"start": start + timedelta(hours=3), "stop": start + timedelta(hours=4)})
        self.env.flush_all()
        self.assertEqual(self._copies().start, start)
        self._copies().with_user(self.doctor_user).unlink()
        self.assertEqual(self._copies().start, start, "deleted in the calendar: made again")
        self.assertEqual((visit.state, visit.start), ("booked", start))

    def test_only_on_wish(self):
        self._book(540)
        self.assertTrue(self._copies())
        self.practitioner.calendar_copy = False
        self.assertFalse(self._copies())
        self.practitioner.calendar_copy = True
        self.practitioner.user_id = False
        self.assertFalse(self._copies(), "without a user there is no calendar")
        with self.assertRaises(AccessError):
            self.practitioner.with_user(self.doctor_user).calendar_copy = True

    def test_titles(self):
        visit = self._book(540)
        self.branch.company_id.clinic_calendar_title = "busy"
        self.assertEqual(self._copies().name, "Visit")
        self.branch.company_id.clinic_calendar_title = "patient"
        self.assertIn(visit.patient_id.name, self._copies().name)
        self.branch.company_id.clinic_calendar_title = "service"
        self.assertEqual(self._copies().name, self.service.name)

    def test_private(self):
        self._book(540)
        copy = self._copies()
        stranger = self._make_user("t_cal_stranger")
        seen = copy.with_user(stranger).read(["name", "location"])[0]
        self.assertNotIn(self.service.name, seen["name"])
        self.assertFalse(seen["location"])
        with self.assertRaises(AccessError):
            copy.with_user(stranger).read(["clinic_appointment_id"])

    def test_booking_wakes_the_job(self):
        cron = self.env.ref("clinic_schedule_calendar.ir_cron_copy_visits")
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count([("cron_id", "=", cron.id)])
        self._make_shift(self.other)
        self._book(540, owner=self.other)
        self.assertEqual(triggers.search_count([("cron_id", "=", cron.id)]), before)
        self._book(540)
        self.assertEqual(triggers.search_count([("cron_id", "=", cron.id)]), before + 1)

    def test_old_copies_go_and_statements_do_not_grow(self):
        counts = []
        for wanted in (1, 5):
            for n in range(wanted):
                self._book(540 + 30 * n) if wanted == 1 else self._book(570 + 30 * n)
            self.env.flush_all()
            before = self.cr.sql_log_count
            self._copies()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 8, "a query per visit")
        self.cr.execute(
            "UPDATE clinic_appointment"
            " SET start = start - interval '40 days', stop = stop - interval '40 days'"
        )
        self.assertFalse(self._copies())

    def test_destroyed_with_the_person(self):
        visit = self._book(540)
        copy = self._copies()
        spec = visit.patient_id._clinic_erase_spec()
        self.assertIn(("calendar.event", "delete"), {(line.model, line.action) for line in spec})
        found = self.env["clinic.erasure"].sudo()._rows_by_line(visit.patient_id)
        (rows,) = (rows for line, rows in found if line.model == "calendar.event")
        self.assertEqual(list(rows), copy.ids)
