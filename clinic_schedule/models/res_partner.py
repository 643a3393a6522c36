# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.clinic_base.models.res_partner_subject import Erase

from ..const import CANCELLED, LIVE


class ResPartner(models.Model):
    """Who reads the schedule sees the alert of a patient, as the board shows it."""

    _inherit = "res.partner"

    patient_alert = fields.Char(groups="clinic_schedule.group_clinic_schedule_reader")

    @api.model
    def _clinic_merge_policy(self):
        return super()._clinic_merge_policy() + [
            ("clinic.appointment", "patient_id", "combine"),
            ("clinic.walk.in", "patient_id", "repoint"),
        ]

    @api.model
    def _clinic_erase_spec(self):
        words = {"note": None, "external_patient_ref": None, "external_ref": None, "token": None}
        words |= {"overbook_reason": None, "visit_address": None, "meeting_url": None}
        before = {"note": None, "before": None}
        visits = Erase("clinic.appointment", "patient_id", "wipe", words, "contract")
        return super()._clinic_erase_spec() + [
            # how long the clinic was busy stays; who it was for does not
            visits,
            # what a visit was before is kept for taking a step back; notes of the desk are free text
            Erase("clinic.appointment.journal", "appointment_id", "wipe", before, parent=visits.key),
            Erase("clinic.walk.in", "patient_id", "delete"),
        ]

    def _clinic_erase_problems(self):
        """A visit to come would be left in the schedule for nobody."""
        coming = self.env["clinic.appointment"].search_count(
            [("patient_id", "in", self.ids), ("state", "in", LIVE)], limit=1
        )
        problem = self.env._(
            "This patient has visits that have not ended. Cancel them or wait until they are over: whose "
            "they are would not be known any more."
        )
        return super()._clinic_erase_problems() + ([problem] if coming else [])

    @api.model
    def _clinic_of_doctor_domain(self):
        """Adds patients who have or had a visit to the doctor."""
        visits = Domain("state", "not in", ("held", *CANCELLED)) & Domain(
            "practitioner_id", "in", self.env.user.practitioner_ids.ids
        )
        # sudo: only whose visits they are; the doctor reads visits of his companies
        ids = self.env["clinic.appointment"].sudo()._search(visits).subselect("patient_id")
        return super()._clinic_of_doctor_domain() | Domain("id", "in", ids)

    def _clinic_retention_facts(self):
        visits = self.env["clinic.appointment"].search(
            [("patient_id", "in", self.ids), ("state", "=", "done")], order="start desc", limit=1
        )
        # a visit that took place was paid for under a contract
        return super()._clinic_retention_facts() + [("contract", visit.start.date()) for visit in visits]

    def _clinic_subject_sections(self):
        visits = self.env["clinic.appointment"].search([("patient_id", "=", self.id)])
        names = ("wall_start", "service_id", "practitioner_id", "branch_id", "place_kind", "visit_address")
        names += ("state", "channel", "note")
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
