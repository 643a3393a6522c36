# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import formatLang

from ..const import WEEKDAYS
from ..slot_algebra import utc_to_wall

DAY, WEEK = timedelta(days=1), timedelta(days=7)
#: Longer waits are told in hours.
LONG_MINUTES = 120
FIGURES_GROUP = "clinic_schedule.group_clinic_figures"


class ClinicFiguresDigest(models.Model):
    """The page “Figures” as a letter once a week: the seven days before, against the seven before those.

    Each recipient gets the numbers that the page would show to this very person: branches that he or she
    does not see are not counted. A letter is queued in the transaction that marks the week as sent, so a
    week is neither lost nor told twice.
    """

    _name = "clinic.figures.digest"
    _description = "Weekly figures by mail"
    _order = "name, id"

    name = fields.Char(required=True, default=lambda self: self.env._("Figures of the week"))
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    branch_ids = fields.Many2many(
        "clinic.branch",
        string="Branches",
        domain="[('company_id', '=', company_id)]",
        help="Empty: all branches that the recipient may see.",
    )
    user_ids = fields.Many2many(
        "res.users",
        string="Recipients",
        default=lambda self: self.env.user,
        help="Who may see the page “Figures”.",
    )
    weekday = fields.Selection(WEEKDAYS, string="Day of the week", required=True, default="0")
    hour = fields.Integer(required=True, default=8, help="By the clock of the branch.")
    tz = fields.Char(string="Time zone", compute="_compute_tz", help="Of the first of the branches.")
    sent_until = fields.Date(
        string="Told until", readonly=True, copy=False, help="The last day of the week told about last."
    )
    unreached = fields.Char(compute="_compute_unreached")
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    _hour_of_day = models.Constraint("CHECK (hour BETWEEN 0 AND 23)", "Choose an hour from 0 to 23.")

    @api.depends("branch_ids", "company_id")
    def _compute_tz(self):
        for digest in self:
            branches = digest.branch_ids or self.env["clinic.branch"].search(
                [("company_id", "=", digest.company_id.id)], limit=1
            )
            digest.tz = branches[:1].tz or "Europe/Moscow"

    @api.depends("user_ids.email", "user_ids.group_ids")
    def _compute_unreached(self):
        for digest in self:
            lost = [user.name for user in digest.user_ids if not (user.email and digest._may_get(user))]
            digest.unreached = ", ".join(lost)

    @api.depends_context("uid", "lang")
    @api.depends("branch_ids", "company_id", "weekday")
    def _compute_preview(self):
        for digest in self:
            digest.preview = digest._body(self.env.user, digest._last_day()) if digest.id else False

    @api.constrains("user_ids", "company_id")
    def _check_user_ids(self):
        for digest in self:
            if not digest.user_ids:
                raise ValidationError(
                    self.env._("Nobody would get the letter. Choose a recipient, or archive it.")
                )
            strangers = [user.name for user in digest.user_ids if not digest._may_get(user)]
            if strangers:
                raise ValidationError(
                    self.env._(
                        "%(names)s may not see the figures of this company. "
                        "Choose people whose role opens the page “Figures”.",
                        names=", ".join(strangers),
                    )
                )

    @api.constrains("branch_ids", "company_id")
    def _check_branch_ids(self):
        for digest in self:
            if digest.branch_ids.company_id - digest.company_id:
                raise ValidationError(self.env._("These branches belong to another company."))

    @api.model_create_multi
    def create(self, vals_list):
        """Make letters; the first one comes at the next appointed hour, not for the week before."""
        digests = super().create(vals_list)
        for digest in digests:
            digest.sent_until = digest._last_day()
        return digests

    # ------------------------------------------------------------------ buttons

    def action_send_me(self):
        """Button: the letter about the last week, to the own address only."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.email:
            raise UserError(self.env._("You have no e-mail address. Enter one in your preferences."))
        body = self._body(self.env.user, self._last_day())
        if not body:
            raise UserError(self.env._("There is no branch whose figures you may see."))
        # mails are made by the program; this one goes to who asks for it
        self.sudo()._queue(self.env.user, self._last_day(), body)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The letter is on its way to %(email)s.", email=self.env.user.email),
            },
        }

    def action_leave(self):
        """Button: the user does not want this letter any more. The last recipient archives it."""
        self.ensure_one()
        self.check_access("read")
        own = self.sudo()  # readers may change nothing of it but this
        if own.user_ids == self.env.user:
            own.active = False
        else:
            own.user_ids -= self.env.user
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # ------------------------------------------------------------------ sending

    @api.model
    def _cron_send(self):
        """Queue the letters whose hour has come, one transaction each."""
        due = self.search([("active", "=", True)]).filtered(lambda digest: digest._is_due())
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for digest in due:
            if digest.try_lock_for_update():
                digest._send()
            if not self.env["ir.cron"]._commit_progress(1):
                return

    def _is_due(self):
        return not self.sent_until or self.sent_until < self._last_day()

    def _send(self):
        """Queue the letter of the last week for everybody who may get it."""
        self.ensure_one()
        last = self._last_day()
        for user in self.user_ids:
            body = user.email and self._may_get(user) and self._body(user, last)
            if body:
                self._queue(user, last, body)
        self.sent_until = last

    def _queue(self, user, last, body):
        self.env["mail.mail"].create(
            {
                "subject": f"{self.name}: {self._period(last)}",
                "body_html": body,
                "recipient_ids": [(4, user.partner_id.id)],
                "email_from": self.company_id.email_formatted or user.email_formatted,
                "auto_delete": True,
            }
        )

    def _last_day(self):
        """Last day of the week that is to be told: the day before the last appointed hour."""
        now = utc_to_wall(fields.Datetime.now(), self.tz)
        day = now.date() - timedelta(days=(now.weekday() - int(self.weekday or 0)) % 7)
        if day == now.date() and now.hour < self.hour:
            day -= WEEK
        return day - DAY

    def _may_get(self, user):
        return user.active and self.company_id in user.company_ids and user.has_group(FIGURES_GROUP)

    # ------------------------------------------------------------------ the letter

    def _body(self, user, last):
        """The letter as this person may read it, in his or her language; empty when no branch is visible."""
        figures = (
            self.env["clinic.figures"]
            .with_user(user)
            .with_context(lang=user.lang, allowed_company_ids=self.company_id.ids)
        )
        branches = figures.env["clinic.branch"].search_fetch([], ["name", "tz"])
        # which branches the letter is about is no secret; the numbers are counted as the reader
        chosen = self.sudo().branch_ids.ids
        wanted = branches.filtered(lambda branch: branch.id in chosen) if chosen else branches
        if not wanted:
            return False
        rows = figures._compute_figures(branches, wanted, last - WEEK + DAY, last)
        digest = self.with_env(figures.env(su=True))
        return digest.env["ir.qweb"]._render(
            "clinic_schedule.clinic_figures_digest_letter",
            {
                "title": digest.name,
                "periods": digest.env._(
                    "%(period)s, against %(previous)s",
                    period=digest._period(last),
                    previous=digest._period(last - WEEK),
                ),
                "branches": wanted if len(wanted) > 1 else wanted.browse(),
                "rows": [digest._row(figure) for figure in rows],
                "url": f"{digest.get_base_url()}/odoo/clinic-figures",
            },
            minimal_qcontext=True,
            lang=user.lang,
        )

    def _period(self, last):
        return f"{last - WEEK + DAY:%d.%m.%Y} – {last:%d.%m.%Y}"

    def _row(self, figure):
        """A figure in words: title, value, what it was and whether that is good, values of the branches."""
        value, previous = figure["value"], figure["previous"]
        change, word = 0, ""
        if value is not None and previous is not None and figure["better"]:
            word = self.env._("unchanged")
            if value != previous:
                change = 1 if (value > previous) == (figure["better"] == "up") else -1
                word = self.env._("better") if change > 0 else self.env._("worse")
        return {
            "title": figure["title"],
            "value": self._text(figure, value),
            "previous": self._text(figure, previous),
            "change": change,
            "word": word,
            "branches": {branch["id"]: self._text(figure, branch["value"]) for branch in figure["branches"]},
        }

    def _text(self, figure, value):
        """A value with its unit, as on the page."""
        if value is None:
            return "–"
        unit = figure["unit"]
        if unit == "minutes" and value >= LONG_MINUTES:
            return self.env._("%(number)s h", number=self._number(value / 60))
        number = self._number(value)
        return {
            "percent": f"{number} %",
            "minutes": self.env._("%(number)s min", number=number),
            "days": self.env._("%(number)s d", number=number),
        }.get(unit, number)

    def _number(self, value):
        rounded = round(value, 1)
        return formatLang(self.env, rounded, digits=0 if rounded == int(rounded) else 1)
