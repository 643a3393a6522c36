# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

MERGE_GROUP = "clinic_base.group_clinic_merge"
#: What people may write to a proposal.
_OPEN = {"survivor_id", "loser_id", "reason", "choice_ids"}


class ClinicMerge(models.Model):
    """Two cards of one person become one: proposed at the desk, done by who may, taken back if wrong.

    ``loser_id`` is archived with a pointer to ``survivor_id`` and never deleted. Every moved row and
    every changed value is a ``clinic.merge.line``; undo walks them backwards. All of it happens in one
    transaction. What other addons know of a patient moves by itself, because links are read from the
    database; what must not simply move is said in ``_clinic_merge_policy`` of ``res.partner``.
    """

    _name = "clinic.merge"
    _description = "Join of two cards"
    _order = "id desc"
    _rec_name = "survivor_id"

    survivor_id = fields.Many2one(
        "res.partner",
        string="Card that stays",
        required=True,
        ondelete="restrict",
        index=True,
        domain=[("is_patient", "=", True)],
    )
    loser_id = fields.Many2one(
        "res.partner",
        string="Card that is joined to it",
        required=True,
        ondelete="restrict",
        index=True,
        domain=[("is_patient", "=", True)],
        context={"active_test": False},
    )
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("done", "Joined"),
            ("undone", "Undone"),
            ("undone_partly", "Undone in part"),
            ("refused", "Different people"),
        ],
        required=True,
        default="proposed",
        readonly=True,
    )
    kind = fields.Selection(
        [("manual", "By hand"), ("auto", "By the matcher")], default="manual", readonly=True
    )
    reason = fields.Char()
    explanation = fields.Text(readonly=True, help="What the matcher saw, as rows of text.")
    choice_ids = fields.One2many("clinic.merge.choice", "merge_id", string="Differences", copy=False)
    line_ids = fields.One2many("clinic.merge.line", "merge_id", string="Steps", readonly=True)
    survivor_photo = fields.Image(related="survivor_id.image_128", string="Photo of the card that stays")
    loser_photo = fields.Image(related="loser_id.image_128", string="Photo of the other card")
    preview = fields.Text(string="What will move", compute="_compute_preview")
    problems = fields.Text(string="What stands in the way", compute="_compute_preview")
    conflict_count = fields.Integer(string="Changed after the join", readonly=True)
    conflicts = fields.Text(string="Left as it is", readonly=True)
    done_by_id = fields.Many2one("res.users", string="Joined by", readonly=True)
    done_at = fields.Datetime(string="Joined at", readonly=True)
    undone_by_id = fields.Many2one("res.users", string="Undone by", readonly=True)
    undone_at = fields.Datetime(readonly=True)
    uuid = fields.Char(
        default=lambda self: str(uuid.uuid4()), readonly=True, copy=False, groups=fields.NO_ACCESS
    )
    survivor_seen = fields.Datetime(readonly=True, groups=fields.NO_ACCESS)
    loser_seen = fields.Datetime(readonly=True, groups=fields.NO_ACCESS)

    _two_cards = models.Constraint("CHECK (survivor_id <> loser_id)", "A card cannot be joined to itself.")
    _one_proposal = models.UniqueIndex(
        "(LEAST(survivor_id, loser_id), GREATEST(survivor_id, loser_id)) WHERE state IN ('proposed', 'done')",
        "A join of these two cards is already proposed or done.",
    )

    @api.depends("survivor_id", "loser_id", "state")
    def _compute_display_name(self):
        for merge in self:
            merge.display_name = f"{merge.loser_id.name} → {merge.survivor_id.name}"

    @api.depends("survivor_id", "loser_id", "state")
    def _compute_preview(self):
        """Counts of rows that would move and sentences that forbid the join; both as lines of text."""
        for merge in self:
            ready = merge.state == "proposed" and merge.survivor_id and merge.loser_id
            # counted past the rights of the viewer: only numbers of rows are shown
            counts = merge.sudo()._count_links() if ready else []
            merge.preview = "\n".join(f"{label}: {amount}" for label, amount in counts)
            merge.problems = "\n".join(merge.sudo()._problems()) if ready else False

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [{name: vals[name] for name in vals if name in _OPEN} for vals in vals_list]
        for vals in vals_list:
            ids = [card_id for card_id in (vals.get("survivor_id"), vals.get("loser_id")) if card_id]
            self._check_cards(self.env["res.partner"].browse(ids))
        merges = super().create(vals_list)
        for merge in merges:
            merge._note_seen()
            # differences are rows of the program; people only choose in them
            merge.sudo().choice_ids = merge._default_choices()
        return merges

    def write(self, vals):
        """People change proposals only; what was done is written by the program."""
        closed = any(merge.state != "proposed" for merge in self)
        if not self.env.su and (closed or vals.keys() - _OPEN):
            raise UserError(self.env._("A join that was decided is not changed. Undo it instead."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if any(merge.state != "proposed" for merge in self):
            raise UserError(self.env._("A join that was decided is kept as proof and is not deleted."))

    def _note_seen(self):
        """Remember in which state both cards were looked at; a stale screen is refused later."""
        own = self.sudo()
        own.survivor_seen = own.survivor_id.write_date
        own.loser_seen = own.loser_id.write_date

    def _vault_place(self):
        return (self._name, "payload", self.sudo().uuid)

    def action_refresh(self):
        """Look at both cards anew after they were changed; choices are asked for again."""
        self.check_access("write")
        for merge in self.filtered(lambda merge: merge.state == "proposed"):
            merge._check_cards(merge.survivor_id | merge.loser_id)
            merge._note_seen()
            merge.choice_ids.sudo().unlink()
            merge.sudo().choice_ids = merge._default_choices()

    def action_swap(self):
        """Let the other card stay."""
        self.check_access("write")
        for merge in self.filtered(lambda merge: merge.state == "proposed"):
            merge.write({"survivor_id": merge.loser_id.id, "loser_id": merge.survivor_id.id})
        self.action_refresh()

    def action_merge(self):
        """Join the two cards. Rights: the group that joins cards; the proposal may be another's."""
        self._check_right()
        for merge in self:
            if merge.state != "proposed":
                raise UserError(self.env._("This join is not waiting any more. Reload the page."))
            cards = merge.survivor_id | merge.loser_id
            self.env["clinic.access.event"]._record_now("merge", cards, model=merge)
            # rows of every addon and company take part, also those the user may not see
            merge.sudo()._merge()
        return True

    def action_distinct(self):
        """The two cards belong to different people: never propose them again."""
        self.check_access("write")
        for merge in self.filtered(lambda merge: merge.state == "proposed"):
            self.env["clinic.patient.distinct"]._mark(merge.survivor_id, merge.loser_id, "other")
            # the state is closed to people; the right to decide was checked above
            merge.sudo().state = "refused"
            # the unique rule of proposals looks at the table
            merge.flush_recordset(["state"])

    def action_undo(self):
        """Take a join back. Later joins of the same cards are to be undone first."""
        self._check_right()
        for merge in self:
            cards = merge.survivor_id | merge.loser_id
            self.env["clinic.access.event"]._record_now("unmerge", cards, model=merge)
            merge.sudo()._undo()
        return True

    def _check_right(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(MERGE_GROUP):
            raise AccessError(
                self.env._(
                    "Your role proposes joins of cards but does not carry them out. "
                    "Ask a clinic administrator to look at this proposal."
                )
            )

    @api.model
    def _check_cards(self, cards):
        """Refuse what can never be joined."""
        if not all(card.is_patient and card.active and not card.merged_into_id for card in cards):
            raise UserError(
                self.env._("Only two active cards of patients can be joined. One of these is archived.")
            )

    def _lock_cards(self):
        """Both cards are ours until the end of the transaction, always in the same order.

        Under repeatable read a card changed meanwhile makes the database refuse, and Odoo repeats
        the request, which then sees what the other one did.
        """
        self.env.cr.execute(
            SQL(
                "SELECT id FROM res_partner WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
                sorted((self.survivor_id | self.loser_id).ids),
            )
        )

    def _problems(self):
        """Sentences why this join may not be done now. Extend with ``super()._problems() + […]``."""
        self.ensure_one()
        survivor, loser = self.survivor_id, self.loser_id
        found = []
        if survivor.user_ids and loser.user_ids:
            found.append(
                self.env._(
                    "Both people have an account on the site. Archive one of the two accounts first, "
                    "after asking the patient which of them is used."
                )
            )
        if survivor.company_id and loser.company_id and survivor.company_id != loser.company_id:
            found.append(self.env._("The two cards belong to different companies."))
        if survivor.parent_id == loser or loser.parent_id == survivor:
            found.append(self.env._("One of the two contacts belongs to the other one."))
        if self.env["clinic.patient.distinct"].search_count(
            [("first_id", "in", (survivor | loser).ids), ("second_id", "in", (survivor | loser).ids)]
        ):
            found.append(self.env._("These two cards were marked as different people."))
        code, sentence = self.env["clinic.vault"]._state()
        if code != "ok":
            found.append(sentence)
        return found + self._document_problems() + self._choice_problems()

    def _document_problems(self):
        """One person has one SNILS: two different ones are two people or a mistake to be cleared."""
        code = "snils"
        numbers = []
        for card in (self.survivor_id, self.loser_id):
            documents = card.clinic_document_ids.filtered(
                lambda doc: doc.kind_id.code == code and doc.number_blind
            )
            numbers.append(set(documents.mapped("number_blind")))
        if all(numbers) and not numbers[0] & numbers[1]:
            return [
                self.env._(
                    "The cards have different SNILS. "
                    "Compare both with the documents and archive the wrong one."
                )
            ]
        return []
