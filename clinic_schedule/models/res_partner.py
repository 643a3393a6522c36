# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.clinic_base.models.res_partner_subject import Erase


class ResPartner(models.Model):
    """Who reads the schedule sees the alert of a patient, as the board shows it."""

    _inherit = "res.partner"

    patient_alert = fields.Char(groups="clinic_schedule.group_clinic_schedule_reader")

    @api.model
    def _clinic_merge_policy(self):
        return super()._clinic_merge_policy() + [("clinic.appointment", "patient_id", "combine")]

    @api.model
    def _clinic_erase_spec(self):
        words = {"note": None, "external_patient_ref": None, "external_ref": None, "token": None}
        return super()._clinic_erase_spec() + [
            # how long the clinic was busy stays; who it was for does not
            Erase("clinic.appointment", "patient_id", "wipe", words, "contract"),
        ]

    def _clinic_erase_more(self):
        result = super()._clinic_erase_more()
        visits = self.env["clinic.appointment"].search([("patient_id", "in", self.ids)])
        # what a visit was before is kept for taking a step back; notes of the desk are free text
        self.env.execute_query(
            SQL(
                "UPDATE clinic_appointment_journal SET note = NULL, before = NULL"
                " WHERE appointment_id = ANY(%s) RETURNING id",
                visits.ids,
            )
        )
        return result

    def _clinic_retention_facts(self):
        visits = self.env["clinic.appointment"].search(
            [("patient_id", "in", self.ids), ("state", "=", "done")], order="start desc", limit=1
        )
        # a visit that took place was paid for under a contract
        return super()._clinic_retention_facts() + [("contract", visit.start.date()) for visit in visits]

    def _clinic_subject_sections(self):
        visits = self.env["clinic.appointment"].search([("patient_id", "=", self.id)])
        names = ("wall_start", "service_id", "practitioner_id", "branch_id", "state", "channel", "note")
        return super()._clinic_subject_sections() + [
            self._subject_list("visits", self.env._("Visits"), visits, names)
        ]

    def _clinic_match_counts(self):
        """Adds visits that were and those to come."""
        now = fields.Datetime.now()
        found = super()._clinic_match_counts()
        past, future = self.env._("Past appointments"), self.env._("Future appointments")
        for label, operator in ((past, "<"), (future, ">=")):
            rows = self.env["clinic.appointment"]._read_group(
                [("patient_id", "in", self.ids), ("start", operator, now)], ["patient_id"], ["__count"]
            )
            found.append((label, {card.id: amount for card, amount in rows}))
        return found
