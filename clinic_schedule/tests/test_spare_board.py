# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from ..exceptions import PriceChanged
from .board_common import BoardHttpCommon
from .test_spare_price import SpareCase
from .waiting_common import WaitingBuilders


@tagged("post_install", "-at_install")
class TestSpareBoard(WaitingBuilders, SpareCase):
    """What the desk sees of reduced prices: free times, the dialog, a move, courses and comings."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.board = cls.env["clinic.board"].with_user(cls.registrar)

    def _place(self, minutes=540, day=1):
        slot = self._slot(minutes, day)
        return {**slot, "branch_id": self.branch.id, "start": str(slot["start"])}

    def _money(self, amount):
        return self.env["res.currency"].browse(self.env.company.currency_id.id).format(amount)

    def test_free_times_of_a_service(self):
        self.rule.hour_from = 10
        data = self.board.load({"date": self._day(1).isoformat(), "service_id": self.service.id})
        cheap = {self._wall(offer["start"]): offer["cheap"] for offer in data["offers"]}
        self.assertEqual(cheap["09:00"], "")
        self.assertIn("instead of", cheap["10:00"])

    def test_dialog(self):
        form = self.board.booking_form(self._place())
        row = next(one for one in form["services"] if one["id"] == self.service.id)
        self.assertEqual(row["price"], self.cheap)
        self.assertTrue(row["before_label"])
        self.rule.active = False
        lines = [
            {
                "slot": {**self._place(), "price": row["price"]},
                "patient_id": self.patient.id,
                "token": "t" * 20,
            }
        ]
        with self.assertRaises(PriceChanged) as refused:
            self.board.book(lines)
        self.assertEqual(
            (refused.exception.context["line"], refused.exception.context["price"]), (0, self.full)
        )

    def test_card(self):
        visit = self.booking.book(self._shown(), self.patient)
        lines = {line["label"]: line["value"] for line in self.board.visit_card(visit.id)["lines"]}
        self.assertIn("instead of", lines["Price"])

    def test_note_before_a_move(self):
        self._make_shift(day=2)
        self.rule.date_to = self._day(1)
        visit = self.booking.book(self._shown(), self.patient)
        self.assertEqual(self.board.check_move(visit.id, self._place(600))["note"], "")
        note = self.board.check_move(visit.id, self._place(600, 2))["note"]
        self.assertIn("instead of", note)
        self.assertIn("keeps his reduction", note)

    def test_course(self):
        for day in range(2, 6):
            self._make_shift(day=day)
        window = (
            self.env["clinic.course.find"]
            .with_user(self.registrar)
            .create(
                {
                    "patient_id": self.patient.id,
                    "service_id": self.service.id,
                    "count": 3,
                    "hour": 10,
                    "first_day": self._day(1),
                }
            )
        )
        window.action_find()
        self.assertEqual(window.line_ids.mapped("price"), [self.cheap] * 3)
        window.action_book()
        visits = self.env["clinic.course"].search([("patient_id", "=", self.patient.id)]).visit_ids
        self.assertEqual(visits.mapped("price"), [self.cheap] * 3)

    def test_absence(self):
        """Who is moved by the clinic is shown the price that he will have."""
        visit = self.booking.book(self._shown(), self.patient)
        self.rule.active = False
        slots = self.booking.search_slots(self.service, date_to=self._day(2))
        self.assertEqual(self.booking._clinic_move_price(visit, slots[0]), self.cheap)

    def test_waiting_list(self):
        entry = (
            self.env["clinic.waiting.entry"]
            .with_user(self.registrar)
            .create({"patient_id": self.patient.id, "service_id": self.service.id})
        )
        window = self.env["clinic.waiting.find"].browse(entry.action_find()["res_id"])
        self.assertEqual(window.line_ids[0].price, self.cheap)
        window.line_ids[0].action_book()
        self.assertEqual(entry.visit_id.price, self.cheap)

    def test_offer_keeps_its_price(self):
        self.rule.per_day = 1
        visit = self.booking.book(self._shown(), self._make_patient())
        entry = self.env["clinic.waiting.entry"].create(
            {"patient_id": self.patient.id, "service_id": self.service.id}
        )
        self.booking.cancel(visit, "patient")
        self._run_waves()
        offer = entry.offer_ids
        self.assertEqual(offer.price, self.cheap)
        self.rule.write({"load_below": 1, "patient_days": 30})
        self.assertTrue(offer.sudo()._accept("link"))
        self.assertEqual(entry.visit_id.price, self.cheap)

    def test_who_reads_and_writes_rules(self):
        reader = self.env["clinic.spare.rule"].with_user(self.registrar)
        self.assertEqual(reader.search([]).ids, self.rule.ids)
        self.assertFalse(reader.has_access("write"))
        nobody = self._make_user("t_spare_nobody")
        self.assertFalse(self.env["clinic.spare.rule"].with_user(nobody).has_access("read"))


@tagged("post_install", "-at_install")
class TestSpareTour(BoardHttpCommon):
    """The desk sees a reduced price, loses it, books at the new one; a move says what it costs."""

    def test_spare_price(self):
        self.service.list_price = 2000
        self._make_patient(family_name="Rivalova")
        rule = self.env["clinic.spare.rule"].create(
            {
                "name": "Mornings",
                "percent": 25,
                "lead_from": 0,
                "lead_to": 0,
                "load_below": 100,
                "hour_to": 12,
                "per_day": 1,
            }
        )
        self.start_tour("/odoo/clinic-board", "clinic_spare_price", login="t_registrar")
        visits = self.env["clinic.appointment"].search([("local_date", "=", self.day)], order="start")
        self.assertEqual(visits.mapped("price"), [2000, 2000])
        self.assertEqual(rule.visit_count, 0)
