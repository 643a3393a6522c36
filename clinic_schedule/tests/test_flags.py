# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ScheduleCommon


@tagged("post_install", "-at_install")
class TestFlagsInBooking(ScheduleCommon):
    """What the flags of a card do to a booking, channel by channel."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = cls._make_role_users("registrar", "integration")
        cls.branch.phone = "+7 3952 25-14-33"
        for record in (cls.branch, cls.service, cls.practitioner):
            names = {"show_on_site", "online_booking", "clinic_show_on_site"} & record._fields.keys()
            record.write(dict.fromkeys(names, True))
        cls.practitioner.service_line_ids.online = "yes"

    def _blacklist(self):
        self.env["clinic.blacklist"].create({"patient_id": self.patient.id, "reason": "rude to the nurse"})

    def _book_as(self, user, **kwargs):
        booking = self.env["clinic.booking"].with_user(self.users[user])
        return booking.book(self._slot(), self.patient.id, **kwargs)

    def test_prepayment_goes_with_the_visit(self):
        self.patient.needs_prepayment = True
        visit = self._book_as("registrar")
        self.assertTrue(visit.prepayment)
        with self.assertRaises(UserError):
            visit.prepayment = False
        self.assertFalse(self._book(600).prepayment)

    def test_staff_books_with_a_reason_in_the_journal(self):
        self._blacklist()
        with self.assertRaisesRegex(UserError, "black list"):
            self._book_as("registrar")
        with self.assertRaisesRegex(UserError, "at most"):
            self._book_as("registrar", blacklist_reason="x" * 400)
        visit = self._book_as("registrar", blacklist_reason="the head doctor asked")
        self.assertIn("the head doctor asked", visit.sudo()._journal_line("booked").note)

    def test_programs_are_asked_to_phone(self):
        visit = self._book_as("integration", channel="api")
        self.assertEqual(visit.channel, "api")
        self.booking.cancel(visit.sudo(), "clinic")
        self._blacklist()
        for channel in ("api", "bot", "aggregator"):
            with self.assertRaises(UserError) as caught:
                self._book_as("integration", channel=channel, blacklist_reason="let me")
            self.assertIn("+7 3952 25-14-33", str(caught.exception))
            self.assertNotIn("rude", str(caught.exception))
        with self.assertRaisesRegex(UserError, "by phone only"):
            self.booking.hold(self._slot(), "a-token-1", self.patient, channel="site")

    def test_import_of_old_agreements_asks_nothing(self):
        self._blacklist()
        self.assertEqual(self._book(patient=self.patient, channel="import").state, "booked")

    def test_moves_on_the_site(self):
        visit = self._book(patient=self.patient)
        self._blacklist()
        with self.assertRaisesRegex(UserError, "by phone only"):
            self.booking.reschedule(visit, self._slot(600), channel="site")
        self.assertEqual(self.booking.reschedule(visit, self._slot(600)).start, self._at(1, 600))

    def test_board_tells_of_flags_and_unfinished_cards(self):
        self._blacklist()
        board = self.env["clinic.board"].with_user(self.users["registrar"])
        (row,) = board.search_patients(self.patient.patient_number)
        self.assertEqual([flag["key"] for flag in row["flags"]], ["blacklist"])
        slot = {**self._slot(), "branch_id": self.branch.id}
        result = board.book(
            [{"slot": slot, "patient_id": self.patient.id, "blacklist_reason": "asked by the head doctor"}]
        )
        visit = self.env["clinic.appointment"].browse(result["appointment_ids"])
        card = board.visit_card(visit.id)
        self.assertEqual(card["flags"][0]["key"], "blacklist")
        self.assertFalse(board.arrive(visit.id)["unfinished"])

    def test_timeline_has_visits(self):
        visit = self._book(patient=self.patient)
        rows = self.patient.with_user(self.users["registrar"]).clinic_timeline(kinds=["visit"])["rows"]
        self.assertEqual([row["res_id"] for row in rows], visit.ids)
        self.assertIn("09:00", rows[0]["when"])


@tagged("post_install", "-at_install")
class TestArrival(ScheduleCommon):
    """The patient of a card made by phone stands at the desk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        user = cls._make_role_users("registrar")["registrar"]
        cls.board = cls.env["clinic.board"].with_user(user)
        row = cls.board.create_patient({"family_name": "Phonova", "phone": "8 914 000-11-22"})
        cls.card = cls.env["res.partner"].browse(row["id"])
        cls.visit = cls._book(patient=cls.card)

    def test_completed_at_the_desk(self):
        answer = self.board.arrive(self.visit.id)
        self.assertEqual(answer["unfinished"], {"id": self.card.id, "name": self.card.name})
        with self.assertRaisesRegex(UserError, "not complete"):
            self.board.complete_card(self.card.id, {"given_name": "Anna"})
        vals = {"given_name": "Anna", "birth_date": "17.05.1985", "sex": "female", "active": False}
        self.board.complete_card(self.card.id, vals)
        self.assertFalse(self.card.is_provisional)
        self.assertTrue(self.card.active)
        with self.assertRaisesRegex(UserError, "complete already"):
            self.board.unfinished_card(self.card.id)

    def test_joined_with_the_card_that_exists(self):
        old = self._make_patient(family_name="Phonova", phone="8 914 000-11-22")
        offered = self.board.unfinished_card(self.card.id)
        self.assertIn(old.id, [row["id"] for row in offered["similar"]])
        action = self.board.join_card(self.card.id, old.id)
        merge = self.env["clinic.merge"].browse(action["res_id"])
        self.assertEqual((merge.survivor_id, merge.loser_id), (old, self.card))
