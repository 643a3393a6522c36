# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo import api, fields, models
from odoo.exceptions import UserError

CARDS = "clinic.patient"
ADMINISTRATOR = "clinic_base.group_clinic_administrator"
#: Codes of sequences that a branch may have of its own are ``<code>.<code of the branch>``.
_PREFIX = re.compile(r"[^\W_][\w/.-]{0,9}|")
MAX_PADDING = 10


class ClinicBranch(models.Model):
    """Own numbers of patients' cards in a branch: switched on, and shaped, in the form of the branch."""

    _inherit = "clinic.branch"

    own_card_numbers = fields.Boolean(
        string="Own card numbers",
        compute="_compute_own_card_numbers",
        inverse="_inverse_card_numbers",
        groups=ADMINISTRATOR,
        help="New cards of this branch are counted apart from the others.",
    )
    card_number_prefix = fields.Char(
        string="Beginning of a number",
        compute="_compute_card_number_prefix",
        inverse="_inverse_card_numbers",
        groups=ADMINISTRATOR,
        help="Stands before the digits, so that cards of different branches are told apart.",
    )
    card_number_padding = fields.Integer(
        string="Digits",
        compute="_compute_card_number_padding",
        inverse="_inverse_card_numbers",
        groups=ADMINISTRATOR,
    )
    card_number_next = fields.Integer(
        string="Next number",
        compute="_compute_card_number_next",
        inverse="_inverse_card_numbers",
        groups=ADMINISTRATOR,
    )
    card_number_sample = fields.Char(
        string="Next card", compute="_compute_card_number_sample", groups=ADMINISTRATOR
    )

    # a method for each field: a write of one of them must not empty the others

    @api.depends("code", "company_id")
    def _compute_own_card_numbers(self):
        for branch in self:
            branch.own_card_numbers = branch._card_sequence().active

    @api.depends("code", "company_id")
    def _compute_card_number_prefix(self):
        for branch in self:
            own = branch._card_sequence()
            branch.card_number_prefix = own.prefix if own else branch.code and f"{branch.code}-"

    @api.depends("code", "company_id")
    def _compute_card_number_padding(self):
        for branch in self:
            shape = branch._card_sequence() or branch._common_card_sequence()
            branch.card_number_padding = shape.padding or 6

    @api.depends("code", "company_id")
    def _compute_card_number_next(self):
        for branch in self:
            branch.card_number_next = branch._card_sequence().number_next_actual or 1

    @api.depends("own_card_numbers", "card_number_prefix", "card_number_padding", "card_number_next")
    def _compute_card_number_sample(self):
        for branch in self:
            number = str(max(branch.card_number_next, 0)).zfill(max(0, branch.card_number_padding))
            branch.card_number_sample = f"{branch.card_number_prefix or ''}{number}"

    def _inverse_card_numbers(self):
        """Keep the sequence of the branch; switched off it rests, so that its count is not lost."""
        for branch in self:
            own = branch._card_sequence()
            if not branch.own_card_numbers:
                own.active = False
                continue
            vals = branch._card_sequence_vals()
            if own:
                own.write(vals)
            else:
                own.create(
                    {
                        "name": self.env._("Patient cards of %(branch)s", branch=branch.name),
                        "code": f"{CARDS}.{branch.code}",
                        "company_id": branch.company_id.id,
                        **vals,
                    }
                )

    def _card_sequence_vals(self):
        self.ensure_one()
        prefix = (self.card_number_prefix or "").strip()
        if not self.code:
            raise UserError(
                self.env._("Give the branch a short code first: its own numbers of cards are kept under it.")
            )
        if not _PREFIX.fullmatch(prefix):
            raise UserError(
                self.env._(
                    "A number of a card begins with a letter or digit; up to ten letters, digits, dots,"
                    " dashes and slashes may stand before its count."
                )
            )
        if not 1 <= self.card_number_padding <= MAX_PADDING or self.card_number_next < 1:
            raise UserError(
                self.env._(
                    "A number of a card has from 1 to %(most)s digits and counts from 1.", most=MAX_PADDING
                )
            )
        return {
            "active": True,
            "prefix": prefix or False,
            "padding": self.card_number_padding,
            "number_next_actual": self.card_number_next,
        }

    def _card_sequence(self):
        """The own sequence, resting ones too; sudo: administrators of the clinic keep only this one."""
        sequences = self.env["ir.sequence"].sudo().with_context(active_test=False)
        if not self.code:
            return sequences
        mine = [("company_id", "in", (self.company_id.id, False))]
        return sequences.search([("code", "=", f"{CARDS}.{self.code}"), *mine], order="company_id", limit=1)

    @api.model
    def _common_card_sequence(self):
        return self.env["ir.sequence"].sudo().search([("code", "=", CARDS)], order="company_id", limit=1)

    def write(self, vals):
        """A new code takes the branch's own sequences along: their count goes on."""
        former = {branch: branch.code for branch in self} if "code" in vals else {}
        result = super().write(vals)
        for branch, code in former.items():
            if code and branch.code and code != branch.code:
                branch._move_sequences(code)
        return result

    def _move_sequences(self, former):
        # sudo: the right to the branch was checked; sequences of the technical menu stay as they are
        sequences = self.env["ir.sequence"].sudo().with_context(active_test=False)
        found = sequences.search(
            [("code", "=like", "clinic.%"), ("company_id", "in", (self.company_id.id, False))]
        )
        for row in found.filtered(lambda row: row.code.endswith(f".{former}")):
            row.code = f"{row.code.removesuffix(former)}{self.code}"
