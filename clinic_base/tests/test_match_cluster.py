# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .test_match import MatchCase


class ClusterCase(MatchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.third = cls._patient("Кавалёва", "Анна", "Сергеевна", "1985-03-12", phone="+79140010101")

    def _group(self, *cards):
        """The open group that these cards make after the matcher's work."""
        self._work()
        clusters = self.env["clinic.match.cluster"].search([("state", "=", "open")])
        wanted = self.env["res.partner"].union(*(cards or (self.anna, self.again, self.third)))
        found = clusters.filtered(lambda cluster: cluster.member_ids.partner_id == wanted)
        self.assertEqual(len(found), 1, "the cards stand in one group")
        return found


@tagged("post_install", "-at_install")
class TestMatchCluster(ClusterCase):
    def test_three_cards_of_one_woman_are_one_group(self):
        cluster = self._group()
        self.assertEqual((cluster.size, cluster.zone, len(cluster.pair_ids)), (3, "auto", 3))
        self.assertEqual(cluster.weight, max(cluster.pair_ids.mapped("weight")))
        self.assertIn("Кавалёва", cluster.display_name)

    def test_groups_do_not_depend_on_the_order_and_on_repetition(self):
        ids = self.env["res.partner"].search([("is_patient", "=", True)]).ids
        self.env["clinic.match.key"]._work(ids)
        clusters = self.env["clinic.match.cluster"]
        first = {(c.key, c.weight, c.zone) for c in clusters.search([("state", "=", "open")])}
        for batch in (ids[::-1][:3], ids, ids[:2]):
            self.env["clinic.match.key"]._work(batch)
        self.assertEqual(
            first, {(c.key, c.weight, c.zone) for c in clusters.search([("state", "=", "open")])}
        )

    def test_the_bits_shown_add_up_to_the_weight(self):
        for pair in self._group().pair_ids:
            self.assertTrue(pair.steps)
            self.assertAlmostEqual(sum(step[3] for step in pair.steps), pair.weight, delta=0.01)
            self.assertAlmostEqual(pair.steps[-1][4], pair.weight, delta=0.01)

    def test_the_desk_proposes_and_the_administrator_joins(self):
        cluster = self._group()
        takes = {"family_name": self.again.id}
        with self.assertRaises(AccessError):
            cluster.with_user(self.registrar).action_join()
        cluster.with_user(self.registrar).plan = {"survivor": self.third.id, "takes": takes}
        cluster.with_user(self.registrar).action_propose()
        self.assertEqual(cluster.state, "proposed")
        self.assertEqual(cluster.proposed_by_id, self.registrar)
        self.assertEqual(len(cluster.merge_ids), 2)
        self.anna._clinic_match_later()
        self._work()
        self.assertEqual(len(cluster.pair_ids), 3, "who decides sees why the cards look alike")
        clusters = self.env["clinic.match.cluster"].search([("state", "=", "open")])
        self.assertFalse(clusters.member_ids.partner_id & self.anna, "a proposed group is not open again")
        cluster.invalidate_recordset()
        cluster.with_user(self.chief).action_join()
        self.assertEqual((cluster.state, cluster.decided_by_id), ("done", self.chief))
        self.assertEqual(cluster.merge_ids.mapped("state"), ["done", "done"])
        self.assertEqual((self.anna | self.again).merged_into_id, self.third)
        self.assertEqual(self.third.family_name, "Ковалева")
        self.assertEqual(
            set(self.third.clinic_former_name_ids.mapped("family_name")), {"Кавалёва", "Ковалёва"}
        )
        cluster.with_user(self.chief).action_undo()
        self.assertEqual(cluster.state, "undone")
        self.assertTrue(all(card.active for card in (self.anna, self.again, self.third)))
        self.assertEqual(self.third.family_name, "Кавалёва")

    def test_a_required_choice_is_asked(self):
        cluster = self._group()
        with self.assertRaisesRegex(UserError, "Choose which value stays"):
            cluster.with_user(self.chief).action_join()

    def test_a_card_may_be_left_out(self):
        cluster = self._group()
        cluster.plan = {"out": [self.third.id], "takes": {"family_name": self.anna.id}}
        cluster.with_user(self.chief).action_join()
        self.assertEqual(self.again.merged_into_id, self.anna)
        self.assertTrue(self.third.active)
        self._group(self.anna, self.third)
        cluster.plan = {"out": [self.third.id, self.again.id]}
        with self.assertRaises(UserError):
            cluster._plan()

    def test_different_people_never_meet_in_a_group_again(self):
        cluster = self._group()
        cluster.plan = {"out": [self.third.id]}
        cluster.with_user(self.registrar).with_context(clinic_reason="namesakes").action_distinct()
        self.assertEqual(cluster.state, "distinct")
        self._work()
        members = [
            set(each.member_ids.partner_id.ids)
            for each in self.env["clinic.match.cluster"].search([("state", "=", "open")])
        ]
        self.assertFalse(any({self.anna.id, self.again.id} <= group for group in members))
        self.assertTrue(any(self.third.id in group for group in members))
        mark = self.env["clinic.patient.distinct"].search([("first_id", "=", self.anna.id)])
        self.assertEqual(mark.reason, "namesakes")

    def test_a_stale_screen_is_refused(self):
        cluster = self._group()
        seen = cluster.version
        self.env.cr.execute(
            "UPDATE res_partner SET write_date = write_date + interval '1 minute' WHERE id = %s",
            [self.again.id],
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "changed after"):
            cluster.with_user(self.chief).with_context(clinic_seen=seen).action_join()
        with self.assertRaisesRegex(UserError, "changed after"):
            cluster.with_user(self.registrar).with_context(clinic_seen=seen).action_propose()

    def test_people_write_choices_only(self):
        cluster = self._group()
        for values in ({"state": "done"}, {"weight": 1}, {"zone": "auto"}, {"decided_by_id": 1}):
            with self.assertRaises(UserError):
                cluster.with_user(self.registrar).write(values)
        with self.assertRaises(AccessError):
            cluster.with_user(self.registrar).unlink()
        cluster._decide("distinct")
        with self.assertRaises(UserError):
            cluster.with_user(self.registrar).plan = {}

    def test_a_plan_of_strange_cards_is_not_obeyed(self):
        cluster = self._group()
        stranger = self._make_patient()
        cluster.plan = {"survivor": stranger.id, "takes": {"family_name": stranger.id, "name": self.anna.id}}
        plan = cluster._plan()
        self.assertNotIn(stranger, plan["people"])
        self.assertNotIn("family_name", plan["takes"])
        self.assertNotIn("name", plan["takes"])

    def test_the_card_side_by_side(self):
        self._make_document("112-233-445 95", kind=self.snils, patient=self.anna)
        self.env["clinic.consent"]._grant(self.anna, "marketing", way="paper")
        cluster = self._group().with_user(self.registrar)
        shown = cluster.comparison
        rows = {row["name"]: row for row in shown["rows"]}
        self.assertTrue(rows["family_name"]["differs"] and rows["family_name"]["required"])
        self.assertFalse(rows["given_name"]["differs"])
        document = rows["clinic_document_ids"]["values"][str(self.anna.id)]
        self.assertNotIn("112-233-445", document, "numbers of documents are masked")
        self.assertEqual(len(shown["pairs"]), 3)
        self.assertIn(self.anna.given_name, [step["left"] for step in shown["pairs"][0]["steps"]])
        self.assertTrue(cluster.preview is not None)
        amounts = {count["label"]: count["values"] for count in shown["counts"]}
        self.assertEqual(amounts["Consents"][str(self.anna.id)], 1)

    def test_values_are_masked_for_who_may_not_see_them(self):
        cluster = self._group()
        joiner = self._make_user("t_joiner", "doctor")
        joiner.group_ids = [(6, 0, self.env.ref("clinic_base.group_clinic_merge").ids)]
        shown = cluster.with_user(joiner).comparison
        rows = {row["name"]: set(row["values"].values()) for row in shown["rows"]}
        self.assertEqual(rows["birth_date"], {"•••"})
        self.assertEqual(rows["clinic_phone_ids"], {"•••"})
        self.assertNotIn("+79140010101", repr(shown))

    def test_a_look_at_the_group_is_journalled(self):
        cluster = self._group()
        self.env.flush_all()
        self.env.cr.postcommit.clear()
        events = self.env["clinic.access.event"]
        last = events.search([], limit=1).id or 0
        cluster.with_user(self.registrar).web_read({"comparison": {}})
        self.env.cr.postcommit.run()
        read = events.search([("id", ">", last), ("action", "=", "read")])
        self.assertEqual(set(read.mapped("patient_ref")), {self.anna.id, self.again.id, self.third.id})

    def test_form_of_the_desk(self):
        cluster = self._group()
        with Form(cluster.with_user(self.registrar)) as form:
            form.reason = "паспорт"
        self.assertEqual(cluster.reason, "паспорт")

    def test_bulk(self):
        self._group()
        wizard = self.env["clinic.match.bulk"].with_user(self.chief).create({})
        self.assertIn(self.anna, wizard.cluster_ids.member_ids.partner_id)
        self.assertFalse(wizard.cluster_ids.filtered(lambda cluster: cluster.zone != "auto"))
        wizard.action_join()
        people = self.anna | self.again | self.third
        survivor = people.filtered("active")
        self.assertEqual(len(survivor), 1)
        self.assertEqual((people - survivor).merged_into_id, survivor)
        with self.assertRaises(AccessError):
            self.env["clinic.match.bulk"].with_user(self.registrar).create({})

    def test_cards_of_two_companies_are_no_group(self):
        other = self.env["res.company"].create({"name": "Вторая"})
        (self.anna | self.again).company_id = self.env.company
        self.third.company_id = other
        self._group(self.anna, self.again)


@tagged("post_install", "-at_install")
class TestMatchAuto(ClusterCase):
    def setUp(self):
        super().setUp()
        self.env["res.company"].search([]).clinic_match_auto = True

    def _night(self):
        clusters = self.env["clinic.match.cluster"]
        found = clusters.search(clusters._auto_domain())
        joined = found.filtered(lambda cluster: cluster._join_obvious("auto"))
        joined._tell_digest()
        return joined

    def test_off_by_default(self):
        self.assertFalse(self.env["res.company"].create({"name": "Новая"}).clinic_match_auto)
        clusters = self.env["clinic.match.cluster"]
        self._group()
        self.assertFalse(clusters.search(clusters._auto_domain()), "the new company has not agreed")

    def test_the_night_joins_and_tells_in_the_morning(self):
        cluster = self._group()
        self.assertIn(cluster, self._night())
        self.assertEqual(cluster.merge_ids.mapped("kind"), ["auto", "auto"])
        activity = self.env["mail.activity"].search(
            [("user_id", "=", self.chief.id), ("res_id", "=", self.env.company.partner_id.id)]
        )
        self.assertEqual(len(activity), 1)
        self.assertNotIn("Ковал", f"{activity.summary}{activity.note}")
        self.assertFalse(self.env["mail.activity"].search([("user_id", "=", self.registrar.id)]))
        for merge in cluster.merge_ids.sorted("id", reverse=True):
            merge.with_user(self.chief).action_undo()
        self.assertEqual(cluster.state, "undone")
        self._work()
        self.assertNotIn(
            cluster.key, self.env["clinic.match.cluster"].search([("state", "=", "open")]).mapped("key")
        )

    def test_a_changed_card_waits_for_the_matcher(self):
        cluster = self._group()
        self.third.street = "ул. Новая, 1"
        self.env.flush_all()
        self.assertNotIn(cluster, self._night())
        self.assertTrue(cluster.hold_reason)
        self.assertEqual(cluster.state, "open")

    def test_what_stands_in_the_way_is_left_to_a_person(self):
        cluster = self._group()
        for number, card in enumerate(self.anna | self.again):
            self.env["res.users"].with_context(no_reset_password=True).create(
                {
                    "login": f"t{number}@example.com",
                    "partner_id": card.id,
                    "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
                }
            )
        waiting = self.env["clinic.match.waiting"]
        waiting._drop(waiting._take(None))
        self.assertNotIn(cluster, self._night())
        self.assertIn("account on the site", cluster.hold_reason)
        self.assertTrue(self.anna.active and self.again.active)
        self.assertNotIn(cluster, self._night(), "it is not tried every night")
