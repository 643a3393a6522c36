# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

OFFICER_GROUP = "clinic_base.group_clinic_privacy_officer"
WATCHED = "clinic_base.journal_watched"
#: Kind -> (actions, parameter with the most that is usual in an hour, its default, what is counted).
#: One card looked at many times in ten minutes counts once; of exports the rows are counted.
WATCH = {
    "cards": (("read",), "clinic_base.journal_cards_per_hour", 120, SQL("1")),
    "reveal": (("reveal",), "clinic_base.journal_reveals_per_hour", 40, SQL("1")),
    "export": (("export", "print"), "clinic_base.journal_rows_per_hour", 500, SQL("amount")),
    "failed": (("login_failed", "unlock_failed"), "clinic_base.journal_failures_per_hour", 15, SQL("1")),
}


class ClinicAccessAlert(models.Model):
    """Somebody did in one hour more than is usual: opened cards, showed numbers, exported, failed to sign in.

    Made by a scheduled action out of the access journal, one per kind, user and hour. The officer
    looks at the rows behind it and writes down what it was.
    """

    _name = "clinic.access.alert"
    _description = "Anomaly in the access journal"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "moment desc, id desc"
    _rec_name = "user_login"

    kind = fields.Selection(
        [
            ("cards", "Many cards opened"),
            ("reveal", "Many numbers shown"),
            ("export", "Large export or print"),
            ("failed", "Many failed sign-ins"),
        ],
        required=True,
        readonly=True,
    )
    user_ref = fields.Integer(string="Id of the user", readonly=True)
    user_login = fields.Char(string="Login", readonly=True, help="Empty: no account has the name typed.")
    moment = fields.Datetime(string="End of the hour", required=True, readonly=True)
    hour = fields.Datetime(required=True, readonly=True)
    amount = fields.Integer(string="In that hour", readonly=True)
    threshold = fields.Integer(string="Usual at most", readonly=True)
    actions = fields.Char(readonly=True)
    state = fields.Selection(
        [("new", "New"), ("explained", "Explained"), ("violation", "Violation")],
        required=True,
        default="new",
        tracking=True,
    )
    note = fields.Text(string="What it was", tracking=True)

    _once = models.UniqueIndex("(kind, user_ref, hour)", "This anomaly is already known.")

    @api.model
    def _cron_watch(self):
        """Compare the journal since the last run with what is usual, and tell the officers."""
        self._watch()

    @api.model
    def _watch(self):
        """Alerts that were not known yet.

        :return: the new records
        """
        parameters = self.env["ir.config_parameter"].sudo()
        now = fields.Datetime.now()
        since = fields.Datetime.to_datetime(parameters.get_param(WATCHED)) or now - timedelta(days=1)
        # rows of the last moments may have come after the last look; what is known is not told twice
        since -= timedelta(minutes=1)
        made = self.browse()
        for kind, (actions, parameter, default, weight) in WATCH.items():
            limit = int(parameters.get_param(parameter, default))
            if limit > 0:
                made |= self._watch_kind(kind, actions, limit, weight, since)
        parameters.set_param(WATCHED, fields.Datetime.to_string(now))
        made._tell_officers()
        return made

    @api.model
    def _watch_kind(self, kind, actions, limit, weight, since):
        rows = self.env.execute_query(
            SQL(
                """
                WITH seen AS (
                    SELECT coalesce(user_ref, 0) AS user_ref, user_login, moment, %(weight)s AS weight,
                           row_number() OVER (PARTITION BY user_ref, action, coalesce(patient_ref, -id),
                                   floor(extract(epoch FROM moment) / 600) ORDER BY id) AS again
                      FROM clinic_access_event
                     WHERE action = ANY(%(actions)s) AND moment > %(since)s - interval '1 hour'
                       AND user_ref IS DISTINCT FROM 1
                ), summed AS (
                    SELECT user_ref, user_login, moment, sum(weight) OVER (
                               PARTITION BY user_ref ORDER BY moment
                               RANGE BETWEEN interval '1 hour' PRECEDING AND CURRENT ROW) AS amount
                      FROM seen WHERE again = 1
                ), worst AS (
                    SELECT DISTINCT ON (user_ref, date_trunc('hour', moment)) user_ref, user_login, moment,
                           date_trunc('hour', moment) AS hour, amount
                      FROM summed WHERE amount > %(limit)s AND moment > %(since)s
                     ORDER BY user_ref, date_trunc('hour', moment), amount DESC, moment DESC
                )
                SELECT w.* FROM worst w
                 WHERE NOT EXISTS (SELECT FROM clinic_access_alert a WHERE a.kind = %(kind)s
                                   AND a.user_ref = w.user_ref AND a.hour = w.hour)
                """,
                weight=weight,
                actions=list(actions),
                since=since,
                limit=limit,
                kind=kind,
            )
        )
        return self.create(
            [
                {
                    "kind": kind,
                    "user_ref": user_ref,
                    "user_login": login,
                    "moment": moment,
                    "hour": hour,
                    "amount": amount,
                    "threshold": limit,
                    "actions": ",".join(actions),
                }
                for user_ref, login, moment, hour, amount in rows
            ]
        )

    def _tell_officers(self):
        """A task for every personal data officer."""
        officers = self.env.ref(OFFICER_GROUP).all_user_ids.filtered("active")
        for alert in self:
            for officer in officers:
                alert.activity_schedule(
                    "mail.mail_activity_data_warning",
                    user_id=officer.id,
                    summary=alert.with_context(lang=officer.lang)._summary(),
                )

    def _summary(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return self.env._(
            "%(kind)s: %(login)s, %(amount)s in an hour",
            kind=kinds[self.kind],
            login=self.user_login or self.env._("unknown login"),
            amount=self.amount,
        )

    def action_open_events(self):
        """The journal rows behind this anomaly."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("clinic_base.clinic_access_event_action")
        action["domain"] = [
            ("user_ref", "in", [self.user_ref] if self.user_ref else [0, False]),
            ("action", "in", self.actions.split(",")),
            ("moment", "<=", self.moment),
            ("moment", ">", self.moment - timedelta(hours=1)),
        ]
        action["context"] = {}
        return action
