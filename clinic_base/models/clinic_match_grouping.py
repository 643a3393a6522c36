# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, models
from odoo.tools import SQL

from ..person_match import Apart, grouped


class ClinicMatchCluster(models.Model):
    """Groups out of pairs: renewed for the cards whose pairs were renewed, and for all they touch."""

    _inherit = "clinic.match.cluster"

    @api.model
    def _regroup(self, ids):
        """Bring the open groups of these cards in line with the pairs of the queue.

        Two cards marked as different people, or of two companies, never stand in one group.

        :param ids: patients whose pairs are up to date
        """
        self.env.flush_all()
        reached = self._reach(ids)
        edges, score = self._edges(reached)
        groups, auto = grouped(edges, score)
        obvious = {tuple(group) for group in auto}
        wanted = {}
        for group in groups:
            inside = [
                edges[pair]
                for pair in ((a, b) for at, a in enumerate(group) for b in group[at + 1 :])
                if pair in edges
            ]
            zone = "auto" if tuple(group) in obvious else "review"
            wanted[",".join(map(str, group))] = (group, max(match.weight for match in inside), zone)
        self._keep_groups(reached, wanted)

    @api.model
    def _drop_thin(self):
        """Drop open groups that deleted or erased cards have left with fewer than two."""
        thin = self.env.execute_query(
            SQL(
                "SELECT c.id FROM clinic_match_cluster c WHERE c.state = 'open' AND"
                " (SELECT count(*) FROM clinic_match_member m WHERE m.cluster_id = c.id) < 2"
            )
        )
        self.browse(cluster_id for (cluster_id,) in thin).unlink()

    @api.model
    def _reach(self, ids):
        """Every card that a chain of pairs or of open groups leads to from ``ids``."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE reach(id) AS (
                    SELECT unnest(%s::int[])
                     UNION
                    SELECT n.id
                      FROM reach r
                     CROSS JOIN LATERAL (
                           SELECT second_id AS id FROM clinic_match_pair WHERE first_id = r.id
                            UNION ALL
                           SELECT first_id FROM clinic_match_pair WHERE second_id = r.id
                            UNION ALL
                           SELECT other.partner_id
                             FROM clinic_match_member own
                             JOIN clinic_match_cluster c ON c.id = own.cluster_id AND c.state = 'open'
                             JOIN clinic_match_member other ON other.cluster_id = c.id
                            WHERE own.partner_id = r.id) n)
                SELECT id FROM reach
                """,
                sorted(ids),
            )
        )
        return sorted(card_id for (card_id,) in rows)

    @api.model
    def _edges(self, ids):
        """``({(first, second): Match}, function of any other pair)`` of cards that are loaded for it."""
        match = self.env["clinic.match"]
        cards = match._cards(ids)
        scorer = match._scorer(cards.values())
        apart = self._apart(ids)

        def score(first, second):
            if (first, second) in apart or first not in cards or second not in cards:
                return Apart
            return scorer.score(cards[first], cards[second])

        rows = self.env.execute_query(
            SQL(
                "SELECT first_id, second_id FROM clinic_match_pair"
                " WHERE first_id = ANY(%(ids)s) AND second_id = ANY(%(ids)s)",
                ids=ids,
            )
        )
        pairs = [pair for pair in rows if pair not in apart and pair[0] in cards and pair[1] in cards]
        return {pair: score(*pair) for pair in pairs}, score

    @api.model
    def _apart(self, ids):
        """Pairs that a person has told apart or proposed to join, and pairs of two companies; the smaller
        id first."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT first_id, second_id FROM clinic_patient_distinct
                 WHERE first_id = ANY(%(ids)s) AND second_id = ANY(%(ids)s)
                 UNION ALL
                SELECT a.partner_id, b.partner_id
                  FROM clinic_match_member a
                  JOIN clinic_match_cluster c ON c.id = a.cluster_id AND c.state = 'proposed'
                  JOIN clinic_match_member b ON b.cluster_id = c.id AND b.partner_id > a.partner_id
                 WHERE a.partner_id = ANY(%(ids)s)
                 UNION ALL
                SELECT a.id, b.id FROM res_partner a JOIN res_partner b ON b.company_id <> a.company_id
                 WHERE a.id = ANY(%(ids)s) AND b.id = ANY(%(ids)s)
                """,
                ids=ids,
            )
        )
        return {tuple(sorted(row)) for row in rows}

    @api.model
    def _keep_groups(self, reached, wanted):
        """Make, renew and drop open groups; pairs learn which group they stand in.

        :param wanted: ``{key: (ids, weight, zone)}``
        """
        present = self.search([("state", "=", "open"), ("member_ids.partner_id", "in", reached)])
        known = {cluster.key: cluster for cluster in present}
        present.filtered(lambda cluster: cluster.key not in wanted).unlink()
        new = []
        for key, (group, weight, zone) in sorted(wanted.items()):
            values = {"weight": weight, "zone": zone}
            if key in known:
                if (known[key].zone, round(known[key].weight, 2)) != (zone, round(weight, 2)):
                    known[key].write(values)
                continue
            cards = self.env["res.partner"].browse(group)
            members = [Command.create({"partner_id": card_id}) for card_id in group]
            new.append({**values, "key": key, "size": len(group), "member_ids": members})
            new[-1]["company_id"] = cards.company_id[:1].id
        self.create(new)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE clinic_match_pair p SET cluster_id = g.id
                  FROM clinic_match_pair q
                  LEFT JOIN LATERAL (
                       SELECT c.id FROM clinic_match_cluster c
                         JOIN clinic_match_member a ON a.cluster_id = c.id AND a.partner_id = q.first_id
                         JOIN clinic_match_member b ON b.cluster_id = c.id AND b.partner_id = q.second_id
                        WHERE c.state IN ('open', 'proposed') ORDER BY c.state LIMIT 1) g ON TRUE
                 WHERE p.id = q.id AND q.first_id = ANY(%(ids)s) AND p.cluster_id IS DISTINCT FROM g.id
                """,
                ids=reached,
            )
        )
        self.env["clinic.match.pair"].invalidate_model(["cluster_id"], flush=False)
        self.invalidate_model(["pair_ids"], flush=False)
