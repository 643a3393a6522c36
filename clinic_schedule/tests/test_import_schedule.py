# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.clinic_base.tests.import_common import ImportCase

from .common import ScheduleBuilders


class TestImportSchedule(ScheduleBuilders, ImportCase):
    """Shifts, past visits and bookings from files of another program."""

    def setUp(self):
        super().setUp()
        self._loaded(
            ["77;Иванова Мария Петровна;12.03.1985", "78;Сидоров Олег Ильич;01.05.1979"], "Код;ФИО;ДР"
        )
        links = self.env["clinic.import.link"]
        self.maria = links._record_of("patient", "test", "77")
        self.oleg = links._record_of("patient", "test", "78")

    def _on(self, day):
        return self._day(day).strftime("%d.%m.%Y")

    def test_shifts(self):
        head = "Врач;Филиал;Дата;С;По;Кабинет"
        lines = [
            f"{self.practitioner.name};{self.branch.name};{self._on(3)};09:00;12:00;{self.room.name}",
            f"{self.practitioner.name};{self.branch.name};{self._on(3)};11:00;13:00;",
            f"Никто Никтоев;{self.branch.name};{self._on(3)};09:00;12:00;",
            f"{self.practitioner.name};{self.branch.name};{self._on(4)};12:00;09:00;",
        ]
        load = self._loaded(lines, head, kind="shift")
        self.assertEqual(load.row_ids.mapped("state"), ["loaded", "reject", "reject", "reject"])
        shift = self.env["clinic.import.link"].search([("import_id", "=", load.id)])
        shift = self.env["clinic.shift"].browse(shift.res_id)
        self.assertEqual((shift.start, shift.stop), (self._at(3, 540), self._at(3, 720)))
        self.assertEqual(shift.room_id, self.room)
        self.assertEqual(self._loaded(lines, head, kind="shift").loaded_count, 0)
        load.action_undo()
        self._work(load)
        self.assertFalse(shift.exists())

    def test_past_visits_are_history(self):
        head = "Код;Код пациента;Пациент;ДР;Врач;Услуга;Филиал;Дата;Время;Статус;Цена"
        who, what, where = self.practitioner.name, self.service.name, self.branch.name
        lines = [
            f"1;77;;;{who};{what};{where};{self._on(-30)};09:30;Пришёл;1 500",
            f"2;;Сидоров Олег Ильич;01.05.1979;{who};{what};{where};{self._on(-20)};10:00;Не явился;",
            f"3;99;;;{who};{what};{where};{self._on(-20)};10:00;;",
            f"4;77;;;{who};Нет такой;{where};{self._on(-20)};10:00;;",
            f"5;77;;;{who};{what};{where};{self._on(5)};10:00;;",
            f"6;77;;;{who};{what};{where};когда-то;10:00;;",
        ]
        load = self._loaded(lines, head, kind="visit")
        self.assertEqual(load.row_ids.mapped("state"), ["loaded", "reject", *["reject"] * 4])
        visit = self.env["clinic.appointment"].search([("external_ref", "=", "1"), ("source", "=", "test")])
        self.assertEqual((visit.patient_id, visit.state, visit.channel), (self.maria, "done", "import"))
        self.assertEqual((visit.start, visit.price), (self._at(-30, 570), 1500))
        self.assertFalse(visit.claim_ids)
        self.assertTrue(visit.journal_ids)
        self.assertEqual(self._loaded(lines, head, kind="visit").loaded_count, 0)
        load.action_undo()
        self._work(load)
        self.assertFalse(visit.exists())

    def test_bookings_take_their_place_and_conflicts_are_a_list(self):
        self._make_shift(day=3)
        head = "Код;Код пациента;Врач;Услуга;Филиал;Дата"
        who, what, where = self.practitioner.name, self.service.name, self.branch.name
        lines = [
            f"1;77;{who};{what};{where};{self._on(3)} 09:00",
            f"2;78;{who};{what};{where};{self._on(3)} 09:00",
            f"3;78;{who};{what};{where};{self._on(3)} 10:00",
            f"4;78;{who};{what};{where};{self._on(9)} 10:00",
            f"5;78;{who};{what};{where};{self._on(-9)} 10:00",
        ]
        messages = self.env["mail.message"].search_count([])
        load = self._loaded(lines, head, kind="booking")
        self.assertEqual(load.row_ids.mapped("state"), ["loaded", "reject", "loaded", "reject", "reject"])
        self.assertIn("could not be booked", load.row_ids[1].reason)
        self.assertTrue(load.row_ids[1].detail)
        visits = self.env["clinic.appointment"].search([("source", "=", "test")])
        self.assertEqual(len(visits), 2)
        self.assertTrue(all(visit.claim_ids for visit in visits))
        self.assertEqual(self.env["mail.message"].search_count([]), messages)
        self.assertEqual(self._loaded(lines, head, kind="booking").loaded_count, 0)
        load.action_undo()
        self._work(load)
        self.assertEqual(set(visits.mapped("state")), {"cancelled_clinic"})
        self.assertFalse(visits.claim_ids)

    def test_deposits_and_debts_are_kept(self):
        head = "Код;Код клиента;Номер карты;Сумма;Вид"
        lines = [
            "1;77;;1 500,50;Аванс",
            f"2;;{self.oleg.patient_number};700;Долг",
            "3;78;;-200;",
            "4;500;;10;",
            "5;77;;много;",
        ]
        load = self._loaded(lines, head, kind="balance")
        self.assertEqual(load.row_ids.mapped("state"), ["loaded"] * 3 + ["reject"] * 2)
        found = [(patient, kind, amount) for _row, patient, kind, amount, _day in self._balances(load)]
        self.assertEqual(
            found,
            [
                (self.maria.id, "deposit", 1500.5),
                (self.oleg.id, "debt", 700.0),
                (self.oleg.id, "debt", 200.0),
            ],
        )
        self.assertEqual(load.row_ids[0].patient_id, self.maria)
        load.finished_at = "2020-01-01"
        self.env["clinic.import"].flush_model()
        kept = self.env["clinic.import"]._importer("balance")._keeps_rows()
        self.assertTrue(kept)

    def test_the_number_of_a_joined_card_leads_to_the_survivor(self):
        double = self._make_patient(family_name=self.oleg.family_name, given_name=self.oleg.given_name)
        number = double.patient_number
        merge = self.env["clinic.merge"].create({"survivor_id": self.oleg.id, "loser_id": double.id})
        merge.choice_ids.filtered(lambda choice: not choice.take).take = "survivor"
        merge.action_merge()
        head = "Код;Код клиента;Номер карты;Сумма;Вид"
        load = self._loaded([f"1;;{number};700;Долг"], head, kind="balance")
        self.assertEqual((load.row_ids.state, load.row_ids.patient_id), ("loaded", self.oleg))

    def _balances(self, load):
        return self.env["clinic.importer.balance"]._balances(load)

    def test_every_field_is_read_by_its_importer(self):
        """Registries agree: each kind has fields, a label and an importer."""
        kinds = dict(self.env["clinic.import"]._selection_kind())
        self.assertLessEqual(
            {"patient", "service", "practitioner", "balance", "shift", "visit", "booking"}, set(kinds)
        )
        for kind in kinds:
            self.assertTrue(self.env["clinic.import.field"].search_count([("kind", "=", kind)]), kind)
