# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .res_partner_name import NAME_PARTS


class ResPartner(models.Model):
    """The patient's form: one-line entry and the completion of a provisional card."""

    _inherit = "res.partner"

    clinic_quick_text = fields.Char(
        string="All in one line",
        store=False,
        help="Name, birth date and phones in any order; the fields below are filled from it.",
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

    @api.model
    def get_views(self, views, options=None):
        """Odoo's own merge of contacts refuses patients; their screens do not offer it."""
        result = super().get_views(views, options)
        own = self.env.context.get("default_is_patient")
        merge = own and self.env.ref("base.action_partner_merge", raise_if_not_found=False)
        if merge:
            for view in result["views"].values():
                actions = view.get("toolbar", {}).get("action")
                if actions:
                    view["toolbar"]["action"] = [row for row in actions if row["id"] != merge.id]
        return result

    def get_formview_id(self, access_uid=None):
        """Patients open in their own form for the staff of the clinic."""
        user = self.env["res.users"].browse(access_uid) if access_uid else self.env.user
        if len(self) == 1 and self.is_patient and user.has_group("clinic_base.group_clinic_user"):
            return self.env.ref("clinic_base.res_partner_view_form_patient").id
        return super().get_formview_id(access_uid=access_uid)
