# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.tests import tagged, users, warmup

from .common import ClinicCommon

#: What may be typed, by the cards that it must find.
WAYS = (
    ("everybody", ("квакш", "КВАКШИН")),
    ("namesakes", ("Квакшина", "квакшина", "rdfribyf")),
    (
        "maria",
        (
            "Квакшина 85",
            "85 квакшина",
            "Квакшина 1985",
            "квакшина мария",
            "Мария Квакшина",
            "Петровна Квакш",
            "мария петровна квакшина",
            "Ква Ма Пе",
            "12.03.1985 квакшина",
            "Квакшина 12.03.85",
            "квакшина 12031985",
            "8 985 404-22-33",
            "+79854042233",
            "9854042233",
            "8(985)4042233",
            "985 404 22 33",
            "404-22-33",
            "квакшина 2233",
            "22-33 квакшина",
            "квакшина 8 985 404",
            "QX-007",
            "qx-007",
            "квакшина qx-007",
            "Квакшина Мария 12 марта 1985",
            "квакшина 85 2233",
        ),
    ),
    (
        "alena",
        (
            "алена квакшина",
            "Алёна Квакшина",
            "квакшина семеновна",
            "654321",
            "25-14-33 квакшина",
            "(3952) 25-14-33",
            "квакшина 91",
        ),
    ),
    ("double", ("перо", "Перо-Квакшин", "пётр квакшин перо")),
    (
        "nobody",
        ("Квакшина 86", "квакшина 9999", "", "   ", "***", "Незнакомцева", "%", "_", "'", "\\"),
    ),
)


@tagged("post_install", "-at_install")
class TestPatientSearch(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.clinic_city_code = "3952"
        cls._make_role_users("registrar")
        cls.Partner = cls.env["res.partner"]
        cls.foreign_company = cls.env["res.company"].create({"name": "Other legal entity"})
        cls.maria = cls._make_patient(
            family_name="Квакшина",
            given_name="Мария",
            patronymic="Петровна",
            birth_date="1985-03-12",
            phone="8 985 404-22-33",
            patient_number="QX-007",
        )
        cls.alena = cls._make_patient(
            family_name="Квакшина",
            given_name="Алёна",
            patronymic="Семёновна",
            birth_date="1991-07-01",
            phone="25-14-33",
            patient_number="654321",
        )
        cls.double = cls._make_patient(
            family_name="Перо-Квакшин", given_name="Пётр", patronymic=False, birth_date=False, sex="male"
        )
        cls.contact = cls.Partner.create({"name": "Квакшина Контакт", "phone": "+79854042233"})
        cls.everybody = cls.maria | cls.alena | cls.double

    def _found(self, text, **kw):
        rows = self.Partner.with_user(self.env.user).clinic_search_patients(text, **kw)
        return self.Partner.browse(row["id"] for row in rows) & self.everybody

    @users("t_registrar")
    def test_every_way_of_asking(self):
        cards = {
            "everybody": self.everybody,
            "namesakes": self.maria | self.alena,
            "maria": self.maria,
            "alena": self.alena,
            "double": self.double,
            "nobody": self.Partner,
        }
        for whom, texts in WAYS:
            for text in texts:
                with self.subTest(text=text):
                    self.assertEqual(self._found(text), cards[whom])

    @users("t_registrar")
    def test_last_four_digits_alone(self):
        self.assertEqual(self._found("2233"), self.maria)
        self.assertEqual(self._found("1433"), self.alena)
        self.assertEqual(self._found("12.03.1985"), self.maria)

    @users("t_registrar")
    def test_answer(self):
        row = self.Partner.with_user(self.env.user).clinic_search_patients("Квакшина Мария")[0]
        self.assertEqual(row["display_name"], "Квакшина Мария Петровна")
        self.assertEqual(row["birth_date"], "1985-03-12")
        self.assertEqual(row["phones"], ["+7 985 404-22-33"])
        self.assertEqual(row["patient_number"], "QX-007")
        self.assertFalse(row["is_provisional"] or row["is_child"])

    @users("t_registrar")
    def test_surnames_that_begin_so_come_first(self):
        rows = self.Partner.with_user(self.env.user).clinic_search_patients("квакш")
        self.assertEqual(rows[-1]["id"], self.double.id)
        self.assertEqual(
            len(self.Partner.with_user(self.env.user).clinic_search_patients("квакш", limit=1)), 1
        )

    @users("t_registrar")
    @warmup
    def test_number_of_queries(self):
        self.env.user.has_group("clinic_base.group_clinic_booking")
        with self.assertQueryCount(5):
            self.Partner.with_user(self.env.user).clinic_search_patients("Квакшина 85 2233")

    def test_every_way_of_asking_has_its_index(self):
        """The plan of each question walks an index; PostgreSQL is told to read no whole table."""
        self.env.flush_all()
        self.env.cr.execute(
            """INSERT INTO clinic_phone (partner_id, raw, e164, last4, owner, active)
               SELECT %s, 'x', '+7900' || n, right(n::text, 4), 'self', true
                 FROM generate_series(1000000, 1004000) n""",
            [self.double.id],
        )
        self.env.cr.execute(
            """INSERT INTO res_partner (name, complete_name, type, active, is_patient, birth_date)
               SELECT 'x' || n, 'x' || n, 'contact', true, true, date '1930-01-01' + n
                 FROM generate_series(1, 4000) n"""
        )
        self.env.cr.execute("ANALYZE clinic_phone, res_partner")
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        # with few rows any small index would do for the planner
        self.env.cr.execute("SET LOCAL enable_indexscan = off")
        for text, index in (
            ("квакш", "res_partner_clinic_search_gin"),
            ("ква ма", "res_partner_clinic_search_gin"),
            ("404 22 33", "clinic_phone_e164_gin"),
            ("8 985 404 22 33", "clinic_phone_e164_idx"),
            ("2233", "clinic_phone_last4_idx"),
            ("12.03.1985", "res_partner_patient_birth_date_idx"),
            ("654321", "res_partner__patient_number_index"),
        ):
            query = self.Partner._search(self.Partner._clinic_search_domain(text))
            query.order = self.Partner._clinic_search_order(text)
            sql = query.select()
            self.env.cr.execute("EXPLAIN " + sql.code, sql.params)
            plan = "\n".join(row[0] for row in self.env.cr.fetchall())
            with self.subTest(text=text):
                self.assertIn(index, plan)

    @users("t_registrar")
    def test_archived_and_foreign_cards_are_not_found(self):
        self.alena.sudo().active = False
        self.double.sudo().company_id = self.foreign_company
        self.assertEqual(self._found("квакш"), self.maria)

    @users("t_registrar")
    def test_name_search_and_the_search_view(self):
        Partner = self.Partner.with_user(self.env.user)
        domain = [("is_patient", "=", True)]
        self.assertEqual([row[0] for row in Partner.name_search("квакшина 85", domain)], [self.maria.id])
        self.assertEqual([row[0] for row in Partner.name_search("8985 404 22 33", domain)], [self.maria.id])
        contacts = [row[0] for row in Partner.name_search("квакшина")]
        self.assertIn(self.contact.id, contacts)
        self.assertIn(self.alena.id, contacts)
        self.assertIn(self.maria.id, [row[0] for row in Partner.name_search("квакшина 85")])
        self.assertEqual(Partner.search([("clinic_patient_query", "ilike", "мария квакш")]), self.maria)
        found = Partner.search([("clinic_patient_query", "not ilike", "квакш")])
        self.assertFalse(found & self.everybody)

    @users("t_registrar")
    def test_similar_cards(self):
        Partner = self.Partner.with_user(self.env.user)
        by_phone = Partner.clinic_find_similar({"family_name": "Другая", "phone": "8 985 404 22 33"})
        self.assertEqual([(row["id"], row["why"]) for row in by_phone], [(self.maria.id, ["phone"])])
        self.assertTrue(by_phone[0]["family"])
        same = Partner.clinic_find_similar({"name": "квакшина алена", "birth_date": "01.07.91"})
        self.assertEqual([(row["id"], row["why"]) for row in same], [(self.alena.id, ["name_birth_date"])])
        self.assertFalse(Partner.clinic_find_similar({"family_name": "Квакшина", "given_name": "Мария"}))
        self.assertFalse(Partner.clinic_find_similar({}))

    @users("t_registrar")
    def test_quick_creation(self):
        Partner = self.Partner.with_user(self.env.user)
        row = Partner.clinic_quick_create_patient({"family_name": "быстрова", "phone": "8 986 404 65 43"})
        card = self.Partner.browse(row["id"])
        self.assertEqual((card.name, card.is_provisional), ("Быстрова", True))
        self.assertEqual(card.clinic_phone_ids.e164, "+79864046543")
        row = Partner.clinic_quick_create_patient({"text": "Быстров Пётр Ильич 12.03.85 8 986 404-65-43"})
        card = self.Partner.browse(row["id"])
        self.assertEqual((card.name, card.sex, card.is_provisional), ("Быстров Пётр Ильич", "male", False))
        self.assertEqual(row["birth_date"], "1985-03-12")
        parsed = Partner.clinic_parse_patient_text("быстрова анна 01.02.2020 25-14-33")
        self.assertEqual(
            (parsed["family_name"], parsed["birth_date"], parsed["phone"], parsed["sex"]),
            ("Быстрова", "2020-02-01", "+7 3952 25-14-33", "female"),
        )

    @users("t_registrar")
    def test_quick_creation_refuses_bad_input(self):
        Partner = self.Partner.with_user(self.env.user)
        good = {"family_name": "Быстрова", "phone": "8 986 404 65 43"}
        before = Partner.search_count([])
        for bad in (
            {"family_name": ""},
            {"family_name": "Б" * 10_000},
            {"phone": ""},
            {"phone": "8 986 404 65"},
            {"phone": "9" * 10_000},
            {"phone": "8 999 999-99-99"},
            {"birth_date": "31.02.1985"},
            {"birth_date": "31 февраля 1985"},
            {"birth_date": "01.01.2200"},
            {"text": "Б" * 10_000},
            {"text": "Быстрова 31.02.1985 8 986 404 65 43", "family_name": ""},
        ):
            with self.subTest(bad=list(bad)), self.assertRaises(UserError) as caught:
                Partner.clinic_quick_create_patient({**good, **bad})
            self.assertLess(len(str(caught.exception)), 300)
        self.assertEqual(Partner.search_count([]), before)
