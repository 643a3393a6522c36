# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from psycopg2.errors import ExclusionViolation, UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ROLES, ClinicCommon

SEES = {"registrar", "senior_nurse", "clinic_admin", "operator", "doctor", "head_doctor"}
KEEPS = {"clinic_admin", "head_doctor"}


@tagged("post_install", "-at_install")
class TestFlags(ClinicCommon):
    """Black list, prepayment, representative: who sees, who sets, what dialogs get."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = cls._make_role_users()
        cls.patient = cls._make_patient()

    def _list(self, user=None, **vals):
        entries = self.env["clinic.blacklist"].with_user(user or self.env.user)
        return entries.create({"patient_id": self.patient.id, "reason": "left without paying", **vals})

    def test_who_keeps_and_who_sees_the_list(self):
        for role in ROLES:
            user = self.users[role]
            with self.subTest(role=role):
                if role in KEEPS:
                    entry = self._list(user, set_by_id=1, set_at="2001-01-01")
                    self.assertEqual((entry.set_by_id, entry.set_at.year), (user, fields.Date.today().year))
                    entry.lift_reason = "paid"
                    entry.action_lift()
                    self.assertEqual(entry.lifted_by_id, user)
                else:
                    with self.assertRaises(AccessError):
                        self._list(user)
        self._list()
        for role in ROLES:
            card = self.patient.with_user(self.users[role])
            with self.subTest(role=role):
                self.env.invalidate_all()
                if role in SEES:
                    self.assertTrue(card.clinic_blacklisted)
                    self.assertEqual(card._clinic_flags()[0]["text"], "Black list: left without paying")
                else:
                    self.assertEqual(card._clinic_flags(), [])
                    with self.assertRaises(AccessError):
                        card.read(["clinic_blacklisted"])
                    with self.assertRaises(AccessError):
                        self.env["clinic.blacklist"].with_user(self.users[role]).search([])

    def test_entries_are_proof(self):
        entry = self._list(self.users["clinic_admin"])
        with self.assertRaises(UserError):
            entry.reason = "another"
        with self.assertRaises(UserError):
            entry.action_lift()
        with self.assertRaises(AccessError):
            entry.unlink()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self._list()
        entry.lift_reason = "settled"
        entry.action_lift()
        self.assertFalse(self.patient.clinic_blacklisted)
        with self.assertRaises(UserError):
            entry.lift_reason = "no, for another reason"
        self._list()
        self.assertTrue(self.patient.clinic_blacklisted)

    def test_flags_of_dialogs(self):
        mother = self._make_patient(family_name="Mamina")
        self.env["clinic.relation"].create({"patient_id": self.patient.id, "actor_id": mother.id})
        self.patient.write({"needs_prepayment": True, "call_representative": True})
        self._list()
        desk = self.env["res.partner"].with_user(self.users["registrar"])
        (row,) = desk.clinic_search_patients(self.patient.patient_number)
        self.assertEqual(
            [flag["key"] for flag in row["flags"]], ["blacklist", "representative", "prepayment"]
        )
        self.assertIn("Mamina", row["flags"][1]["text"])
        program = self.env["res.partner"].with_user(self.users["integration"])
        (row,) = program.clinic_search_patients(self.patient.patient_number)
        self.assertEqual(row["flags"], [])

    def test_join_keeps_what_protects(self):
        other = self._make_patient(family_name=self.patient.family_name)
        other.needs_prepayment = True
        self.env["clinic.blacklist"].create({"patient_id": other.id, "reason": "rude"})
        merge = self.env["clinic.merge"].create({"survivor_id": self.patient.id, "loser_id": other.id})
        merge._merge()
        self.assertTrue(self.patient.needs_prepayment and self.patient.clinic_blacklisted)
        merge._undo()
        self.assertFalse(self.patient.needs_prepayment or self.patient.clinic_blacklisted)
        self.assertTrue(other.clinic_blacklisted)


@tagged("post_install", "-at_install")
class TestAttachment(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patient = cls._make_patient()
        cls.second = cls._make_practitioner(branches=cls.branch)
        cls.today = fields.Date.context_today(cls.patient)

    def _attach(self, patient=None, doctor=None, **vals):
        return self.env["clinic.attachment"].create(
            {
                "patient_id": (patient or self.patient).id,
                "practitioner_id": (doctor or self.practitioner).id,
                "date_from": self.today - timedelta(days=10),
                **vals,
            }
        )

    def test_the_database_refuses_a_second_main_doctor(self):
        self._attach(date_to=self.today)
        with self.assertRaises(ExclusionViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self._attach(doctor=self.second, date_from=self.today)
        self._attach(doctor=self.second, date_from=self.today, is_main=False)
        self._attach(doctor=self.second, date_from=self.today + timedelta(days=1))
        self.assertEqual(self.patient.main_practitioner_id, self.practitioner)
        self.assertEqual(len(self.patient.clinic_attachment_ids), 3)

    def test_my_patients(self):
        user = self._make_user("t_own_doctor", "doctor")
        self.practitioner.user_id = user
        self._attach()
        other = self._make_patient()
        self._attach(other, date_to=self.today - timedelta(days=1))
        found = self.env["res.partner"].with_user(user).search([("is_my_patient", "=", True)])
        self.assertEqual(found, self.patient)
        self.assertTrue(self.patient.with_user(user).is_my_patient)
        named = self.env["res.partner"].search([("main_practitioner_id", "=", self.practitioner.id)])
        self.assertEqual(named, self.patient)

    def test_programme_of_the_clinic(self):
        row = self._attach(
            kind="programme", practitioner_id=False, programme_name="Pregnancy", ground="No. 5"
        )
        self.assertEqual(row.label, "Pregnancy")
        self.assertFalse(self.patient.main_practitioner_id)

    def test_join_of_two_cards_with_doctors(self):
        other = self._make_patient(family_name=self.patient.family_name)
        self._attach()
        moved = self._attach(other, self.second)
        merge = self.env["clinic.merge"].create({"survivor_id": self.patient.id, "loser_id": other.id})
        merge._merge()
        self.assertEqual((moved.patient_id, moved.is_main), (self.patient, False))
        self.assertEqual(self.patient.main_practitioner_id, self.practitioner)
        merge._undo()
        self.assertEqual((moved.patient_id, moved.is_main), (other, True))


@tagged("post_install", "-at_install")
class TestTimeline(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = cls._make_role_users("registrar", "marketer", "external_caller")
        cls.patient = cls._make_patient(phone="8 914 000-11-22")
        cls._consent(cls.patient)
        cls.patient.message_post(body="Called back", message_type="comment", subtype_xmlid="mail.mt_note")

    def test_pages_have_every_event_once(self):
        card = self.patient.with_user(self.users["registrar"])
        whole = card.clinic_timeline()
        self.assertFalse(whole["next"])
        self.assertTrue({"phone", "consent", "note"} <= {row["kind"] for row in whole["rows"]})
        seen, cursor = [], False
        while True:
            page = card.clinic_timeline(cursor=cursor, limit=1)
            seen += page["rows"]
            cursor = page["next"]
            if not cursor:
                break
        self.assertEqual([row["key"] for row in seen], [row["key"] for row in whole["rows"]])

    def test_more_rows_cost_no_more_statements(self):
        card = self.patient.with_user(self.users["registrar"])

        def statements():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = card.clinic_timeline(limit=100)["rows"]
            return self.env.cr.sql_log_count - before, len(rows)

        statements()
        few, short = statements()
        for number in range(8):
            self.env["clinic.phone"].create(
                {"partner_id": self.patient.id, "raw": f"8 914 000-22-{number:02d}", "note": "x"}
            )
            self.patient.message_post(
                body=f"Note {number}", message_type="comment", subtype_xmlid="mail.mt_note"
            )
        self.env.flush_all()
        many, long = statements()
        self.assertEqual(long, short + 16)
        self.assertLessEqual(many, few)

    def test_a_look_is_noted_by_its_code(self):
        card = self.patient.with_user(self.users["registrar"]).with_context(lang="ru_RU")
        self.env.cr.postcommit.clear()
        self.env["clinic.access.event"]._record("search")  # the list of waiting rows is there
        card.clinic_timeline()
        rows = self.env.cr.postcommit.data["clinic.access.event"].values()
        self.assertIn("clinic_timeline", [row["detail"] for row in rows])
        words = self.env["clinic.access.event"].new({"action": "read", "detail": "clinic_timeline"})
        self.assertEqual(words._word_detail(), "History")
        words = self.env["clinic.access.event"].new({"action": "search", "detail": "caller"})
        self.assertEqual(words._word_detail(), "by the number of a caller")

    def test_kinds_and_rights(self):
        card = self.patient.with_user(self.users["registrar"])
        rows = card.clinic_timeline(kinds=["consent"])["rows"]
        self.assertEqual({row["kind"] for row in rows}, {"consent"})
        for role in ("marketer", "external_caller"):
            answer = self.patient.with_user(self.users[role]).clinic_timeline()
            self.assertEqual(answer["rows"], [], role)
        portal = self._make_portal_user()
        portal.partner_id.is_patient = True
        with self.assertRaises(AccessError):
            portal.partner_id.with_user(portal).clinic_timeline()
        with self.assertRaises(UserError):
            card.clinic_timeline(cursor=["x", 1, 2])


@tagged("post_install", "-at_install")
class TestPhotoOfAJoin(ClinicCommon):
    PIXEL = (
        b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )

    def test_photo_moves_and_comes_back(self):
        one = self._make_patient()
        two = self._make_patient(family_name=one.family_name, image_1920=self.PIXEL)
        photo = two.image_1920
        merge = self.env["clinic.merge"].create({"survivor_id": one.id, "loser_id": two.id})
        choice = merge.choice_ids.filtered(lambda choice: choice.field == "image_1920")
        self.assertEqual(choice.take, "loser")
        merge._merge()
        self.assertEqual(one.image_1920, photo)
        merge._undo()
        self.env.invalidate_all()
        self.assertEqual((bool(one.image_1920), two.image_1920), (False, photo))

    def test_patients_are_not_offered_the_merge_of_contacts(self):
        views = self.env["res.partner"].with_context(default_is_patient=True)
        found = views.get_views([(False, "list")], {"toolbar": True})
        ids = [row["id"] for row in found["views"]["list"]["toolbar"].get("action", [])]
        self.assertNotIn(self.env.ref("base.action_partner_merge").id, ids)
