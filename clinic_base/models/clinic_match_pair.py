# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo import api, fields, models
from odoo.tools import SQL

from ..person_match import IGNORE, brief, explain, hashed_keys


class ClinicMatchPair(models.Model):
    """Two cards that may be one person, as the matcher sees them; the queue of the desk.

    Written by the matcher. A person proposes the join or marks different people; the pair leaves the
    queue by that, and is not proposed again.
    """

    _name = "clinic.match.pair"
    _description = "Cards that look alike"
    _order = "weight desc, id"
    _rec_name = "first_id"

    first_id = fields.Many2one(
        "res.partner", string="Card", required=True, ondelete="cascade", index=True, readonly=True
    )
    second_id = fields.Many2one(
        "res.partner", string="Looks like", required=True, ondelete="cascade", index=True, readonly=True
    )
    weight = fields.Float(digits=(8, 2), readonly=True, help="Bits of evidence; 0 is an even chance.")
    probability = fields.Float(compute="_compute_probability", string="Likely")
    zone = fields.Selection(
        [("auto", "Nearly certain"), ("review", "To be looked at")], required=True, readonly=True
    )
    why = fields.Char(readonly=True)
    explanation = fields.Text(readonly=True)
    steps = fields.Json(readonly=True, help="The explanation as rows: code, title, level, bits, sum.")
    cluster_id = fields.Many2one(
        "clinic.match.cluster", string="Group", readonly=True, ondelete="set null", index=True
    )

    _one_per_pair = models.UniqueIndex("(first_id, second_id)", "This pair is already in the queue.")
    _ordered = models.Constraint("CHECK (first_id < second_id)", "The older card stands first.")

    @api.depends("weight")
    def _compute_probability(self):
        for pair in self:
            pair.probability = 1 / (1 + 2.0 ** -max(min(pair.weight, 60.0), -60.0))

    @api.depends("first_id.name", "second_id.name")
    def _compute_display_name(self):
        for pair in self:
            pair.display_name = f"{pair.first_id.name} – {pair.second_id.name}"

    def action_compare(self):
        """Open the proposal to join the two cards, with what the matcher saw."""
        self.ensure_one()
        action = (self.first_id | self.second_id).action_propose_merge()
        # the explanation is the program's; the proposal itself was made with the user's rights
        self.env["clinic.merge"].browse(action["res_id"]).sudo().explanation = self.explanation
        return action

    def action_twins(self):
        """Mark the cards as twins."""
        self._mark_distinct("twins")

    def action_namesakes(self):
        """Mark the cards as namesakes."""
        self._mark_distinct("namesakes")

    def action_relatives(self):
        """Mark the cards as relatives."""
        self._mark_distinct("relatives")

    def _mark_distinct(self, reason):
        self.check_access("write")
        for pair in self:
            self.env["clinic.patient.distinct"]._mark(pair.first_id, pair.second_id, reason)
        # the queue belongs to the matcher; the right to decide was checked by the mark
        self.sudo().unlink()

    @api.model
    def _sentence(self, result):
        """One sentence about a pair, without values of the cards."""
        return brief(result)

    @api.model
    def _renew(self, ids):
        """Score these cards against their candidates and bring the queue in line.

        :param ids: patients whose keys are up to date
        """
        match = self.env["clinic.match"]
        secret, own = match._secret(), match._cards(ids)
        candidates = match._candidates_of(
            {card_id: hashed_keys(card, secret) for card_id, card in own.items()}
        )
        others = match._cards({other for found in candidates.values() for other in found} - own.keys())
        cards = {**others, **own}
        scorer = match._scorer(cards.values())
        rows = {}
        for card_id, found in candidates.items():
            for other_id in found:
                first, second = sorted((card_id, other_id))
                if other_id not in cards or (first, second) in rows:
                    continue
                result = scorer.score(cards[first], cards[second])
                if result.zone != IGNORE:
                    rows[first, second] = (result, explain(result, cards[first], cards[second], scorer))
        self._put(ids, rows)

    @api.model
    def _put(self, ids, rows):
        """Bring the pairs of ``ids`` in line with ``rows``; pairs that a person has decided stay out.

        Those of a proposed group stay in: who decides about it sees why the cards look alike.
        """
        self.flush_model()
        decided = self._decided(rows)
        values = [
            {
                "first_id": first,
                "second_id": second,
                "weight": round(result.weight, 2),
                "zone": result.zone,
                "why": brief(result),
                "explanation": _table(steps),
                "steps": _rounded(steps),
            }
            for (first, second), (result, steps) in sorted(rows.items())
            if (first, second) not in decided
        ]
        self.env.cr.execute(
            SQL(
                """
                WITH wanted AS (
                    SELECT * FROM jsonb_to_recordset(%(values)s::jsonb) AS r(
                           first_id int, second_id int, weight numeric, zone text, why text,
                           explanation text, steps jsonb)),
                     gone AS (
                    DELETE FROM clinic_match_pair p
                     WHERE (first_id = ANY(%(ids)s) OR second_id = ANY(%(ids)s))
                       AND NOT EXISTS (SELECT FROM wanted w
                                        WHERE w.first_id = p.first_id AND w.second_id = p.second_id))
                INSERT INTO clinic_match_pair AS p (
                       first_id, second_id, weight, zone, why, explanation, steps,
                       create_uid, write_uid, create_date, write_date)
                SELECT w.*, %(user)s, %(user)s, %(now)s, %(now)s FROM wanted w ORDER BY 1, 2
                    ON CONFLICT (first_id, second_id) DO UPDATE
                   SET weight = EXCLUDED.weight, zone = EXCLUDED.zone, why = EXCLUDED.why,
                       explanation = EXCLUDED.explanation, steps = EXCLUDED.steps,
                       write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date
                 WHERE (p.weight, p.zone, p.explanation)
                       IS DISTINCT FROM (EXCLUDED.weight, EXCLUDED.zone, EXCLUDED.explanation)
                """,
                values=json.dumps(values),
                ids=list(ids),
                user=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _decided(self, pairs):
        """Pairs marked as different people, or with a join under way."""
        ids = list({card for pair in pairs for card in pair})
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT first_id, second_id FROM clinic_patient_distinct
                 WHERE first_id = ANY(%(ids)s) AND second_id = ANY(%(ids)s)
                 UNION ALL
                SELECT survivor_id, loser_id FROM clinic_merge
                 WHERE survivor_id = ANY(%(ids)s) AND loser_id = ANY(%(ids)s)
                   AND (state = 'done' OR state = 'proposed' AND cluster_id IS NULL)
                """,
                ids=ids,
            )
        )
        return {tuple(sorted(row)) for row in rows}


def _table(steps):
    """The explanation as lines of text: what, how it agrees, bits, sum. No values of the cards."""
    return "\n".join(f"{row.title}: {row.level} ({row.weight:+.1f}; {row.total:+.1f})" for row in steps)


def _rounded(steps):
    """The explanation as rows for the screen: the bits shown add up to the weight shown, to the digit."""
    rows, total = [], 0.0
    for row in steps:
        shown = round(row.total, 2)
        rows.append([row.code, row.title, row.level, round(shown - total, 2), shown])
        total = shown
    return rows
