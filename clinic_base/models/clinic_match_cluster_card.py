# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .clinic_merge_values import ASK_FIELDS, CHOICE_FIELDS

MASK = "•••"
#: Rows of the card that are kept of all cards, so that nothing is chosen: field, label of the row.
KEPT_FIELDS = ("clinic_phone_ids", "clinic_document_ids", "clinic_coverage_ids", "clinic_former_name_ids")
#: Shown only where they differ.
QUIET_FIELDS = ("lang", "patient_branch_id", "zip")
#: A step of the explanation -> fields whose values stand beside it.
STEP_FIELDS = {
    "surname": ("family_name",),
    "given": ("given_name",),
    "patronymic": ("patronymic",),
    "birth": ("birth_date",),
    "phone": ("clinic_phone_ids",),
    "documents": ("clinic_document_ids", "clinic_coverage_ids"),
    "email": ("email",),
    "address": ("city", "street"),
    "sex": ("sex",),
}


class ClinicMatchCluster(models.Model):
    """The side-by-side card of a group: values, differences, evidence, what moves, what was chosen."""

    _inherit = "clinic.match.cluster"

    plan = fields.Json(string="Choices", help="Which card stays, which take part, whose values stay.")
    comparison = fields.Json(compute="_compute_comparison")
    version = fields.Char(compute="_compute_version")
    preview = fields.Text(string="What will move", compute="_compute_preview")
    problems = fields.Text(string="What stands in the way", compute="_compute_preview")

    @api.depends("member_ids.partner_id")
    def _compute_version(self):
        """A word that changes with every change of a card of the group."""
        for cluster in self:
            text = ",".join(f"{card.id}:{card.write_date}" for card in cluster._people())
            cluster.version = hashlib.blake2b(text.encode(), digest_size=8).hexdigest()

    def _people(self):
        """Cards that can be joined still, the fullest and oldest first."""
        cards = self.member_ids.partner_id.filtered(lambda card: card.active and not card.merged_into_id)
        return cards._clinic_fullest_first()

    def _plan(self):
        """What to do: ``survivor``, ``losers``, ``people`` (both) and ``takes`` (field -> id of the card).

        :raises UserError: fewer than two cards take part
        """
        self.ensure_one()
        chosen = self.plan or {}
        people = self._people().filtered(lambda card: card.id not in (chosen.get("out") or ()))
        if len(people) < 2:
            raise UserError(self.env._("Leave at least two cards in the group, or say that they differ."))
        survivor = people.filtered(lambda card: card.id == chosen.get("survivor")) or people[:1]
        takes = self._default_takes(survivor | people)
        for name, card_id in (chosen.get("takes") or {}).items():
            if name in CHOICE_FIELDS and card_id in people.ids:
                takes[name] = card_id
        return {"survivor": survivor, "losers": people - survivor, "people": people, "takes": takes}

    @staticmethod
    def _default_takes(people):
        """An empty value gives way to the first that is filled; what only a person may choose stays open."""
        takes = {}
        # past field groups: nothing but ids leaves this method
        people = people.sudo()
        for name in CHOICE_FIELDS:
            filled = people.filtered(name)
            differ = len({filled[0][name], *filled.mapped(name)}) > 1 if filled else False
            if filled and not (differ and name in ASK_FIELDS):
                takes[name] = filled[0].id
        return takes

    @staticmethod
    def _machine_takes(people):
        """Values without a person: what most cards say, then the card with more documents, then the first.

        :param people: cards in the order of ``_people``
        """
        takes = {}
        # past field groups: nothing but ids leaves this method
        people = people.sudo()
        order = {card.id: place for place, card in enumerate(people)}
        for name in CHOICE_FIELDS:
            filled = people.filtered(name)
            if not filled:
                continue
            votes = Counter(str(card[name]) for card in filled)
            best = min(
                filled,
                key=lambda card: (
                    -votes[str(card[name])],
                    -len(card.clinic_document_ids) - len(card.clinic_coverage_ids),
                    order[card.id],
                ),
            )
            takes[name] = best.id
        return takes

    # ------------------------------------------------------------------ what is shown

    @api.depends_context("uid", "lang")
    @api.depends("state", "member_ids.partner_id", "pair_ids")
    def _compute_comparison(self):
        """Values as this user may see them. A look at it is a look at every card of the group.

        The choices are left out of what it depends on: the screen shows them itself at every click.
        """
        for cluster in self:
            people = cluster._people() if cluster.state in ("open", "proposed") else self.env["res.partner"]
            if people and not self.env.su:
                self.env["clinic.access.event"]._record("read", people, detail="look-alike cards")
            values = {
                name: {card.id: cluster._shown(card, name) for card in people}
                for name in (*CHOICE_FIELDS, *KEPT_FIELDS)
            }
            cluster.comparison = {
                "editable": bool(people),
                "people": cluster._shown_people(people),
                "rows": [row for name in values for row in cluster._shown_row(name, values[name])],
                "counts": cluster._shown_counts(people),
                "pairs": [cluster._shown_pair(pair, values) for pair in cluster.pair_ids],
                "plan": cluster._shown_plan(people),
            }

    def _shown_people(self, people):
        return [
            {
                "id": card.id,
                "name": card.display_name,
                "number": card.patient_number or "",
                "created": format_date(self.env, card.create_date),
                "provisional": card.is_provisional,
            }
            for card in people
        ]

    def _shown(self, card, name):
        """The value as text, masked for who may not see the field; of rows each on its own line."""
        field = card._fields[name]
        seen = field.type != "one2many" or self.env[field.comodel_name].has_access("read")
        if not seen or not card._has_field_access(field, "read"):
            return MASK if card.sudo()[name] else ""
        value = card[name]
        if field.type == "one2many":
            return "\n".join(dict.fromkeys(row.display_name or "" for row in value))
        return self.env["clinic.merge"]._shown_value(field, value) or ""

    def _shown_row(self, name, values):
        """One row of the table, none where no card has a value."""
        filled = {text for text in values.values() if text}
        if not filled or (name in QUIET_FIELDS and len(filled) == 1):
            return []
        return [
            {
                "name": name,
                "label": self.env["res.partner"]._fields[name]._description_string(self.env),
                "values": {str(card_id): text for card_id, text in values.items()},
                "differs": len(filled) > 1,
                "choosable": name in CHOICE_FIELDS,
                "required": name in ASK_FIELDS and len(filled) > 1,
            }
        ]

    def _shown_counts(self, people):
        # only numbers of rows are shown
        return [
            {"label": label, "values": {str(card.id): amounts.get(card.id, 0) for card in people}}
            for label, amounts in people.sudo()._clinic_match_counts()
        ]

    def _shown_pair(self, pair, values):
        """The explanation of one pair with the values of both sides."""
        first, second = pair.first_id.id, pair.second_id.id
        steps = []
        for code, title, level, weight, total in pair.steps or ():
            names = STEP_FIELDS.get(code, ())
            sides = [
                ", ".join(values[name].get(card_id) or "" for name in names if values[name].get(card_id))
                for card_id in (first, second)
            ]
            steps.append(
                {"title": title, "left": sides[0], "right": sides[1], "level": level, "weight": weight}
                | {"total": total, "code": code}
            )
        return {
            "id": pair.id,
            "name": pair.display_name,
            "weight": pair.weight,
            "probability": round(pair.probability, 4),
            "why": pair.why or "",
            "steps": steps,
        }

    def _shown_plan(self, people):
        chosen = self.plan or {}
        if not people:
            return {"survivor": False, "out": [], "takes": {}}
        survivor = people.filtered(lambda card: card.id == chosen.get("survivor")) or people[:1]
        takes = self._default_takes(survivor | people) | (chosen.get("takes") or {})
        return {"survivor": survivor.id, "out": chosen.get("out") or [], "takes": takes}

    @api.depends("state", "member_ids.partner_id")
    def _compute_preview(self):
        """Rows that would move, counted past the rights of the viewer, and sentences that forbid the join."""
        for cluster in self:
            cluster.preview = cluster.problems = False
            if cluster.state not in ("open", "proposed") or len(cluster._people()) < 2:
                continue
            try:
                counts, problems = cluster._moving()
            except UserError as error:
                cluster.problems = str(error)
                continue
            rows = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
            cluster.preview = "\n".join(f"{label}: {amount}" for label, amount in rows)
            cluster.problems = "\n".join(dict.fromkeys(problems))

    def _moving(self):
        """``({name of the model: rows that would move}, sentences that forbid the join)`` of the plan."""
        plan = self._plan()
        counts, problems = Counter(), []
        for loser in plan["losers"]:
            cards = {"survivor_id": plan["survivor"].id, "loser_id": loser.id}
            # rows of every addon count; nothing but their number leaves this method
            merge = self.env["clinic.merge"].sudo().new(cards)
            counts.update(dict(merge._count_links()))
            problems += merge._problems()
        return counts, problems
