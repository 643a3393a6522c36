# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..phone_ru import format_phone, mask_phone, parse_phones
from ..texts import whole_number

#: How many patients may share a number before anybody is told (a family).
SHARE_LIMIT = 4


class ResPartner(models.Model):
    """``phone`` of a patient is a view of the main row of ``clinic.phone``, both ways."""

    _inherit = "res.partner"

    clinic_phone_masked = fields.Char(
        string="Phone (masked)",
        compute="_compute_clinic_phone_masked",
        groups="clinic_base.group_clinic_patient_contact",
    )

    @api.depends("clinic_phone_ids.e164", "clinic_phone_ids.is_primary")
    def _compute_clinic_phone_masked(self):
        for partner in self:
            primary = partner.clinic_phone_ids.filtered("is_primary")[:1]
            partner.clinic_phone_masked = mask_phone(primary.e164)

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        if self.env.context.get("clinic_phone_sync"):  # the caller makes the rows himself
            return partners
        for partner, vals in zip(partners, vals_list, strict=True):
            if partner.is_patient and vals.get("phone"):
                partner._add_phones(vals["phone"])
        return partners

    def write(self, vals):
        result = super().write(vals)
        if "phone" in vals and not self.env.context.get("clinic_phone_sync"):
            for patient in self.filtered("is_patient"):
                patient._add_phones(vals["phone"])
        elif vals.get("is_patient"):
            for patient in self.sudo().filtered(lambda card: card.phone and not card.clinic_phone_ids):
                patient._add_phones(patient.phone)
        return result

    def _add_phones(self, text):
        """Turn a text written to ``phone`` into rows: add what is new, promote the first number.

        An emptied field archives the main row. A text without a valid number becomes a row too, so
        that nothing typed is lost. Rows are written as the superuser: whoever may write ``phone``
        of this contact (portal, signup, another app) may do this much.
        """
        self.ensure_one()
        Phone = self.env["clinic.phone"].sudo()
        rows = Phone.with_context(active_test=False).search([("partner_id", "=", self.id)])
        if not text:
            rows.filtered("is_primary").write({"active": False, "valid_to": fields.Date.context_today(self)})
            self.sudo()._sync_phone_from_rows()
            return
        company = self.company_id or self.env.company
        found = parse_phones(text, company.clinic_city_code).phones
        if not found and not rows.filtered(lambda row: row.raw == text and row.is_primary):
            Phone.with_context(clinic_keep_bad_phone=True).create(
                {"partner_id": self.id, "raw": text, "is_primary": True}
            )
        for position, phone in enumerate(found):
            row = rows.filtered(lambda row, phone=phone: row.e164 == phone.e164)[:1]
            if row and position == 0:
                row.write({"active": True, "is_primary": True})
            elif row and not row.active:
                row.active = True
            elif not row:
                Phone.create(
                    {
                        "partner_id": self.id,
                        "raw": phone.e164,
                        "extension": phone.extension,
                        "note": phone.note,
                        "is_primary": position == 0,
                    }
                )
        self.sudo()._sync_phone_from_rows()

    def _sync_phone_from_rows(self):
        """Bring ``phone`` in line with the main row; the oldest row becomes main when none is.

        Runs as the superuser, because whoever may change the rows may have no right on the contact.
        """
        code = self.env.company.clinic_city_code
        for partner in self.sudo().with_context(clinic_phone_sync=True):
            rows = partner.clinic_phone_ids.filtered("active")
            primary = rows.filtered("is_primary")[:1]
            if not primary and rows:
                primary = rows.sorted(lambda row: (not row.e164, row.sequence, row.id))[:1]
                primary.is_primary = True
                continue
            number = format_phone(primary.e164, code) if primary.e164 else primary.raw
            if (partner.phone or False) != (number or False):
                partner.phone = number or False

    @api.model
    def _phone_share_limit(self):
        """Number of patients who may share a phone without a warning (a system parameter)."""
        value = self.env["ir.config_parameter"].sudo().get_param("clinic_base.phone_share_limit")
        return whole_number(value, SHARE_LIMIT)

    def _phone_format_number(self, number, country, force_format="E164", raise_exception=False):
        """Read Russian spellings whatever the country of the company; foreign ones as Odoo does."""
        if number and country.code in ("RU", False):
            number = self._phone_to_e164(number) or number
            return super()._phone_format_number(number, country, force_format, raise_exception)
        result = super()._phone_format_number(number, country, force_format)
        if not result and number:
            number = self._phone_to_e164(number) or number
            result = super()._phone_format_number(number, country, force_format, raise_exception)
        return result

    @api.model
    def _phone_to_e164(self, number):
        """E.164 of the first number in the text, or ``False``."""
        found = parse_phones(number, self.env.company.clinic_city_code).phones
        return found[0].e164 if found else False
