# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError

from .test_absence import AbsenceCommon


class TestAbsenceMove(AbsenceCommon):
    """The window “Move visits”: proposals, one click for one and for all, nothing lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.specialty = cls._make_specialty()
        cls.practitioner.specialty_ids = cls.specialty
        cls.service.clinic_specialty_id = cls.specialty
        cls.substitute = cls._make_practitioner(
            branches=cls.branch, services=cls.service, specialties=cls.specialty
        )

    def _window(self, absence, user=None):
        absence = absence.with_user(user) if user else absence
        return (
            self.env["clinic.absence.move"]
            .with_user(user or self.env.user)
            .browse(absence.action_move_visits()["res_id"])
        )

    def _lines(self, window):
        return {line.appointment_id.id: line for line in window.line_ids}

    def test_two_proposals(self):
        visit = self._book()
        self._make_shift(day=3)
        self._make_shift(self.substitute)
        self._book(owner=self.substitute)
        line = self._window(self._away()).line_ids
        self.assertEqual(line.later_start, self._at(3, 540))
        self.assertEqual(line.substitute_resource_id, self.substitute.resource_id)
        self.assertEqual(line.substitute_start, self._at(1, 540 + visit.duration), "the nearest free one")
        self.assertEqual(line.choice, "substitute")
        self.assertIn(self.substitute.name, line.substitute_text)

    def test_never_twice_the_same_place(self):
        visits = [self._book(540 + 30 * n) for n in range(5)]
        self._make_shift(day=3)
        self._make_shift(self.substitute, minute_to=600)
        window = self._window(self._away())
        places = []
        for line in window.line_ids:
            places += [(line.resource_id.id, line.later_start)] if line.later_start else []
            if line.substitute_start:
                places.append((line.substitute_resource_id.id, line.substitute_start))
        self.assertEqual(len(places), len(set(places)))
        window.line_ids.filtered("later_start").choice = "later"
        window.action_apply()
        self.assertFalse(self._red())
        self.assertEqual(len({(visit.resource_id.id, visit.start) for visit in visits}), 5)
        self.assertEqual(visits[0].move_reason_id, self.env.ref("clinic_schedule.reason_move_doctor_absent"))

    def test_other_doctors_do_not_substitute(self):
        self._book()
        other = self._make_practitioner(
            branches=self.branch, services=self.service, specialties=self._make_specialty()
        )
        far = self._make_branch()
        elsewhere = self._make_practitioner(branches=far, services=self.service, specialties=self.specialty)
        idle = self._make_practitioner(branches=self.branch, specialties=self.specialty)
        for owner, branch in ((other, self.branch), (elsewhere, far), (idle, self.branch)):
            self._make_shift(owner, branch=branch)
        line = self._window(self._away()).line_ids
        self.assertFalse(line.substitute_start)
        self.assertEqual((line.choice, line.later_start), ("leave", False))
        self.assertIn("No free time", line.message)

    def test_age_and_the_patients_other_visits(self):
        child = self._make_patient(birth_date="2018-01-01")
        visit = self._book(patient=child)
        self.substitute.audience = "adult"
        self._make_shift(self.substitute)
        absence = self._away()
        self.assertFalse(self._window(absence).line_ids.substitute_start, "he sees adults only")
        self.substitute.audience = "all"
        another = self._make_practitioner(branches=self.branch, services=self.service)
        self._make_shift(another, minute_from=570)
        self._book(570, patient=child, owner=another)
        line = self._window(absence).line_ids.filtered(lambda line: line.appointment_id == visit)
        self.assertEqual(line.substitute_start, self._at(1, 540))
        self.assertNotEqual(line.later_start, self._at(1, 570))

    def test_substitute_brings_price_and_keeps_the_visit(self):
        self.env["clinic.practitioner.service"].search(
            [("practitioner_id", "=", self.substitute.id), ("service_id", "=", self.service.id)]
        ).write({"price": 3100.0, "own_price": True})
        visit = self._book(visit_type="repeat")
        self.booking.confirm(visit)
        self._make_shift(self.substitute)
        calls = []
        self.patch(
            self.env.registry["clinic.appointment"],
            "_after_absence_moved",
            lambda record, old: calls.append((record.id, old["resource_id"])),
        )
        window = self._window(self._away())
        self.assertIn("instead of", window.line_ids.substitute_text)
        window.line_ids.action_apply()
        self.assertEqual(window.line_ids.outcome, "moved")
        self.assertEqual(visit.practitioner_id, self.substitute)
        self.assertEqual((visit.price, visit.visit_type, visit.state), (3100.0, "repeat", "confirmed"))
        self.assertEqual(visit.start, self._at(1, 540))
        self.assertEqual(calls, [(visit.id, self.practitioner.resource_id.id)])
        claims = visit.claim_ids.filtered(lambda claim: claim.kind == "resource")
        self.assertEqual(claims.mapped("ref"), [self.substitute.resource_id.id])

    def test_a_place_lost_meanwhile(self):
        visit, other = self._book(), self._book(600)
        self._make_shift(self.substitute)
        window = self._window(self._away())
        lines = self._lines(window)
        lost = lines[visit.id].substitute_start
        self._book(owner=self.substitute)
        window.action_apply()
        self.assertEqual(lines[other.id].outcome, "moved")
        line = lines[visit.id]
        self.assertFalse(line.outcome)
        self.assertIn("just been taken", line.message)
        self.assertNotEqual(line.substitute_start, lost)
        self.assertEqual((visit.resource_id, visit.start), (self.practitioner.resource_id, self._at(1, 540)))
        self.assertEqual(self._red(), visit)
        window.action_apply()
        self.assertFalse(self._red())

    def test_cancel_and_leave(self):
        visit, other = self._book(), self._book(600)
        window = self._window(self._away())
        lines = self._lines(window)
        lines[visit.id].choice, lines[other.id].choice = "cancel", "leave"
        window.action_apply()
        self.assertEqual(visit.state, "cancelled_clinic")
        self.assertEqual(visit.cancel_reason_id, self.env.ref("clinic_schedule.reason_cancel_doctor_absent"))
        self.assertEqual((other.state, self._red()), ("booked", other))

    def test_settled_by_somebody_else(self):
        visit = self._book()
        self._make_shift(self.substitute)
        window = self._window(self._away())
        self.booking.cancel(visit, "patient")
        window.action_apply()
        self.assertEqual(visit.state, "cancelled_patient")
        with self.assertRaisesRegex(UserError, "settled already"):
            self.env["clinic.appointment"].action_move_away()

    def test_who_is_here_is_not_moved(self):
        visit = self._book()
        self._make_shift(self.substitute)
        visit.action_arrive()
        line = self._window(self._away()).line_ids
        self.assertEqual((line.choice, line.substitute_start), ("leave", False))
        self.assertIn("here already", line.message)

    def test_from_the_red_list(self):
        visits = self._book() | self._book(600)
        self._away()
        both = self.env["clinic.appointment"].action_move_away()
        one = visits[0].action_move_away()
        windows = self.env["clinic.absence.move"]
        self.assertEqual(windows.browse(both["res_id"]).line_ids.appointment_id, visits)
        self.assertEqual(windows.browse(one["res_id"]).line_ids.appointment_id, visits[0])

    def test_the_same_number_of_questions(self):
        self._make_shift(self.substitute)
        self._make_shift(day=3)
        visits = self.env["clinic.appointment"]
        for n in range(6):
            visits |= self._book(540 + 30 * n)
        self._away()
        counts = []
        for some in (visits[:2], visits):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["clinic.substitution"]._propose(some)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_rights(self):
        self._book()
        self._make_shift(self.substitute)
        absence = self._away()
        for role in ("director", "external_caller"):
            user = self._make_user(f"m_{role}", role)
            with self.assertRaises(AccessError):
                self.env["clinic.appointment"].with_user(user).action_move_away()
        for role in ("registrar", "senior_nurse", "operator"):
            window = self._window(absence, self._make_user(f"m_{role}", role))
            self.assertEqual(len(window.line_ids), 1, role)
        window.action_apply()
        self.assertFalse(self._red())
