# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Any chain of joins and undos of patients' cards, with every addon of the suite installed."""

import os

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.clinic_base.tests.test_merge import MergeCase
from odoo.addons.clinic_schedule.tests.common import ScheduleBuilders

CARDS = 4
EXAMPLES = 60 if os.environ.get("CLINIC_TEST_ALL") else 12
#: who stays, who is joined, whether the values of the second card stay
joins = st.lists(
    st.tuples(st.integers(0, CARDS - 1), st.integers(0, CARDS - 1), st.booleans()), min_size=1, max_size=5
)


@tagged("post_install", "-at_install")
class TestMergeChains(ScheduleBuilders, MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_shift()
        cls.cards = [cls.survivor, cls.loser]
        cls.cards += [
            cls._make_patient(
                family_name=f"Иванова{n}",
                birth_date=f"198{n}-01-01",
                phone="+79140000001",
                email=f"{n}@example.com",
            )
            for n in range(CARDS - 2)
        ]
        for number, card in enumerate(cls.cards):
            cls._book(540 + 45 * number, patient=card)
            cls._make_document(f"25 04 12345{number}", patient=card)
            cls.env["clinic.consent"]._grant(card, "marketing", way="paper")
            cls.env["clinic.phone"].create({"partner_id": card.id, "raw": f"+7914000100{number}"})
        cls.env["clinic.relation"].create(
            {"patient_id": cls.cards[0].id, "actor_id": cls.cards[1].id, "kind": "other"}
        )
        cls.env.flush_all()

    def test_undoing_a_chain_backwards_leaves_no_trace(self):
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            # an example is a walk through the database: shrinking would take minutes
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(joins)
        def check(chain):
            with self.env.cr.savepoint() as savepoint:
                self._walk(chain)
                savepoint.rollback()
            self.env.invalidate_all()

        check()

    def _walk(self, chain):
        before, done = self._dump(), []
        for first, second, other in chain:
            merge = self._join(self.cards[first], self.cards[second], "loser" if other else "survivor")
            if merge:
                done.append(merge)
        self._check_invariants(done)
        for merge in reversed(done):
            merge._undo()
            self.assertEqual((merge.state, merge.conflict_count), ("undone", 0), merge.conflicts)
        self.assertSameDump(before, self._dump())

    def _join(self, survivor, loser, take):
        """The join, or None where the rules forbid it."""
        self.env.invalidate_all()
        try:
            with self.env.cr.savepoint():
                merge = self._propose(survivor, loser, take) if survivor != loser else None
                if merge:
                    merge._merge()
                return merge
        except UserError:
            return None

    def _check_invariants(self, done):
        """Nothing points to a joined card; the cards that stay have all phones; numbers still open."""
        self.env.invalidate_all()
        for merge in done:
            self.assertFalse(merge.loser_id.active)
            left = {link.table for link in merge._links() if merge._keys_of(link)} - {"mail_message"}
            self.assertFalse(left)
        for card in self.cards:
            for document in card.clinic_document_ids:
                self.assertIn("25 04", document._number_plain())
        visits = self.env["clinic.appointment"].search(
            [("patient_id", "in", [card.id for card in self.cards])]
        )
        self.assertEqual(len(visits), CARDS)
        for visit in visits:
            claims = visit.claim_ids.filtered(lambda claim: claim.kind == "patient")
            self.assertEqual(set(claims.mapped("ref")), {visit.patient_id.id})

    def test_undo_in_the_middle_keeps_the_rest(self):
        first = self._join(self.cards[0], self.cards[1], "survivor")
        second = self._join(self.cards[2], self.cards[3], "loser")
        first._undo()
        self._check_invariants([second])
        self.assertTrue(self.cards[1].active)
        self.assertEqual(second.loser_id.merged_into_id, self.cards[2])
