# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import uuid

from markupsafe import Markup, escape

from odoo import Command, api, models

from ..document_ru import check_number
from ..patient_row import WARN
from ..phone_ru import format_phone
from ..table_text import key

#: Empty fields of a card that a row may fill.
FILLABLE = ("given_name", "patronymic", "birth_date", "sex", "email", "street", "city", "zip")
_CARD = ("family_name", "given_name", "patronymic", "birth_date", "sex", "email", "street", "city", "zip")
_FLAGS = ("name_to_check", "is_provisional")


class ClinicImporterPatient(models.AbstractModel):
    """Rows that are patients: cards with phones, documents and policies, then who acts for whom."""

    _inherit = "clinic.importer.patient"

    @api.model
    def _load(self, load, items):
        # the administrator who loads may write all of this; whole lists are made past the record rules
        self.sudo()._load_items(load, items)

    @api.model
    def _load_items(self, load, items):
        # a row that looks like another row of this very batch waits until that one has its card
        late = [item for item in items if not item.candidate and item.twin in item.batch]
        late = [item for item in late if self._may_join(load, item)]
        joined = [item for item in items if item not in late and self._joins(load, item)]
        new = [item for item in items if item not in joined and item not in late]
        self._make_new(load, new)
        for item in joined:
            self._complete(load, item)
        for item in late:
            item.candidate = item.batch[item.twin].patient
            if self._joins(load, item):
                self._complete(load, item)
            else:
                self._make_new(load, [item])

    @api.model
    def _make_new(self, load, items):
        cards = self._make_cards(load, items)
        for item, card in zip(items, cards, strict=True):
            item.state, item.main, item.patient = "loaded", card, card.id
            item.add_made(card)
            item.more = bool(item.parsed.agent)
        self._add_phones([(item, item.parsed.phones) for item in items])
        self._add_documents(load, [(item, item.parsed.documents, item.parsed.coverages) for item in items])

    @api.model
    def _may_join(self, load, item):
        if item.decision:
            return item.decision == "same"
        return item.zone == "auto" and load.attach_sure

    @api.model
    def _joins(self, load, item):
        """Whether a row completes a card instead of becoming one."""
        if not item.candidate or not self._may_join(load, item):
            return False
        card = self.env["res.partner"].browse(item.candidate).exists()
        return bool(card and card.is_patient and card.active)

    # ------------------------------------------------------------------ new cards

    @api.model
    def _make_cards(self, load, items):
        branches, code = self._branches(), load.company_id.clinic_city_code
        vals_list = []
        for item in items:
            said = item.parsed.vals
            vals = {name: said[name] for name in (*_CARD, *_FLAGS) if said.get(name)}
            vals |= {
                "is_patient": True,
                "patient_uuid": str(uuid.uuid4()),
                "sex": said.get("sex"),
                "patient_branch_id": branches.get(key(said.get("branch"))) or load.branch_id.id,
                "comment": _note(item.parsed.remarks),
                "phone": format_phone(item.parsed.phones[0]["raw"], code) if item.parsed.phones else False,
            }
            if said.get("card_number"):
                vals["patient_number"] = said["card_number"]
            if said.get("former_family"):
                vals["clinic_former_name_ids"] = [Command.create({"family_name": said["former_family"]})]
            vals_list.append(vals)
        self._number(vals_list)
        return self.env["res.partner"].create(vals_list)

    @api.model
    def _number(self, vals_list):
        """Card numbers for those who bring none, taken from the sequences at once.

        A trial takes none: a sequence does not give a number back.
        """
        if self.env.context.get("clinic_import_trial"):
            for vals in vals_list:
                vals.setdefault("patient_number", f"~{vals['patient_uuid']}")
            return
        by_branch = {}
        for vals in vals_list:
            if not vals.get("patient_number"):
                by_branch.setdefault(vals["patient_branch_id"], []).append(vals)
        for branch_id, rows in by_branch.items():
            branch = self.env["clinic.branch"].browse(branch_id)
            numbers = self.env["res.partner"]._next_patient_numbers(branch, len(rows))
            for vals, number in zip(rows, numbers, strict=True):
                vals["patient_number"] = number

    @api.model
    def _add_phones(self, pairs):
        """Rows of phones. ``pairs``: items with the phones that are new to their cards."""
        vals_list, owners = [], []
        for item, phones in pairs:
            for place, phone in enumerate(phones):
                vals_list.append(
                    {
                        **phone,
                        "partner_id": item.patient,
                        "source": "import",
                        **({"is_primary": True} if place == 0 and item.state == "loaded" else {}),
                    }
                )
                owners.append(item)
        for item, phone in zip(owners, self.env["clinic.phone"].create(vals_list), strict=True):
            item.add_made(phone)

    @api.model
    def _add_documents(self, load, triples):
        """Documents and policies, sealed here: one round to the vault for the batch."""
        if not any(documents or coverages for _item, documents, coverages in triples):
            return
        ring = self.env["clinic.vault"]._sealing_ring()
        # a kind that is in the archive is not offered any more; papers of it are still papers
        kinds = self.env["clinic.identity.document.kind"].with_context(active_test=False)
        kinds = kinds.search([("code", "!=", False)])
        kinds = {kind.code: kind for kind in kinds}
        cards = self.env["res.partner"].browse([item.patient for item, *_rest in triples])
        uuids = {card.id: card.patient_uuid for card in cards}
        made = {"clinic.identity.document": [], "clinic.coverage": []}
        for item, documents, coverages in triples:
            for document in documents:
                kind = kinds.get(document["kind"])
                if not kind:
                    item.note(WARN, "no_kind", document["kind"])
                    continue
                doubt = check_number(kind.number_check or "", document["number"]) or False
                vals = {"kind_id": kind.id, "issued_by": document["issued_by"] or False}
                made["clinic.identity.document"].append((item, document["number"], doubt, vals))
            for coverage in coverages:
                vals = {"kind": coverage["kind"], "valid_to": coverage["valid_to"]}
                if coverage["insurer"]:
                    vals["payer_id"] = self._insurer(coverage["insurer"]).id
                made["clinic.coverage"].append((item, coverage["number"], coverage["doubt"] or False, vals))
        for model, rows in made.items():
            records = self.env[model].create(
                [
                    {
                        **vals,
                        "patient_id": item.patient,
                        "number_doubt": doubt,
                        **self.env[model]._sealed_vals(number, (model, "number", uuids[item.patient]), ring),
                    }
                    for item, number, doubt, vals in rows
                ]
            )
            for (item, *_rest), record in zip(rows, records, strict=True):
                item.add_made(record)

    @api.model
    def _insurer(self, name):
        """The company of this name; made when there is none."""
        companies = self.env["res.partner"]
        found = companies.search([("is_company", "=", True), ("name", "=ilike", name)], limit=1)
        return found or companies.create({"name": name, "is_company": True})

    # ------------------------------------------------------------------ known cards

    @api.model
    def _complete(self, load, item):
        """Fill what is empty in the card; what stands there stays."""
        card = self.env["res.partner"].browse(item.candidate)
        said = item.parsed.vals
        filled = {name: said[name] for name in FILLABLE if said.get(name) and not card[name]}
        if item.parsed.remarks and not card.comment:
            filled["comment"] = _note(item.parsed.remarks)
        if filled:
            card.write(filled)
        item.state, item.main, item.patient = "joined", card, card.id
        item.filled = {name: _plain(card[name]) for name in filled}
        held = set(card.clinic_phone_ids.mapped("e164"))
        self._add_phones([(item, [phone for phone in item.parsed.phones if phone["raw"] not in held])])
        kinds = set(card.clinic_document_ids.mapped("kind_code"))
        policies = set(card.clinic_coverage_ids.mapped("kind"))
        self._add_documents(
            load,
            [
                (
                    item,
                    [document for document in item.parsed.documents if document["kind"] not in kinds],
                    [policy for policy in item.parsed.coverages if policy["kind"] not in policies],
                )
            ],
        )
        item.more = bool(item.parsed.agent)

    # ------------------------------------------------------------------ who acts for whom

    @api.model
    def _load_more(self, load, items):
        # as in ``_load``
        for item in items:
            self.sudo()._link_agent(item)

    @api.model
    def _link_agent(self, item):
        """Relation to the representative and his phone."""
        card = self.env["res.partner"].browse(item.patient).exists()
        agent = self._agent(item, card) if card and item.parsed.agent else None
        if not agent or agent == card:
            return
        kind, phone = item.parsed.agent["kind"], item.parsed.agent["phone"]
        relations = self.env["clinic.relation"]
        pair = [("patient_id", "=", card.id), ("actor_id", "=", agent.id)]
        if not relations.search_count(pair, limit=1):
            item.add_made(relations.create({"patient_id": card.id, "actor_id": agent.id, "kind": kind}))
        rows = card.clinic_phone_ids.filtered(lambda row: row.e164 == phone and row.owner != "self")
        rows.filtered(lambda row: not row.owner_partner_id).owner_partner_id = agent

    @api.model
    def _agent(self, item, card):
        """The person who acts: a patient or contact with this name and phone, or a new contact."""
        said = item.parsed.agent
        name = " ".join(filter(None, (said["family_name"], said["given_name"], said["patronymic"])))
        if not name:
            return None
        contacts = self.env["res.partner"]
        domain = [("is_company", "=", False), ("id", "!=", card.id), ("name", "=ilike", name)]
        if said["phone"]:
            holders = self.env["clinic.phone"].search([("e164", "=", said["phone"])]).partner_id
            number = format_phone(said["phone"], "")
            found = contacts.search([*domain, ("id", "in", holders.ids)], limit=1) or contacts.search(
                [*domain, ("phone", "in", (number, said["phone"]))], limit=1
            )
            if found:
                return found
        agent = contacts.create(
            {"name": name, "phone": format_phone(said["phone"], "") if said["phone"] else False}
        )
        item.add_made(agent)
        return agent


def _note(lines):
    """Lines of a note as HTML."""
    lines = [line for text in lines for line in str(text).splitlines() if line.strip()]
    return Markup("<br/>").join(escape(line) for line in dict.fromkeys(lines)) if lines else False


def _plain(value):
    """A value as JSON can hold it."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value) if value else value
