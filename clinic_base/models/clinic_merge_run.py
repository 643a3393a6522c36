# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError


class ClinicMerge(models.Model):
    """Doing and undoing: each in one transaction, each noted step by step."""

    _inherit = "clinic.merge"

    def _merge(self):
        """Join the cards. The caller has checked the right and runs as the superuser."""
        self.ensure_one()
        self.env.flush_all()
        self._lock_cards()
        self.env.invalidate_all()
        self._check_cards(self.survivor_id | self.loser_id)
        if (self.survivor_seen, self.loser_seen) != (self.survivor_id.write_date, self.loser_id.write_date):
            raise UserError(
                self.env._(
                    "One of the cards was changed after you had looked at them. "
                    "Press “Look again” and compare the cards once more."
                )
            )
        problems = self._problems()
        refused = self._refused_links()
        if refused:
            problems.append(
                self.env._("Entries that are not joined by the program: %(names)s.", names=", ".join(refused))
            )
        if problems:
            raise UserError("\n".join(problems))
        watched = self._watched_fields()
        self._touch(watched, before=True)
        rows = [(card, self._row_of(card)) for card in (self.survivor_id, self.loser_id)]
        self._merge_values()
        self.env.flush_all()
        self._move_links()
        self.env.invalidate_all(flush=False)
        self.survivor_id._sync_phone_from_rows()
        self.loser_id.with_context(tracking_disable=True).write(
            {"active": False, "merged_into_id": self.survivor_id.id}
        )
        self._renew(watched)
        # noted last: by now every stored value has been computed
        for card, before in rows:
            self._note_row_change(card, before)
        self._say(
            self.env._(
                "The card %(number)s was joined to this one.", number=self.loser_id.patient_number or ""
            )
        )
        self.write({"state": "done", "done_by_id": self.env.uid, "done_at": fields.Datetime.now()})
        self.env.flush_all()

    def _undo(self):
        """Take the join back, step by step from the last one. The caller has checked the right."""
        self.ensure_one()
        self.env.flush_all()
        self._lock_cards()
        self.env.invalidate_all()
        if self.state != "done":
            raise UserError(self.env._("This join is not in force, so there is nothing to undo."))
        later = self.search_count(
            [
                ("id", ">", self.id),
                ("state", "=", "done"),
                "|",
                ("survivor_id", "in", (self.survivor_id | self.loser_id).ids),
                ("loser_id", "in", (self.survivor_id | self.loser_id).ids),
            ]
        )
        if later:
            raise UserError(
                self.env._("Another card was joined to this one later. Undo the later join first.")
            )
        watched = self._watched_fields()
        self._touch(watched, before=True)
        conflicts = [left for line in self.line_ids.sorted("id", reverse=True) for left in line._take_back()]
        self._renew(watched)
        self._say(
            self.env._(
                "The join with the card %(number)s was undone.", number=self.loser_id.patient_number or ""
            )
        )
        self.env["clinic.patient.distinct"]._mark(self.survivor_id, self.loser_id, "undone")
        self.write(
            {
                "state": "undone_partly" if conflicts else "undone",
                "conflict_count": len(conflicts),
                "conflicts": "\n".join(dict.fromkeys(self._conflict_label(*left) for left in conflicts)),
                "undone_by_id": self.env.uid,
                "undone_at": fields.Datetime.now(),
            }
        )
        self.env.flush_all()

    def _watched_fields(self):
        """``[(model, field name)]`` of the links with a model: stored computes may hang on them."""
        return [(link.model, link.column) for link in self._links() if link.model]

    def _touch(self, watched, before=False):
        """Tell the ORM that links of both cards change, so that stored values are computed again."""
        cards = (self.survivor_id | self.loser_id).ids
        for model, name in watched:
            field = self.env[model]._fields.get(name)
            if field is not None and field.type == "many2one" and not self.env[model]._transient:
                rows = self.env[model].with_context(active_test=False).search([(name, "in", cards)])
                rows.modified([name], before=before)

    def _renew(self, watched):
        """After SQL has moved rows: forget what is cached, compute what is stored."""
        self.env.invalidate_all(flush=False)
        self._touch(watched)
        self.env.flush_all()

    def _say(self, text):
        for card in self.survivor_id | self.loser_id:
            card.message_post(body=text, subtype_xmlid="mail.mt_note")

    def _conflict_label(self, table, column):
        """What was changed later, as people call it; never the value."""
        model = self._models_by_table().get(table)
        field = self.env[model]._fields.get(column) if model else None
        what = self.env["ir.model"]._get(model).name if model else table
        return f"{what}: {field._description_string(self.env)}" if field is not None else what
