# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .report_day_list import ROWS


class ReportGroupSession(models.AbstractModel):
    """Who comes to a group session, on paper, with a column for a mark. Under the user's record rules."""

    _name = "report.clinic_schedule.report_group_session"
    _description = "List of participants"

    @api.model
    def _get_report_values(self, docids, data=None):
        sessions = self.env["clinic.group.session"].browse(docids).exists().sorted("start")
        visits = sessions.appointment_ids.filtered(lambda visit: visit.state != "held")
        if visits.patient_id and not self.env.user._is_superuser():
            # the report is of sessions: who stands on it is not seen from outside
            self.env["clinic.access.event"]._record_now(
                "print", visits.patient_id, model=visits, detail="clinic_schedule.report_group_session"
            )
        sheets = []
        for session in sessions:
            own = (visits & session.appointment_ids).sorted(lambda visit: visit.patient_id.name or "")
            sheets += [
                {"session": session, "visits": own[n : n + ROWS], "first": n}
                for n in range(0, len(own) or 1, ROWS)
            ]
        return {
            "doc_ids": sessions.ids,
            "doc_model": "clinic.group.session",
            "docs": sessions,
            "sheets": sheets,
            "with_phones": self.env.user.has_group("clinic_base.group_clinic_patient_contact"),
            "printed_at": fields.Datetime.now(),
        }
