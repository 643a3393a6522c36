# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..person_match import Model
from ..vault import new_key_line
from .test_merge import MergeCase


class MatchCase(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        waiting = cls.env["clinic.match.waiting"]
        waiting._drop(waiting._take(None))
        cls.anna = cls._patient("Ковалёва", "Анна", "Сергеевна", "1985-03-12", phone="+79140010101")
        cls.again = cls._patient("Ковалева", "Анна", "Сергеевна", "1985-03-12", phone="+79140010101")

    @classmethod
    def _patient(cls, family, given, patronymic, birth, **vals):
        return cls._make_patient(
            family_name=family,
            given_name=given,
            patronymic=patronymic,
            birth_date=birth,
            sex=vals.pop("sex", "female"),
            **vals,
        )

    def _work(self):
        self.env.flush_all()
        self.env["clinic.match.key"]._work(self.env["clinic.match.waiting"]._take(None))
        return self.env["clinic.match.pair"].search([])


@tagged("post_install", "-at_install")
class TestMatch(MatchCase):
    def _pairs(self):
        return {frozenset((pair.first_id, pair.second_id)) for pair in self._work()}

    def test_a_double_is_found_and_explained(self):
        self._work()
        pair = self.env["clinic.match.pair"].search([("first_id", "=", self.anna.id)])
        self.assertEqual(pair.second_id, self.again)
        self.assertGreater(pair.probability, 0.9)
        self.assertIn("дата рождения", pair.explanation)
        for value in ("Ковал", "Анна", "1985", "9140010101"):
            self.assertNotIn(
                value, pair.explanation + pair.why, "values of the cards are not in the explanation"
            )

    def test_twins_and_a_mother_are_nobody_s_double(self):
        one = self._patient("Орлова", "Милана", "Ивановна", "2018-06-05", phone="+79140020202")
        other = self._patient("Орлова", "Милена", "Ивановна", "2018-06-05", phone="+79140020202")
        mother = self._patient("Орлова", "Ирина", "Петровна", "1988-01-15", phone="+79140020202")
        self._work()
        certain = self.env["clinic.match.pair"].search([("zone", "=", "auto")])
        self.assertFalse((certain.first_id | certain.second_id) & (one | other | mother))

    def test_a_changed_card_leaves_the_queue(self):
        self.assertIn(frozenset((self.anna, self.again)), self._pairs())
        self.again.write(
            {
                "given_name": "Пётр",
                "family_name": "Зуев",
                "patronymic": "Ильич",
                "birth_date": "1950-01-01",
                "sex": "male",
            }
        )
        self.again.clinic_phone_ids.unlink()
        self.assertIn(self.again.id, self.env["clinic.match.waiting"]._take(None))
        self.assertNotIn(frozenset((self.anna, self.again)), self._pairs())

    def test_an_archived_card_has_no_keys(self):
        self._work()
        self.again.active = False
        self.assertFalse(self._pairs() & {frozenset((self.anna, self.again))})
        self.assertFalse(self.env["clinic.match.key"].search([("partner_id", "=", self.again.id)]))

    def test_marked_pairs_are_not_proposed_again(self):
        pair = self._work().filtered(lambda pair: pair.first_id == self.anna)
        pair.with_user(self.registrar).action_namesakes()
        self.assertFalse(pair.exists())
        self.anna._clinic_match_later()
        self.assertNotIn(frozenset((self.anna, self.again)), self._pairs())

    def test_compare_leads_to_the_proposal_with_the_explanation(self):
        pair = self._work().filtered(lambda pair: pair.first_id == self.anna)
        action = pair.with_user(self.registrar).action_compare()
        merge = self.env["clinic.merge"].browse(action["res_id"])
        self.assertEqual({merge.survivor_id, merge.loser_id}, {self.anna, self.again})
        self.assertEqual(merge.explanation, pair.explanation)

    def test_documents_are_evidence(self):
        one = self._patient("Лыткина", "Вера", "Павловна", "1970-05-01")
        other = self._patient("Сомова", "Вера", "Павловна", "1970-05-01")
        self.assertFalse(self.env["clinic.match"]._documents([one.id, other.id]))
        for card in (one, other):
            self._make_document("112-233-445 95", kind=self.snils, patient=card)
        self.assertIn(frozenset((one, other)), self._pairs())

    def test_keys_tell_nothing_without_the_secret(self):
        self._work()
        self.env.cr.execute("SELECT kind, hash FROM clinic_match_key WHERE partner_id = %s", [self.anna.id])
        rows = self.env.cr.fetchall()
        self.assertTrue(rows)
        for user in (self.registrar, self.chief, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                self.env["clinic.match.key"].with_user(user).search([])

    def test_a_new_secret_makes_all_cards_wait(self):
        keys = self.env["clinic.match.key"]
        keys._start_generation()
        self._work()
        keys._start_generation()
        self.assertFalse(self.env["clinic.match.waiting"]._count())
        self._write_keys(self.first_key, new_key_line(2))
        keys._start_generation()
        self.assertIn(self.anna.id, self.env["clinic.match.waiting"]._take(None))

    def test_a_phone_that_becomes_a_crowd_s_changes_pairs_of_cards_that_nobody_touched(self):
        phone = "+79140030303"
        one = self._patient("Белова", "Вера", "Ильинична", False, phone=phone)
        other = self._patient("Белова", "Вера", "Ильинична", False, phone=phone)
        names = [("Краснов", "Олег"), ("Зеленин", "Пётр"), ("Синева", "Анна"), ("Чернова", "Раиса")]
        crowd = [
            self._make_patient(family_name=f"{family}{end}", given_name=given, phone=phone)
            for family, given in names
            for end in ("", "ский", "енко")
        ]

        def weight():
            waiting = self.env["clinic.match.waiting"]
            for _turn in range(3):
                self._work()
            self.assertFalse(waiting._count())
            pair = self.env["clinic.match.pair"].search(
                [("first_id", "=", one.id), ("second_id", "=", other.id)]
            )
            return pair.weight

        before = weight()
        crowd += [self._make_patient(family_name=f"Новый{end}", phone=phone) for end in ("", "ко")]
        crowded = weight()
        self.assertLess(crowded, before)
        # whoever is looked at alone and anew sees the same
        self.env["clinic.match.waiting"]._put((one | other).ids)
        self.assertEqual(weight(), crowded)
        for card in crowd[-2:]:
            card.clinic_phone_ids.unlink()
        self.assertEqual(weight(), before)

    def test_a_block_over_its_cap_lets_its_other_cards_wait(self):
        keys, waiting = self.env["clinic.match.key"], self.env["clinic.match.waiting"]
        cards = [self._patient("Редкина", "Раиса", "", False).id for _turn in range(10)]
        self._work()
        self.assertFalse(waiting._count())
        one_more = self._patient("Редкина", "Раиса", "", False)
        self.env.flush_all()
        self.assertIn(one_more.id, waiting._take(None))
        keys._work(one_more.ids)
        self.assertEqual(waiting._take(None), sorted(cards))
        self._work()
        keys._work(one_more.ids)
        self.assertFalse(waiting._take(None), "nothing has changed")
        one_more.active = False
        self.env.flush_all()
        keys._work([*waiting._take(None)])
        self.assertEqual(waiting._take(None), sorted(cards))

    def test_cards_wait_from_the_end_of_the_transaction(self):
        """Their rows are locked last and once, whatever was saved before in whatever order."""
        self._work()
        with self.assertRaises(ValueError), self.env.cr.savepoint():
            self._patient("Лишняя", "Анна", "", False)
            raise ValueError("taken back")
        triggers = self.env["ir.cron.trigger"].search_count([])

        def rows():
            return self.env.execute_query(SQL("SELECT partner_id FROM clinic_match_waiting ORDER BY 1"))

        self.anna.family_name = "Зуева"
        self.again.birth_date = "1985-03-09"
        self.anna.phone = "+79141112299"
        self.env.flush_all()
        self.assertEqual(rows(), [])
        self.env.cr.flush()
        self.assertEqual(rows(), [(card.id,) for card in (self.anna | self.again).sorted("id")])
        self.assertEqual(self.env["ir.cron.trigger"].search_count([]), triggers + 1)

    def test_live_check_while_typing(self):
        self._work()
        patients = self.env["res.partner"].with_user(self.registrar)
        typed = {"family_name": "ковалева", "given_name": "анна", "birth_date": "12.03.1985"}
        rows = patients.clinic_find_similar(typed)
        self.assertEqual({row["id"] for row in rows[:2]}, {self.anna.id, self.again.id})
        self.assertGreater(rows[0]["likely"], 0.5)
        self.assertTrue(rows[0]["because"])
        # a slip of the keyboard does not hide the card
        rows = patients.clinic_find_similar(
            {
                "family_name": "Ковалкова",
                "given_name": "Анна",
                "patronymic": "Сергеевна",
                "birth_date": "12.03.1985",
                "phone": "8 914 001 01 01",
            }
        )
        self.assertIn(self.anna.id, [row["id"] for row in rows])
        self.assertFalse(patients.clinic_find_similar({"family_name": "Никого", "given_name": "Нет"}))

    def test_live_check_reads_a_fixed_number_of_times(self):
        self._work()
        patients = self.env["res.partner"].with_user(self.registrar)
        typed = {
            "family_name": "Ковалева",
            "given_name": "Анна",
            "birth_date": "12.03.1985",
            "phone": "89140010101",
        }
        for _turn in range(2):
            patients.clinic_find_similar(typed)
            self.env.invalidate_all()
        # phones and namesakes, fingerprints of keys, candidates, their cards, phones, former names, crowds,
        # weights, whom the user may see, and what is shown of them
        with self.assertQueryCount(13):
            rows = patients.clinic_find_similar(typed)
        self.assertTrue(rows)
        # nothing to look for yet
        self.env.invalidate_all()
        with self.assertQueryCount(2):
            self.assertFalse(patients.clinic_find_similar({"family_name": "Ков"}))

    def test_likely_cards_come_first_and_no_more_than_asked_for(self):
        self._work()
        patients = self.env["res.partner"].with_user(self.registrar)
        relatives = [
            self._make_patient(family_name="Ковалёв", given_name=name, phone="8 914 001 01 01").id
            for name in ("Пётр", "Павел", "Олег", "Глеб")
        ]
        typed = {"family_name": "Ковалева", "given_name": "Анна", "birth_date": "12.03.1985"}
        typed["phone"] = "8 914 001 01 01"
        rows = patients.clinic_find_similar(typed, 3)
        self.assertEqual(len(rows), 3)
        self.assertIn(rows[0]["id"], (self.anna | self.again).ids)
        self.assertEqual(rows, sorted(rows, key=lambda row: -row["likely"]))
        (relative,) = (row for row in rows if row["id"] in relatives)
        self.assertEqual((relative["why"], relative["because"]), (["phone"], ""))

    def test_pairs_of_many_cards_are_counted_at_once(self):
        self._work()
        cards = (self.anna | self.again | self._make_patient(family_name="Иная")).with_user(self.registrar)
        for _turn in range(2):
            cards.mapped("clinic_match_pair_count")
            self.env.invalidate_all()
        with self.assertQueryCount(3):
            counts = cards.mapped("clinic_match_pair_count")
        self.assertEqual(counts[0], 1)
        self.assertEqual(counts[2], 0)

    def test_weights_are_read_once(self):
        weights = self.env["clinic.match.model"]
        model = Model(count=4000, learnt=True, name_shift=-3.0)
        weights.sudo().create({"card_count": 4000, "weights": model.to_json()})
        self.assertEqual(weights._latest().name_shift, -3.0)
        self.assertIs(weights._latest(), weights._latest())
        weights.sudo().create({"card_count": 1, "weights": "{}"})
        self.assertEqual(weights._latest().count, 0)

    def test_weights_are_learnt_from_enough_cards_only(self):
        with self.assertRaisesRegex(UserError, "at least"):
            self.env["clinic.match.model"].with_user(self.chief).action_learn()
        with self.assertRaises(AccessError):
            self.env["clinic.match.model"].with_user(self.registrar).action_learn()

    def test_roles(self):
        for role in ("doctor", "operator", "marketer", "director", "external_caller"):
            user = self._make_user(f"t_{role}", role)
            for model in (
                "clinic.match.pair",
                "clinic.match.cluster",
                "clinic.match.member",
                "clinic.match.bulk",
            ):
                self.assertFalse(self.env[model].with_user(user).has_access("read"), (role, model))
