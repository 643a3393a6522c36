# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .res_partner_name import NAME_PARTS


class ResPartner(models.Model):
    """The patient's form: one-line entry, cards that look the same, completion of a provisional card."""

    _inherit = "res.partner"

    clinic_quick_text = fields.Char(
        string="All in one line",
        store=False,
        help="Name, birth date and phones in any order; the fields below are filled from it.",
    )
    clinic_similar_ids = fields.Many2many(
        "res.partner",
        string="Cards that look the same",
        compute="_compute_clinic_similar_ids",
        groups="clinic_base.group_clinic_patient_contact",
    )

    @api.onchange("clinic_quick_text")
    def _onchange_clinic_quick_text(self):
        if not self.clinic_quick_text:
            return
        found = self.clinic_parse_patient_text(self.clinic_quick_text)
        for name in (*NAME_PARTS, "birth_date", "sex"):
            if found[name]:
                self[name] = found[name]
        known = {phone.number for phone in self.clinic_phone_ids}
        if found["phone"] and found["phone"] not in known:
            self.clinic_phone_ids = [
                Command.create({"number": found["phone"], "raw": found["phone"], "owner": "self"})
            ]
        self.clinic_quick_text = False

    @api.onchange("patronymic", "given_name")
    def _onchange_name_sex(self):
        if not self.sex:
            self.sex = self._guess_sex({"given_name": self.given_name, "patronymic": self.patronymic})

    @api.depends("is_patient", *NAME_PARTS, "birth_date", "clinic_phone_ids.number")
    def _compute_clinic_similar_ids(self):
        for partner in self:
            found = self.browse()
            complete = partner.family_name and partner.given_name and partner.birth_date
            numbers = [phone.number for phone in partner.clinic_phone_ids if phone.number]
            if partner.is_patient and (complete or numbers):
                ids = set()
                if complete:
                    ids |= self._similar_by_name(
                        {name: partner[name] for name in (*NAME_PARTS, "birth_date")}
                    )
                e164 = self._similar_numbers(", ".join(numbers)) if numbers else []
                if e164:
                    ids |= self._similar_by_phone(e164)
                ids.discard(partner._origin.id)
                found = self.search([("id", "in", list(ids)), ("is_patient", "=", True)], limit=10)
            partner.clinic_similar_ids = found

    def action_confirm_card(self):
        """The registrar has checked the card with the patient: it is no longer provisional."""
        self.check_access("write")
        for patient in self.filtered("is_patient"):
            missing = [
                label
                for value, label in (
                    (patient.family_name, self.env._("surname")),
                    (patient.given_name, self.env._("given name")),
                    (patient.birth_date, self.env._("birth date")),
                    (patient.sex, self.env._("sex")),
                )
                if not value
            ]
            if missing:
                raise UserError(
                    self.env._(
                        "The card is not complete yet: %(missing)s. Fill it in and confirm the card again.",
                        missing=", ".join(missing),
                    )
                )
            patient.write({"is_provisional": False, "name_to_check": False})

    def get_formview_id(self, access_uid=None):
        """Patients open in their own form for the staff of the clinic."""
        user = self.env["res.users"].browse(access_uid) if access_uid else self.env.user
        if len(self) == 1 and self.is_patient and user.has_group("clinic_base.group_clinic_user"):
            return self.env.ref("clinic_base.res_partner_view_form_patient").id
        return super().get_formview_id(access_uid=access_uid)
