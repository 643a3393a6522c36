# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter

from odoo import api, fields, models

#: A change of these makes the card wait for the matcher.
MATCHED = {
    "is_patient",
    "active",
    "name",
    "family_name",
    "given_name",
    "patronymic",
    "sex",
    "birth_date",
    "email",
    "street",
    "city",
    "merged_into_id",
    "clinic_phone_ids",
    "clinic_document_ids",
    "clinic_coverage_ids",
    "clinic_former_name_ids",
}


class ResPartner(models.Model):
    """Cards that may be the same person: while a card is typed, and in the queue of the desk."""

    _inherit = "res.partner"

    clinic_match_pair_count = fields.Integer(
        string="Cards that look alike",
        compute="_compute_clinic_match_pair_count",
        groups="clinic_base.group_clinic_registrar",
    )

    def _compute_clinic_match_pair_count(self):
        pairs = self.env["clinic.match.pair"]
        counts = Counter()
        for name in ("first_id", "second_id"):
            for card, amount in pairs._read_group([(name, "in", self.ids)], [name], ["__count"]):
                counts[card.id] += amount
        for partner in self:
            partner.clinic_match_pair_count = counts[partner.id]

    def _clinic_fullest_first(self):
        """The order in which cards of one person stay: complete ones, then old ones."""
        return self.sorted(lambda card: (card.is_provisional, card.create_date, card.id))

    def _clinic_match_counts(self):
        """What hangs on these cards, for the choice between them: ``[(label, {id: amount})]``.

        Extend with ``super()._clinic_match_counts() + […]``; counted by the superuser, so numbers only.
        """
        rows = self.env["clinic.consent"]._read_group(
            [("patient_id", "in", self.ids)], ["patient_id"], ["__count"]
        )
        return [(self.env._("Consents"), {card.id: amount for card, amount in rows})]

    def _clinic_pairs_domain(self):
        return ["|", ("first_id", "in", self.ids), ("second_id", "in", self.ids)]

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners.filtered("is_patient")._clinic_match_later()
        return partners

    def write(self, vals):
        result = super().write(vals)
        if MATCHED & vals.keys():
            self.filtered("is_patient")._clinic_match_later()
        return result

    def _sync_phone_from_rows(self):
        result = super()._sync_phone_from_rows()
        self.filtered("is_patient")._clinic_match_later()
        return result

    def _clinic_match_later(self):
        """The scheduled action brings keys and pairs up to date; who typed need not wait."""
        if self:
            self.env["clinic.match.waiting"]._put_at_end(self.ids)

    def action_match_pairs(self):
        """The pairs of this card."""
        action = self.env["ir.actions.act_window"]._for_xml_id("clinic_base.clinic_match_pair_action")
        return {**action, "domain": self._clinic_pairs_domain(), "context": {}}

    @api.model
    def _similar_cards(self, vals, limit):
        """Adds what the matcher sees: ``likely`` (0–1) and ``because`` (a sentence without values)."""
        cards = super()._similar_cards(vals, limit)
        record = {
            name: vals.get(name)
            for name in ("family_name", "given_name", "patronymic", "sex", "phone", "email")
        }
        record["full_name"] = "" if record["family_name"] else vals.get("name")
        record["birth_date"] = str(vals.get("birth_date") or "")
        record = {name: str(value)[:200] for name, value in record.items() if value}
        for card in cards.values():
            card.update(likely=0.0, because="")
        # the matcher reads every card; what the user may see of them is asked by the caller
        for card_id, match, *_rest in self.env["clinic.match"].sudo()._check_record(record, limit=limit):
            card = cards.setdefault(card_id, {"why": ["match"], "family": False})
            card["likely"] = round(match.probability, 3)
            card["because"] = self.env["clinic.match.pair"]._sentence(match)
        return cards
