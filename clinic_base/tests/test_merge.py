# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import SQL

from ..vault import new_key_line
from .test_sealed_number import SealedCase

#: Columns that say when a row was touched, and tables that tell what was done.
TIMES = ("write_date", "write_uid")
TOLD = (
    "clinic_merge",
    "clinic_merge_line",
    "clinic_merge_choice",
    "clinic_access_event",
    "clinic_patient_distinct",
)


class MergeCase(SealedCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registrar = cls._make_user("t_registrar", "registrar")
        cls.chief = cls._make_user("t_chief", "clinic_admin")
        cls.survivor = cls._make_patient(family_name="Иванова", given_name="Мария", phone="+79140000001")
        cls.loser = cls._make_patient(
            family_name="Петрова", given_name="Мария", phone="+79140000002", email="maria@example.com"
        )

    def _propose(self, survivor=None, loser=None, take="survivor"):
        merge = self.env["clinic.merge"].create(
            {"survivor_id": (survivor or self.survivor).id, "loser_id": (loser or self.loser).id}
        )
        merge.choice_ids.filtered(lambda choice: not choice.take).take = take
        return merge

    def _dump(self):
        """Every row that a patient has anywhere, without times and without what the join tells."""
        self.env.flush_all()
        merge = self.env["clinic.merge"]
        tables = {link.table for link in merge._links()} | {
            "res_partner",
            "clinic_phone",
            "clinic_identity_document",
            "clinic_coverage",
            "clinic_slot_claim",
        }
        self.env.cr.execute("SELECT relname FROM pg_class WHERE relkind = 'r'")
        tables &= {name for (name,) in self.env.cr.fetchall()}
        notes = self.env["mail.message"].search([("body", "ilike", "join")]).ids or [0]
        dump = {}
        for table in sorted(tables - set(TOLD)):
            self.env.cr.execute(
                SQL("SELECT to_jsonb(t) - %s::text[] FROM %s t", list(TIMES), SQL.identifier(table))
            )
            rows = [row for (row,) in self.env.cr.fetchall()]
            if table == "mail_message":
                rows = [row for row in rows if row["id"] not in notes]
            if "message" in table:
                rows = [
                    row
                    for row in rows
                    if row.get("mail_message_id") not in notes and row.get("message_id") not in notes
                ]
            dump[table] = sorted(map(repr, rows))
        return dump

    def assertSameDump(self, before, after):
        for table, rows in before.items():
            self.assertEqual(rows, after[table], table)


@tagged("post_install", "-at_install")
class TestMerge(MergeCase):
    def test_the_desk_proposes_and_the_administrator_joins(self):
        action = (self.survivor | self.loser).with_user(self.registrar).action_propose_merge()
        merge = self.env["clinic.merge"].browse(action["res_id"])
        self.assertEqual(merge.survivor_id, self.survivor)
        with self.assertRaisesRegex(AccessError, "proposes"):
            merge.with_user(self.registrar).action_merge()
        for values in ({"state": "done"}, {"done_by_id": self.chief.id}, {"conflict_count": 1}):
            with self.assertRaises(UserError), self.cr.savepoint():
                merge.with_user(self.registrar).write(values)
        again = (self.survivor | self.loser).with_user(self.registrar).action_propose_merge()
        self.assertEqual(again["res_id"], merge.id)
        merge.choice_ids.filtered("is_required").with_user(self.registrar).take = "survivor"
        merge.with_user(self.chief).action_merge()
        self.assertEqual(merge.state, "done")
        self.assertEqual(merge.done_by_id, self.chief)

    def test_everything_moves_and_the_joined_card_points_to_the_other(self):
        consent = self.env["clinic.consent"]._grant(self.loser, "marketing", way="paper")
        document = self._make_document("25 04 123456", patient=self.loser)
        mother = self._make_patient()
        relation = self.env["clinic.relation"].create(
            {"patient_id": self.loser.id, "actor_id": mother.id, "kind": "mother"}
        )
        message = self.loser.message_post(body="from the other card")
        attachment = self.env["ir.attachment"].create(
            {"name": "scan", "raw": b"x", "res_model": "res.partner", "res_id": self.loser.id}
        )
        tag = self.env["res.partner.category"].create({"name": "VIP"})
        (self.survivor | self.loser).category_id = tag
        merge = self._propose()
        merge.with_user(self.chief).action_merge()
        self.env.invalidate_all()
        self.assertFalse(self.loser.active)
        self.assertEqual(self.loser.merged_into_id, self.survivor)
        for record, name in ((consent, "patient_id"), (document, "patient_id"), (relation, "patient_id")):
            self.assertEqual(record[name], self.survivor)
        self.assertEqual(document._number_plain(), "25 04 123456")
        self.assertEqual((message.res_id, attachment.res_id), (self.survivor.id, self.survivor.id))
        self.assertEqual(self.survivor.category_id, tag)
        self.assertEqual(self.survivor.clinic_phone_ids.mapped("e164"), ["+79140000001", "+79140000002"])
        self.assertEqual(len(self.survivor.clinic_phone_ids.filtered("is_primary")), 1)
        self.assertEqual(self.survivor.email, "maria@example.com")
        self.assertEqual(self.survivor.clinic_former_name_ids.family_name, "Петрова")
        left = {link.table: len(merge._keys_of(link)) for link in merge._links() if merge._keys_of(link)}
        self.assertEqual(left, {"mail_message": 1}, "only the note about the join stands on the joined card")

    def test_search_by_what_the_joined_card_had(self):
        number = self.loser.patient_number
        self._make_document("112-233-445 95", patient=self.loser, kind=self.snils)
        self._propose().with_user(self.chief).action_merge()
        patients = self.env["res.partner"].with_user(self.registrar)
        for text in (number, "+7 914 000-00-02", "Петрова", "112-233-445 95"):
            with self.subTest(text):
                found = [row["id"] for row in patients.clinic_search_patients(text)]
                self.assertEqual(found, [self.survivor.id])

    def test_values_are_chosen_never_guessed(self):
        self.loser.birth_date = "1985-05-18"
        merge = self.env["clinic.merge"].create({"survivor_id": self.survivor.id, "loser_id": self.loser.id})
        asked = set(merge.choice_ids.filtered("is_required").mapped("field"))
        self.assertEqual(asked, {"family_name", "birth_date"})
        with self.assertRaisesRegex(UserError, "Choose which value"):
            merge.with_user(self.chief).action_merge()
        merge.choice_ids.filtered(lambda choice: choice.field == "birth_date").take = "loser"
        merge.choice_ids.filtered(lambda choice: choice.field == "family_name").take = "loser"
        merge.with_user(self.chief).action_merge()
        self.assertEqual(self.survivor.birth_date.isoformat(), "1985-05-18")
        self.assertEqual(self.survivor.name, "Петрова Мария Ivanovna")
        self.assertEqual(self.survivor.clinic_former_name_ids.family_name, "Иванова")

    def test_join_and_undo_leave_no_trace(self):
        self.env["clinic.consent"]._grant(self.loser, "marketing", way="paper")
        self._make_document("25 04 123456", patient=self.loser)
        self.env["clinic.phone"].create({"partner_id": self.loser.id, "raw": "+79140000001"})
        tag = self.env["res.partner.category"].create({"name": "VIP"})
        (self.survivor | self.loser).category_id = tag
        self.loser.message_post(body="note")
        self.loser.message_subscribe(self.registrar.partner_id.ids)
        self.survivor.message_subscribe(self.registrar.partner_id.ids)
        before = self._dump()
        merge = self._propose(take="loser")
        merge.with_user(self.chief).action_merge()
        self.assertNotEqual(before, self._dump())
        merge.with_user(self.chief).action_undo()
        self.assertEqual((merge.state, merge.conflict_count), ("undone", 0))
        self.assertSameDump(before, self._dump())
        self.env.invalidate_all()
        document = self.env["clinic.identity.document"].search([("patient_id", "=", self.loser.id)])
        self.assertEqual(document._number_plain(), "25 04 123456")
        with self.assertRaisesRegex(UserError, "different people"):
            self._propose().with_user(self.chief).action_merge()

    def test_what_was_changed_since_is_left_and_counted(self):
        consent = self.env["clinic.consent"]._grant(self.loser, "marketing", way="paper")
        merge = self._propose(take="loser")
        merge.with_user(self.chief).action_merge()
        self.survivor.email = "new@example.com"
        later = self.env["clinic.consent"]._grant(self.survivor, "personal_data", way="paper")
        merge.with_user(self.chief).action_undo()
        self.env.invalidate_all()
        self.assertEqual(merge.state, "undone_partly")
        self.assertGreater(merge.conflict_count, 0)
        self.assertEqual(self.survivor.email, "new@example.com")
        self.assertEqual((consent.patient_id, later.patient_id), (self.loser, self.survivor))

    def test_a_key_changed_between_join_and_undo(self):
        document = self._make_document("25 04 123456", patient=self.loser)
        merge = self._propose()
        merge.with_user(self.chief).action_merge()
        self._write_keys(self.first_key, new_key_line(2))
        self.env["clinic.identity.document"]._reseal_batch()
        merge.with_user(self.chief).action_undo()
        self.env.invalidate_all()
        self.assertEqual((document.patient_id, document._number_plain()), (self.loser, "25 04 123456"))
        self.assertEqual(merge.state, "undone")

    def test_joins_are_undone_in_reverse_order(self):
        third = self._make_patient(family_name="Иванова", given_name="Мария")
        first = self._propose()
        first.with_user(self.chief).action_merge()
        second = self._propose(loser=third)
        second.with_user(self.chief).action_merge()
        with self.assertRaisesRegex(UserError, "later join first"):
            first.with_user(self.chief).action_undo()
        second.with_user(self.chief).action_undo()
        first.with_user(self.chief).action_undo()
        self.assertTrue(self.loser.active and third.active)

    def test_a_chain_of_joins_leads_to_the_last_card(self):
        self._propose().with_user(self.chief).action_merge()
        last = self._make_patient(family_name="Иванова", given_name="Мария")
        self._propose(survivor=last, loser=self.survivor).with_user(self.chief).action_merge()
        self.env.invalidate_all()
        self.assertEqual(self.loser.merged_into_id, last)

    def test_a_stale_screen_is_refused(self):
        merge = self._propose()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET write_date = write_date + interval '1 minute' WHERE id = %s",
            [self.loser.id],
        )
        with self.assertRaisesRegex(UserError, "changed after"):
            merge.with_user(self.chief).action_merge()
        merge.with_user(self.registrar).action_refresh()
        merge.choice_ids.filtered("is_required").take = "survivor"
        merge.with_user(self.chief).action_merge()

    def test_what_can_never_be_joined(self):
        with self.assertRaises(UserError):
            self.survivor.action_propose_merge()
        company = self._make_company()
        self.loser.company_id = company
        self.survivor.company_id = self.company
        with self.assertRaisesRegex(UserError, "different companies"), self.cr.savepoint():
            self._propose().with_user(self.chief).action_merge()
        (self.survivor | self.loser).company_id = False
        for card, login in ((self.survivor, "one"), (self.loser, "two")):
            self._make_portal_user(login, partner_id=card.id)
        with self.assertRaisesRegex(UserError, "account on the site"), self.cr.savepoint():
            self._propose().with_user(self.chief).action_merge()
        self.loser.user_ids.active = False
        self._make_document("112-233-445 95", kind=self.snils, patient=self.survivor)
        self._make_document("087-654-303 00", kind=self.snils, patient=self.loser)
        with self.assertRaisesRegex(UserError, "different SNILS"):
            self._propose().with_user(self.chief).action_merge()

    def test_the_account_of_the_joined_card_goes_with_it(self):
        user = self._make_portal_user("portal_of_loser", partner_id=self.loser.id)
        merge = self._propose()
        merge.with_user(self.chief).action_merge()
        self.env.invalidate_all()
        self.assertEqual(user.partner_id, self.survivor)
        merge.with_user(self.chief).action_undo()
        self.env.invalidate_all()
        self.assertEqual(user.partner_id, self.loser)

    def test_different_people_are_remembered(self):
        merge = self._propose()
        merge.with_user(self.registrar).action_distinct()
        self.assertEqual(merge.state, "refused")
        with self.assertRaisesRegex(UserError, "different people"):
            self._propose().with_user(self.chief).action_merge()

    def test_the_journal_of_steps_is_encrypted(self):
        self._propose(take="loser").with_user(self.chief).action_merge()
        self.env.flush_all()
        self.env.cr.execute("SELECT string_agg(payload, '') FROM clinic_merge_line")
        (text,) = self.env.cr.fetchone()
        for secret in ("Иванова", "79140000002", "maria@"):
            self.assertNotIn(secret, text)
        with self.assertRaises(AccessError):
            self.env["clinic.merge.line"].with_user(self.chief).search([], limit=1).read(["payload"])

    def test_the_form(self):
        self.loser.sex = "male"
        merge = self.env["clinic.merge"].create({"survivor_id": self.survivor.id, "loser_id": self.loser.id})
        with Form(merge.with_user(self.registrar)) as form:
            for number in range(len(merge.choice_ids)):
                with form.choice_ids.edit(number) as line:
                    if not line.take:
                        line.take = "loser"
        merge.with_user(self.chief).action_merge()
        self.assertEqual(self.survivor.sex, "male")

    def test_every_link_of_the_suite_has_a_policy(self):
        named = {(model, name) for model, name, _policy in self.env["res.partner"]._clinic_merge_policy()}
        for model_name, model in self.env.items():
            if not model_name.startswith("clinic.") or model._abstract or model._transient:
                continue
            for field in model._fields.values():
                if (
                    field.type in ("many2one", "many2many")
                    and field.comodel_name == "res.partner"
                    and field.store
                ):
                    with self.subTest(model=model_name, field=field.name):
                        self.assertTrue(field.related or (model_name, field.name) in named, "name a policy")
        policies = {policy for _model, _name, policy in self.env["res.partner"]._clinic_merge_policy()}
        self.assertLessEqual(policies, {"repoint", "keep", "combine", "refuse"})
