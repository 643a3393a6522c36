# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from itertools import combinations

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .clinic_merge import MERGE_GROUP

#: What people may write to a group that waits for a decision.
_OPEN = {"plan", "reason"}
STATES = [
    ("open", "To be decided"),
    ("proposed", "Proposed to join"),
    ("done", "Joined"),
    ("distinct", "Different people"),
    ("undone", "Undone"),
]


class ClinicMatchCluster(models.Model):
    """Cards that may all be one person: what the desk looks at, decides and can take back.

    Made and renewed by the matcher out of its pairs. The desk proposes the join, who joins cards
    carries it out (``clinic.merge`` does and journals each step), anybody of them says that the
    people are different. A decided group stays as the place where the decision is seen and undone.
    """

    _name = "clinic.match.cluster"
    _description = "Cards of one person"
    _order = "weight desc, id"

    state = fields.Selection(STATES, required=True, default="open", readonly=True, index=True)
    zone = fields.Selection(
        [("auto", "Nearly certain"), ("review", "To be looked at")],
        required=True,
        default="review",
        readonly=True,
    )
    weight = fields.Float(digits=(8, 2), readonly=True, help="Bits of evidence of the strongest pair.")
    probability = fields.Float(compute="_compute_probability", string="Likely")
    size = fields.Integer(string="Cards", readonly=True)
    key = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    company_id = fields.Many2one("res.company", readonly=True)
    member_ids = fields.One2many("clinic.match.member", "cluster_id", string="Cards of the group")
    pair_ids = fields.One2many("clinic.match.pair", "cluster_id", string="Pairs")
    merge_ids = fields.One2many("clinic.merge", "cluster_id", string="Joins")
    why = fields.Char(compute="_compute_why")
    reason = fields.Char(string="Ground", help="What was checked, e.g. the passport.")
    hold_reason = fields.Text(string="Left to a person", readonly=True)
    proposed_by_id = fields.Many2one("res.users", string="Proposed by", readonly=True)
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    decided_at = fields.Datetime(readonly=True)

    _one_open = models.UniqueIndex("(key) WHERE state = 'open'", "These cards already stand in the queue.")

    @api.depends("member_ids.partner_id.name")
    def _compute_display_name(self):
        for cluster in self:
            names = dict.fromkeys(member.partner_id.name or "" for member in cluster.member_ids)
            cluster.display_name = " – ".join(names)

    @api.depends("weight")
    def _compute_probability(self):
        for cluster in self:
            cluster.probability = 1 / (1 + 2.0 ** -max(min(cluster.weight, 60.0), -60.0))

    @api.depends("pair_ids.why", "pair_ids.weight")
    def _compute_why(self):
        for cluster in self:
            cluster.why = cluster.pair_ids.sorted("weight", reverse=True)[:1].why

    def write(self, vals):
        """People choose values and say why; the rest is the matcher's and the decisions'."""
        if not self.env.su and (
            vals.keys() - _OPEN or any(cluster.state not in ("open", "proposed") for cluster in self)
        ):
            raise UserError(self.env._("This group is decided already. Reload the page to see how."))
        return super().write(vals)

    # ------------------------------------------------------------------ decisions

    def action_join(self):
        """Join the cards of the group into one. Rights: the group that joins cards."""
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(MERGE_GROUP):
            raise AccessError(
                self.env._(
                    "Your role proposes joins of cards but does not carry them out. "
                    "Press “Propose to join”, and a clinic administrator will look at it."
                )
            )
        for cluster in self:
            cluster._check_open()
            cluster._check_seen()
            cluster._join()

    def action_propose(self):
        """Put the joins of this group before those who carry them out. Rights: the desk."""
        self.check_access("write")
        for cluster in self:
            cluster._check_open(("open",))
            cluster._check_seen()
            plan = cluster._plan()
            for loser in plan["losers"]:
                cluster._propose(plan, loser)
            cluster._decide("proposed")

    def action_distinct(self):
        """The cards that take part belong to different people, for the reason in the context."""
        self.check_access("write")
        reason = self.env.context.get("clinic_reason") or "other"
        for cluster in self:
            cluster._check_open()
            people = cluster._plan()["people"]
            for first, second in combinations(people.sorted("id"), 2):
                self.env["clinic.patient.distinct"]._mark(first, second, reason)
            # proposals are closed to people; the right to decide was checked by the mark
            cluster.sudo().merge_ids.filtered(lambda merge: merge.state == "proposed").state = "refused"
            left = cluster.member_ids.partner_id - people
            cluster._decide("distinct")
            if left:
                # who did not take part is looked at anew, beside the others
                cluster.member_ids.partner_id.sudo()._clinic_match_later()

    def action_undo(self):
        """Take the joins of this group back, the last one first. Rights: the group that joins cards."""
        for cluster in self:
            done = cluster.merge_ids.filtered(lambda merge: merge.state == "done").sorted("id", reverse=True)
            if not done:
                raise UserError(self.env._("No join of this group is in force, so there is nothing to undo."))
            for merge in done:
                merge.action_undo()

    def action_merges(self):
        """The journalled joins of this group."""
        self.ensure_one()
        return self.merge_ids._get_records_action(name=self.env._("Joins of cards"))

    def action_refresh(self):
        """Let the matcher look at these cards now."""
        self.check_access("write")
        ids = self.member_ids.partner_id.ids
        # keys and pairs are the program's
        self.env["clinic.match.key"].sudo()._work(ids)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _check_open(self, states=("open", "proposed")):
        if self.state not in states:
            raise UserError(self.env._("This group is decided already. Reload the page to see how."))

    def _check_seen(self):
        """Refuse a decision made on a stale screen: the screen says which versions it shows."""
        seen = self.env.context.get("clinic_seen")
        if seen and seen != self.version:
            raise UserError(
                self.env._(
                    "One of the cards was changed after you had looked at them. "
                    "Reload the page and compare the cards once more."
                )
            )

    def _decide(self, state):
        """Write the decision down; the pairs of a decided group leave the queue."""
        # the right to decide was checked by the caller; these columns are closed to people
        own = self.sudo()
        own.write({"state": state, "decided_at": fields.Datetime.now()})
        own["proposed_by_id" if state == "proposed" else "decided_by_id"] = self.env.user
        if state != "proposed":
            own.pair_ids.unlink()

    # ------------------------------------------------------------------ joins

    def _propose(self, plan, loser):
        """The proposal to join one card of a plan (see ``_plan``), with the choices of the plan made."""
        cards = (plan["survivor"] | loser).ids
        merges = self.env["clinic.merge"]
        # a proposal of the same two cards gives way: these choices were made later
        merges.search(
            [("survivor_id", "in", cards), ("loser_id", "in", cards), ("state", "=", "proposed")]
        ).sudo().unlink()
        merge = merges.create(
            {"survivor_id": plan["survivor"].id, "loser_id": loser.id, "reason": self.reason}
        )
        seen = self.pair_ids.filtered(lambda pair: pair.first_id.id in cards and pair.second_id.id in cards)
        # what the matcher saw is the program's; the proposal itself was made with the user's rights
        merge.sudo().write({"cluster_id": self.id, "explanation": seen.explanation})
        for choice in merge.choice_ids:
            winner = plan["takes"].get(choice.field)
            if winner:
                choice.take = "loser" if winner == loser.id else "survivor"
        return merge

    def _join(self, plan=None, kind="manual"):
        """Carry a plan out, one join after the other in this transaction. The caller checked the rights."""
        self.ensure_one()
        plan = plan or self._plan()
        # proposals of the desk are replaced by the joins
        self.merge_ids.filtered(lambda merge: merge.state == "proposed").sudo().unlink()
        for loser in plan["losers"]:
            merge = self._propose(plan, loser)
            # who joins is the program's word
            merge.sudo().kind = kind
            merge.action_merge()
        self._decide("done")

    def _follow(self):
        """Bring the state in line with joins that were decided one by one."""
        for cluster in self.filtered(lambda cluster: cluster.state in ("proposed", "done")):
            states = set(cluster.merge_ids.mapped("state"))
            if not states or "proposed" in states:
                continue
            if "done" in states:
                cluster.state = "done"
            else:
                cluster.state = "undone" if states - {"refused"} else "distinct"
