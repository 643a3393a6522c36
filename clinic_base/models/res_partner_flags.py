# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain

FLAG_GROUP = "clinic_base.group_clinic_flags"


class ResPartner(models.Model):
    """What the desk must know before it books: black list, prepayment, representative; the own doctor."""

    _inherit = "res.partner"

    needs_prepayment = fields.Boolean(
        string="Only with prepayment", groups=FLAG_GROUP, help="The visit is booked on prepayment."
    )
    call_representative = fields.Boolean(
        string="Call the representative",
        groups=FLAG_GROUP,
        help="Calls and messages about visits go to whom acts for the patient.",
    )
    clinic_blacklist_ids = fields.One2many(
        "clinic.blacklist", "patient_id", string="Black list", groups=FLAG_GROUP, copy=False
    )
    clinic_blacklisted = fields.Boolean(
        string="On the black list", compute="_compute_clinic_blacklisted", store=True, groups=FLAG_GROUP
    )
    clinic_flag_text = fields.Char(
        string="Before booking", compute="_compute_clinic_flag_text", groups=FLAG_GROUP
    )
    clinic_attachment_ids = fields.One2many(
        "clinic.attachment", "patient_id", string="Attachments", groups=FLAG_GROUP, copy=False
    )
    main_practitioner_id = fields.Many2one(
        "clinic.practitioner",
        string="Own doctor",
        compute="_compute_main_practitioner_id",
        search="_search_main_practitioner_id",
        groups=FLAG_GROUP,
    )
    is_my_patient = fields.Boolean(
        string="Attached to me",
        compute="_compute_is_my_patient",
        search="_search_is_my_patient",
        groups=FLAG_GROUP,
    )

    @api.depends("clinic_blacklist_ids.lifted_at")
    def _compute_clinic_blacklisted(self):
        for partner in self:
            partner.clinic_blacklisted = any(not entry.lifted_at for entry in partner.clinic_blacklist_ids)

    @api.depends("clinic_blacklisted", "call_representative", "needs_prepayment")
    def _compute_clinic_flag_text(self):
        for partner in self:
            partner.clinic_flag_text = "; ".join(flag["text"] for flag in partner._clinic_flags())

    @api.depends("clinic_attachment_ids.practitioner_id", "clinic_attachment_ids.is_main")
    def _compute_main_practitioner_id(self):
        for partner in self:
            main = partner.clinic_attachment_ids.filtered(
                lambda row: row.is_main and row.kind == "doctor" and row.is_current
            )
            partner.main_practitioner_id = main[:1].practitioner_id

    def _search_main_practitioner_id(self, operator, value):
        if operator not in ("in", "any", "ilike"):
            return NotImplemented
        if operator == "in" and not any(value):
            return ~self._attached_domain(Domain("is_main", "=", True))
        return self._attached_domain(
            Domain("is_main", "=", True) & Domain("practitioner_id", operator, value)
        )

    @api.depends_context("uid")
    def _compute_is_my_patient(self):
        mine = self.env.user.practitioner_ids
        for partner in self:
            rows = partner.clinic_attachment_ids.filtered("is_current")
            partner.is_my_patient = bool(rows.practitioner_id & mine)

    def _search_is_my_patient(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = self._attached_domain(Domain("practitioner_id", "in", self.env.user.practitioner_ids.ids))
        return Domain.OR(mine if wanted else ~mine for wanted in value)

    @api.model
    def _attached_domain(self, condition):
        """Patients with an attachment to a doctor in force today that meets the condition."""
        current = self.env["clinic.attachment"]._current_domain(fields.Date.context_today(self))
        return Domain("clinic_attachment_ids", "any", current & Domain("kind", "=", "doctor") & condition)

    @api.model
    def _sees_flags(self):
        return self.env.su or self.env.user.has_group(FLAG_GROUP)

    def _clinic_flags(self):
        """What to know before booking, the gravest first: list of ``{"key", "text"}``.

        Keys: ``blacklist, representative, prepayment``. Empty for users without the right to flags.
        """
        self.ensure_one()
        if not self._sees_flags():
            return []
        # rows of the card are read past record rules of other companies: the card itself was checked
        card = self.sudo()
        found = []
        if card.clinic_blacklisted:
            entry = card.clinic_blacklist_ids.filtered(lambda row: not row.lifted_at)[:1]
            text = self.env._("Black list: %(reason)s", reason=entry.reason)
            found.append({"key": "blacklist", "text": text})
        if card.call_representative:
            found.append({"key": "representative", "text": card._representative_text()})
        if card.needs_prepayment:
            found.append({"key": "prepayment", "text": self.env._("Only with prepayment")})
        return found

    def _representative_text(self):
        relation = self.env["clinic.relation"]
        day = fields.Date.context_today(self)
        acting = relation.search(relation._acting_domain(day) & Domain("patient_id", "=", self.id), limit=1)
        if not acting:
            return self.env._("Call the representative")
        return self.env._("Call the representative: %(name)s", name=acting.actor_id.name)

    def _clinic_patient_dicts(self):
        """Adds ``flags``, see ``_clinic_flags``."""
        rows = super()._clinic_patient_dicts()
        for patient, row in zip(self, rows, strict=True):
            row["flags"] = patient._clinic_flags()
        return rows

    @api.model
    def _clinic_merge_policy(self):
        return super()._clinic_merge_policy() + [
            ("clinic.blacklist", "patient_id", "repoint"),
            ("clinic.attachment", "patient_id", "combine"),
        ]

    def action_blacklist(self):
        """Open the form that puts this patient on the black list. Rights: who keeps the list."""
        self.ensure_one()
        self.env["clinic.blacklist"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Black list"),
            "res_model": "clinic.blacklist",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_patient_id": self.id},
        }
