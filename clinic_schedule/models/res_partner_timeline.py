# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import SQL

from ..slot_algebra import utc_to_wall

AGREED = [("state", "!=", "held")]


class ResPartner(models.Model):
    """Visits in the history of a patient; the last visit for the lookup of callers."""

    _inherit = "res.partner"

    @api.model
    def _clinic_timeline_sources(self):
        return super()._clinic_timeline_sources() + [
            {
                "kind": "visit",
                "label": self.env._("Visits"),
                "icon": "fa-calendar",
                "model": "clinic.appointment",
                "patient": "patient_id",
                "date": "start",
                "domain": AGREED,
                "groups": "clinic_schedule.group_clinic_schedule_reader",
                "line": self._timeline_visit,
            }
        ]

    @api.model
    def _timeline_visit(self, visit):
        """One visit in words; the clock is the branch's."""
        state = self._timeline_label(visit, "state")
        who = visit.practitioner_id.name or visit.resource_id.name
        return {
            "when": f"{utc_to_wall(visit.start, visit.branch_id.tz):%d.%m.%Y %H:%M}",
            "title": visit.service_id.name,
            "detail": " · ".join(filter(None, [state, who, visit.branch_id.name])),
        }

    @api.model
    def _caller_last_visit(self, patient):
        self.env["clinic.appointment"].flush_model(["patient_id", "state", "start"])
        return SQL(
            "(SELECT max(visit.start) FROM clinic_appointment visit WHERE visit.patient_id = %s"
            " AND visit.state IN ('arrived', 'in_progress', 'done'))",
            patient,
        )
