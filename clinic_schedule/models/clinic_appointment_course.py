# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models

from ..slot_algebra import utc_to_wall


class ClinicAppointment(models.Model):
    """A visit may be one of a course."""

    _inherit = "clinic.appointment"

    course_id = fields.Many2one(
        "clinic.course",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="clinic_schedule.group_clinic_schedule_reader",
    )
    course_place = fields.Char(
        string="Visit of the course",
        compute="_compute_course_place",
        groups="clinic_schedule.group_clinic_schedule_reader",
    )

    @api.depends("course_id.count", "course_id.visit_ids.state", "course_id.visit_ids.start")
    @api.depends_context("lang")
    def _compute_course_place(self):
        """Which visit of its course it is, among those that take or have taken place."""
        places = {}
        for course in self.course_id:
            for place, visit in enumerate(course.visit_ids._standing(), 1):
                places[visit.id] = self.env._("%(place)s of %(count)s", place=place, count=course.count)
        for visit in self:
            visit.course_place = places.get(visit.id, False)

    def action_open_course(self):
        """Button: the course of this visit."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "clinic.course",
            "res_id": self.course_id.id,
            "views": [(False, "form")],
        }

    def action_book_course(self):
        """Button: book a course as this visit was: the same service, doctor, branch and hour, from the next
        day on. Rights: those of booking, asked for by the window itself."""
        self.ensure_one()
        wall = utc_to_wall(self.start, self.tz)
        first = max(wall.date(), fields.Date.context_today(self)) + timedelta(days=1)
        action = self.env["ir.actions.act_window"]._for_xml_id("clinic_schedule.clinic_course_find_action")
        # the places of a group session are booked one by one
        same = not self.session_id
        defaults = {
            "patient_id": self.patient_id.id,
            "service_id": same and self.service_id.id,
            "practitioner_id": same and self.practitioner_id.id,
            "branch_id": self.branch_id.id,
            "hour": wall.hour + wall.minute / 60,
            "first_day": fields.Date.to_string(first),
        }
        return {**action, "context": {f"default_{name}": value for name, value in defaults.items()}}
