# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..exceptions import PriceChanged
from .common import ScheduleCommon

TOKEN = "ticket-token-of-a-test"


class TicketCase(ScheduleCommon):
    """A ticket for the service tomorrow from 9 to 11, for 777; a second shift the day after."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registrar = cls._make_user("t_ticket_desk", "registrar")
        cls._make_shift(day=2)
        slots = cls.env["clinic.booking"].search_slots(cls.service, date_to=cls._day(2))
        cls.full = slots[0]["price"]
        cls.ticket = cls.env["clinic.time.ticket"].create(
            {
                "service_id": cls.service.id,
                "price": 777,
                "date_from": cls._day(1),
                "date_to": cls._day(1),
                "hour_from": 9,
                "hour_to": 11,
            }
        )
        cls.asked = cls.env.ref("clinic_schedule.reason_move_patient_asked")
        cls.ours = cls.env.ref("clinic_schedule.reason_move_doctor_absent")

    def _with(self, minutes=540, day=1, **vals):
        return self._slot(minutes, day, ticket=self.ticket.id, **vals)

    def _desk(self):
        return self.booking.with_user(self.registrar)


@tagged("post_install", "-at_install")
class TestTicket(TicketCase):
    """What a ticket is good for, how often, and for whom."""

    def test_booked_with_a_ticket(self):
        visit = self._desk().book(self._with(), self.patient)
        self.assertEqual((visit.price, visit.price_before), (777, self.full if self.full > 777 else 0))
        self.assertEqual((self.ticket.state, self.ticket.visit_id), ("used", visit))
        self.assertIn(self.ticket.number, visit.sudo()._journal_line("booked").note)

    def test_once(self):
        visit = self._desk().book(self._with(), self.patient)
        with self.assertRaisesRegex(UserError, "used already"):
            self._desk().book(self._with(600), self._make_patient())
        self.booking.cancel(visit, "patient")
        self.assertEqual(self.ticket.state, "open")
        other = self._desk().book(self._with(600), self._make_patient())
        self.assertEqual(self.ticket.visit_id, other)
        with self.assertRaisesRegex(UserError, "used already"):
            self.booking.undo(visit)

    def test_the_database_forbids_the_second_use(self):
        self._desk().book(self._with(), self.patient)
        second = self._desk().book(self._slot(600), self._make_patient())
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            second.sudo()._write_guarded({"ticket_id": self.ticket.id})
            self.env.flush_all()

    def test_frames(self):
        for slot in (self._with(660), self._with(day=2)):
            with self.assertRaisesRegex(UserError, "not good for this time"):
                self._desk().book(slot, self.patient)
        other = self._make_service(name="Other")
        self.practitioner.write({"service_line_ids": [(0, 0, {"service_id": other.id})]})
        with self.assertRaisesRegex(UserError, "not good for this time"):
            self._desk().book({**self._with(), "service_id": other.id}, self.patient)

    def test_whose(self):
        self.ticket.patient_id = self.patient
        with self.assertRaisesRegex(UserError, "another patient"):
            self._desk().book(self._with(), self._make_patient())
        with self.assertRaisesRegex(UserError, "pay themselves"):
            self._desk().book(self._with(), self.patient, payer_kind="insurer")
        self.assertEqual(self._desk().book(self._with(), self.patient).price, 777)

    def test_withdrawn_and_expired(self):
        self.ticket.action_void()
        self.assertEqual(self.ticket.state, "void")
        with self.assertRaisesRegex(UserError, "withdrawn"):
            self._desk().book(self._with(), self.patient)
        old = self.ticket.copy({"date_from": self._day(-9), "date_to": self._day(-2)})
        self.assertEqual(old.state, "expired")
        states = {
            state: self.env["clinic.time.ticket"].search([("state", "=", state)])
            for state in ("void", "expired")
        }
        self.assertIn(self.ticket, states["void"])
        self.assertIn(old, states["expired"])
        self.assertNotIn(
            self.ticket, self.env["clinic.time.ticket"].search([("state", "in", ("open", "used"))])
        )

    def test_by_its_link(self):
        token = self.ticket._token()
        visit = self._desk().book(self._slot(ticket=token), self.patient)
        self.assertEqual(visit.ticket_id, self.ticket)
        for wrong in (token[:-1] + ("0" if token[-1] != "0" else "1"), "x" * 64, "1"):
            with self.subTest(wrong=wrong), self.assertRaises(UserError):
                self._desk().book(self._slot(600, ticket=wrong), self._make_patient())

    def test_a_kept_time_keeps_the_ticket(self):
        held = self._desk().hold(self._with(), TOKEN)
        self.assertEqual((held.price, self.ticket.state), (777, "open"))
        visit = self._desk().book(self._slot(price=777), self.patient, token=TOKEN)
        self.assertEqual((visit.price, visit.ticket_id), (777, self.ticket))

    def test_two_keep_a_time_with_one_ticket(self):
        self._desk().hold(self._with(), TOKEN)
        self._desk().book(self._with(600), self._make_patient())
        with self.assertRaisesRegex(UserError, "used already"):
            self._desk().book(self._slot(), self.patient, token=TOKEN)

    def test_stronger_than_a_reduced_price(self):
        self.env["clinic.spare.rule"].create(
            {"name": "Spare", "percent": 90, "lead_from": 0, "lead_to": 0, "load_below": 100, "rounding": 0}
        )
        visit = self._desk().book(self._with(), self.patient)
        self.assertEqual((visit.price, visit.spare_rule_id.id), (777, False))

    def test_moves(self):
        visit = self._desk().book(self._with(), self.patient)
        self._desk().reschedule(visit, self._slot(600), reason=self.asked)
        self.assertEqual((visit.price, visit.ticket_id), (777, self.ticket))
        if self.full > 777:
            with self.assertRaises(PriceChanged):
                self._desk().reschedule(visit, self._slot(600, 2, price=777), reason=self.asked)
        self._desk().reschedule(visit, self._slot(600, 2), reason=self.ours)
        self.assertEqual((visit.price, visit.ticket_id), (777, self.ticket))
        self._desk().reschedule(visit, self._slot(660, 2), reason=self.asked)
        self.assertEqual((visit.price, visit.ticket_id.id), (max(self.full, 777), False))
        self.assertEqual(self.ticket.state, "open")
        self.booking.undo(visit)
        self.assertEqual((visit.price, visit.ticket_id), (777, self.ticket))

    def test_shown_for_a_move(self):
        visit = self._desk().book(self._with(), self.patient)
        slots = self.booking.search_slots(self.service, date_to=self._day(2))
        shown = self.booking._with_move_prices(slots, visit, "reception", self.asked)
        prices = {(slot["start"], slot["price"]) for slot in shown}
        self.assertIn((self._at(1, 600), 777), prices)
        self.assertIn((self._at(2, 600), max(self.full, 777)), prices)

    def test_window_of_the_desk(self):
        ticket = self.ticket.with_user(self.registrar)
        window = (
            self.env["clinic.ticket.find"].with_user(self.registrar).browse(ticket.action_find()["res_id"])
        )
        starts = window.line_ids.mapped("start")
        self.assertEqual((min(starts), max(starts)), (self._at(1, 540), self._at(1, 645)))
        self.assertEqual(set(window.line_ids.mapped("price")), {777})
        with self.assertRaisesRegex(UserError, "Choose the patient"):
            window.line_ids[0].action_book()
        window.patient_id = self.patient
        window.line_ids[0].action_book()
        self.assertEqual(self.ticket.visit_id.patient_id, self.patient)
        with self.assertRaisesRegex(UserError, "used already"):
            ticket.action_find()

    def test_who_makes_them(self):
        director = self._make_user("t_ticket_director", "director")
        form = Form(self.env["clinic.time.ticket"].with_user(director))
        form.service_id, form.price = self.service, 500
        ticket = form.save()
        self.assertTrue(ticket.number)
        self.assertNotEqual(ticket.number, self.ticket.number)
        desk = ticket.with_user(self.registrar)
        self.assertEqual(desk.price, 500)
        with self.assertRaises(AccessError):
            desk.create({"service_id": self.service.id, "price": 1})
        with self.assertRaises(AccessError):
            other = self.env["res.company"].create({"name": "Another clinic"})
            ticket.with_user(director).create(
                {"service_id": self.service.id, "price": 1, "company_id": other.id}
            )
        for act in (lambda: desk.write({"price": 1}), desk.action_void, desk.unlink):
            with self.assertRaises(AccessError):
                act()
        desk.action_print()
        with self.assertRaisesRegex(UserError, "out of the house"):
            ticket.with_user(director).price = 1
        with self.assertRaisesRegex(UserError, "withdrawn, not deleted"):
            ticket.with_user(director).unlink()
        for vals in ({"number": "1"}, {"is_void": True}, {"is_issued": False}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                ticket.with_user(director).write(vals)
        for role in ("external_caller", "statistician", "marketer", None):
            with self.subTest(role=role):
                user = self._make_user(f"t_ticket_{role}", role)
                self.assertFalse(self.env["clinic.time.ticket"].with_user(user).has_access("read"))
        for name in ("nonce", "token_hash"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                ticket.with_user(director).read([name])

    def test_a_join_takes_the_ticket_along(self):
        other = self._make_patient()
        self.ticket.patient_id = other
        policy = self.env["res.partner"]._clinic_merge_policy()
        self.assertIn(("clinic.time.ticket", "patient_id", "repoint"), policy)

    def test_bad_tickets(self):
        for vals in ({"price": -1}, {"hour_from": 12, "hour_to": 9}, {"date_to": "2020-01-01"}):
            with (
                self.subTest(vals=vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self.ticket.copy(vals)

    def test_paper(self):
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("clinic_schedule.report_time_ticket", self.ticket.ids)[0]
            .decode()
        )
        for words in (self.ticket.number, self.service.name, self.branch.name, "09:00 to 11:00"):
            self.assertIn(words, html)
        self.assertNotIn(self.ticket._token(), html.replace("data:image", ""))
