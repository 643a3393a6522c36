# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import COMING
from ..waiting_const import WEEKDAY_FIELDS

STATES = [
    ("running", "Under way"),
    ("gap", "Visits are missing"),
    ("done", "Completed"),
    ("closed", "Closed early"),
]
MAX_VISITS = 60
ALL_WEEK = "0123456"


class ClinicCourse(models.Model):
    """A treatment of several visits that were booked in one go: ten massages every other day.

    Each visit is a row of its own with its own place; the course says how many were meant, and so what is
    missing after a cancellation. Made, moved and cancelled by the booking service.
    """

    _name = "clinic.course"
    _description = "Course of visits"
    _inherit = ["clinic.access.log.mixin"]
    _order = "id desc"
    _rec_name = "service_id"

    patient_id = fields.Many2one("res.partner", required=True, index=True, ondelete="restrict", readonly=True)
    service_id = fields.Many2one(
        "product.product", required=True, index=True, ondelete="restrict", readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    count = fields.Integer(string="Visits meant", required=True, readonly=True)
    every = fields.Integer(string="Every (days)", required=True, default=1, readonly=True)
    minute = fields.Integer(required=True, default=600, readonly=True)
    hour = fields.Float(string="At about", compute="_compute_hour")
    one_owner = fields.Boolean(string="With one doctor", readonly=True)
    weekdays = fields.Char(required=True, default=ALL_WEEK, readonly=True, help="Monday is 0.")
    weekday_text = fields.Char(string="On days", compute="_compute_weekday_text")
    note = fields.Text()
    closed = fields.Boolean(readonly=True)
    token = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    visit_ids = fields.One2many("clinic.appointment", "course_id", string="Visits", readonly=True)
    done_count = fields.Integer(string="Done", compute="_compute_counts")
    coming_count = fields.Integer(string="Coming", compute="_compute_counts")
    missing_count = fields.Integer(string="Missing", compute="_compute_counts")
    state = fields.Selection(STATES, compute="_compute_state", store=True)

    _token_uniq = models.UniqueIndex("(token) WHERE token IS NOT NULL", "This course was booked already.")
    _suitable_days = models.Constraint(
        "CHECK (weekdays ~ '^0?1?2?3?4?5?6?$' AND weekdays <> '')", "Choose the days of the week."
    )
    _visits_meant = models.Constraint(
        f"CHECK (count BETWEEN 1 AND {MAX_VISITS} AND every BETWEEN 1 AND 60 AND minute BETWEEN 0 AND 1439)",
        "A course has 1 to 60 visits, at most 60 days apart.",
    )

    @api.depends("minute")
    def _compute_hour(self):
        for course in self:
            course.hour = course.minute / 60

    @api.depends("weekdays")
    @api.depends_context("lang")
    def _compute_weekday_text(self):
        fields_of = self.env["clinic.course.find"]._fields
        for course in self:
            names = [
                fields_of[name]._description_string(self.env)
                for number, name in enumerate(WEEKDAY_FIELDS)
                if str(number) in course.weekdays
            ]
            course.weekday_text = ", ".join(names) if len(names) < len(WEEKDAY_FIELDS) else False

    @api.depends("service_id.name", "count")
    def _compute_display_name(self):
        for course in self:
            course.display_name = f"{course.service_id.name} × {course.count}"

    @api.depends("visit_ids.state", "count")
    def _compute_counts(self):
        for course in self:
            states = course.visit_ids.mapped("state")
            course.done_count = states.count("done")
            course.coming_count = sum(state in COMING for state in states)
            course.missing_count = max(0, course.count - course.done_count - course.coming_count)

    @api.depends("visit_ids.state", "count", "closed")
    def _compute_state(self):
        for course in self:
            states = course.visit_ids.mapped("state")
            done, coming = states.count("done"), sum(state in COMING for state in states)
            if course.closed:
                course.state = "closed"
            elif done >= course.count:
                course.state = "done"
            else:
                course.state = "running" if done + coming >= course.count else "gap"

    def write(self, vals):
        """People write the note; the rest is changed by the buttons."""
        if not self.env.su and vals.keys() - {"note"}:
            raise UserError(
                self.env._("Visits of a course are booked, moved and cancelled by the buttons above it only.")
            )
        return super().write(vals)

    # ------------------------------------------------------------------ buttons

    def action_book_missing(self):
        """Button: find times for the visits that are missing."""
        self.ensure_one()
        return self.env["clinic.course.find"]._open(self, "missing")

    def action_move_rest(self):
        """Button: find other times for all visits that are still to come."""
        self.ensure_one()
        if not self.visit_ids._to_come():
            raise UserError(
                self.env._("No visit of this course is still to come, so there is nothing to move.")
            )
        return self.env["clinic.course.find"]._open(self, "move")

    def action_close(self):
        """Button: the patient needs no more visits; what is missing is not missed any more."""
        self._check_booking()
        if self.visit_ids._to_come():
            raise UserError(self.env._("Cancel the visits to come first: their places would stay taken."))
        # courses are closed to people but for this step; the right was checked
        self.sudo().closed = True

    def action_reopen(self):
        """Button: the course goes on."""
        self._check_booking()
        # as above
        self.sudo().closed = False

    def _check_booking(self):
        """Rights: those who book, for courses that they see."""
        self.env["clinic.booking"]._check_staff(self.visit_ids)
        self.check_access("read")
