# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.fields import Domain

from ..const import OCCUPYING


class ReportRouteSheet(models.AbstractModel):
    """One sheet for all of a patient's visits on one day, in the order of going.

    Printed for any of the visits; the others are found under the user's record rules.
    """

    _name = "report.clinic_schedule.report_route_sheet"
    _description = "Route sheet of a patient's day"

    @api.model
    def _get_report_values(self, docids, data=None):
        asked = self.env["clinic.appointment"].browse(docids).exists()
        domain = Domain("patient_id", "in", asked.patient_id.ids)
        domain &= Domain("local_date", "in", asked.mapped("local_date"))
        domain &= Domain("state", "in", [state for state in OCCUPYING if state != "held"])
        visits = asked.search(domain, order="start, id")
        sheets = []
        seen = set()
        for visit in asked:
            key = (visit.patient_id, visit.local_date)
            if key in seen or not visit.patient_id:
                continue
            seen.add(key)
            own = visits.filtered(lambda v, key=key: (v.patient_id, v.local_date) == key)
            sheets.append({"patient": visit.patient_id, "date": visit.local_date, "visits": own})
        return {"doc_ids": asked.ids, "doc_model": "clinic.appointment", "docs": asked, "sheets": sheets}
