# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .res_partner import CONTACT_GROUPS
from .res_partner_subject import Erase

#: Fields of the contact that are a view of the first address.
ADDRESS_FIELDS = ("zip", "city", "street", "street2")


class ResPartner(models.Model):
    """``street``, ``city`` and ``zip`` of a patient are a view of the first row of ``clinic.address``."""

    _inherit = "res.partner"

    clinic_address_ids = fields.One2many(
        "clinic.address", "patient_id", string="Addresses", groups=CONTACT_GROUPS, copy=False
    )

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        typed = [
            partner.id
            for partner, vals in zip(partners, vals_list, strict=True)
            if partner.is_patient and any(vals.get(name) for name in ADDRESS_FIELDS)
        ]
        partners.browse(typed)._keep_address()
        return partners

    def write(self, vals):
        written = set(ADDRESS_FIELDS) & vals.keys()
        if not written or self.env.context.get("clinic_address_sync"):
            return super().write(vals)
        # a form that sends the address back as it was says nothing new
        changed = self.sudo().filtered(
            lambda card: any((card[name] or "") != (vals[name] or "") for name in written)
        )
        result = super().write(vals)
        (changed & self).filtered("is_patient")._keep_address()
        return result

    def _keep_address(self):
        """A text written to the contact by any app becomes a row, so that nothing typed is lost.

        The former first row is kept in the archive. Runs as the superuser: whoever may write the
        contact may do this much.
        """
        addresses = self.env["clinic.address"].sudo().with_context(clinic_address_sync=True)
        former, vals_list = addresses.browse(), []
        for card in self.sudo():
            text = ", ".join(card[name] for name in ADDRESS_FIELDS if card[name])
            rows = card.clinic_address_ids.filtered("active")
            if text and not any(row.raw == text for row in rows):
                former += rows.filtered(lambda row: row.kind == "residence")[:1].with_env(addresses.env)
                vals_list.append({"patient_id": card.id, "raw": text, "sequence": 1})
        if former:
            former.active = False
        if vals_list:
            addresses.create(vals_list)

    def _sync_address_from_rows(self):
        """Bring the contact in line with the first row."""
        if self.env.context.get("clinic_address_sync"):
            return
        for card in self.sudo().with_context(clinic_address_sync=True):
            row = card.clinic_address_ids.filtered("active").sorted(lambda row: (row.sequence, row.id))[:1]
            if not row:
                continue
            sure = row.state in ("exact", "confirmed") and row.street
            card.write(
                {
                    "zip": row.postcode or False,
                    "city": row.city if sure else False,
                    "street": row.street if sure else row.raw,
                    "street2": False,
                }
            )

    @api.model
    def _clinic_merge_policy(self):
        return super()._clinic_merge_policy() + [("clinic.address", "patient_id", "repoint")]

    @api.model
    def _clinic_erase_spec(self):
        return super()._clinic_erase_spec() + [Erase("clinic.address", "patient_id", "delete")]

    def _clinic_subject_sections(self):
        names = ("kind", "raw", "text", "postcode", "state", "create_date")
        rows = self.env["clinic.address"].with_context(active_test=False)
        return super()._clinic_subject_sections() + [
            self._subject_list(
                "addresses", self.env._("Addresses"), rows.search([("patient_id", "=", self.id)]), names
            )
        ]
