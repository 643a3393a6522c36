# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a hostile file, a clumsy administrator or a bad moment do to a load."""

import io

import openpyxl
import psycopg2

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ..models.clinic_import_stage import BATCH, BATCH_LETTERS, _batches
from .import_common import ROWS, ImportCase


class TestImportTraps(ImportCase):
    def _admin(self, login="t_traps"):
        return self._make_user(login, "clinic_admin")

    # ------------------------------------------------------------------ loads

    def test_a_mother_far_below_her_child_is_taken_back(self):
        filler = [
            f"{n};Порядков Олег Ильич{n}ович;{1 + n % 28:02d}.05.19{10 + n % 80};;" for n in range(10, 215)
        ]
        lines = [
            "1;Турова Анна Олеговна;12.03.2015;;Турова Вера Львовна;8 914 000-33-44",
            *filler,
            "2;Турова Вера Львовна;05.06.1990;8 914 000-33-44;;",
        ]
        before = self._cards()
        load = self._loaded(lines, "Код;ФИО;Дата рождения;Телефон;ФИО представителя;Телефон представителя")
        child, mother = self._row(load, "1").patient_id, self._row(load, "2").patient_id
        self.assertIn(mother, self.env["clinic.relation"].search([("patient_id", "=", child.id)]).actor_id)
        load.action_undo()
        self._work(load)
        self.assertEqual(load.kept_count, 0)
        self.assertEqual(self._cards(), before)

    def test_a_full_disk_rejects_no_row(self):
        load = self._checked()
        load.action_load()
        self.env.flush_all()
        self.env.cr.execute(
            """
            CREATE FUNCTION t_full() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'no space' USING ERRCODE = '53100'; END $$;
            CREATE TRIGGER t_full BEFORE INSERT ON clinic_phone FOR EACH ROW EXECUTE FUNCTION t_full()
            """
        )
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.OperationalError),
            self.env.cr.savepoint(),
        ):
            load._step_load()
        self.env.cr.execute("DROP TRIGGER t_full ON clinic_phone")
        self.env.invalidate_all()
        self._work(load)
        self.assertEqual((load.loaded_count, load.reject_count), (3, 2))

    def test_a_paper_whose_kind_was_archived_is_not_lost(self):
        kinds = self.env["clinic.identity.document.kind"].search([("code", "=", "snils")])
        kinds.active = False
        load = self._loaded()
        papers = self._row(load, "1").patient_id.clinic_document_ids
        self.assertIn("snils", papers.mapped("kind_code"))

    def test_a_trial_takes_no_card_numbers(self):
        load = self._checked()
        load._try()
        card = self.env["res.partner"].create({"is_patient": True, "family_name": "Первая"})
        load._try()
        following = self.env["res.partner"].create({"is_patient": True, "family_name": "Вторая"})
        last = [int("".join(filter(str.isdigit, each.patient_number))) for each in (card, following)]
        self.assertEqual(last[1] - last[0], 1)
        self.assertIn("Tried", load.trial)

    def test_cells_beyond_the_headings_are_told_and_kept(self):
        head, lines = (
            "Код;ФИО;Дата рождения",
            ["1;Турова Анна Олеговна;12.03.1985;лишнее", "2;;12.03.1985;ещё"],
        )
        load = self._loaded(lines, head)
        self.assertIn("more cells", self._row(load, "1").reason)
        sheet = openpyxl.load_workbook(io.BytesIO(load._workbook("rejects"))).worksheets[0]
        self.assertIn("ещё", [cell.value for cell in sheet[2]])

    def test_an_identifier_of_somebody_else_is_refused(self):
        head = "Код;ФИО;Дата рождения"
        self._loaded(["1;Турова Анна Олеговна;12.03.1985", "2;Зуева Инна Львовна;01.02.1980"], head)
        again = self._loaded(["1;Шадрин Глеб Ильич;07.08.1961", "2;Орлова Инна Львовна;01.02.1980"], head)
        states = {row.source_ref: row.state for row in again.row_ids}
        self.assertEqual(states, {"1": "reject", "2": "skipped"})
        self.assertIn("Another person", self._row(again, "1").reason)

    def test_the_same_file_under_another_program_is_told(self):
        self._make_import()
        self.assertIn("left out", self._make_import().notice)
        other = self._make_import(source="another")
        self.assertIn("as a file of the program “test”", other.notice)
        self.assertNotIn("left out", other.notice)

    def test_batches_are_bounded_by_letters(self):
        long = "Ж" * (BATCH_LETTERS // 3 + 1)
        sizes = [len(batch) for batch in _batches((n, "", [long]) for n in range(7))]
        self.assertEqual(sizes, [3, 3, 1])
        self.assertEqual(
            [len(batch) for batch in _batches((n, "", [""]) for n in range(BATCH + 1))], [BATCH, 1]
        )

    # ------------------------------------------------------------------ rights

    def test_only_the_program_says_how_far_a_load_is(self):
        load = self._loaded().with_user(self._admin())
        for vals in (
            {"state": "draft"},
            {"job": "undo"},
            {"job_done": 1},
            {"notice": "x"},
            {"attach_sure": True},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                load.write(vals)
        with self.assertRaises(UserError):
            load.create({"state": "loaded"})
        made = load.with_context(default_state="loaded").create({"name": "x"})
        self.assertEqual((made.state, made.source), ("draft", "file"))

    def test_columns_are_not_changed_under_a_load(self):
        user = self._admin()
        load = self._checked().with_user(user)
        column = load.column_ids[8]
        with self.assertRaises(UserError):
            column.write({"sequence": 1})
        column.write({"field_id": False})
        self.assertEqual(load.state, "staged")
        load.action_check()
        with self.assertRaises(UserError):
            column.write({"field_id": load.column_ids[1].field_id.id})
        self._work(load.sudo())
        load.action_load()
        self._work(load.sudo())
        with self.assertRaises(UserError):
            column.write({"mapping": "м=male"})

    def test_the_look_into_a_row_is_an_event(self):
        row = self._checked().row_ids[0].with_user(self._admin())
        waiting = self.env.cr.postcommit
        waiting.clear()
        self.assertIn(ROWS[0].split(";")[1], row.read(["content"])[0]["content"])
        found = [
            event
            for rows in waiting.data.values()
            if isinstance(rows, dict)
            for event in rows.values()
            if isinstance(event, dict) and event.get("model") == "clinic.import.row"
        ]
        waiting.clear()
        self.assertEqual([event["action"] for event in found], ["reveal"])
