# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models

from odoo.addons.clinic_base.models.clinic_print_field import PrintField

from ..slot_algebra import utc_to_wall


class ClinicPrintField(models.AbstractModel):
    """Fields of the visit from which the papers were printed; a line to write on without one."""

    _inherit = "clinic.print.field"

    @api.model
    def _registry(self):
        visit = self.env._("Visit")
        return super()._registry() + [
            PrintField("visit.date", self.env._("Day and hour of the visit"), visit),
            PrintField("visit.service", self.env._("Service"), visit),
            PrintField("visit.doctor", self.env._("Doctor"), visit),
            PrintField("visit.price", self.env._("Price"), visit),
        ]

    @api.model
    def _visit(self, source):
        """The visit behind a print, or an empty record."""
        visits = self.env["clinic.appointment"]
        return source.about if source.about and source.about._name == visits._name else visits

    def _value_visit_date(self, source):
        visit = self._visit(source)
        if not visit:
            return ""
        return f"{utc_to_wall(visit.start, visit.tz or 'Europe/Moscow'):%d.%m.%Y %H:%M}"

    def _value_visit_service(self, source):
        return self._visit(source).service_id.name

    def _value_visit_doctor(self, source):
        return self._visit(source).practitioner_id.name

    def _value_visit_price(self, source):
        visit = self._visit(source)
        return visit.currency_id.format(visit.price) if visit.price else ""
