# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import suppress

from psycopg2 import IntegrityError

from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ClinicCommon


@tagged("post_install", "-at_install")
class TestAccessJournal(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patient = cls._make_patient(phone="+7 914 555-01-23")
        cls.registrar = cls._make_user("t_registrar", "registrar")
        cls.officer = cls._make_user("t_officer", "privacy_officer")
        cls.events = cls.env["clinic.access.event"]

    def _new_events(self, action):
        self.env.cr.postcommit.run()
        return self.events.search([("id", ">", self.last), ("action", "=", action)])

    def setUp(self):
        super().setUp()
        # the journal writes with cursors of its own
        self.env.flush_all()
        self.registry_enter_test_mode()
        self.env.cr.postcommit.clear()
        self.last = self.events.search([], limit=1).id or 0

    def test_an_opened_card_is_noted_once_per_request(self):
        card = self.patient.with_user(self.registrar)
        card.web_read({"name": {}, "phone": {}, "clinic_phone_ids": {"fields": {"number": {}}}})
        card.read(["name", "phone", "clinic_phone_ids"])
        event = self._new_events("read")
        self.assertEqual(len(event), 1)
        self.assertEqual(event.patient_ref, self.patient.id)
        self.assertEqual(event.user_login, "t_registrar")
        self.assertEqual(event.patient_id, self.patient)
        self.assertIn("phone", event.detail)
        self.assertNotIn("555", event.detail)

    def test_a_card_that_is_being_typed_is_no_event(self):
        typed = self.env["res.partner"].with_user(self.registrar).new({"is_patient": True})
        typed._read_format(["name", "phone"])
        self.events._record_now("read", typed)
        self.assertFalse(self._new_events("read"))

    def test_names_alone_are_no_event(self):
        self.patient.with_user(self.registrar).read(["name", "display_name"])
        self.assertFalse(self._new_events("read"))

    def test_a_list_is_one_row_with_a_count(self):
        patients = self.patient | self._make_patient() | self._make_patient()
        patients.with_user(self.registrar).web_read({"name": {}, "phone": {}})
        event = self._new_events("list")
        self.assertEqual((len(event), event.amount), (1, 3))

    def test_an_export_is_noted_before_it_is_made(self):
        self.registrar.group_ids += self.env.ref("base.group_allow_export")
        self.patient.with_user(self.registrar).export_data(["name", "phone"])
        event = self._new_events("export")
        self.assertEqual((event.amount, event.detail), (1, "name, phone"))

    def test_a_search_is_noted_without_what_was_typed(self):
        self.env["res.partner"].with_user(self.registrar).clinic_search_patients("Testova 0123")
        event = self._new_events("search")
        self.assertTrue(event)
        self.assertNotIn("Testova", event.detail or "")

    def test_a_change_of_rights_is_noted(self):
        self.registrar.group_ids += self.env.ref("clinic_base.group_clinic_senior_nurse")
        event = self._new_events("permission")
        self.assertEqual((event.model, event.res_ref), ("res.users", self.registrar.id))
        self.assertIn("+clinic_base.group_clinic_senior_nurse", event.detail)
        self.assertIn(self.registrar.name, event.what)
        self.assertIn("+ Reception / Senior nurse", event.detail_text)

    def test_nothing_of_a_rolled_back_transaction_is_noted(self):
        self.patient.with_user(self.registrar).read(["phone"])
        self.env.cr.postcommit.clear()
        self.assertFalse(self._new_events("read"))

    def test_nobody_writes_the_journal_through_the_orm(self):
        self.events._record_now("read", self.patient)
        event = self.events.search([], limit=1)
        for user in (self.env.user, self.officer, self.env.ref("base.user_admin")):
            mine = event.with_user(user).sudo()
            for attempt in (
                lambda mine=mine: mine.write({"detail": "x"}),
                mine.unlink,
                lambda mine=mine: mine.create({"action": "read", "moment": "2026-01-01"}),
            ):
                with self.assertRaises(UserError), self.cr.savepoint():
                    attempt()
        with self.assertRaises(AccessError):
            event.with_user(self.registrar).read(["detail"])
        self.assertTrue(event.with_user(self.officer).read(["detail"]))

    def test_nobody_changes_it_in_the_database(self):
        self.events._record_now("read", self.patient)
        self.env["clinic.access.seal"]._seal_batch()
        for statement in (
            "UPDATE clinic_access_event SET detail = 'x'",
            "UPDATE clinic_access_event SET seal_ref = NULL",
            "DELETE FROM clinic_access_event",
            "TRUNCATE clinic_access_event",
            "UPDATE clinic_access_seal SET hash = 'x'",
            "DELETE FROM clinic_access_seal",
            "TRUNCATE clinic_access_seal",
        ):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
                self.env.cr.execute(statement)

    def test_seals_form_a_chain_that_shows_every_change(self):
        seals = self.env["clinic.access.seal"]
        while seals._seal_batch():
            pass
        for _batch in range(3):
            self.events._record_now("read", self.patient)
            self.events._record_now("print", self.patient, detail="report")
            self.assertEqual(seals._seal_batch(), 2)
        self.assertEqual(seals._find_breaks(), [])
        last, middle = seals.search([], limit=2)
        self.assertEqual(last.previous_hash, middle.hash)
        row = self.events.search([("seal_ref", "=", middle.id)], limit=1)
        for forgery in (
            f"UPDATE clinic_access_event SET user_ref = 0 WHERE id = {row.id}",
            f"DELETE FROM clinic_access_event WHERE id = {row.id}",
            f"UPDATE clinic_access_seal SET hash = repeat('0', 64) WHERE id = {middle.id}",
        ):
            with self.subTest(forgery):
                self.cr.execute("SAVEPOINT forged")
                # what a person with the password of the database could do
                self.cr.execute("ALTER TABLE clinic_access_event DISABLE TRIGGER USER")
                self.cr.execute("ALTER TABLE clinic_access_seal DISABLE TRIGGER USER")
                self.cr.execute(forgery)
                self.assertIn(middle.id, seals._find_breaks())
                action = seals.with_user(self.officer).action_check_integrity()
                self.assertEqual(action["params"]["type"], "danger")
                self.cr.execute("ROLLBACK TO SAVEPOINT forged")
        self.assertEqual(seals._find_breaks(), [])

    def test_only_the_officer_checks(self):
        with self.assertRaises(AccessError):
            self.env["clinic.access.seal"].with_user(self.registrar).action_check_integrity()

    def test_people_are_found_by_name(self):
        self.events._record_now("read", self.patient)
        found = self.events.with_user(self.officer).search(
            [("patient_id", "ilike", self.patient.family_name)]
        )
        self.assertIn(self.patient.id, found.mapped("patient_ref"))
        self.assertTrue(self.events.search([("user_id", "=", self.env.uid)]))

    def test_words_instead_of_codes(self):
        self.patient.with_user(self.registrar).web_read({"phone": {}, "birth_date": {}})
        event = self._new_events("read").with_user(self.officer)
        self.assertEqual((event.what, event.detail_text), ("Card of a patient", "Birth Date, Phone"))

    def test_signing_in_and_failing_to(self):
        user = self.registrar
        credential = {"type": "password", "login": user.login, "password": "t_registrar"}
        info = self.env["res.users"]._login(credential, {"interactive": True})
        self.assertEqual(info["uid"], user.id)
        self.assertEqual(self._new_events("login").user_ref, user.id)
        for login, ref in ((user.login, user.id), ("+7 914 555-01-23", 0)):
            # not assertRaises, whose savepoint would take the rows of the journal back in a test
            with mute_logger("odoo.addons.base.models.res_users"), suppress(AccessDenied):
                self.env["res.users"]._login({**credential, "login": login, "password": "x"}, {})
                self.fail("a wrong password is refused")
            event = self._new_events("login_failed")[0]
            self.assertEqual((event.user_ref, event.user_login or ""), (ref, user.login if ref else ""))

    def test_anomalies_make_one_task_per_hour(self):
        alerts = self.env["clinic.access.alert"]
        alerts._watch()
        self.env["ir.config_parameter"].set_param("clinic_base.journal_cards_per_hour", "2")
        patients = self.patient | self._make_patient() | self._make_patient()
        self.env.flush_all()
        events = self.events.with_user(self.registrar)
        for patient in patients[:2] | patients[:1]:
            events._record_now("read", patient)
        self.assertFalse(alerts._watch(), "two cards, one of them twice")
        for _again in range(2):
            for patient in patients:
                events._record_now("read", patient)
        alert = alerts._watch()
        self.assertEqual((alert.kind, alert.user_login, alert.amount), ("cards", "t_registrar", 3))
        self.assertIn(self.officer, alert.activity_ids.user_id)
        self.assertFalse(alerts._watch(), "known already")
        domain = alert.action_open_events()["domain"]
        rows = self.events.search(domain)
        self.assertEqual(set(rows.mapped("user_ref")), {self.registrar.id})
        self.assertLessEqual(rows, self.events.search([("is_alert", "=", True)]))
        self.assertTrue(all(rows.mapped("is_alert")))

    def test_export_counts_rows(self):
        alerts = self.env["clinic.access.alert"]
        self.env["ir.config_parameter"].set_param("clinic_base.journal_rows_per_hour", "50")
        self.events.with_user(self.registrar)._record_now("export", amount=51)
        self.events._record_now("export", amount=51)
        alert = alerts._watch().filtered(lambda alert: alert.kind == "export")
        self.assertIn("t_registrar", alert.mapped("user_login"))
        self.assertNotIn(self.env.uid, alert.mapped("user_ref"), "the program itself is nobody")
