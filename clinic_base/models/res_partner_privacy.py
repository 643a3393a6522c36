# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.mail.tools.discuss import Store

_NAME_CONTEXT = ("show_address", "show_email", "show_vat", "formatted_display_name")


class ResPartner(models.Model):
    """Names of patients are open inside the company, their contact data are not.

    The mixin watches reading, searching, grouping and exporting; here are the ways that only
    contacts have.
    """

    _name = "res.partner"
    _inherit = ["res.partner", "clinic.patient.contact.mixin"]

    def _field_store_repr(self, field_name):
        """Messages, avatar cards and mentions carry no phone or e-mail of a patient."""
        if field_name in ("email", "phone") and self._user_hides_patient_contacts():
            return [Store.Attr(field_name, lambda partner: not partner.is_patient and partner[field_name])]
        return super()._field_store_repr(field_name)

    def _field_to_sql(self, alias, field_expr, query=None):
        """Refuse contact data that a query of another record reaches by a path (group-by, order).

        There the patients cannot be left out without hiding the other records.
        """
        # the table itself is asked by the methods of the mixin, which have left patients out
        if (
            alias != self._table
            and self._names_contact_field([field_expr])
            and self._hides_patient_contacts()
        ):
            raise AccessError(
                self.env._(
                    "Your role does not group, sort or search by contact data of patients. "
                    "Choose another field."
                )
            )
        return super()._field_to_sql(alias, field_expr, query)

    def _build_vcard(self):
        """No electronic card of a patient for those who may not see his contact data."""
        if self.is_patient and self._user_hides_patient_contacts():
            raise AccessError(
                self.env._("Your role does not see contact data of patients; there is no card to download.")
            )
        return super()._build_vcard()

    @api.model
    def _search_display_name(self, operator, value):
        if self._hides_patient_contacts() and isinstance(value, str):
            # The name search of contacts looks at e-mail too, which would leave all patients out.
            return Domain("complete_name", operator, value) | Domain("ref", operator, value)
        return super()._search_display_name(operator, value)

    def _compute_display_name(self):
        if any(self.env.context.get(key) for key in _NAME_CONTEXT) and self._hides_patient_contacts():
            patients = self.filtered("is_patient")
            bare = patients.with_context(**dict.fromkeys(_NAME_CONTEXT))
            # computed by hand: reading the field here would meet the field under computation
            super(ResPartner, bare)._compute_display_name()
            for patient, plain in zip(patients, bare, strict=True):
                patient.display_name = plain.display_name
            return super(ResPartner, self - patients)._compute_display_name()
        return super()._compute_display_name()
