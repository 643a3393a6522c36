# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL

from .res_partner_subject import Erase


class ClinicErasure(models.AbstractModel):
    """Destroys what is known of a patient, by ``res.partner._clinic_erase_spec``, and proves it.

    The card itself is made anonymous in place: links to it stay valid. What the rules of keeping
    protect stays and is named. Called by ``clinic.subject.request`` only.
    """

    _name = "clinic.erasure"
    _description = "Destruction of personal data"

    @api.model
    def _cards(self, patient):
        """The card, and all that were joined to it."""
        # whoever called has checked the right; rows of every addon and company take part
        cards = found = patient.sudo().with_context(active_test=False)
        while found := cards.search([("merged_into_id", "in", found.ids)]) - cards:
            cards |= found
        return cards

    @api.model
    def _held(self, cards):
        """``{category: last day}`` of what must be kept still."""
        held, rules = {}, self.env["clinic.retention.rule"]
        for category, last in cards._clinic_retention_facts():
            until = rules._until(category, last)
            if until >= fields.Date.context_today(self):
                held[category] = max(until, held.get(category, until))
        return held

    @api.model
    def _plan(self, patient):
        """What would go and what must stay.

        Rows of a child table (``Erase.parent``) share the fate of the rows they belong to.

        :return: dicts ``line, name, rows, until``, and the day until which the card itself stays or None
        """
        cards = self._cards(patient)
        held, plan = self._held(cards), []
        until = max(held.values(), default=None)
        ends = {}
        for line, rows in self._rows_by_line(cards):
            last = held.get(line.category) or (until if line.category == "identity" else None)
            if line.parent:
                last = ends[line.parent]
            ends[line.key] = last
            if rows:
                plan.append({"line": line, "name": self._model_name(line.model), "rows": rows, "until": last})
        files = self._files_of_card(cards).ids if until else []
        if files:
            # put on the card by hand: they may be the very papers that the rules keep
            line = Erase("ir.attachment", "res_id", "keep", {}, "identity")
            plan.append(
                {"line": line, "name": self.env._("Files of the card"), "rows": files, "until": until}
            )
        return plan, until

    @api.model
    def _model_name(self, model):
        return self.env["ir.model"].sudo()._get(model).name

    @api.model
    def _rows_by_line(self, cards):
        """``[(line, ids of its rows)]`` in the order of the registry; a parent stands before its children."""
        self.env.flush_all()
        found, seen = {}, set()
        for line in cards._clinic_erase_spec():
            rows = self._rows(line, found[line.parent][1] if line.parent else cards.ids)
            if line.parent:
                # a join of two cards of one person is reached by both ends
                rows = [row for row in rows if (line.model, row) not in seen]
                seen |= {(line.model, row) for row in rows}
            found[line.key] = (line, rows)
        return list(found.values())

    @api.model
    def _rows(self, line, owner_ids):
        query = SQL(
            "SELECT id FROM %s WHERE %s = ANY(%s)",
            SQL.identifier(self.env[line.model]._table),
            SQL.identifier(line.field),
            owner_ids,
        )
        return [row[0] for row in self.env.execute_query(query)]

    @api.model
    def _files_of_card(self, cards):
        return self.env["ir.attachment"].search(
            [("res_model", "=", "res.partner"), ("res_id", "in", cards.ids), ("res_field", "=", False)]
        )

    @api.model
    def _lock(self, patient):
        """The cards are ours until the end of the transaction, and nothing of theirs is overlooked.

        A row that another transaction added after our snapshot was taken is not seen here. So the lock,
        for which whoever adds a row has to wait, comes first; then a look with other eyes.

        :raise ConcurrencyError: somebody has just added something; Odoo repeats the request
        """
        cards = self._cards(patient)
        self.env.flush_all()
        self.env.execute_query(
            SQL("SELECT id FROM res_partner WHERE id = ANY(%s) ORDER BY id FOR UPDATE", sorted(cards.ids))
        )
        mine = self._known_rows(cards)
        with self.env.registry.cursor() as cr:
            fresh = self.with_env(self.env(cr=cr))
            fresh_cards = fresh._cards(patient.with_env(fresh.env))
            if fresh_cards.ids != cards.ids or fresh._known_rows(fresh_cards) - mine:
                raise ConcurrencyError("rows were added to a card that is being destroyed")
        return cards

    @api.model
    def _known_rows(self, cards):
        """``{(model, id)}`` of all that hangs on the cards."""
        rows = {(line.model, row) for line, ids in self._rows_by_line(cards) for row in ids}
        rows |= {("ir.attachment", row) for row in self._files_of_card(cards).ids}
        messages = self.env["mail.message"].search(
            [("model", "=", "res.partner"), ("res_id", "in", cards.ids)]
        )
        return rows | {("mail.message", row) for row in messages.ids}

    @api.model
    def _destroy(self, patient):
        """Carry the plan out.

        :return: list of ``(name of the model, what was done, rows)`` for the act and the journal, the
            steps of the plan that rules of keeping held back, the day until which the card stays or None
        """
        self._check_possible(patient)
        cards = self._lock(patient)
        # what was agreed to ends now, so that what must be kept is counted from today
        self.env["clinic.consent"].sudo().search([("patient_id", "in", cards.ids)])._withdraw("paper")
        # from here on SQL works past the cache
        self.env.flush_all()
        plan, until = self._plan(patient)
        # first what is found by the numbers and names that the rest removes
        cards._clinic_erase_more()
        done = []
        for step in plan:
            line = step["line"]
            if step["until"] or line.action == "keep":
                continue
            self._forget_documents(line.model, step["rows"])
            done.append((line.model, line.action, len(step["rows"])))
            self._carry_out(line, step["rows"])
        self._forget_documents("res.partner", cards.ids, of_card=True, with_files=not until)
        self._forget_messages(cards)
        self._forget_accounts(cards)
        self._forget_elsewhere(cards)
        self._forget_contacts(cards)
        if until:
            cards.sudo().write({"processing_restricted": True})
        else:
            self._make_anonymous(cards)
        done.append(("res.partner", "restrict" if until else "wipe", len(cards)))
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        return done, [step for step in plan if step["until"]], until

    @api.model
    def _warnings(self, patient):
        """What the officer should know before he destroys: values of the template of the plan."""
        cards = self._cards(patient)
        pairs = self.env["clinic.match.pair"].search_count(
            ["|", ("first_id", "in", cards.ids), ("second_id", "in", cards.ids)]
        )
        return {"problems": cards._clinic_erase_problems(), "doubles": pairs}

    @api.model
    def _check_possible(self, patient):
        """:raise UserError: says why nothing may be destroyed now and what to do first"""
        problems = self._cards(patient)._clinic_erase_problems()
        if problems:
            raise UserError("\n".join(problems))

    @api.model
    def _carry_out(self, line, ids):
        table = SQL.identifier(self.env[line.model]._table)
        if line.action == "delete":
            query = SQL("DELETE FROM %s WHERE id = ANY(%s) RETURNING id", table, ids)
        else:
            values = SQL(", ").join(SQL("%s = %s", SQL.identifier(k), v) for k, v in line.values.items())
            query = SQL("UPDATE %s SET %s WHERE id = ANY(%s) RETURNING id", table, values, ids)
        # past the guards of proof (consents): the law demands it here
        self.env.execute_query(query)
