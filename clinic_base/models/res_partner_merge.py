# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    """Joined cards and former names on the patient's card."""

    _inherit = "res.partner"

    clinic_former_name_ids = fields.One2many(
        "clinic.former.name", "patient_id", string="Former names", copy=False
    )

    @api.model
    def _clinic_merge_policy(self):
        """What happens to rows that point to a joined card: ``[(model, field, policy)]``.

        ``repoint`` (they move; the default, which models of the suite nevertheless name), ``keep``
        (they stay with the joined card), ``combine`` (``_clinic_merge_combine(merge, field)`` of the
        model prepares them, then they move), ``refuse`` (such rows forbid the join). Extend with
        ``super()._clinic_merge_policy() + […]``. A row that the other card already has under a unique
        rule is removed and written down whole.
        """
        return [
            ("clinic.phone", "partner_id", "combine"),
            ("clinic.phone", "owner_partner_id", "repoint"),
            ("clinic.relation", "patient_id", "repoint"),
            ("clinic.relation", "actor_id", "repoint"),
            ("clinic.consent", "patient_id", "repoint"),
            ("clinic.consent", "signer_id", "repoint"),
            ("clinic.consent", "named_person_id", "repoint"),
            ("clinic.print.document", "patient_id", "repoint"),
            ("clinic.print.document", "signer_id", "repoint"),
            ("clinic.print.document", "payer_id", "repoint"),
            ("clinic.print.document", "named_person_id", "repoint"),
            ("clinic.identity.document", "patient_id", "combine"),
            ("clinic.coverage", "patient_id", "combine"),
            ("clinic.coverage", "payer_id", "repoint"),
            ("clinic.coverage.programme", "payer_id", "repoint"),
            ("clinic.guarantee.letter", "patient_id", "repoint"),
            ("clinic.former.name", "patient_id", "repoint"),
            ("clinic.patient.distinct", "first_id", "repoint"),
            ("clinic.patient.distinct", "second_id", "repoint"),
            ("clinic.subject.request", "patient_id", "repoint"),
            ("clinic.merge", "survivor_id", "keep"),
            ("clinic.merge", "loser_id", "keep"),
            ("clinic.match.key", "partner_id", "keep"),
            ("clinic.match.waiting", "partner_id", "keep"),
            ("clinic.match.pair", "first_id", "keep"),
            ("clinic.match.pair", "second_id", "keep"),
            ("clinic.match.member", "partner_id", "keep"),
            # old external identifiers lead to the old card, which points to the new one
            ("ir.model.data", "res_id", "keep"),
        ]

    def action_propose_merge(self):
        """Open the proposal to join the two selected cards. Rights: the desk."""
        if len(self) != 2:
            raise UserError(self.env._("Select exactly two cards that belong to one person."))
        known = self.env["clinic.merge"].search(
            [("survivor_id", "in", self.ids), ("loser_id", "in", self.ids), ("state", "=", "proposed")],
            limit=1,
        )
        survivor, loser = self._clinic_fullest_first()
        merge = known or self.env["clinic.merge"].create({"survivor_id": survivor.id, "loser_id": loser.id})
        return merge._get_records_action(name=self.env._("Join of two cards"))
