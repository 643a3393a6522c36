# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import secrets
from datetime import timedelta
from math import ceil

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.clinic_course import MAX_VISITS
from ..slot_algebra import Rhythm, choose_series
from ..waiting_const import WEEKDAY_FIELDS

#: The first visit is looked for so many days; other times of a day that are shown.
FIRST_WITHIN, OPTIONS = 21, 24
#: A longer course is booked in parts: every two weeks of it are one search.
MAX_COURSE_DAYS = 366
MODES = [("new", "New course"), ("missing", "Missing visits"), ("move", "Move the visits to come")]


class ClinicCourseFind(models.TransientModel):
    """The window that finds the times of a course: so many visits, every so many days, at about an hour."""

    _name = "clinic.course.find"
    _description = "Find the times of a course"

    mode = fields.Selection(MODES, required=True, default="new", readonly=True)
    course_id = fields.Many2one("clinic.course", ondelete="cascade", readonly=True)
    patient_id = fields.Many2one(
        "res.partner", required=True, ondelete="cascade", domain="[('is_patient', '=', True)]"
    )
    service_id = fields.Many2one(
        "product.product",
        required=True,
        ondelete="cascade",
        domain="[('clinic_is_service', '=', True), ('clinic_group_size', '=', 0)]",
    )
    count = fields.Integer(string="How many visits", required=True, default=10)
    every = fields.Integer(
        string="Every (days)", required=True, default=1, help="1 – daily, 2 – every other day."
    )
    slack = fields.Integer(
        string="May differ by (days)", default=2, help="How much a visit may be nearer or farther."
    )
    hour = fields.Float(string="At about", required=True, default=10.0)
    off = fields.Float(string="May differ by (hours)", default=3.0)
    on_mon = fields.Boolean(string="Mon", default=True)
    on_tue = fields.Boolean(string="Tue", default=True)
    on_wed = fields.Boolean(string="Wed", default=True)
    on_thu = fields.Boolean(string="Thu", default=True)
    on_fri = fields.Boolean(string="Fri", default=True)
    on_sat = fields.Boolean(string="Sat", default=True)
    on_sun = fields.Boolean(string="Sun", default=True)
    first_day = fields.Date(
        string="Not before",
        required=True,
        default=lambda self: fields.Date.context_today(self) + timedelta(1),
    )
    branch_id = fields.Many2one("clinic.branch", ondelete="cascade", help="Empty: any branch.")
    practitioner_id = fields.Many2one(
        "clinic.practitioner", string="Doctor or nurse", ondelete="cascade", help="Empty: any."
    )
    one_owner = fields.Boolean(string="All visits with one person", default=True)
    reason_id = fields.Many2one(
        "clinic.appointment.reason", ondelete="cascade", domain="[('kind', '=', 'move')]"
    )
    token = fields.Char(default=lambda self: secrets.token_urlsafe(24), groups=fields.NO_ACCESS)
    line_ids = fields.One2many("clinic.course.find.line", "find_id", string="Times")
    found = fields.Selection([("none", "Nothing"), ("part", "Fewer"), ("all", "All")], readonly=True)
    found_count = fields.Integer(readonly=True)

    @api.model
    def _open(self, course, mode):
        """The window for a course that exists; the times are found at once."""
        course._check_booking()
        coming = course.visit_ids._to_come()
        last = course.visit_ids.filtered(lambda visit: visit.state not in ("held",)).sorted("start")[-1:]
        today = fields.Date.context_today(self)
        first = today + timedelta(days=1)
        if mode == "missing" and last.local_date and last.local_date >= today:
            first = last.local_date + timedelta(days=1)
        window = self.create(
            {
                "mode": mode,
                "course_id": course.id,
                "patient_id": course.patient_id.id,
                "service_id": course.service_id.id,
                "count": len(coming) if mode == "move" else max(1, course.missing_count),
                "every": course.every,
                "hour": course.hour,
                "one_owner": course.one_owner,
                **{name: str(day) in course.weekdays for day, name in enumerate(WEEKDAY_FIELDS)},
                "practitioner_id": course.one_owner and (coming or last)[:1].practitioner_id.id,
                "branch_id": (coming or last)[:1].branch_id.id,
                "first_day": first,
            }
        )
        return window._reopen(self.env._("Times of the course"))

    def _reopen(self, name=None):
        return {
            "type": "ir.actions.act_window",
            "name": name or self.env._("Times of the course"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_find(self):
        """Button: find the best row of times. Rights: those of the booking service; changes nothing."""
        self.ensure_one()
        self._check_wish()
        rhythm = Rhythm(
            self.count,
            self.every,
            round(self.hour * 60),
            self.slack,
            round(self.off * 60),
            self.one_owner,
            self._weekdays(),
        )
        last = self.first_day + timedelta(days=FIRST_WITHIN + self._longest())
        booking = self.env["clinic.booking"]
        starts = booking._course_starts(
            self.service_id,
            self.patient_id,
            self.first_day,
            last,
            self.practitioner_id,
            self.branch_id,
            course=self.course_id if self.mode == "move" else None,
        )
        row = choose_series(starts, rhythm, self.first_day)
        by_day = {}
        owners = {start.owner for start in row}
        for start in starts:
            if not self.one_owner or start.owner in owners:
                by_day.setdefault(start.day, []).append(start)
        self.line_ids.unlink()
        lines = []
        for start in row:
            near = sorted(by_day[start.day], key=lambda one, wish=start: (abs(one.minute - wish.minute), one))
            options = [self._option(starts[one][0]) for one in sorted(near[:OPTIONS])]
            chosen = sorted(near[:OPTIONS]).index(start)
            lines.append((options, chosen))
        made = self.env["clinic.course.find.line"].create([{"find_id": self.id} for _line in lines])
        options = self.env["clinic.course.find.option"].create(
            [
                {**option, "line_id": line.id}
                for line, (line_options, _chosen) in zip(made, lines, strict=True)
                for option in line_options
            ]
        )
        for line, (_options, chosen) in zip(made, lines, strict=True):
            line.option_id = options.filtered(lambda option, line=line: option.line_id == line)[chosen]
        self.found_count = len(row)
        self.found = "all" if len(row) == self.count else "part" if row else "none"
        return self._reopen()

    def _weekdays(self):
        return frozenset(day for day, name in enumerate(WEEKDAY_FIELDS) if self[name])

    def _longest(self):
        """Days from the first visit to the last one at most: those of the rhythm are days that suit."""
        return ceil((self.count - 1) * (self.every + self.slack) * 7 / len(self._weekdays()))

    def _option(self, slot):
        names = ("resource_id", "branch_id", "service_id", "start", "stop", "price")
        return {name: slot[name] for name in names}

    def _check_wish(self):
        if not 1 <= self.count <= MAX_VISITS or not 1 <= self.every <= 60:
            raise UserError(self.env._("A course has 1 to 60 visits, at most 60 days apart."))
        if not 0 <= self.slack <= 14 or not 0 <= self.hour < 24 or self.off < 0:
            raise UserError(self.env._("Choose an hour of the day, and at most 14 days of difference."))
        if not self._weekdays():
            raise UserError(self.env._("Choose at least one day of the week."))
        if self._longest() > MAX_COURSE_DAYS:
            raise UserError(
                self.env._("A course lasts at most a year. Book fewer visits now and the rest later.")
            )
        if self.first_day < fields.Date.context_today(self):
            raise UserError(self.env._("This day is over. Choose today or a later day."))

    def action_book(self):
        """Button: book all of these times, or move the course to them; nothing when one of them is lost."""
        self.ensure_one()
        slots = [line.option_id._slot() for line in self.line_ids]
        if not slots:
            raise UserError(self.env._("Find the times first."))
        booking = self.env["clinic.booking"]
        if self.mode == "move":
            course = booking._move_course(self.course_id, slots, self.reason_id)
        else:
            course = booking._book_course(
                slots,
                self.patient_id,
                # sudo: the window keeps its token to itself
                self.sudo().token,
                channel=booking._own_channel(),
                course=self.course_id,
                count=self.count,
                every=self.every,
                minute=round(self.hour * 60),
                one_owner=self.one_owner,
                weekdays="".join(map(str, sorted(self._weekdays()))),
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "clinic.course",
            "res_id": course.id,
            "views": [(False, "form")],
        }

    @api.onchange("patient_id")
    def _onchange_patient(self):
        """The branch of the card is proposed: nobody goes to another town ten times."""
        proposed = self.env.context.get("default_branch_id")
        if self.mode == "new" and self.patient_id.patient_branch_id and not proposed:
            self.branch_id = self.patient_id.patient_branch_id

    @api.onchange("service_id")
    def _onchange_service(self):
        """Who does not give the service is not proposed."""
        offered = self.service_id.clinic_practitioner_line_ids.practitioner_id
        if self.practitioner_id and self.practitioner_id not in offered:
            self.practitioner_id = False
