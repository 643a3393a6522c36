# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..const import PATIENT_CONTACT_FIELDS

#: Staff of the clinic sees contact data with the first group only; other internal users of Odoo
#: (sales, accounting, managers of users) keep what their own groups give them.
CONTACT_GROUP = "clinic_base.group_clinic_patient_contact"
STAFF_GROUP = "clinic_base.group_clinic_user"
OTHER_GROUPS = ("base.group_partner_manager", "account.group_account_invoice", "base.group_erp_manager")
_SEPARATORS = re.compile(r"[ :./]+")


class ClinicPatientContactMixin(models.AbstractModel):
    """Hides contact data of patients on models with the fields of a contact: contacts and users.

    Odoo knows field groups per model, not per kind of record; without this a marketer could read
    the phones of all patients through the ordinary contact. Reading gives empty values, searching
    and grouping by such a field leaves patients out, exporting is refused. Code of Odoo itself that
    works on records (mail, invoices) is not touched.
    """

    _name = "clinic.patient.contact.mixin"
    _description = "Contact data of patients"

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
        """Whether any of the names (paths, ``field:granularity``, ``field desc``) is contact data.

        Of a path the first field counts, or the one behind a leading ``partner_id``.
        """
        return any(
            next((part for part in _SEPARATORS.split(str(name)) if part != "partner_id"), "")
            in PATIENT_CONTACT_FIELDS
            for name in names
            if name
        )

    def _read_format(self, fnames, load="_classic_read"):
        rows = super()._read_format(fnames, load)
        hidden = PATIENT_CONTACT_FIELDS.intersection(fnames)
        if not hidden or not self._hides_patient_contacts():
            return rows
        own = self.env.user if self._name == "res.users" else self.env.user.partner_id
        patients = set(self.filtered(lambda card: card.is_patient and card != own).ids)
        for row in rows:
            if row["id"] in patients:
                row.update(dict.fromkeys(hidden, False))
        return rows

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        hidden = (
            self._names_contact_field("/".join(path) for path in fields) and self._hides_patient_contacts()
        )
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
        # also with bypass_access: any caller may write a path over a field that bypasses (partner_id)
        names = [name.strip() for name in (order or "").split(",")]
        domain = self._without_patients(domain, names)
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
