# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import io
from datetime import timedelta

from pypdf import PdfReader

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.clinic_base.tests.common import ClinicHttpCommon

from .common import ScheduleBuilders, ScheduleCommon

#: role -> rights on (notes, lists)
RIGHTS = {
    "registrar": ("rwc", "r"),
    "senior_nurse": ("rwcu", "rw"),
    "clinic_admin": ("rwcu", "rw"),
    "operator": ("rwc", "r"),
    "integration": ("rwc", ""),
    "doctor": ("rwc", ""),
    "head_doctor": ("rwc", ""),
    "director": ("r", ""),
    "external_caller": ("", ""),
    "statistician": ("", ""),
    "marketer": ("", ""),
    "privacy_officer": ("", ""),
    "base.group_user": ("", ""),
    "base.group_portal": ("", ""),
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestHandover(ScheduleCommon):
    """Notes of the desk for the next shift, and the lists for an outage."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = cls._make_role_users("registrar", "senior_nurse", "operator", "doctor", "marketer")
        cls.desk = cls.users["registrar"]
        cls.notes = cls.env["clinic.handover.note"].with_user(cls.desk)
        cls.lists = cls.env["clinic.emergency.list"]

    def _note(self, text="Call back", **vals):
        return self.notes.create({"branch_id": self.branch.id, "date": self._day(1), "text": text, **vals})

    def _board(self):
        params = {"date": self._day(1).isoformat(), "branch_id": self.branch.id}
        return self.env["clinic.board"].with_user(self.users["operator"]).load(params)

    def test_on_the_board_until_done(self):
        resource = self.practitioner.resource_id
        mine, whole = self._note(resource_id=resource.id), self._note("Water is off till ten")
        self._note("Another day", date=self._day(2))
        data = self._board()
        column = next(one for one in data["columns"] if one["resource_id"] == resource.id)
        self.assertEqual(column["notes"], ["Call back"])
        self.assertEqual([note["text"] for note in data["notes"]], ["Call back", "Water is off till ten"])
        mine.with_user(self.users["operator"]).action_done()
        self.assertEqual((mine.done_by_id, bool(mine.done_at)), (self.users["operator"], True))
        data = self._board()
        self.assertEqual([note["text"] for note in data["notes"]], ["Water is off till ten"])
        mine.action_reopen()
        self.assertFalse(mine.done or mine.done_by_id or mine.done_at)
        self.assertEqual(len(self._board()["notes"]), 2)
        self.assertEqual(whole.author_id, self.desk)

    def test_nobody_else_did_it(self):
        other = self.users["operator"]
        note = self._note(author_id=other.id, done=True)
        self.assertEqual((note.author_id, note.done), (self.desk, False))
        for vals in ({"done": True}, {"done_by_id": other.id}, {"author_id": other.id}):
            with self.assertRaises(UserError):
                note.write(vals)
        with self.assertRaises(AccessError):
            note.unlink()

    def test_old_notes_go(self):
        old = self._note(date=self._day(-100))
        new = self._note(date=self._day(-80))
        self.env["clinic.handover.note"]._gc_notes()
        self.assertEqual((old | new).exists(), new)

    def test_matrix(self):
        for role, rights in RIGHTS.items():
            user = self.users.get(role) or self._make_user(f"t_handover_{role.replace('.', '_')}", role)
            for model, letters in zip(("clinic.handover.note", "clinic.emergency.list"), rights, strict=True):
                for letter, operation in OPERATIONS.items():
                    has = self.env[model].with_user(user).has_access(operation)
                    self.assertEqual(has, letter in letters, f"{role} {operation} {model}")

    def test_other_company(self):
        note = self._note()
        company = self.env["res.company"].create({"name": "Another"})
        self.desk.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        self.assertFalse(self.env["clinic.handover.note"].with_user(self.desk).search([("id", "=", note.id)]))

    # ------------------------------------------------------------- lists

    def _run_cron(self, hour, days=3):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("clinic_schedule.emergency_list_hour", hour)
        parameters.set_param("clinic_schedule.emergency_list_days", days)
        with self.enter_registry_test_mode():
            self.env.ref("clinic_schedule.ir_cron_emergency_lists").method_direct_trigger()

    def _of_branch(self):
        return self.lists.search([("branch_id", "=", self.branch.id)])

    def _tomorrow(self):
        now = fields.Datetime.now()
        return (now + timedelta(hours=8)).date() + timedelta(days=1)

    def test_made_once_in_the_evening_and_deleted(self):
        self._make_shift(day=self._tomorrow(), minute_from=780, minute_to=840)
        visit = self._book(780, day=self._tomorrow())
        self._run_cron(hour=24)
        self.assertFalse(self._of_branch(), "before the hour")
        self._run_cron(hour=0)
        made = self._of_branch()
        self.assertEqual((made.date, made.visit_count), (self._tomorrow(), 1))
        content = base64.b64decode(made.file)
        if made.file_name.endswith("pdf"):
            content = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
            self.assertIn(visit.patient_id.family_name, content)
        event = self.env["clinic.access.event"].search([("action", "=", "export")], limit=1)
        self.assertEqual((event.model, event.amount), ("clinic.emergency.list", 1))
        self.assertEqual(event.user_id, self.env.ref("base.user_root"), "no person's export")
        moment = made.made_at
        self._run_cron(hour=0)
        self.assertEqual(self._of_branch().made_at, moment, "once a day")
        made.date = self._tomorrow() - timedelta(days=10)
        self._run_cron(hour=24)
        self.assertFalse(self._of_branch(), "kept for some days only")
        self._run_cron(hour=0, days=0)
        self.assertFalse(self._of_branch(), "switched off")

    def test_make_now(self):
        with self.assertRaises(AccessError):
            self.lists.with_user(self.desk).action_make_now()
        with self.enter_registry_test_mode():
            self.lists.with_user(self.users["senior_nurse"]).action_make_now()
        self.assertTrue(self._of_branch().file)
        with self.assertRaises(AccessError):
            self._of_branch().with_user(self.users["marketer"]).read(["file"])

    def test_zero_days_are_kept_by_the_settings(self):
        settings = self.env["res.config.settings"]
        settings.create({"clinic_emergency_list_days": 0, "clinic_emergency_list_hour": 0}).execute()
        booking = self.env["clinic.booking"]
        for name in ("days", "hour"):
            self.assertEqual(booking._setting(f"clinic_schedule.emergency_list_{name}"), 0)
        self.assertEqual(settings.create({}).clinic_emergency_list_days, 0)

    def test_nobody_reads_or_changes_the_file_past_its_page(self):
        made = self._list()
        attachment = self.env["ir.attachment"].sudo()
        attachment = attachment.search([("res_model", "=", made._name), ("res_field", "=", "file")])
        for user in (self.desk, self.users["senior_nurse"]):
            with self.assertRaises(AccessError):
                made.with_user(user).read(["file"])
            with self.assertRaises(AccessError):
                attachment.with_user(user).read(["datas"])
            with self.assertRaises(UserError):
                made.with_user(user).write({"visit_count": 0})

    def _list(self):
        return self.lists.create(
            {
                "branch_id": self.branch.id,
                "date": self._day(1),
                "file": base64.b64encode(b"list of tomorrow"),
                "file_name": "x.pdf",
                "visit_count": 7,
            }
        )


@tagged("post_install", "-at_install")
class TestEmergencyListPage(ScheduleBuilders, ClinicHttpCommon):
    """The page of the file: for whom it is, and what the journal says."""

    def test_opening_is_noted(self):
        users = self._make_role_users("registrar", "marketer")
        made = self.env["clinic.emergency.list"].create(
            {
                "branch_id": self.branch.id,
                "date": self._day(1),
                "file": base64.b64encode(b"list of tomorrow"),
                "file_name": "x.pdf",
                "visit_count": 7,
            }
        )
        url = made.action_open()["url"]
        self.authenticate("t_marketer", "t_marketer")
        self.assertEqual(self.url_open(url).status_code, 404)
        self.authenticate("t_registrar", "t_registrar")
        answer = self.url_open(url)
        self.assertEqual((answer.status_code, answer.content), (200, b"list of tomorrow"))
        self.assertEqual(self.url_open("/clinic/emergency-list/999999999").status_code, 404)
        event = self.env["clinic.access.event"].search([("action", "=", "list")], order="id desc", limit=1)
        self.assertEqual((event.model, event.amount, event.user_id), (made._name, 7, users["registrar"]))
        self.authenticate(None, None)
        self.assertNotEqual(self.url_open(url, allow_redirects=False).status_code, 200)
