# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

from odoo.addons.clinic_base.models.res_partner_subject import Erase

READERS = "clinic_schedule.group_clinic_schedule_reader"


class ResPartner(models.Model):
    """What a patient waits for: in his history, at a join of cards, at the destruction of his data."""

    _inherit = "res.partner"

    @api.model
    def _clinic_timeline_sources(self):
        return super()._clinic_timeline_sources() + [
            {
                "kind": "waiting",
                "label": self.env._("Waiting list"),
                "icon": "fa-hourglass-half",
                "model": "clinic.waiting.entry",
                "patient": "patient_id",
                "date": "waiting_since",
                "groups": READERS,
                "line": self._timeline_waiting,
            }
        ]

    @api.model
    def _timeline_waiting(self, entry):
        """One entry of the waiting list in words."""
        doctors = ", ".join(entry.practitioner_ids.mapped("name")) or self.env._("any doctor")
        return {
            "title": self.env._("Waits for: %(service)s", service=entry.service_id.name),
            "detail": " · ".join([self._timeline_label(entry, "state"), doctors, entry.wish_text or ""]),
        }

    @api.model
    def _clinic_merge_policy(self):
        return super()._clinic_merge_policy() + [("clinic.waiting.entry", "patient_id", "repoint")]

    @api.model
    def _clinic_erase_spec(self):
        return super()._clinic_erase_spec() + [Erase("clinic.waiting.entry", "patient_id", "delete")]
