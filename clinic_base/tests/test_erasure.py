# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a destruction reaches, what it must leave, and what its proof says."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tests import tagged

from .test_subject import GIVEN, PHONE, SURNAME, SubjectCase


@tagged("post_install", "-at_install")
class TestErasureReach(SubjectCase):
    def _erase(self, patient=None):
        return self.env["clinic.erasure"]._destroy(patient or self.person)

    def _years_ago(self, years):
        return fields.Datetime.now() - timedelta(days=366 * years)

    def test_children_share_the_fate_of_their_parent(self):
        """Every table below a row that stays is named; what goes with a deleted row goes by itself."""
        spec = self.env["res.partner"]._clinic_erase_spec()
        keys = {line.key for line in spec}
        staying = {line.model for line in spec if line.action != "delete" and not line.parent}
        named = {line.model for line in spec}
        for line in spec:
            if line.parent:
                self.assertIn(line.parent, keys)
        # links and lists of what was found, without a word about the person
        harmless = {("clinic.slot.claim", "appointment_id"), ("clinic.consent", "relation_id")}
        for name, model in self.env.items():
            if not name.startswith("clinic.") or model._abstract or model._transient or not model._auto:
                continue
            for field in model._fields.values():
                if (
                    field.type == "many2one"
                    and field.comodel_name in staying
                    and field.store
                    and not field.related
                    and field.ondelete == "cascade"
                    and (name, field.name) not in harmless
                ):
                    with self.subTest(model=name, field=field.name):
                        self.assertIn(name, named, "say what an erasure does with it")

    def test_steps_of_a_join_stay_with_the_join(self):
        twin = self._make_patient(family_name=SURNAME, given_name=GIVEN)
        merge = self.env["clinic.merge"].create({"survivor_id": self.person.id, "loser_id": twin.id})
        merge.action_merge()
        self.assertTrue(merge.line_ids)
        self.env["clinic.consent"]._grant(self.person, "personal_data", way="paper")
        self._erase()
        self.assertTrue(merge.line_ids, "the card stays, so the join can be looked at")
        other = self._make_patient(family_name="Свободная")
        second = self._make_patient(family_name="Свободная")
        merge = self.env["clinic.merge"].create({"survivor_id": other.id, "loser_id": second.id})
        merge.action_merge()
        done, kept, until = self._erase(other)
        self.assertFalse(merge.line_ids.exists() or kept or until)
        rows = [rows for model, _action, rows in done if model == "clinic.merge.line"]
        self.assertEqual(len(rows), 1, "counted once, though both ends of the join lead to it")

    def test_a_consent_in_force_is_proof_from_its_end_on(self):
        """Given long ago and never taken back: the term of keeping begins with the destruction."""
        consent = self.env["clinic.consent"]._grant(
            self.person, "marketing", way="paper", moment=self._years_ago(9)
        )
        _done, kept, until = self._erase()
        self.assertGreater(until, fields.Date.today())
        self.assertIn("clinic.consent", [step["line"].model for step in kept])
        self.assertEqual(consent.state, "withdrawn")

    def test_who_signed_for_a_child_stays_named(self):
        child = self._make_patient(family_name="Детская", birth_date="2020-01-01")
        self.env["clinic.relation"].create(
            {"patient_id": child.id, "actor_id": self.person.id, "kind": "mother", "may_act": True}
        )
        consent = self.env["clinic.consent"]._grant(child, "personal_data", way="paper", signer=self.person)
        self._erase()
        self.assertEqual(consent.signer_id, self.person)
        self.assertIn(SURNAME, self.person.name, "without her name the consent of the child proves nothing")
        self.assertEqual(consent.state, "granted")

    def test_files_of_a_kept_card_stay(self):
        vals = {"name": "contract.txt", "raw": b"signed", "res_model": "res.partner"}
        contract = self.env["ir.attachment"].create({**vals, "res_id": self.person.id})
        self.env["clinic.consent"]._grant(self.person, "personal_data", way="paper")
        request = self._ask("erasure")
        self.assertIn("Files of the card", request.plan_text)
        self._erase()
        self.assertTrue(contract.exists(), "it may be the very paper that the rules keep")

    def test_refusals_of_relatives_stay_in_force(self):
        mother = self._make_patient(phone=PHONE, email="mother@example.com")
        self.person.email = "mother@example.com"
        lists = self.env["mail.blacklist"], self.env["phone.blacklist"]
        lists[0]._add("mother@example.com")
        lists[1].add(PHONE)
        self._erase()
        self.assertTrue(lists[0].search([("email", "=", "mother@example.com")]))
        self.assertTrue(lists[1].search([("number", "=", mother.phone_sanitized)]))

    def test_rows_of_other_apps(self):
        """A window of the site's visitor and a queued letter know the person, too."""
        letter = self.env["mail.mail"].create(
            {"recipient_ids": [(4, self.person.id)], "body_html": SURNAME, "subject": SURNAME}
        )
        message = letter.mail_message_id
        message.partner_ids = self.person
        self._erase()
        self.assertFalse(letter.exists())
        self.assertFalse(message.subject)

    def test_another_transaction_is_not_overlooked(self):
        """A row that was committed after our snapshot makes the request begin anew."""
        erasure = self.env["clinic.erasure"]
        known = type(erasure)._known_rows
        own_env = self.env

        def with_somebody_elses(model, cards):
            rows = known(model, cards)
            return rows if model.env.cr is own_env.cr else rows | {("clinic.phone", -1)}

        self.patch(type(erasure), "_known_rows", with_somebody_elses)
        with self.assertRaises(ConcurrencyError):
            self._erase()


@tagged("post_install", "-at_install")
class TestErasureCourse(SubjectCase):
    def _approved(self, **vals):
        request = self._ask("erasure", **vals)
        request.with_user(self.admin).action_approve()
        request.write({"officers": "officer, Petrov P. P.", "answer": "Destroyed"})
        return request

    def test_first_approval_stays(self):
        request = self._approved()
        other = self._make_user("t_other_admin", "clinic_admin")
        request.with_user(other).action_approve()
        self.assertEqual(request.approved_by_id, self.admin)

    def test_a_card_joined_after_the_approval(self):
        request = self._approved()
        twin = self._make_patient(family_name=SURNAME, given_name=GIVEN)
        self.env["clinic.merge"].create({"survivor_id": self.person.id, "loser_id": twin.id}).action_merge()
        request.invalidate_recordset()
        with self.assertRaises(UserError):
            request.action_destroy()
        other = self._make_user("t_other_admin", "clinic_admin")
        request.with_user(other).action_approve()
        self.assertEqual(request.approved_by_id, other)
        request.action_destroy()
        self.assertEqual(request.state, "done")

    def test_a_closed_request_is_proof(self):
        request = self._approved()
        request.action_destroy()
        for vals in ({"answer": "x"}, {"wish": "x"}, {"consent_ids": [(5,)]}):
            with self.assertRaises(UserError):
                request.write(vals)

    def test_a_card_that_the_desk_does_not_see(self):
        company = self._make_company()
        self.person.company_id = company
        requests = self.env["clinic.subject.request"]
        with self.assertRaises(AccessError):
            requests.with_user(self.registrar).create({"patient_id": self.person.id, "kind": "access"})
        other = self._make_patient()
        request = requests.with_user(self.registrar).create({"patient_id": other.id})
        with self.assertRaises(AccessError):
            request.patient_id = self.person
        foreign = requests.create({"patient_id": self.person.id, "identity_note": "passport", "answer": "x"})
        foreign.action_check_identity()
        mine = foreign.with_user(self.officer)
        for attempt in (mine.action_print_data, mine._sections, mine.action_done, mine.action_unrestrict):
            with self.assertRaises(AccessError):
                attempt()

    def test_consents_of_somebody_else_are_not_withdrawn(self):
        consent = self.env["clinic.consent"]._grant(self._make_patient(), "marketing", way="paper")
        request = self._ask("withdrawal", consent_ids=consent.ids)
        request.answer = "Withdrawn"
        with self.assertRaises(UserError):
            request.action_done()
        self.assertEqual(consent.state, "granted")

    def test_the_end_of_keeping_is_remembered(self):
        self.env["clinic.consent"]._grant(self.person, "personal_data", way="paper")
        request = self._approved()
        request.action_destroy()
        self.assertTrue(request.kept_until)
        requests = self.env["clinic.subject.request"]
        requests._cron_remind()
        self.assertFalse(request.sudo().activity_ids)
        request.sudo().kept_until = fields.Date.today() - timedelta(days=1)
        for _night in range(2):
            requests._cron_remind()
        tasks = request.sudo().activity_ids.filtered(lambda task: task.user_id == self.officer)
        self.assertEqual(len(tasks), 1)
        restriction = self._ask("restriction")
        restriction.answer = "Restricted"
        restriction.action_done()
        with self.assertRaises(UserError):
            restriction.action_unrestrict()

    def test_report_has_joined_cards_and_what_was_archived(self):
        twin = self._make_patient(family_name=SURNAME, given_name=GIVEN, phone="8 914 555-01-88")
        self.env["clinic.merge"].create({"survivor_id": self.person.id, "loser_id": twin.id}).action_merge()
        self.person.clinic_phone_ids.active = False
        self.person.message_post(body="Просила перезвонить", message_type="comment")
        text = str(self._ask("access")._sections())
        for known in (twin.patient_number, "914 555-01-99", "Просила перезвонить"):
            self.assertIn(known, text)


@tagged("post_install", "-at_install")
class TestErasureProof(SubjectCase):
    def _prove(self, act=None):
        """Finds of a destruction; ``act`` leaves something behind."""
        erasure = self.env["clinic.erasure"]
        traces = erasure._traces(self.person)
        erasure._destroy(self.person)
        if act:
            act()
        finds, notes = erasure._prove(traces)
        return " ".join(place for place, _rows in finds), " ".join(notes)

    def _leave(self, text):
        branch = self._make_branch()
        return lambda: branch.write({"name": text})

    def test_nothing_is_found_and_blind_spots_are_said(self):
        self._make_document("25 04 718293", patient=self.person)
        finds, notes = self._prove()
        self.assertFalse(finds)
        self.assertIn("backups", notes)
        self.assertIn("phones: 1, e-mail addresses: 1, numbers of documents and policies: 1, names: 1", notes)

    def test_spellings_that_are_found(self):
        self._make_document("25 04 718293", patient=self.person)
        for text in (
            f"позвонить {SURNAME.upper()} {GIVEN}",
            "тел. 8 (914) 555-01-99, вечером",
            "паспорт 2504 №718293",
            "Zabyvaeva@Example.com",
        ):
            with self.subTest(text=text), self.env.cr.savepoint() as savepoint:
                self.assertIn("clinic_branch.name", self._prove(self._leave(text))[0])
                savepoint.rollback()
                self.env.invalidate_all()

    def test_what_only_looks_alike_is_not(self):
        for text in (
            f"{SURNAME}-Петрова Анна",
            "заказ 8191455501990",
            "id a9145550199f",
            "xzabyvaeva@example.com",
        ):
            with self.subTest(text=text), self.env.cr.savepoint() as savepoint:
                self.assertFalse(self._prove(self._leave(text))[0])
                savepoint.rollback()
                self.env.invalidate_all()

    def test_namesakes_and_relatives_are_no_finds(self):
        self._make_patient(family_name=SURNAME, given_name=GIVEN, phone="8 914 555-01-77")
        self._make_patient(family_name="Матвеева", given_name="Анна", phone=PHONE)
        finds, notes = self._prove(self._leave(f"{SURNAME} {GIVEN}"))
        self.assertFalse(finds)
        self.assertIn("the same surname and first name (1)", notes)
        self.assertIn("other cards have, too, were not looked for: 1", notes)

    def test_second_card_by_the_number_of_a_document(self):
        self._make_document("25 04 718293", patient=self.person)
        self._make_document("25 04 718293", patient=self._make_patient())
        self.assertIn("stand on another card, too: 1", self._prove()[1])

    def test_names_in_columns_of_their_own(self):
        def leave():
            self.env["res.partner"].create(
                {"name": "x", "function": f"{GIVEN}", "comment": f"<p>{SURNAME}</p>"}
            )

        self.assertIn("res_partner", self._prove(leave)[0])

    def test_rows_that_nobody_asked_about(self):
        person = self.person
        self.assertIn(
            "res_partner.parent_id",
            self._prove(lambda: self.env["res.partner"].create({"name": "At work", "parent_id": person.id}))[
                0
            ],
        )

    def test_rows_that_came_back(self):
        person = self.person

        def add():
            self.env["clinic.blacklist"].create({"patient_id": person.id, "reason": "was rude"})
            with self.assertRaises(UserError):
                self.env["clinic.phone"].create({"partner_id": person.id, "number": "8 914 555-01-66"})

        health = self.env["clinic.health"]
        self.assertTrue(health._check_destroyed()["ok"])
        self.assertIn("clinic_blacklist.patient_id", self._prove(add)[0])
        self.assertFalse(health._check_destroyed()["ok"])

    def test_files_are_read(self):
        def leave(name, content, mimetype):
            return lambda: self.env["ir.attachment"].create(
                {"name": name, "raw": content, "mimetype": mimetype}
            )

        with self.env.cr.savepoint() as savepoint:
            content = f"ФИО;тел\n{SURNAME} {GIVEN};".encode("cp1251")
            self.assertIn("Files", self._prove(leave("list.csv", content, "text/csv"))[0])
            savepoint.rollback()
            self.env.invalidate_all()
        finds, notes = self._prove(leave("scan.pdf", b"%PDF-1.4", "application/pdf"))
        self.assertFalse(finds)
        self.assertIn("cannot read", notes)
