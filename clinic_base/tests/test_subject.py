# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL, mute_logger

from .common import ClinicBuilders
from .test_sealed_number import SealedCase

LOGIN = "account-of-the-site@example.com"
SURNAME, GIVEN, PHONE, EMAIL = "Забываева", "Евлампия", "+79145550199", "zabyvaeva@example.com"


class SubjectCase(SealedCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls._make_user("t_officer", "privacy_officer")
        cls.registrar = cls._make_user("t_registrar", "registrar")
        cls.admin = cls._make_user("t_clinic_admin", "clinic_admin")
        cls.person = cls._make_patient(
            family_name=SURNAME, given_name=GIVEN, phone=PHONE, email=EMAIL, city="Тайшет", comment="глухая"
        )

    def _ask(self, kind, **vals):
        request = (
            self.env["clinic.subject.request"]
            .with_user(self.registrar)
            .create({"patient_id": self.person.id, "kind": kind, "identity_note": "passport shown", **vals})
        )
        request.action_check_identity()
        return request.with_user(self.officer)


@tagged("post_install", "-at_install")
class TestSubjectRequest(SubjectCase):
    def test_terms_are_data(self):
        term = self.env["clinic.legal.term"]
        # 30 December 2025 is a Tuesday; the first eight days of January are holidays, the ninth is moved
        end = term._end("answer", datetime(2025, 12, 30, 9))
        self.assertEqual(end.date(), date(2026, 1, 22))
        self.assertEqual(term._end("incident_first", datetime(2025, 12, 30, 9)), datetime(2025, 12, 31, 9))
        term.create({"code": "answer", "amount": 3, "unit": "days", "valid_from": "2025-12-31"})
        self.assertEqual(
            term._end("answer", datetime(2025, 12, 30, 9)).date(), date(2026, 1, 22), "not yet in force"
        )
        self.assertEqual(term._end("answer", datetime(2025, 12, 31, 9)), datetime(2026, 1, 3, 9))
        with self.assertRaises(UserError):
            term._end("answer", datetime(1990, 1, 1))

    def test_course_of_a_request(self):
        request = (
            self.env["clinic.subject.request"]
            .with_user(self.registrar)
            .create({"patient_id": self.person.id})
        )
        self.assertTrue(request.number and request.deadline)
        self.assertIn(self.officer, request.sudo().activity_ids.user_id)
        mine = request.with_user(self.officer)
        for attempt in (mine.action_print_data, mine.action_done, request.action_check_identity):
            with self.assertRaises(UserError):
                attempt()
        for vals in ({"state": "done"}, {"deadline": "2099-01-01"}, {"approved_by_id": self.officer.id}):
            with self.assertRaises(AccessError):
                mine.write(vals)
        request.identity_note = "passport shown"
        request.action_check_identity()
        self.assertEqual(request.identity_checked_by_id, self.registrar)
        with self.assertRaises(AccessError):
            request.action_print_data()
        with self.assertRaises(UserError):
            mine.action_extend()
        before = mine.deadline
        mine.extension_reason = "The archive is in another city"
        mine.action_extend()
        self.assertGreater(mine.deadline, before)
        with self.assertRaises(UserError):
            mine.action_extend()
        mine.answer = "Handed over"
        mine.action_done()
        self.assertEqual(mine.state, "done")
        self.assertFalse(mine.sudo().activity_ids)
        with self.assertRaises(UserError):
            mine.unlink()

    def test_report_of_all_data(self):
        self._make_document("25 04 123456", patient=self.person)
        request = self._ask("access")
        sections = {section["code"]: section for section in request._sections()}
        text = json.dumps(list(sections.values()), ensure_ascii=False)
        for known in (SURNAME, "+7 914 555-01-99", EMAIL, "3456"):
            self.assertIn(known, text)
        self.assertNotIn("25 04 123456", text)
        self.assertIn("purposes", sections)
        html = (
            self.env["ir.actions.report"]
            .with_user(self.officer)
            ._render_qweb_html("clinic_base.report_subject_data", request.ids)[0]
        )
        self.assertIn(EMAIL, html.decode())
        events = self.env["clinic.access.event"].search([("action", "=", "subject")])
        self.assertIn(self.person.id, events.mapped("patient_ref"))

    def test_restriction(self):
        with self.assertRaises(AccessError):
            self.person.with_user(self.admin).processing_restricted = True
        request = self._ask("restriction", wish="No calls")
        request.answer = "Restricted"
        request.action_done()
        self.assertTrue(self.person.processing_restricted)
        request.action_unrestrict()
        self.assertFalse(self.person.processing_restricted)

    def test_withdrawal(self):
        consent = self.env["clinic.consent"]._grant(self.person, "marketing", way="paper")
        request = self._ask("withdrawal", consent_ids=consent.ids)
        request.answer = "Withdrawn"
        request.action_done()
        self.assertEqual(consent.state, "withdrawn")

    def test_rules_of_companies(self):
        company = self._make_company()
        stranger = self._make_user(
            "t_stranger", "privacy_officer", company_id=company.id, company_ids=[(6, 0, company.ids)]
        )
        request = self._ask("access")
        self.assertFalse(
            self.env["clinic.subject.request"].with_user(stranger).search([("id", "=", request.id)])
        )


@tagged("post_install", "-at_install")
class TestErasure(SubjectCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        person = cls.person.with_context(tracking_disable=False, mail_create_nosubscribe=False)
        cls._make_document("25 04 123456", patient=person)
        twin = cls._make_patient(family_name=SURNAME, given_name=GIVEN, phone="8 914 555-01-88", email=EMAIL)
        cls.env["clinic.merge"].create({"survivor_id": person.id, "loser_id": twin.id}).action_merge()
        cls.twin = twin
        person.message_post(body=f"{SURNAME} {GIVEN} asks to call {PHONE}", subject=SURNAME)
        cls.file = cls.env["ir.attachment"].create(
            {"name": f"{SURNAME}.txt", "raw": b"scan", "res_model": "res.partner", "res_id": person.id}
        )
        cls.env["clinic.relation"].create(
            {"patient_id": person.id, "actor_id": cls._make_patient().id, "kind": "mother", "ground": SURNAME}
        )
        cls.env["clinic.former.name"].create({"patient_id": person.id, "family_name": "Былинкина"})
        person.write({"family_name": SURNAME + "-Вторая"})
        person.write({"family_name": SURNAME})
        cls.portal = cls._make_portal_user(login=LOGIN)
        cls.portal.partner_id.is_patient = True
        cls.env["clinic.match.key"]._work(person.ids)
        cls.env.flush_all()

    def _erase(self):
        request = self._ask("erasure", wish=f"Forget {SURNAME} {GIVEN}", requester_name=f"{SURNAME} {GIVEN}")
        with self.assertRaises(UserError):
            request.action_destroy()
        request.with_user(self.admin).action_approve()
        with self.assertRaises(AccessError):
            self._ask("erasure").action_approve()
        request.write({"officers": "personal data officer, Petrov P. P.", "answer": "Destroyed"})
        request.action_destroy()
        self.env.cr.postcommit.run()
        return request

    def _grep(self, *needles):
        """Tables of the whole database whose rows hold any of the texts, in whatever column."""
        self.env.flush_all()
        tables = self.env.execute_query(
            SQL("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        )
        wanted, found = [f"%{needle}%" for needle in needles], set()
        for (table,) in tables:
            query = SQL(
                "SELECT EXISTS (SELECT FROM %s t WHERE to_jsonb(t)::text ILIKE ANY(%s))",
                SQL.identifier(table),
                wanted,
            )
            if self.env.execute_query(query)[0][0]:
                found.add(table)
        return found

    def test_nothing_of_the_person_is_left(self):
        needles = (
            SURNAME,
            GIVEN,
            "9145550199",
            "9145550188",
            "914 555-01-99",
            "Былинкина",
            "Тайшет",
            "глухая",
        )
        self.assertTrue(self._grep(*needles))
        self.person.email = "other@example.org"
        request = self._erase()
        self.assertEqual(self._grep(*needles, "other@example.org"), set())
        self.assertFalse(self.file.exists())
        self.assertTrue(self.person.exists())
        self.assertFalse(self.person.active or self.twin.active)
        self.assertTrue(self.person.erased_at and self.person.processing_restricted)
        self.assertFalse(
            self.env["clinic.match.key"].search([("partner_id", "in", (self.person | self.twin).ids)])
        )
        act = request.act_id
        self.assertTrue(act.is_proved, act.proof)
        self.assertIn(self.person.patient_number, act.subject_ref)
        for name in ("officers", "what", "system", "means", "reason", "date", "company_id"):
            self.assertTrue(act[name], name)
        with self.assertRaises(UserError):
            act.sudo().write({"what": "x"})
        with self.assertRaises(UserError):
            act.sudo().unlink()
        html = (
            self.env["ir.actions.report"]
            .with_user(self.officer)
            ._render_qweb_html("clinic_base.report_destruction_act", act.ids)[0]
            .decode()
        )
        self.assertIn(act.number, html)
        self.assertGreater(len(act._journal_rows()), 3)
        extract = (
            self.env["ir.actions.report"]
            .with_user(self.officer)
            ._render_qweb_html("clinic_base.report_access_extract", act._journal_rows().ids)[0]
            .decode()
        )
        self.assertIn(self.officer.login, extract)
        rows = [row.count("<td") for row in extract.split("<tr")[2:]]
        self.assertEqual(set(rows), {8}, "an empty cell is a cell")

    def test_what_must_stay_stays_restricted(self):
        self.env["clinic.consent"]._grant(self.person, "personal_data", way="paper")
        request = self._ask("erasure")
        self.assertIn("Consent", request.plan_text)
        request = self._erase()
        self.assertIn(SURNAME, self.person.name)
        self.assertTrue(self.person.processing_restricted and self.person.active)
        self.assertFalse(self.person.phone or self.person.email or self.person.clinic_phone_ids)
        self.assertTrue(self.person.clinic_document_ids and self.person.clinic_consent_ids)
        self.assertTrue(request.act_id.kept)
        self.assertFalse(request.act_id.is_proved, "the name is there still, and the act says so")

    def test_every_link_of_the_suite_has_an_erase_line(self):
        spec = self.env["res.partner"]._clinic_erase_spec()
        named = {(line.model, line.field) for line in spec}
        for name, model in self.env.items():
            if not name.startswith("clinic.") or model._abstract or model._transient or not model._auto:
                continue
            for field in model._fields.values():
                if (
                    field.type == "many2one"
                    and field.comodel_name == "res.partner"
                    and field.store
                    and not field.related
                ):
                    with self.subTest(model=name, field=field.name):
                        self.assertIn((name, field.name), named, "say what an erasure does with it")
        self.assertLessEqual({line.action for line in spec}, {"delete", "wipe", "keep"})
        for line in spec:
            for column in (line.field, *line.values):
                self.assertTrue(self.env[line.model]._fields[column].store, f"{line.model}.{column}")

    def test_an_employee_is_not_erased(self):
        employee = self._make_user("t_employee_patient")
        employee.partner_id.is_patient = True
        with self.assertRaises(UserError):
            self.env["clinic.erasure"]._destroy(employee.partner_id)

    def test_an_account_of_the_site_is_closed(self):
        patient = self.portal.partner_id
        self.env["clinic.erasure"]._destroy(patient)
        self.assertFalse(self.portal.active)
        self.assertEqual(self.portal.login, f"erased-{self.portal.id}")
        self.assertEqual(self._grep(LOGIN), set())


@tagged("post_install", "-at_install")
class TestIncident(SubjectCase):
    def test_clocks_and_notices(self):
        incident = (
            self.env["clinic.incident"]
            .with_user(self.officer)
            .create({"name": "A list was sent to a wrong address", "detected_at": "2026-01-01 10:00:00"})
        )
        self.assertEqual(incident.first_deadline, datetime(2026, 1, 2, 10))
        self.assertEqual(incident.result_deadline, datetime(2026, 1, 4, 10))
        self.assertTrue(incident.is_late)
        self.assertEqual(len(incident.activity_ids), 2)
        for _again in range(2):
            self.env["clinic.incident"]._cron_remind()
        self.assertEqual(len(incident.activity_ids), 3, "one urgent task")
        with self.assertRaises(UserError):
            incident.action_first_sent()
        incident.write(
            {
                "categories": "names, phones",
                "people_count": 12,
                "cause": "a typing error",
                "harm": "calls",
                "measures": "the receiver has deleted the file",
                "contact": "Petrov P. P.",
            }
        )
        incident.action_first_sent()
        with self.assertRaises(UserError):
            incident.action_result_sent()
        incident.write({"results": "found", "culprits": "nobody"})
        incident.action_result_sent()
        self.assertFalse(incident.is_late)
        incident.action_close()
        self.assertEqual((incident.state, len(incident.activity_ids)), ("closed", 0))
        reports = self.env["ir.actions.report"].with_user(self.officer)
        for name in ("first", "result"):
            html = reports._render_qweb_html(f"clinic_base.report_incident_{name}", incident.ids)[0].decode()
            self.assertIn("names, phones", html)
        with self.assertRaises(UserError):
            incident.unlink()


@tagged("post_install", "-at_install")
class TestSubjectFile(ClinicBuilders, HttpCase):
    def test_only_the_officer_gets_the_file(self):
        self._prepare_clinic()
        for login, role in (("t_officer", "privacy_officer"), ("t_registrar", "registrar")):
            self._make_user(login, role)
        patient = self._make_patient(family_name=SURNAME, phone=PHONE)
        request = self.env["clinic.subject.request"].create(
            {"patient_id": patient.id, "identity_note": "passport"}
        )
        address = f"/clinic/subject/{request.id}/data.json"
        self.authenticate("t_officer", "t_officer")
        with mute_logger("odoo.http"):
            self.assertNotIn(SURNAME, self.url_open(address).text)
        request.action_check_identity()
        self.env.flush_all()
        answer = self.url_open(address).json()
        self.assertIn(SURNAME, json.dumps(answer, ensure_ascii=False))
        self.authenticate("t_registrar", "t_registrar")
        with mute_logger("odoo.http"):
            self.assertNotIn(SURNAME, self.url_open(address).text)
