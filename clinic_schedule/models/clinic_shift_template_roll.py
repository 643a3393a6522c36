# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from collections import Counter, defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import WEEKDAYS
from ..slot_algebra import local_date, utc_to_wall, wall_to_utc
from .clinic_shift_template_plan import MAX_DAYS, PROBLEMS

_logger = logging.getLogger(__name__)


class ClinicShiftTemplate(models.Model):
    """Templates that open new days by themselves, and tell the senior nurse what could not be made."""

    _inherit = "clinic.shift.template"  # pylint: disable=consider-merging-classes-inherited

    rolling = fields.Boolean(
        string="Opens new days by itself",
        tracking=True,
        help="Shifts are made ahead each week at the chosen hour, on the clock of the branch.",
    )
    horizon_days = fields.Integer(string="Days ahead", default=60)
    opens_weekday = fields.Selection([*WEEKDAYS, ("daily", "Every day")], string="Opens on", default="0")
    opens_minute = fields.Integer(default=8 * 60)
    opens_hour = fields.Float(
        string="Opening hour", compute="_compute_opens_hour", inverse="_inverse_opens_hour"
    )
    rolled_to = fields.Date(string="Opened up to", readonly=True, copy=False)
    responsible_id = fields.Many2one(
        "res.users",
        string="Told about conflicts",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        index="btree_not_null",
        help="Gets an activity when hours could not be made; empty: a senior nurse of the company.",
    )

    _horizon_sensible = models.Constraint(
        f"CHECK (NOT rolling OR (horizon_days > 0 AND horizon_days <= {MAX_DAYS}))",
        f"New days are opened 1 to {MAX_DAYS} days ahead.",
    )
    _opens_sensible = models.Constraint(
        "CHECK (opens_minute >= 0 AND opens_minute < 1440)", "New days open between 0:00 and 23:59."
    )
    _rolling_idx = models.Index("(branch_id) WHERE rolling AND active")

    @api.depends("opens_minute")
    def _compute_opens_hour(self):
        for template in self:
            template.opens_hour = template.opens_minute / 60

    def _inverse_opens_hour(self):
        for template in self:
            template.opens_minute = round(template.opens_hour * 60)

    def write(self, vals):
        """A pattern that is switched on again looks at its whole horizon."""
        if vals.get("rolling"):
            vals = {"rolled_to": False, **vals}
        return super().write(vals)

    def _roll_target(self, now):
        """The last date that has to be open at the instant ``now``."""
        self.ensure_one()
        tz = self.branch_id.tz
        day = utc_to_wall(now, tz).date()
        back = 0 if self.opens_weekday == "daily" else (day.weekday() - int(self.opens_weekday or 0)) % 7
        day -= timedelta(days=back)
        if wall_to_utc(day, self.opens_minute, tz) > now:
            day -= timedelta(days=1 if self.opens_weekday == "daily" else 7)
        return day + timedelta(days=self.horizon_days)

    @api.model
    def _cron_roll(self):
        """Make the shifts of days that are due to open; what could not be made becomes an activity.

        Templates of one period are planned together. Every group is committed; one that cannot be
        made as a whole is made one by one, so that a bad template does not stop the others.
        """
        now = fields.Datetime.now()
        groups = defaultdict(self.browse)
        for template in self.search([("rolling", "=", True)]):
            target = template._roll_target(now)
            today = local_date(now, template.branch_id.tz)
            low = max(template.rolled_to + timedelta(days=1), today) if template.rolled_to else today
            if low <= target:
                groups[low, target] |= template
        left = sum(map(len, groups.values()))
        for (low, high), templates in groups.items():
            self._roll_group(templates, low, high)
            left -= len(templates)
            self.env["ir.cron"]._commit_progress(len(templates), remaining=left)

    @api.model
    def _roll_group(self, templates, low, high):
        """Open the dates for the templates together, or, when that fails, for each by itself."""
        try:
            with self.env.cr.savepoint():
                templates._roll(low, high)
        except UserError as error:
            if len(templates) > 1:
                for template in templates:
                    self._roll_group(template, low, high)
                return
            _logger.warning("Shifts of template %s were not made", templates.id)
            # it is tried again when somebody has changed the template, not every hour
            templates.rolled_to = high
            templates._tell_problem(low, high, str(error))

    def _roll(self, low, high):
        _shifts, steps = self._generate(low, high)
        self.rolled_to = high
        problems = defaultdict(Counter)
        for step in steps:
            if step.action in PROBLEMS:
                problems[step.template][step.action] += 1
        for template, counts in problems.items():
            template._tell_problem(low, high, template._generation_message(counts))

    def _tell_problem(self, low, high, text):
        """An activity for the one who keeps the template."""
        self.ensure_one()
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._(
                "Shifts of %(low)s – %(high)s: look at the conflicts",
                low=self._date_words(low),
                high=self._date_words(high),
            ),
            note=text,
            user_id=self._keeper().id,
        )

    def _keeper(self):
        """Who is told: the responsible user, else a senior nurse of the company, else the one who asks."""
        self.ensure_one()
        if self.responsible_id.active:
            return self.responsible_id
        nurses = self.env.ref("clinic_base.group_clinic_senior_nurse").sudo().all_user_ids
        mine = nurses.filtered(lambda user: user.active and self.company_id in user.company_ids)
        return mine[:1] or self.env.user
