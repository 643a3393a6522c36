# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ClinicAccessLogMixin(models.AbstractModel):
    """Records about patients whose reading and export are events of the access journal.

    One record read through the client or by RPC is an opened card; of several the number is noted.
    Methods that gather their answer themselves (boards, searches) call ``_journal_reading`` or
    ``clinic.access.event._record``.
    """

    _name = "clinic.access.log.mixin"
    _description = "Reading is an event of the access journal"

    def _journalled_fields(self):
        """Fields whose reading is an event; names and counters that every list shows are not."""
        return frozenset(["patient_id"])

    def _journal_patients(self):
        """Patients of these records, but for the user himself."""
        return self.sudo().patient_id - self.env.user.partner_id

    def _read_group_groupby(self, alias, groupby_spec, query):
        """Odoo asks for the right to a field that it groups by, but not if it is a many2many."""
        name = groupby_spec.split(":")[0].split(".")[0]
        if name in self._fields:
            self._check_field_access(self._fields[name], "read")
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _read_format(self, fnames, load="_classic_read"):
        rows = super()._read_format(fnames, load)
        if not self.env.su:
            names = self._journalled_fields().intersection(fnames)
            if names:
                self._journal_reading(names)
        return rows

    def _journal_reading(self, names=()):
        """Note that the current user has seen ``self``; written when the request has ended well."""
        if not self.env.user._is_internal():
            return
        patients = self._journal_patients()
        if not patients:
            return
        events, detail = self.env["clinic.access.event"], ", ".join(sorted(names))
        if len(self) == 1:
            events._record("read", patients, model=self, detail=detail)
        else:
            amount = len(patients) if self._name == "res.partner" else len(self)
            events._record("list", model=self, amount=amount, detail=detail)

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        patients = self._journal_patients() if _is_toplevel_call and not self.env.su else ()
        if patients:
            detail = ", ".join(sorted({"/".join(path) for path in fields}))
            amount = len(patients) if self._name == "res.partner" else len(self)
            self.env["clinic.access.event"]._record_now("export", model=self, amount=amount, detail=detail)
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
