# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The window with the papers a patient needs: what it offers, who signs, what is kept of a print."""

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.clinic_print_document import TOKEN_DIGITS, check_digit
from ..vault import new_key_line
from .print_common import PrintCase


@tagged("post_install", "-at_install")
class TestPrintPackage(PrintCase):
    def test_first_visit(self):
        package = self._package()
        chosen = package.line_ids.filtered("is_chosen").form_id
        wanted = ("contract", "personal_data", "intervention", "questionnaire", "title_page")
        self.assertEqual(chosen, self.env["clinic.print.form"].union(*(self.forms[code] for code in wanted)))
        self.assertEqual(set(package.line_ids.mapped("state")), {"none"})
        self.assertEqual(set(package.line_ids.mapped("signs")), {"patient"})
        self.assertEqual((package.payer_id, package.branch_id), (self.patient, self.branch))
        self.assertEqual(self.patient.with_user(self.registrar).clinic_papers_missing, 4)

    def test_what_is_kept(self):
        documents = self._print("contract", "personal_data")
        contract, consent = documents
        self.assertEqual(contract.kind, "contract")
        self.assertTrue(contract.number)
        self.assertIn(contract.number, contract.name)
        self.assertFalse(consent.number)
        self.assertEqual(consent.text_id, self.forms["personal_data"].purpose_id.current_text_id)
        self.assertEqual((consent.state, consent.printed_by_id), ("printed", self.registrar))
        for document in documents:
            self.assertRegex(document.token, rf"^\d{{{TOKEN_DIGITS}}}$")
            self.assertEqual(document.token[-1], check_digit(document.token[:-1]))
        self.assertNotEqual(contract.token, consent.token)
        body = contract._body()
        for words in ("Бланкова", "25 04 123456", "ул. Печатная", contract.number):
            self.assertIn(words, body)
        self.assertNotIn("{{", body)
        self.assertNotIn("согласие на обработку", body.lower())

    def test_the_words_are_encrypted(self):
        documents = self._print("contract", "title_page")
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM clinic_print_document WHERE id IN %s", [tuple(documents.ids)])
        text = repr(self.env.cr.dictfetchall())
        for secret in ("25 04 123456", "Печатная", "Бланкова Anna"):
            self.assertNotIn(secret, text)
        with self.assertRaises(AccessError):
            documents.read(["body_sealed"])

    def test_the_journal_is_written_before(self):
        events = self.env["clinic.access.event"]
        last = events.search([], limit=1).id or 0
        self._print("contract")
        found = events.search([("id", ">", last), ("action", "=", "print")])
        self.assertTrue(found)
        self.assertEqual(set(found.mapped("patient_ref")), {self.patient.id})
        self.assertNotIn("Бланкова", " ".join(found.mapped("detail")))

    def test_a_child(self):
        """The mother signs and pays; what she is named for stands on the paper."""
        package = self._package(self.child)
        self.assertEqual((package.relation_id, package.payer_id), (self.relation, self.patient))
        self.assertEqual(set(package.line_ids.mapped("signs")), {"representative"})
        document = self._print("contract", patient=self.child)
        self.assertEqual(
            (document.signer_id, document.signer_kind, document.signer_ground),
            (self.patient, "mother", "Свидетельство о рождении"),
        )
        body = document._body()
        for words in ("Бланков Пётр", "Бланкова", "Свидетельство о рождении", "25 04 123456"):
            self.assertIn(words, body)

    def test_a_child_without_a_representative(self):
        self.relation.date_to = fields.Date.subtract(fields.Date.today(), days=1)
        self.relation.date_from = fields.Date.subtract(fields.Date.today(), years=1)
        package = self._package(self.child)
        self.assertTrue(package.no_representative)
        with self.assertRaises(UserError):
            self._choose(package, "contract").action_print()

    def test_sixteen_years(self):
        """Medical papers are signed by the patient of sixteen, the others by the mother."""
        self.child.birth_date = fields.Date.today() - relativedelta(years=16)
        package = self._package(self.child)
        signs = {line.form_id: line.signs for line in package.line_ids}
        table = {
            "contract": "representative",
            "personal_data": "representative",
            "intervention": "patient",
            "health_information": "patient",
        }
        self.assertEqual({code: signs[self.forms[code]] for code in table}, table)

    def test_a_grown_up_with_a_power_of_attorney(self):
        other = self._make_patient(family_name="Доверенная")
        relation = self.env["clinic.relation"].create(
            {"patient_id": self.patient.id, "actor_id": other.id, "kind": "other", "ground": "Доверенность"}
        )
        self.assertEqual(set(self._package().line_ids.mapped("signs")), {"patient"}, "not by itself")
        document = self._print("personal_data", relation_id=relation.id)
        self.assertEqual(document.signer_id, other)
        self.assertIn("Доверенность", document._body())

    def test_a_named_person(self):
        package = self._choose(self._package(), "health_information")
        self.assertTrue(package.asks_person)
        with self.assertRaises(UserError):
            package.action_print()
        husband = self._make_patient(family_name="Мужев")
        document = self._print("health_information", named_person_id=husband.id)
        self.assertEqual(document.named_person_id, husband)
        self.assertIn("Мужев", document._body())

    def test_states(self):
        self.assertEqual(self._state("contract"), "none")
        document = self._print("contract")
        self.assertEqual(self._state("contract"), "printed")
        line = self._package().line_ids.filtered(lambda row: row.form_id == self.forms["contract"])
        self.assertFalse(line.is_chosen, "the paper of today lies on the desk")
        document._accept()
        self.assertEqual(self._state("contract"), "signed")
        form = self.forms["contract"]
        after = document.valid_to + relativedelta(days=1)
        self.assertEqual(form._states(self.patient, after)[form].state, "expired")
        version = form.version_ids.create({"form_id": form.id, "body": "<p>Новый {{patient.name}}</p>"})
        version.action_publish()
        state = form._states(self.patient)[form]
        self.assertEqual((state.state, state.is_old), ("signed", True), "another wording is no reason")
        wider = form.version_ids.create(
            {"form_id": form.id, "body": "<p>Ещё {{patient.name}}</p>", "is_wider": True}
        )
        wider.action_publish()
        self.assertEqual(self._state("contract"), "outdated")
        self._print("contract").action_void()
        self.assertEqual(self._state("contract"), "outdated")

    def test_consent_given_on_the_site_needs_no_paper(self):
        self.env["clinic.consent"]._grant(self.patient, "personal_data", "site")
        self.assertEqual(self._state("personal_data"), "given")
        line = self._package().line_ids.filtered(lambda row: row.form_id == self.forms["personal_data"])
        self.assertFalse(line.is_chosen)

    def test_guards(self):
        document = self._print("contract")
        for vals in ({"state": "signed"}, {"patient_id": self.child.id}, {"token": "1"}):
            with self.subTest(vals), self.assertRaises(AccessError):
                document.write(vals)
        document.note = "A note is allowed"
        with self.assertRaises(AccessError):
            document.unlink()
        with self.assertRaises(UserError):
            document.sudo().unlink()
        with self.assertRaises(AccessError):
            document.create({"name": "x"})
        operator = self._make_user("t_print_operator", "operator")
        with self.assertRaises(AccessError):
            self.patient.with_user(operator).action_document_package()

    def test_nothing_ticked(self):
        with self.assertRaises(UserError):
            self._choose(self._package()).action_print()

    def test_without_a_key_nothing_is_printed(self):
        package = self._choose(self._package(), "contract")
        self._write_keys("")
        with self.assertRaises(UserError):
            package.action_print()
        self.assertFalse(self.env["clinic.print.document"].search([("patient_id", "=", self.patient.id)]))

    def test_change_of_keys(self):
        document = self._print("contract")
        body = document._body()
        self._write_keys(self.first_key, new_key_line(2))
        self.assertEqual(self.env["clinic.print.document"]._count_old_keys(), 1)
        self.assertIn("clinic.print.document", self.env["clinic.vault"]._sealed_models())
        self.assertEqual(self.env["clinic.print.document"]._reseal_batch(), 0)
        self.assertEqual((document.sudo().body_key, document._body()), (2, body))

    def test_values_are_text(self):
        """What a card holds is never read as a field or as markup."""
        self.patient.street = "<b>{{patient.snils}}</b> & <script>alert(1)</script>"
        body = self._print("personal_data")._body()
        self.assertIn("&lt;b&gt;{{patient.snils}}&lt;/b&gt; &amp; &lt;script&gt;", body)

    def test_joined_cards(self):
        other = self._make_patient(
            family_name="Бланкова", street="ул. Печатная, 1", city="Иркутск", patient_branch_id=self.branch.id
        )
        document = self._print("contract", patient=other)
        body = document._body()
        merge = self.env["clinic.merge"].create({"survivor_id": self.patient.id, "loser_id": other.id})
        merge.action_merge()
        self.assertEqual(document.patient_id, self.patient)
        self.assertEqual(document._body(), body)
        self.assertEqual(self._state("contract"), "printed")
