# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..const import SCHEDULE_READERS
from ..slot_algebra import local_date

NURSES = "clinic_base.group_clinic_senior_nurse"

#: A patient is late after so many minutes, unless the settings say otherwise.
LATE_MINUTES = 10

EXPECTED = ("booked", "confirmed")


class ClinicAppointment(models.Model):
    """Patients who are late today, and visits of past days that nobody has ended.

    Both lists are computed from the visits whenever they are asked for: nobody is forgotten.
    """

    _inherit = "clinic.appointment"  # pylint: disable=consider-merging-classes-inherited

    is_late = fields.Boolean(
        string="Late", compute="_compute_is_late", search="_search_is_late", groups=SCHEDULE_READERS
    )
    late_minutes = fields.Integer(string="Late, min", compute="_compute_is_late", groups=SCHEDULE_READERS)
    left_open = fields.Boolean(
        string="Without an outcome",
        compute="_compute_left_open",
        search="_search_left_open",
        groups=SCHEDULE_READERS,
        help="A visit of a past day of which nobody has said whether the patient came.",
    )
    phoned_at = fields.Datetime(string="Phoned", readonly=True, copy=False, groups=SCHEDULE_READERS)
    walk_in_waits = fields.Boolean(compute="_compute_walk_in_waits", groups=SCHEDULE_READERS)

    # the states are those of EXPECTED: the planner must see them as constants
    _expected_idx = models.Index("(start) WHERE state IN ('booked', 'confirmed')")

    # ------------------------------------------------------------------ late today

    @api.model
    def _late_after(self):
        """After how many minutes a patient is late: a setting."""
        value = self.env["ir.config_parameter"].sudo().get_param("clinic_schedule.late_minutes")
        return int(value) if value and value.isdigit() else LATE_MINUTES

    @api.depends("start", "state", "local_date")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        limit = now - timedelta(minutes=self._late_after())
        for visit in self:
            late = visit.state in EXPECTED and visit.start and visit.stop and visit._is_of_today(now)
            visit.late_minutes = max(0, (now - visit.start) // timedelta(minutes=1)) if late else 0
            visit.is_late = bool(late and visit.start <= limit)

    def _is_of_today(self, now):
        return now - timedelta(hours=24) < self.start and self.local_date == self._today(now)

    def _today(self, now):
        return local_date(now, self.tz or "UTC")

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        self._check_field_access(self._fields["is_late"], "read")  # a search asks for no rights itself
        found = self._expected_domain("=") & Domain(
            "start", "<=", fields.Datetime.now() - timedelta(minutes=self._late_after())
        )
        if True in value and False in value:
            return Domain.TRUE
        return found if True in value else ~found

    @api.depends("start", "state", "local_date")
    def _compute_left_open(self):
        now = fields.Datetime.now()
        for visit in self:
            visit.left_open = bool(
                visit.state in EXPECTED and visit.local_date and visit.local_date < visit._today(now)
            )

    @api.model
    def _search_left_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        self._check_field_access(self._fields["left_open"], "read")
        found = self._expected_domain("<")
        if True in value and False in value:
            return Domain.TRUE
        return found if True in value else ~found

    @api.model
    def _expected_domain(self, comparison):
        """Expected visits whose date is (``=``) or is before (``<``) today on the clock of their branch."""
        now = fields.Datetime.now()
        self.flush_model(["state", "start", "local_date", "branch_id"])
        self.env["clinic.branch"].flush_model(["tz"])
        query = SQL(
            """(SELECT v.id FROM clinic_appointment v JOIN clinic_branch b ON b.id = v.branch_id
                 WHERE v.state IN ('booked', 'confirmed') AND v.start < %(now)s
                   AND v.local_date %(comparison)s ((%(now)s AT TIME ZONE 'UTC') AT TIME ZONE b.tz)::date)""",
            now=now,
            comparison=SQL("=") if comparison == "=" else SQL("<"),
        )
        return Domain("id", "in", query)

    # ------------------------------------------------------------------ what is done about it

    def action_phoned(self):
        """Button: somebody has phoned the patient. Rights: those of booking."""
        self.env["clinic.booking"]._check_staff(self)
        self.sudo()._write_guarded({"phoned_at": fields.Datetime.now()})  # the guarded write, after the check
        return True

    def action_late_message(self):
        """Button: send a message to patients who are late. Rights: those of booking.

        The ground addon sends nothing: addons for messages extend ``_send_late_message``.
        """
        self.env["clinic.booking"]._check_staff(self)
        if not self.sudo()._send_late_message():
            raise UserError(self.env._("No addon for messages is installed. Please phone the patient."))
        return True

    def _send_late_message(self):
        """Hook: ask the patients of these visits where they are; True when messages were queued."""
        return False

    @api.depends("state")
    def _compute_walk_in_waits(self):
        walk_ins = self.env["clinic.walk.in"]
        if not walk_ins.has_access("read"):
            self.walk_in_waits = False
            return
        waiting = walk_ins._waiting_for(self.filtered("is_late"))
        for visit in self:
            visit.walk_in_waits = bool(waiting.get(visit))

    def action_give_place(self):
        """Button: the patient did not come; his place goes to the first who waits. Rights: booking."""
        self.ensure_one()
        self.env["clinic.booking"]._check_staff(self)
        waiting = self.env["clinic.walk.in"]._waiting_for(self)[self]
        if not waiting:
            raise UserError(self.env._("Nobody waits without a booking for this doctor."))
        self.action_no_show()
        for walk_in in waiting:
            if walk_in._seat(self):
                return True
        raise UserError(
            self.env._("The time that is left is too short for those who wait. Nothing was changed.")
        )

    def action_came(self):
        """Button: the patient was here on that day; the visit took place. Rights: those of booking."""
        self.action_start()
        self.action_done()
        return True

    # ------------------------------------------------------------------ the night

    @api.model
    def _cron_left_open(self):
        """Every night: senior nurses get a task about visits of past days without an outcome.

        Only with the setting ``clinic_schedule.auto_no_show`` they are marked as missed by themselves.
        """
        kind = self.env.ref("clinic_schedule.activity_left_open")
        # yesterday's tasks are replaced, or done with; sudo: the night has no user
        self.env["mail.activity"].sudo().search([("activity_type_id", "=", kind.id)]).unlink()
        visits = self.search([("left_open", "=", True)])
        if self.env["ir.config_parameter"].sudo().get_param("clinic_schedule.auto_no_show") in ("1", "True"):
            visits.action_no_show()
            return
        for company, left in visits.grouped("company_id").items():
            self._tell_left_open(company, left)

    @api.model
    def _tell_left_open(self, company, visits):
        """A task of today for each senior nurse of the company."""
        kind = self.env.ref("clinic_schedule.activity_left_open")
        nurses = self.env.ref(NURSES).all_user_ids.filtered(
            lambda user: (
                user.active
                and not user.share
                and user != self.env.ref("base.user_root")
                and company in user.company_ids
            )
        )
        activities = self.env["mail.activity"].sudo()  # the night has no user
        for nurse in nurses:
            texts = self.with_context(lang=nurse.lang)
            link = Markup('<a href="/odoo/clinic-left-open">%s</a>') % texts.env._(
                "Say for each whether the patient came."
            )
            activities.create(
                {
                    "activity_type_id": kind.id,
                    "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                    "res_id": company.partner_id.id,
                    "user_id": nurse.id,
                    "date_deadline": fields.Date.context_today(self),
                    "summary": texts.env._("Visits without an outcome: %(count)s", count=len(visits)),
                    "note": link,
                }
            )
