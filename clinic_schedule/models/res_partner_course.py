# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from odoo.addons.clinic_base.models.res_partner_subject import Erase


class ResPartner(models.Model):
    """Courses of a patient: for joins, erasure and the card."""

    _inherit = "res.partner"

    clinic_course_ids = fields.One2many(
        "clinic.course", "patient_id", groups="clinic_schedule.group_clinic_schedule_reader"
    )
    clinic_course_count = fields.Integer(
        compute="_compute_clinic_course_count", groups="clinic_schedule.group_clinic_schedule_reader"
    )

    def _compute_clinic_course_count(self):
        counts = dict(
            self.env["clinic.course"]._read_group(
                [("patient_id", "in", self.ids)], ["patient_id"], ["__count"]
            )
        )
        for partner in self:
            partner.clinic_course_count = counts.get(partner, 0)

    @api.model
    def _clinic_merge_policy(self):
        return super()._clinic_merge_policy() + [("clinic.course", "patient_id", "repoint")]

    @api.model
    def _clinic_erase_spec(self):
        return super()._clinic_erase_spec() + [
            Erase("clinic.course", "patient_id", "wipe", {"note": None}, "contract")
        ]

    def action_clinic_courses(self):
        """Button: the courses of this patient."""
        action = self.env["ir.actions.act_window"]._for_xml_id("clinic_schedule.clinic_course_action")
        return {**action, "domain": [("patient_id", "=", self.id)], "context": {}}

    def action_clinic_book_course(self):
        """Button: book a course for this patient."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Book a course"),
            "res_model": "clinic.course.find",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_patient_id": self.id},
        }
