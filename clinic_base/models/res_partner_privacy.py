# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.mail.tools.discuss import Store

from ..const import PATIENT_CONTACT_FIELDS

#: Staff of the clinic sees contact data with the first group only; other internal users of Odoo
#: (sales, accounting) keep what their own groups give them.
CONTACT_GROUP = "clinic_base.group_clinic_patient_contact"
STAFF_GROUP = "clinic_base.group_clinic_user"
OTHER_GROUPS = ("base.group_partner_manager", "account.group_account_invoice")
_NAME_CONTEXT = ("show_address", "show_email", "show_vat", "formatted_display_name")


class ResPartner(models.Model):
    """Names of patients are open inside the company, their contact data are not.

    Odoo knows field groups per model, not per kind of record; without this a marketer could read
    the phones of all patients through the ordinary contact. Reading gives empty values, searching
    and grouping by such a field leaves patients out, exporting is refused. Code of Odoo itself that
    works on records (mail, invoices) is not touched.
    """

    _inherit = "res.partner"

    @api.model
    def _hides_patient_contacts(self):
        """Whether the current user may not see phones, e-mail, birth date and address of patients."""
        return not self.env.su and self._user_hides_patient_contacts()

    @api.model
    def _user_hides_patient_contacts(self):
        """The same for the person behind the environment, also while code runs as the superuser."""
        user = self.env.user
        if user._is_superuser() or not user._is_internal() or user.has_group(CONTACT_GROUP):
            return False
        return user.has_group(STAFF_GROUP) or not any(user.has_group(group) for group in OTHER_GROUPS)

    @api.model
    def _names_contact_field(self, names):
        """Whether any of the names (paths, ``field:granularity``, ``field desc``) is contact data."""
        return any(
            str(name).replace(":", " ").replace(".", " ").replace("/", " ").split(" ")[0]
            in PATIENT_CONTACT_FIELDS
            for name in names
            if name
        )

    def _read_format(self, fnames, load="_classic_read"):
        rows = super()._read_format(fnames, load)
        hidden = PATIENT_CONTACT_FIELDS.intersection(fnames)
        if not hidden or not self._hides_patient_contacts():
            return rows
        patients = set(self.filtered(lambda card: card.is_patient and card != self.env.user.partner_id).ids)
        for row in rows:
            if row["id"] in patients:
                row.update(dict.fromkeys(hidden, False))
        return rows

    def _field_store_repr(self, field_name):
        """Messages, avatar cards and mentions carry no phone or e-mail of a patient."""
        if field_name in ("email", "phone") and self._user_hides_patient_contacts():
            return [Store.Attr(field_name, lambda partner: not partner.is_patient and partner[field_name])]
        return super()._field_store_repr(field_name)

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        hidden = self._names_contact_field(path[0] for path in fields) and self._hides_patient_contacts()
        if hidden and any(self.mapped("is_patient")):
            raise AccessError(
                self.env._(
                    "Phones, e-mail, birth dates and addresses of patients are not exported by your role. "
                    "Leave these columns out."
                )
            )
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)

    @api.model
    def _without_patients(self, domain, names=()):
        """The domain, without patients when the domain or the names look at hidden data."""
        domain = Domain(domain)
        conditions = [condition.field_expr for condition in domain.iter_conditions()]
        if self._names_contact_field([*conditions, *names]) and self._hides_patient_contacts():
            domain &= Domain("is_patient", "!=", True)
        return domain

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        if not kwargs.get("bypass_access"):
            domain = self._without_patients(domain, (order or "").split(","))
        return super()._search(domain, offset, limit, order, **kwargs)

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None):
        domain = self._without_patients(domain, (*groupby, *aggregates))
        return super()._read_group(domain, groupby, aggregates, having, offset, limit, order)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        names = [name for groupby in grouping_sets for name in groupby]
        domain = self._without_patients(domain, (*names, *aggregates))
        return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)

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
