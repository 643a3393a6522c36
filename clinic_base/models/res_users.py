# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ResUsers(models.Model):
    """A user may be a practitioner: record rules of doctors ask ``user.practitioner_id``.

    A user has the phone and e-mail of his contact; those of patients are hidden here as well.
    """

    _name = "res.users"
    _inherit = ["res.users", "clinic.patient.contact.mixin"]

    practitioner_ids = fields.Many2many(
        "clinic.practitioner",
        string="Practitioner cards",
        compute="_compute_practitioner_ids",
        compute_sudo=True,
    )
    practitioner_id = fields.Many2one(
        "clinic.practitioner",
        compute="_compute_practitioner_ids",
        compute_sudo=True,
        help="The card of this user in the current company, else any.",
    )

    @api.depends_context("company")
    def _compute_practitioner_ids(self):
        practitioners = self.env["clinic.practitioner"].search([("user_id", "in", self.ids)])
        for user in self:
            own = practitioners.filtered(lambda practitioner, user=user: practitioner.user_id == user)
            here = own.filtered(lambda practitioner: practitioner.company_id == self.env.company)
            user.practitioner_ids = own
            user.practitioner_id = (here or own)[:1]

    def write(self, vals):
        changed = sorted(vals.keys() & {"group_ids", "active", "company_ids"})
        # what the installation of addons writes is not a person's change
        if not changed or self.env.context.get("install_mode"):
            return super().write(vals)
        before = {user: user.group_ids for user in self}
        result = super().write(vals)
        for user in self.filtered(lambda user: not user.share):
            detail = [*changed, *self._group_changes(before[user], user.group_ids)]
            self.env["clinic.access.event"]._record("permission", model=user, detail=", ".join(detail))
        return result

    def _group_changes(self, before, after):
        """Groups that were given or taken, as XML ids with a sign; the journal shows their names."""
        for sign, groups in (("+", after - before), ("-", before - after)):
            for xml_id in sorted(filter(None, groups.sudo().get_external_id().values())):
                yield sign + xml_id
