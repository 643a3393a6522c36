# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

OFFICER_GROUP = "clinic_base.group_clinic_privacy_officer"


class ClinicIncident(models.Model):
    """A leak or another breach of personal data, with the clocks of both notices to the authority.

    The clocks start when it was detected. The messages below the form are the log of decisions.
    """

    _name = "clinic.incident"
    _description = "Incident with personal data"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "detected_at desc, id desc"

    name = fields.Char(string="What happened", required=True, tracking=True)
    number = fields.Char(readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    detected_at = fields.Datetime(required=True, default=fields.Datetime.now, tracking=True)
    happened_at = fields.Datetime(string="When it happened, if known")
    first_deadline = fields.Datetime(string="First notice until", compute="_compute_deadlines", store=True)
    result_deadline = fields.Datetime(string="Results until", compute="_compute_deadlines", store=True)
    first_sent_at = fields.Datetime(string="First notice sent", readonly=True, copy=False, tracking=True)
    result_sent_at = fields.Datetime(string="Results sent", readonly=True, copy=False, tracking=True)
    first_ref = fields.Char(string="Number of the first notice", help="Given by the authority's site.")
    result_ref = fields.Char(string="Number of the second notice")
    is_late = fields.Boolean(compute="_compute_is_late")
    categories = fields.Text(string="Data affected", tracking=True)
    people_count = fields.Integer(string="People affected", tracking=True)
    records_count = fields.Integer(string="Records affected")
    cause = fields.Text(string="Supposed cause", tracking=True)
    harm = fields.Text(string="Supposed harm", tracking=True)
    measures = fields.Text(string="Measures taken", tracking=True)
    results = fields.Text(string="Results of the inquiry", tracking=True)
    culprits = fields.Text(string="Whose actions caused it")
    contact = fields.Char(string="Contact for the authority", help="Name, position, phone, e-mail.")
    user_id = fields.Many2one(
        "res.users",
        string="Officer",
        default=lambda self: self.env.user,
        tracking=True,
        index="btree_not_null",
    )
    state = fields.Selection(
        [
            ("new", "Detected"),
            ("notified", "First notice sent"),
            ("reported", "Results sent"),
            ("closed", "Closed"),
        ],
        required=True,
        default="new",
        readonly=True,
        copy=False,
        tracking=True,
    )

    @api.depends("detected_at")
    def _compute_deadlines(self):
        term = self.env["clinic.legal.term"]
        for incident in self:
            start = incident.detected_at or fields.Datetime.now()
            incident.first_deadline = term._end("incident_first", start)
            incident.result_deadline = term._end("incident_result", start)

    @api.depends("first_deadline", "result_deadline", "first_sent_at", "result_sent_at")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for incident in self:
            pairs = (
                (incident.first_deadline, incident.first_sent_at),
                (incident.result_deadline, incident.result_sent_at),
            )
            incident.is_late = any(end and not sent and end < now for end, sent in pairs)

    @api.model_create_multi
    def create(self, vals_list):
        next_number = self.env["ir.sequence"].sudo().next_by_code
        incidents = super().create([{**vals, "number": next_number("clinic.incident")} for vals in vals_list])
        for incident in incidents:
            incident._remind()
        return incidents

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proof(self):
        raise UserError(self.env._("Incidents are kept as proof. Close it instead."))

    def _remind(self):
        """Two tasks, with the clocks in their names: a task of Odoo knows a day only."""
        for name, end in (
            (self.env._("First notice of the incident"), self.first_deadline),
            (self.env._("Results of the inquiry"), self.result_deadline),
        ):
            shown = fields.Datetime.context_timestamp(self, end).strftime("%d.%m.%Y %H:%M")
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                fields.Datetime.context_timestamp(self, end).date(),
                user_id=(self.user_id or self.env.user).id,
                summary=self.env._("%(name)s, until %(time)s", name=name, time=shown),
            )

    @api.model
    def _cron_remind(self):
        """Tell every officer about notices whose clock runs out within six hours, once per notice."""
        soon = fields.Datetime.add(fields.Datetime.now(), hours=6)
        due = self.search(
            [
                "|",
                "&", ("first_sent_at", "=", False), ("first_deadline", "<=", soon),
                "&", ("result_sent_at", "=", False), ("result_deadline", "<=", soon),
                ("state", "!=", "closed"),
            ]
        )  # fmt: skip
        urgent = self.env.ref("mail.mail_activity_data_warning")
        for incident in due:
            step = self.env._("notice") if not incident.first_sent_at else self.env._("results")
            for officer in self.env.ref(OFFICER_GROUP).all_user_ids.filtered("active"):
                known = incident.activity_ids.filtered(
                    lambda act, who=officer, step=step: (
                        act.activity_type_id == urgent and act.user_id == who and act.summary == step
                    )
                )
                if not known:
                    incident.activity_schedule(
                        "mail.mail_activity_data_warning", user_id=officer.id, summary=step
                    )

    def action_first_sent(self):
        """The first notice is with the authority."""
        self._require({"categories", "people_count", "cause", "harm", "measures", "contact"})
        self.write({"first_sent_at": fields.Datetime.now(), "state": "notified"})

    def action_result_sent(self):
        """The results of the inquiry are with the authority."""
        self._require({"results", "culprits", "first_sent_at"})
        self.write({"result_sent_at": fields.Datetime.now(), "state": "reported"})

    def action_close(self):
        """Nothing is left to do."""
        self._require({"first_sent_at", "result_sent_at"})
        self.write({"state": "closed"})
        self.activity_ids.action_feedback()

    def _require(self, names):
        for incident in self:
            missing = [
                self._fields[name]._description_string(self.env)
                for name in sorted(names)
                if not incident[name]
            ]
            if missing:
                raise UserError(
                    self.env._(
                        "The notice is not complete: %(missing)s. Fill it in first.",
                        missing=", ".join(missing),
                    )
                )
