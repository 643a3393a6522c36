# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ScheduleCommon
from .waiting_common import WaitingBuilders

#: role -> rights on (entry, wave, offer)
RIGHTS = {
    "registrar": ("rwc", "r", "r"),
    "senior_nurse": ("rwc", "r", "r"),
    "clinic_admin": ("rwc", "r", "r"),
    "operator": ("rwc", "r", "r"),
    "external_caller": ("r", "", ""),
    "doctor": ("rwc", "r", "r"),
    "head_doctor": ("rwc", "r", "r"),
    "statistician": ("", "", ""),
    "marketer": ("", "", ""),
    "director": ("r", "r", "r"),
    "privacy_officer": ("", "", ""),
    "integration": ("rwc", "r", "r"),
    "registrar+marketer": ("rwc", "r", "r"),
    "base.group_user": ("", "", ""),
}
MODELS = ("clinic.waiting.entry", "clinic.waiting.wave", "clinic.waiting.offer")
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}

#: What an external caller sees of an entry besides its state and Odoo's own columns.
CLOSED = (
    "service_id", "specialty_id", "practitioner_ids", "urgency", "note", "channel", "contact_phone",
    "contact_name", "offer_ids", "visit_id", "refusals", "user_id", "age_group", "call_phone",
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestWaitingAccess(WaitingBuilders, ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: cls._make_user(f"w_{role.replace('+', '_').replace('.', '_')}", role) for role in RIGHTS
        }
        cls.env["clinic.waiting.entry"].search([]).write({"state": "withdrawn"})
        visit = cls._book(600)
        cls.entry = cls._wait(patient=cls.patient, note="secret words")
        cls._cancel(visit)
        cls._run_waves()
        cls.offer = cls.entry.offer_ids

    def test_matrix(self):
        for role, rights in RIGHTS.items():
            for model, allowed in zip(MODELS, rights, strict=True):
                for letter, operation in OPERATIONS.items():
                    has = self.env[model].with_user(self.users[role]).has_access(operation)
                    self.assertEqual(has, letter in allowed, f"{role} {operation} {model}")

    def test_external_caller_sees_name_and_branch_only(self):
        entries = self.entry.with_user(self.users["external_caller"])
        self.assertIn(self.entry, entries.search([]))
        self.assertEqual(entries.read(["who", "branch_ids", "state"])[0]["who"], self.patient.name)
        for name in CLOSED:
            # "is set" of a required field is no question at all
            value = (
                7 if entries._fields[name].type in ("integer", "many2one", "many2many", "one2many") else "x"
            )
            for way, call in (
                ("read", lambda n=name: entries.read([n])),
                ("search", lambda n=name, v=value: entries.search([(n, "=", v)])),
                ("group", lambda n=name: entries.formatted_read_group([], [n], ["__count"])),
                ("order", lambda n=name: entries.search([], order=n)),
                ("web", lambda n=name: entries.web_search_read([], {n: {}})),
            ):
                if way == "order" and not entries._fields[name].store:
                    continue
                with self.subTest(field=name, way=way), self.assertRaises(AccessError):
                    call()
        self.assertFalse(set(CLOSED) & set(entries.fields_get()))
        self.assertNotIn(self.service.name, entries.display_name)

    def test_external_caller_reads_no_notes(self):
        self.entry.message_post(body="words of the desk")
        messages = self.env["mail.message"].with_user(self.users["external_caller"])
        found = messages.search([("model", "=", "clinic.waiting.entry"), ("res_id", "=", self.entry.id)])
        self.assertFalse(found)
        registrar = self.env["mail.message"].with_user(self.users["registrar"])
        self.assertTrue(
            registrar.search([("model", "=", "clinic.waiting.entry"), ("res_id", "=", self.entry.id)])
        )

    def test_the_chatter_says_nothing_of_health(self):
        self.entry.write({"service_id": self._make_service(self.practitioner).id, "note": "other words"})
        self.env.flush_all()
        self.entry.sudo()._close("withdrawn")
        self.env.flush_all()
        self.env.cr.precommit.run()
        texts = self.entry.message_ids.sudo()
        tracked = texts.tracking_value_ids.field_id.mapped("name")
        self.assertLessEqual(set(tracked), {"state"})
        self.assertNotIn(self.service.name, " ".join(filter(None, texts.mapped("record_name"))))

    def test_doctors_see_their_own(self):
        mine = self._make_practitioner(self.branch, services=self.service)
        mine.user_id = self.users["doctor"]
        entries = self.env["clinic.waiting.entry"].with_user(self.users["doctor"])
        self.assertNotIn(self.entry, entries.search([]))
        with self.assertRaises(AccessError):
            self.entry.with_user(self.users["doctor"]).read(["note"])
        with self.assertRaises(AccessError):
            self.offer.with_user(self.users["doctor"]).action_accept()
        own = self._wait(practitioner_ids=[(6, 0, mine.ids)])
        self.assertIn(own, entries.search([]))
        self.assertIn(self.entry, entries.with_user(self.users["head_doctor"]).search([]))

    def test_state_and_offers_are_no_fields_to_write(self):
        registrar = self.users["registrar"]
        entry = self.entry.with_user(registrar)
        for vals in (
            {"state": "booked"}, {"refusals": -1}, {"visit_id": 1}, {"waiting_since": "2020-01-01"},
            {"user_id": self.env.uid},
        ):  # fmt: skip
            with self.subTest(vals=vals), self.assertRaises(UserError):
                entry.write(vals)
        made = self.env["clinic.waiting.entry"].with_user(registrar)
        with self.assertRaises(UserError):
            made.create({"patient_id": self.patient.id, "service_id": self.service.id, "state": "booked"})
        for record in (self.offer, self.offer.wave_id):
            with self.assertRaises(AccessError):
                record.with_user(registrar).write({"state": "over"})

    def test_the_link_is_read_by_nobody(self):
        for role in ("registrar", "clinic_admin", "director"):
            offer = self.offer.with_user(self.users[role])
            self.assertNotIn("token_hash", offer.fields_get())
            for name in ("nonce", "token_hash"):
                with self.assertRaises(AccessError):
                    offer.read([name])
                with self.assertRaises(AccessError):
                    offer.search([(name, "!=", False)])
        token = self.offer._url().rsplit("/", 1)[1]
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT token_hash, nonce FROM clinic_waiting_offer WHERE id = %s", [self.offer.id]
        )
        self.assertNotIn(token, self.env.cr.fetchone())
        self.assertEqual(self.offer._by_token(token), self.offer)
        self.assertFalse(self.offer._by_token(self.offer.token_hash))

    def test_others_do_not_answer(self):
        for role in ("director", "marketer", "external_caller", "privacy_officer"):
            user = self.users[role]
            for call in (
                lambda u=user: self.offer.with_user(u).action_accept(),
                lambda u=user: self.offer.with_user(u).action_decline(),
                lambda u=user: self.offer.wave_id.with_user(u).action_stop(),
                lambda u=user: self.offer.wave_id.with_user(u).action_called(),
                lambda u=user: self.entry.with_user(u).action_withdraw(),
                lambda u=user: self.entry.with_user(u).action_find(),
                lambda u=user: self.entry.with_user(u).action_wait_again(),
            ):
                with self.subTest(role=role), self.assertRaises(AccessError):
                    call()
        self.assertEqual(self.offer.state, "open")

    def test_nobody_of_another_company(self):
        company = self._make_company()
        user = self._make_user("w_other", "clinic_admin", company_id=company.id, company_ids=company.ids)
        for model in MODELS:
            self.assertFalse(self.env[model].with_user(user).search([]))

    def test_history_merge_and_destruction(self):
        other = self._make_patient()
        self.assertIn(("clinic.waiting.entry", "patient_id", "repoint"), other._clinic_merge_policy())
        registrar = self.users["registrar"]
        line = self.patient.with_user(registrar)._timeline_waiting(self.entry.with_user(registrar))
        self.assertIn(self.service.name, line["title"])
