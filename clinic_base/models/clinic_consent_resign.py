# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..const import RESIGN_REASONS

AHEAD_DAYS = 30
TASK_TYPE = "clinic_base.mail_activity_type_resign"


class ClinicConsent(models.Model):
    """The desk's list of consents that are to be signed again, written once a day."""

    _inherit = "clinic.consent"

    resign_reason = fields.Selection(
        RESIGN_REASONS, string="To be signed again", readonly=True, index="btree_not_null", copy=False
    )
    resign_by = fields.Date(
        string="Sign again by", readonly=True, copy=False, help="Until this day the consent still counts."
    )

    _resign_idx = models.Index("(patient_id) WHERE resign_reason IS NOT NULL")

    @api.model_create_multi
    def create(self, vals_list):
        """A new signature takes the older rows off the list at once."""
        consents = super().create(vals_list)
        self._mark_to_resign(consents.patient_id)
        self._close_tasks(consents.patient_id)
        return consents

    @api.model
    def _cron_resign(self):
        """Mark the consents that are to be signed again, and take the mark off the others."""
        self._mark_to_resign()
        self._close_tasks()
        self._make_tasks()

    def _withdraw(self, way, ip_address=False, moment=None):
        """What is withdrawn need not be signed again."""
        result = super()._withdraw(way, ip_address=ip_address, moment=moment)
        self._close_tasks(self.patient_id)
        return result

    @api.model
    def _make_tasks(self):
        """One task per patient on the list for the person the company has named; none where nobody is named.

        One statement for everybody; who has a task already gets no second one.

        :return: how many were made
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
            INSERT INTO mail_activity (
                   res_model_id, res_model, res_id, res_name, activity_type_id, user_id,
                   date_deadline, automated, active, create_uid, create_date, write_uid, write_date)
            SELECT %(model)s, 'res.partner', p.id, p.complete_name, %(kind)s,
                   co.clinic_resign_user_id,
                   greatest(min(coalesce(c.resign_by, %(today)s)), %(today)s),
                   true, true, %(uid)s, %(now)s, %(uid)s, %(now)s
              FROM clinic_consent c
              JOIN res_partner p ON p.id = c.patient_id
              LEFT JOIN clinic_branch b ON b.id = p.patient_branch_id
              JOIN res_company co ON co.id = coalesce(p.company_id, b.company_id, %(company)s)
              JOIN res_users u ON u.id = co.clinic_resign_user_id AND u.active
             WHERE c.resign_reason IS NOT NULL AND p.active AND NOT coalesce(p.processing_restricted, false)
               AND NOT EXISTS (SELECT FROM mail_activity a
                                WHERE a.res_model = 'res.partner' AND a.res_id = p.id AND a.active
                                  AND a.activity_type_id = %(kind)s)
             GROUP BY p.id, co.id
             RETURNING 1
            """,
                model=self.env["ir.model"]._get_id("res.partner"),
                kind=self.env.ref(TASK_TYPE).id,
                today=fields.Date.context_today(self),
                now=fields.Datetime.now(),
                uid=self.env.uid,
                company=self.env.company.id,
            )
        )
        self.env["mail.activity"].invalidate_model()
        self.env["res.partner"].invalidate_model(["activity_ids", "activity_state"])
        return len(rows)

    @api.model
    def _close_tasks(self, patients=None):
        """Tasks of patients who have nothing to sign any more are done.

        sudo: the task may be another employee's; whoever records the signature has done it.
        """
        domain = [("activity_type_id", "=", self.env.ref(TASK_TYPE).id), ("res_model", "=", "res.partner")]
        if patients is not None:
            domain.append(("res_id", "in", patients.ids))
        tasks = self.env["mail.activity"].sudo().search(domain)
        waiting = self.sudo().search(
            [("patient_id", "in", tasks.mapped("res_id")), ("resign_reason", "!=", False)]
        )
        tasks.filtered(lambda task: task.res_id not in waiting.patient_id.ids).action_feedback()

    @api.model
    def _mark_to_resign(self, patients=None):
        """Write the reason on the last consent of each patient, purpose, channel and named person.

        One statement for everybody or for ``patients``; a second run changes nothing.
        """
        self.flush_model()
        self.env["clinic.consent.text"].flush_model()
        self.env["clinic.consent.purpose"].flush_model()
        self.env["res.partner"].flush_model(["birth_date", "active", "merged_into_id"])
        scope = SQL("AND c.patient_id IN %s", tuple(patients.ids)) if patients else SQL()
        self.env.cr.execute(
            SQL(
                """
            WITH last AS (
                SELECT DISTINCT ON (c.patient_id, c.purpose_id, c.channel, c.named_person_id) c.*
                  FROM clinic_consent c
                 WHERE TRUE %(scope)s
                 ORDER BY c.patient_id, c.purpose_id, c.channel, c.named_person_id,
                          greatest(c.granted_at, c.withdrawn_at) DESC, c.state = 'withdrawn' DESC, c.id DESC
            ), weak AS (
                SELECT c.id, c.valid_to, u.accepts_declared, c.signed_as,
                       EXISTS (SELECT FROM clinic_consent_text t
                                WHERE t.purpose_id = c.purpose_id AND t.state = 'published' AND t.is_wider
                                  AND t.version > own.version AND t.date_from <= %(now)s) AS wider,
                       CASE WHEN (p.birth_date + make_interval(years => a.years)) > c.granted_at
                            THEN (p.birth_date + make_interval(years => a.years))::date END AS of_age
                  FROM last c
                  JOIN clinic_consent_purpose u ON u.id = c.purpose_id
                  JOIN clinic_consent_text own ON own.id = c.text_id
                  JOIN res_partner p ON p.id = c.patient_id
                 CROSS JOIN LATERAL (
                       SELECT CASE u.own_signature WHEN 'medical' THEN %(medical)s
                                   ELSE %(adult)s END AS years) a
                 WHERE c.state = 'granted' AND p.active AND p.merged_into_id IS NULL
                   AND u.active AND u.basis = 'consent'
            ), found AS (
                SELECT id,
                       CASE WHEN valid_to < %(now)s THEN 'expired'
                            WHEN wider THEN 'wider'
                            WHEN of_age <= %(horizon)s THEN 'age'
                            WHEN valid_to < %(horizon)s THEN 'ending'
                            WHEN signed_as IN ('unverified', 'minor') THEN 'signer' END AS reason,
                       least(valid_to::date, of_age) AS by_day
                  FROM weak
            )
            UPDATE clinic_consent c
               SET resign_reason = f.reason,
                   resign_by = CASE WHEN f.reason IS NOT NULL THEN f.by_day END
              FROM (SELECT c.id, found.reason, found.by_day
                      FROM clinic_consent c LEFT JOIN found ON found.id = c.id
                     WHERE (c.resign_reason IS NOT NULL OR found.reason IS NOT NULL) %(scope)s) f
             WHERE c.id = f.id
               AND (c.resign_reason IS DISTINCT FROM f.reason
                    OR c.resign_by IS DISTINCT FROM CASE WHEN f.reason IS NOT NULL THEN f.by_day END)
            """,
                scope=scope,
                now=fields.Datetime.now(),
                horizon=fields.Date.add(fields.Date.today(), days=self._ahead_days()),
                medical=self._age_setting("medical"),
                adult=self._age_setting("adult"),
            )
        )
        self.invalidate_model(["resign_reason", "resign_by"])

    @api.model
    def _ahead_days(self):
        value = self.env["ir.config_parameter"].sudo().get_param("clinic_base.consent_ahead_days", "")
        return int(value) if value.isdecimal() else AHEAD_DAYS
