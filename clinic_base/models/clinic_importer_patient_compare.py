# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..person_match import AUTO, BLOCK_CAP, CAPS, IGNORE, brief, find_duplicates, hashed_keys
from .clinic_import import READY

#: So many rows are compared at once, in less than 300 MB; a longer file is compared in pieces.
PIECE = 80_000
BATCH = 1000
MATCH_BATCH = 500


class ClinicImporterPatient(models.AbstractModel):
    """Rows that are patients: compared with the cards of the base and with each other."""

    _inherit = "clinic.importer.patient"

    @api.model
    def _prepare_compare(self, load):
        # cards that have no keys yet would not be found
        ids = self.env["clinic.match.waiting"]._take(MATCH_BATCH)
        if ids:
            self.env["clinic.match.key"]._work(ids)
        return len(ids)

    @api.model
    def _compare(self, load):
        normaliser = self.env["clinic.match"]._normaliser()
        after = 0
        # a row that is found stays before `after`, so writing it down moves no later piece
        while piece := self._cards_of_rows(load, normaliser, after):
            after = max(piece)
            found = self._twins(piece)
            # a card of the base says more than a row of the file
            found |= self._known_cards(piece)
            del piece  # before the next one is read: memory holds one
            self._put_found(found)
            del found

    @api.model
    def _cards_of_rows(self, load, normaliser, after):
        """``{row id: Card}`` of the next piece of rows that are in order."""
        cards = {}
        while len(cards) < PIECE:
            items = load._take(SQL("r.state IN %s AND r.id > %s", tuple(READY), after), BATCH)
            if not items:
                break
            after = items[-1].row_id
            for item in items:
                record = {name: text for name, text in item.record.items() if name not in ("id", "source")}
                record["policy"] = record.get("policy") or record.get("oms", "")
                card = normaliser.card(record)
                card.id = str(item.row_id)
                if not card.is_empty:
                    cards[item.row_id] = card
        return cards

    @api.model
    def _twins(self, cards):
        """Rows that look like an earlier row of the file: ``{row: (zone, why, card, earlier row)}``."""
        if len(cards) < 2:
            return {}
        match = self.env["clinic.match"]
        today = match._today()
        result = find_duplicates(
            list(cards.values()),
            today.year * 10000 + today.month * 100 + today.day,
            # weights are the program's: whoever imports need not read them
            model=self.env["clinic.match.model"].sudo()._latest(),
        )
        auto_of = {number: index for index, group in enumerate(result.auto_clusters) for number in group}
        found = {}
        for (left, right), edge in result.edges.items():
            first, second = sorted((int(result.cards[left].id), int(result.cards[right].id)))
            sure = auto_of.get(left, -1) == auto_of.get(right, -2)
            known = found.get(second)
            if known is None or (sure, -first) > (known[0] == AUTO, -known[3]):
                found[second] = (AUTO if sure else "review", brief(edge), 0, first)
        return found

    @api.model
    def _known_cards(self, cards):
        """Rows that look like a card of the base: ``{row: (zone, why, card, 0)}``."""
        found, ids = {}, sorted(cards)
        for start in range(0, len(ids), BATCH):
            part = {row_id: cards[row_id] for row_id in ids[start : start + BATCH]}
            candidates = self._candidates_of(part)
            if not candidates:
                continue
            match = self.env["clinic.match"]
            others = match._cards({other for found_ids in candidates.values() for other in found_ids})
            scorer = match._scorer([*part.values(), *others.values()])
            for row_id, other_ids in candidates.items():
                best = None
                for other_id in other_ids:
                    if other_id in others:
                        result = scorer.score(part[row_id], others[other_id])
                        if result.zone != IGNORE and (best is None or result.weight > best[0].weight):
                            best = (result, other_id)
                if best:
                    found[row_id] = (best[0].zone, brief(best[0]), best[1], 0)
        return found

    @api.model
    def _candidates_of(self, cards):
        """``{row: ids of cards}`` that share a key, blocks over their cap left out; one query."""
        match = self.env["clinic.match"]
        secret, wanted, caps = match._secret(), defaultdict(set), {}
        for row_id, card in cards.items():
            for kind, number in hashed_keys(card, secret):
                wanted[number].add(row_id)
                caps[number] = CAPS.get(kind, BLOCK_CAP)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT h.hash, c.partner_id FROM unnest(%s::bigint[], %s::int[]) AS h(hash, cap)
                 CROSS JOIN LATERAL (
                       SELECT k.partner_id FROM clinic_match_key k WHERE k.hash = h.hash LIMIT h.cap + 1) c
                """,
                list(caps),
                list(caps.values()),
            )
        )
        blocks = defaultdict(set)
        for number, partner_id in rows:
            blocks[number].add(partner_id)
        found = defaultdict(set)
        for number, partner_ids in blocks.items():
            if len(partner_ids) <= caps[number]:
                for row_id in wanted[number]:
                    found[row_id] |= partner_ids
        return found

    @api.model
    def _put_found(self, found):
        """Mark the rows that look like somebody."""
        if not found:
            return
        rows = sorted(found)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE clinic_import_row r
                   SET state = 'review', zone = v.zone, why = v.why, candidate_id = v.card, twin_id = v.twin,
                       codes = concat_ws(',', r.codes, v.code)
                  FROM unnest(%s::int[], %s::text[], %s::text[], %s::int[], %s::int[], %s::text[])
                       AS v(id, zone, why, card, twin, code)
                 WHERE r.id = v.id
                """,
                rows,
                [found[row_id][0] for row_id in rows],
                [found[row_id][1] for row_id in rows],
                [found[row_id][2] or None for row_id in rows],
                [found[row_id][3] or None for row_id in rows],
                [f"warn:{'other_card' if found[row_id][2] else 'other_row'}:" for row_id in rows],
            )
        )
        self.env["clinic.import.row"].invalidate_model()
