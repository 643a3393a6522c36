# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..exceptions import SlotTaken
from .board_common import BoardCommon


@tagged("post_install", "-at_install")
class TestBoardLoad(BoardCommon):
    def test_one_day(self):
        """Shift, visit, occupied time and head of a column, in the branch's own date."""
        visit = self._book(self.patient, 9)
        data = self._load("t_registrar", with_options=True)
        self.assertEqual(data["dates"], [self.day.isoformat()])
        column = next(c for c in data["columns"] if c["resource_id"] == self.doctor_resource.id)
        self.assertEqual((column["name"], column["tz"]), (self.practitioner.name, "Asia/Irkutsk"))
        self.assertEqual(column["subtitle"], "Therapy")
        shift = next(s for s in data["shifts"] if s["lead_id"] == self.doctor_resource.id)
        self.assertEqual((shift["start"], shift["stop"]), (self._utc(9), self._utc(18)))
        row = next(v for v in data["visits"] if v["id"] == visit.id)
        self.assertEqual(row["name"], self.patient.name)
        self.assertEqual(
            (row["state"], row["lead_kind"], row["service"]), ("booked", "practitioner", "Consultation")
        )
        self.assertIn([self._utc(9), self._utc(9, 30)], data["busy"][self.doctor_resource.id])
        self.assertEqual(data["options"]["rights"]["level"], "full")
        self.assertTrue(data["options"]["rights"]["can_book"])

    def test_bounded_queries(self):
        """The number of statements does not grow with doctors and visits."""
        user = self.users["registrar"]
        board = self.env["clinic.board"].with_user(user)

        def count():
            self.env.invalidate_all()
            self.env.registry.clear_cache()
            board.load(self._params())
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            board.load(self._params())
            return self.cr.sql_log_count - before

        few = count()
        for _n in range(12):
            doctor = self._make_doctor_with_shift()
            for hour in range(9, 13):
                self._book(self._make_patient(), hour, doctor=doctor)
        many = count()
        self.assertLessEqual(many, few + 1, "a query per doctor or visit")
        self.assertLessEqual(many, 30)

    def test_rooms(self):
        """In the columns of rooms a doctor's shift opens the room, and the visit stands there."""
        visit = self._book(self.patient, 9)
        data = self._load("t_registrar", kind="room")
        room = self.room.resource_id.id
        self.assertIn(room, [c["resource_id"] for c in data["columns"]])
        shift = next(s for s in data["shifts"] if room in s["resource_ids"])
        self.assertEqual(shift["lead_id"], self.doctor_resource.id)
        row = next(v for v in data["visits"] if v["id"] == visit.id)
        self.assertIn(room, row["resource_ids"])

    def test_filters_week_and_part(self):
        other = self._make_doctor_with_shift(specialties=self._make_specialty(name="Surgery"))
        ids = {c["resource_id"] for c in self._load("t_registrar")["columns"]}
        self.assertEqual(ids, {self.doctor_resource.id, other.resource_id.id})
        data = self._load("t_registrar", specialty_id=self.specialty.id)
        self.assertEqual({c["resource_id"] for c in data["columns"]}, {self.doctor_resource.id})
        data = self._load("t_registrar", mode="week", resource_id=other.resource_id.id)
        self.assertEqual(len(data["columns"]), 7)
        self.assertEqual({c["resource_id"] for c in data["columns"]}, {other.resource_id.id})
        only = {"resource_ids": [other.resource_id.id], "dates": [self.day.isoformat()]}
        data = self._load("t_registrar", only=only)
        self.assertEqual({c["resource_id"] for c in data["columns"]}, {other.resource_id.id})

    def test_nurses_and_doctors(self):
        """A nurse has a column as a doctor has; where there are both, one may look at one kind only."""
        self.assertFalse(self._load("t_registrar", with_options=True)["options"]["roles"])
        nurse = self._make_doctor_with_shift()
        nurse.role = "nurse"
        data = self._load("t_registrar", with_options=True)
        self.assertEqual([row["id"] for row in data["options"]["roles"]], ["doctor", "nurse"])
        both = {self.doctor_resource.id, nurse.resource_id.id}
        for role, shown in (
            (False, both),
            ("nurse", {nurse.resource_id.id}),
            ("doctor", {self.doctor_resource.id}),
            ("cook", both),
        ):
            columns = self._load("t_registrar", role=role)["columns"]
            self.assertEqual({column["resource_id"] for column in columns}, shown, role)
        shifts = self.env["clinic.shift"].search([("resource_id.clinic_practitioner_ids.role", "=", "nurse")])
        self.assertEqual(shifts.resource_id, nurse.resource_id)
        self.env.flush_all()
        load = self.env["clinic.load.report"].search(
            [("resource_id.clinic_practitioner_ids.role", "=", "nurse")]
        )
        self.assertEqual(load.resource_id, nurse.resource_id)

    def test_week_names_those_at_work(self):
        """Nobody chosen: the first at work; the others come along for leafing, and seven days each."""
        other = self._make_doctor_with_shift()
        self._make_practitioner(self.branch, self.specialty, self.service)
        data = self._load("t_registrar", mode="week")
        at_work = [row["id"] for row in data["week_resources"]]
        self.assertEqual(set(at_work), {self.doctor_resource.id, other.resource_id.id})
        self.assertEqual(data["resource_id"], at_work[0])
        self.assertEqual(len(data["columns"]), 7)
        idle = self._make_practitioner(self.branch, self.specialty, self.service).resource_id
        data = self._load("t_registrar", mode="week", resource_id=idle.id)
        self.assertEqual({c["resource_id"] for c in data["columns"]}, {idle.id})
        self.assertEqual(len(data["columns"]), 7)

    def test_week_of_two_branches(self):
        """A day is one column, where the doctor works that day."""
        far = self._make_branch(name="Far branch")
        self.practitioner.branch_ids |= far
        next_week = self.day + timedelta(days=7 - self.day.weekday())
        self._make_shift(self.practitioner, day=next_week)
        self._make_shift(self.practitioner, day=next_week + timedelta(days=1), branch=far)
        data = self._load(
            "t_registrar", mode="week", date=next_week.isoformat(), resource_id=self.doctor_resource.id
        )
        places = {column["date"]: column["branch_id"] for column in data["columns"]}
        self.assertEqual((len(data["columns"]), len(places)), (7, 7))
        self.assertEqual(places[(next_week + timedelta(days=1)).isoformat()], far.id)

    def _archive(self, resource):
        """As years before the guard that asks to move the visits first."""
        self.env.flush_all()
        self.cr.execute("UPDATE resource_resource SET active = FALSE WHERE id = %s", [resource.id])
        self.env.invalidate_all()

    def test_archived_doctor_keeps_his_visits_in_sight(self):
        visit = self._book(self.patient, 9)
        self._archive(self.practitioner.resource_id)
        data = self._load("t_registrar")
        column = next(c for c in data["columns"] if c["resource_id"] == self.doctor_resource.id)
        self.assertTrue(column["archived"])
        self.assertIn(visit.id, [row["id"] for row in data["visits"]])
        self._archive(self.room.resource_id)
        data = self._load("t_registrar", kind="room")
        column = next(c for c in data["columns"] if c["resource_id"] == self.room.resource_id.id)
        self.assertTrue(column["archived"])
        week = self._load("t_registrar", mode="week")
        self.assertNotIn(self.doctor_resource.id, [row["id"] for row in week["week_resources"]])

    def test_offers_of_a_service(self):
        self._book(self.patient, 9)
        data = self._load("t_registrar", service_id=self.service.id)
        starts = [offer["start"] for offer in data["offers"]]
        self.assertNotIn(self._utc(9), starts)
        self.assertIn(self._utc(9, 30), starts)
        self.assertEqual(data["offers"][0]["price"], 2000)

    def test_own_branches(self):
        far = self._make_branch(name="Far branch", tz="Europe/Moscow")
        user = self.users["registrar"]
        self.assertIn(far.id, self._load("t_registrar")["branch_ids"])
        user.clinic_branch_ids = self.branch
        self.assertEqual(self._load("t_registrar")["branch_ids"], self.branch.ids)
        self.assertEqual(self._load("t_registrar", branch_id=far.id)["branch_ids"], self.branch.ids)

    def test_other_company_is_invisible(self):
        company = self._make_company()
        branch = self._make_branch(company_id=company.id)
        doctor = self._make_practitioner(branch, self.specialty, self.service, company_id=company.id)
        self._make_shift(doctor, branch=branch)
        data = self._load("t_registrar")
        self.assertNotIn(branch.id, data["branch_ids"])
        self.assertNotIn(doctor.resource_id.id, [c["resource_id"] for c in data["columns"]])
        data = self._load("t_registrar", branch_id=branch.id)
        self.assertNotIn(branch.id, data["branch_ids"])

    def test_external_caller_sees_name_time_branch(self):
        """No doctor, service, state or phone: in load, card and pop-up."""
        visit = self._book(self.patient, 9)
        data = self._load("t_external_caller", with_options=True)
        self.assertEqual(data["options"]["rights"]["level"], "name")
        self.assertFalse(data["options"]["rights"]["can_book"])
        self.assertEqual({c["kind"] for c in data["columns"]}, {"branch"})
        row = next(v for v in data["visits"] if v["id"] == visit.id)
        self.assertEqual(set(row), {"id", "branch_id", "start", "stop", "date", "name", "resource_ids"})
        self.assertNotIn(self.practitioner.name, str(data))
        board = self.env["clinic.board"].with_user(self.users["external_caller"])
        self.assertEqual(board.visit_card(visit.id), {"alert": "", "flags": [], "lines": []})
        self.assertFalse(board.site_booking_card(visit.id))
        for method, args in (
            ("search_patients", ["Testova"]),
            ("booking_form", [self._slot(10)]),
            ("book", [[{"slot": self._slot(10), "patient_id": self.patient.id}]]),
            ("create_patient", [{"family_name": "X", "phone": "+79140001122"}]),
        ):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(board, method)(*args)

    def test_others_have_no_board(self):
        visit = self._book(self.patient, 9)
        for user in (self.users["marketer"], self._make_portal_user()):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    self.env["clinic.board"].with_user(user).load(self._params())
                self.assertFalse(self.env["clinic.board"].with_user(user).site_booking_card(visit.id))

    def test_wrong_input(self):
        for params in (
            {"date": "2026-02-31"},
            {"kind": "x", "mode": "y"},
            {"branch_id": -1, "service_id": "a"},
        ):
            with self.subTest(params):
                if params.get("date"):
                    with self.assertRaises(UserError):
                        self._load("t_registrar", **params)
                else:
                    self.assertTrue(self._load("t_registrar", **params)["dates"])


@tagged("post_install", "-at_install")
class TestBoardDesk(BoardCommon):
    def setUp(self):
        super().setUp()
        self.board = self.env["clinic.board"].with_user(self.users["registrar"])

    def _line(self, hour, patient=None, minute=0, **vals):
        slot = {**self._slot(hour, minute), "service_id": self.service.id}
        patient_id = (patient or self.patient).id
        return {
            "slot": slot,
            "patient_id": patient_id,
            "token": f"token-{hour}-{minute}-{patient_id}",
            **vals,
        }

    def test_booking_form(self):
        self.branch.write({"city": "Irkutsk", "address": "Lenina 1", "phone": "200-300"})
        self.service.clinic_preparation = "Come hungry."
        line = self.practitioner.service_line_ids
        line.write({"own_price": True, "price": 2500, "duration": 45})
        form = self.board.booking_form(self._slot(9))
        self.assertEqual(form["service_id"], self.service.id)
        row = form["services"][0]
        self.assertEqual((row["price"], row["duration"], row["preparation"]), (2500, 45, "Come hungry."))
        self.assertEqual(form["branch"]["address"], "Irkutsk, Lenina 1")
        visit = self._book(self.patient, 9)
        form = self.board.booking_form(self._slot(11), visit.id)
        self.assertEqual(form["patient"]["id"], self.patient.id)

    def test_family_all_or_nothing(self):
        child = self._make_patient()
        done = self.board.book([self._line(9), self._line(9, child, 30, note="With mother")], "phone")
        visits = self.env["clinic.appointment"].browse(done["appointment_ids"])
        self.assertEqual(visits.patient_id, self.patient | child)
        self.assertEqual(set(visits.mapped("channel")), {"phone"})
        self.assertEqual(done["dates"], [self.day.isoformat()])
        self.assertIn(self.doctor_resource.id, done["resource_ids"])
        third = self._make_patient()
        with self.assertRaises(SlotTaken) as caught, self.cr.savepoint():
            self.board.book([self._line(12, third), self._line(9, self._make_patient(), 30)])
        self.assertEqual(caught.exception.context["line"], 1)
        self.assertFalse(self.env["clinic.appointment"].search_count([("patient_id", "=", third.id)]))
        with self.assertRaises(UserError):
            self.board.book([])

    def test_move_cancel_undo(self):
        visit = self._book(self.patient, 9)
        reason = self._reason("move")
        moved = self.board.move(visit.id, self._slot(11), reason.id)
        self.assertEqual(visit.start, self._instant(11))
        self.assertEqual(moved["appointment_ids"], visit.ids)
        self._book(self._make_patient(), 12)
        with self.assertRaises(SlotTaken), self.cr.savepoint():
            self.board.move(visit.id, self._slot(12), reason.id)
        self.assertEqual(visit.start, self._instant(11))
        self.board.cancel(visit.id, self._reason("cancel", by="patient").id)
        self.assertEqual(visit.state, "cancelled_patient")
        self.board.undo(visit.ids)
        self.assertEqual((visit.state, visit.start), ("booked", self._instant(11)))

    def test_check_move_refuses_at_once(self):
        """What ``move`` would refuse is known before a reason is asked; nothing is changed by asking."""
        visit = self._book(self.patient, 9)
        self._book(self._make_patient(), 12)
        stranger = self._make_practitioner(self.branch, self.specialty, self._make_service(name="Massage"))
        self._make_shift(stranger)
        self.assertTrue(self.board.check_move(visit.id, self._slot(11)))
        self.assertTrue(self.board.check_move(visit.id, self._slot(9)), "its own place is no obstacle")
        for slot, refusal in (
            (self._slot(12), SlotTaken),
            (self._slot(10, doctor=stranger), UserError),
            (self._slot(20), UserError),
            ({**self._slot(11), "room_id": self._make_room(self.branch).id}, UserError),
        ):
            with self.subTest(slot), self.assertRaises(refusal), self.cr.savepoint():
                self.board.check_move(visit.id, slot)
        self.assertEqual(visit.start, self._instant(9))
        self.assertEqual(visit.journal_ids.mapped("action"), ["booked"])
        for role in ("external_caller", "marketer"):
            with self.subTest(role), self.assertRaises(AccessError), self.cr.savepoint():
                self.board.with_user(self.users[role]).check_move(visit.id, self._slot(11))

    def test_move_targets(self):
        visit = self._book(self.patient, 9)
        colleague = self._make_doctor_with_shift()
        stranger = self._make_practitioner(self.branch, self.specialty, self._make_service(name="Massage"))
        targets = self.board.move_targets(visit.id)
        self.assertLessEqual({self.doctor_resource.id, colleague.resource_id.id}, {*targets["practitioner"]})
        self.assertNotIn(stranger.resource_id.id, targets["practitioner"])
        self.assertEqual(targets["room"], self.room.resource_id.ids)
        with self.assertRaises(AccessError):
            self.board.with_user(self.users["external_caller"]).move_targets(visit.id)

    def test_states(self):
        visit = self._book(self.patient, 9)
        for method, state in (
            ("confirm", "confirmed"),
            ("arrive", "arrived"),
            ("start", "in_progress"),
            ("done", "done"),
        ):
            getattr(self.board, method)(visit.id)
            self.assertEqual(visit.state, state)
        future = self._book(self._make_patient(), 10)
        with self.assertRaises(UserError):
            self.board.no_show(future.id)

    def test_alternatives_are_free(self):
        self._book(self.patient, 9)
        slot = {**self._slot(9), "service_id": self.service.id}
        found = self.board.alternatives(slot)
        self.assertTrue(0 < len(found) <= 3)
        for other in found:
            self.assertNotEqual(other["slot"]["start"], self._utc(9))
            self.assertIn(self.practitioner.name, other["label"])

    def test_patients(self):
        patient = self._make_patient(family_name="Zimina", name="Zimina Anna Ivanovna")
        rows = self.board.search_patients("zimina 85")
        self.assertEqual([row["id"] for row in rows], patient.ids)
        row = self.board.create_patient({"family_name": "Novikova", "phone": "8 914 000-11-22"})
        card = self.env["res.partner"].browse(row["id"])
        self.assertTrue(card.is_patient and card.is_provisional)
        same = self.board.same_patients({"family_name": "Petrov", "phone": "+79140001122"})
        self.assertIn(card.id, [other["id"] for other in same])
        with self.assertRaises(UserError):
            self.board.create_patient({"family_name": "Novikova"})

    def test_card_and_popup(self):
        self.patient.patient_alert = "Deaf"
        visit = self._book(self.patient, 9, channel="site")
        card = self.board.visit_card(visit.id)
        self.assertEqual(card["alert"], "Deaf")
        self.assertIn("Consultation", [line["value"] for line in card["lines"]])
        popup = self.board.site_booking_card(visit.id)
        self.assertEqual(popup["id"], visit.id)
        self.assertIn("09:00", popup["text"])
        self.users["registrar"].clinic_branch_ids = self._make_branch()
        self.assertFalse(self.board.site_booking_card(visit.id))

    def test_vanished_visit(self):
        with self.assertRaises(UserError):
            self.board.arrive(10**8)


@tagged("post_install", "-at_install")
class TestBoardPrints(BoardCommon):
    def _html(self, name, docids, data=None):
        report = self.env["ir.actions.report"].with_user(self.users["registrar"])
        return report._render_qweb_html(name, docids, data=data)[0].decode()

    def test_slips(self):
        visit = self._book(self.patient, 9)
        self.service.clinic_preparation = "Come hungry."
        for name in ("report_talon_80", "report_talon_a5"):
            html = self._html(f"clinic_schedule.{name}", visit.ids)
            self.assertIn("09:00", html)
            self.assertIn(self.patient.name, html)
            self.assertIn("Come hungry.", html)

    def test_route_sheet_holds_the_whole_day(self):
        first = self._book(self.patient, 9)
        self._book(self.patient, 14)
        other_day = self._book(self.patient, 9, day=self.day + timedelta(days=1))
        html = self._html("clinic_schedule.report_route_sheet", first.ids)
        self.assertIn("09:00", html)
        self.assertIn("14:00", html)
        self.assertEqual(html.count('class="o_cb_box"'), 2)
        html = self._html("clinic_schedule.report_route_sheet", (first | other_day).ids)
        self.assertEqual(html.count('class="o_cb_box"'), 3)

    def test_day_list(self):
        self._book(self.patient, 9)
        shift = self.env["clinic.shift"].search([("resource_id", "=", self.doctor_resource.id)], limit=1)
        by_shift = self._html("clinic_schedule.report_day_list", shift.ids)
        data = {
            "dates": [self.day.isoformat()],
            "branch_ids": self.branch.ids,
            "resource_ids": self.doctor_resource.ids,
        }
        by_board = self._html("clinic_schedule.report_day_list", [], data)
        for html in (by_shift, by_board):
            self.assertIn(self.patient.name, html)
            self.assertIn("09:00", html)

    def test_times_are_the_branchs(self):
        """Whatever the zone of the user, paper shows the clock of the branch."""
        self.users["registrar"].tz = "America/New_York"
        visit = self._book(self.patient, 9)
        self.assertIn("09:00", self._html("clinic_schedule.report_talon_80", visit.ids))
        self.assertIsInstance(visit.start, datetime)
