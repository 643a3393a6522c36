# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo.tests import tagged

from .report_common import ReportCommon


@tagged("post_install", "-at_install")
class TestVisitReport(ReportCommon):
    """Each line of a small story, counted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.day = cls._day(-10)
        cls.reason = cls.env.ref("clinic_schedule.reason_cancel_ill")

    def _one(self, visit):
        self.env.flush_all()
        return self.env["clinic.visit.report"].search([("id", "=", visit.id)])

    def test_lead_time_on_the_calendar_of_the_branch(self):
        # 23:30 of the fourth day before in Irkutsk is still the afternoon in Moscow
        visit = self._make_visit(self._at(self.day, 545), channel="site", visit_type="first", price=1500)
        self._journal(visit, "held", self._at(self.day - timedelta(days=5), 600))
        self._journal(visit, "booked", self._at(self.day - timedelta(days=4), 1410))
        imported = self._make_visit(self._at(self.day, 600), channel="import")
        self._journal(imported, "booked", self._at(self.day - timedelta(days=4), 600))
        late = self._make_visit(self._at(self.day, 660))
        self._journal(late, "booked", self._at(self.day, 700))
        row = self._one(visit)
        self.assertEqual(
            (row.lead_days, row.day, row.hour, row.channel, row.first, row.visit_type, row.price),
            (4, self.day, "09:00", "site", 1, "first", 1500),
        )
        self.assertFalse(self._one(imported).booked_at)
        report = self.env["clinic.visit.report"]
        both = report._read_group([("id", "in", (visit + imported + late).ids)], [], ["lead_days:avg"])
        self.assertEqual(both, [(4.0,)], "unknown lead times are no zeros")

    def test_rates_are_those_of_the_group(self):
        states = ["done", "done", "no_show", "booked", "cancelled_patient", "cancelled_clinic", "held"]
        visits = self.env["clinic.appointment"]
        for n, state in enumerate(states):
            visits += self._make_visit(
                self._at(self.day, 540 + 30 * n),
                state=state,
                hold_expires_at=self._at(self.day, 600) if state == "held" else False,
                cancel_reason_id=self.reason.id if state == "cancelled_patient" else False,
            )
        self._journal(visits[0], "moved", self._at(self.day, 0))
        self.env.flush_all()
        report = self.env["clinic.visit.report"]
        domain = [("id", "in", visits.ids)]
        [row] = report._read_group(
            domain,
            [],
            [
                "visits:sum",
                "came:sum",
                "due:sum",
                "moves:sum",
                "no_show_rate:avg",
                "cancel_rate:avg",
                "minutes:sum",
            ],
        )
        self.assertEqual(row[:4], (6, 2, 3, 1))
        self.assertAlmostEqual(row[4], 100 / 3)
        self.assertAlmostEqual(row[5], 100 * 2 / 6)
        self.assertEqual(row[6], 180)
        reasons = report._read_group(domain, ["cancelled_by", "cancel_reason_id"], ["visits:sum"])
        self.assertIn(("patient", self.reason, 1), reasons)
        self.assertNotIn("held", dict(report._read_group(domain, ["state"], ["__count"])))

    def test_a_freed_place_that_was_taken_again(self):
        freed = self._at(self.day, 0)
        gone = self._make_visit(self._at(self.day, 540), state="cancelled_patient")
        self._journal(gone, "cancelled", freed, state_from="booked", before=gone._snapshot())
        taker = self._make_visit(self._at(self.day, 555))
        self._journal(taker, "booked", freed + timedelta(minutes=40))
        empty = self._make_visit(self._at(self.day, 660), state="cancelled_clinic")
        self._journal(empty, "cancelled", freed, state_from="confirmed", before=empty._snapshot())
        earlier = self._make_visit(self._at(self.day, 660))
        self._journal(earlier, "booked", freed - timedelta(minutes=1))
        moved = self._make_visit(self._at(self.day, 720))
        was = moved._snapshot()
        moved._write_guarded({"start": self._at(self.day, 900), "stop": self._at(self.day, 930)})
        self._journal(moved, "moved", freed, state_from="booked", start_from=was["start"], before=was)
        near = self._make_visit(self._at(self.day, 780))
        was = near._snapshot()
        near._write_guarded({"start": self._at(self.day, 785), "stop": self._at(self.day, 815)})
        self._journal(near, "moved", freed, state_from="booked", start_from=was["start"], before=was)
        back = self._make_visit(self._at(self.day, 840))
        self._journal(back, "cancelled", freed, state_from="booked", before=back._snapshot())
        self._journal(back, "undone", freed + timedelta(minutes=1))
        late = self._make_visit(self._at(self.day, 870), state="cancelled_patient")
        self._journal(
            late, "cancelled", self._at(self.day, 875), state_from="booked", before=late._snapshot()
        )
        self.env.flush_all()
        holes = self.env["clinic.hole.report"].search([("branch_id", "=", self.branch.id)], order="start")
        self.assertEqual(
            [(h.start, h.freed_by, h.refilled, h.hours_ahead) for h in holes],
            [
                (self._at(self.day, 540), "patient", 1, 9),
                (self._at(self.day, 660), "clinic", 0, 11),
                (self._at(self.day, 720), "moved", 0, 12),
            ],
        )
        self.assertEqual(holes[0].refill_minutes, 40)
        [row] = self.env["clinic.hole.report"]._read_group(
            [("id", "in", holes.ids)],
            [],
            ["holes:sum", "refilled:sum", "refill_rate:avg", "refill_minutes:avg"],
        )
        self.assertEqual((*row[:2], round(row[2], 3), row[3]), (3, 1, 33.333, 40))
