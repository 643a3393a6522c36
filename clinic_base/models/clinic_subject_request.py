# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

OFFICER_GROUP = "clinic_base.group_clinic_privacy_officer"
#: Kind of request -> term in ``clinic.legal.term``.
TERMS = {
    "access": "answer",
    "correction": "correct",
    "restriction": "stop",
    "erasure": "erase",
    "withdrawal": "withdraw",
}
_SYSTEM = {
    "state", "identity_checked_at", "identity_checked_by_id", "approved_by_id", "done_at", "deadline",
    "is_extended", "act_id", "number", "approved_cards", "kept_until",
}  # fmt: skip

_OF_MAIL = ("message_", "activity_")


class ClinicSubjectRequest(models.Model):
    """A person (or a representative) asks about personal data: to see, correct, restrict or destroy them, or
    withdraws a consent.

    Taken in by the desk, worked off by the personal data officer within the term of the law. Nothing is
    told or done before somebody has checked who asks. What is destroyed is approved by another person.
    """

    _name = "clinic.subject.request"
    _description = "Request of a person about personal data"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "state, deadline, id"
    _rec_name = "number"

    number = fields.Char(readonly=True, copy=False)
    patient_id = fields.Many2one(
        "res.partner", required=True, ondelete="restrict", index=True, domain="[('is_patient', '=', True)]"
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    kind = fields.Selection(
        [
            ("access", "Wants to know what is kept"),
            ("correction", "Correct wrong data"),
            ("restriction", "Stop using the data"),
            ("erasure", "Destroy the data"),
            ("withdrawal", "Withdraws consents"),
        ],
        required=True,
        default="access",
    )
    received_at = fields.Datetime(required=True, default=fields.Datetime.now)
    way = fields.Selection(
        [("person", "In person"), ("letter", "Letter"), ("email", "E-mail"), ("site", "Site")],
        string="How it came",
        required=True,
        default="person",
    )
    requester_name = fields.Char(string="Representative", help="Empty: the patient asks himself.")
    identity_note = fields.Char(
        string="How the identity was checked",
        help="For example: passport shown; power of attorney of 12 May. No numbers here.",
    )
    identity_checked_at = fields.Datetime(readonly=True, copy=False)
    identity_checked_by_id = fields.Many2one(
        "res.users", string="Identity checked by", readonly=True, copy=False
    )
    wish = fields.Text(string="What is asked for")
    consent_ids = fields.Many2many(
        "clinic.consent",
        string="Consents to withdraw",
        domain="[('patient_id', '=', patient_id), ('state', '=', 'granted')]",
    )
    deadline = fields.Datetime(readonly=True, copy=False, index=True)
    is_extended = fields.Boolean(string="Term extended", readonly=True, copy=False)
    extension_reason = fields.Char()
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    user_id = fields.Many2one("res.users", string="Officer", tracking=True, index="btree_not_null")
    state = fields.Selection(
        [("new", "New"), ("work", "In work"), ("done", "Done"), ("refused", "Refused")],
        required=True,
        default="new",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    officers = fields.Text(
        string="Who destroys", help="A line each: position, surname and initials; they sign the act."
    )
    answer = fields.Text(help="What was answered, or why it is refused.")
    done_at = fields.Datetime(readonly=True, copy=False)
    act_id = fields.Many2one("clinic.destruction.act", readonly=True, copy=False)
    plan_text = fields.Html(string="What goes and what stays", compute="_compute_plan_text")

    @api.depends("deadline", "state")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for request in self:
            open_ = request.state in ("new", "work")
            request.is_late = bool(open_ and request.deadline and request.deadline < now)

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = fields.Domain("state", "in", ("new", "work")) & fields.Domain(
            "deadline", "<", fields.Datetime.now()
        )
        return late if True in value else ~late

    @api.depends("kind", "patient_id", "state")
    def _compute_plan_text(self):
        for request in self:
            request.plan_text = False
            if request.kind == "erasure" and request.state == "work" and self._is_officer():
                # counts and names of models only, for the officer who works on the request
                erasure = self.env["clinic.erasure"].sudo()
                plan, until = erasure._plan(request.patient_id)
                values = {"plan": plan, "until": until} | erasure._warnings(request.patient_id)
                request.plan_text = self.env["ir.qweb"]._render("clinic_base.erasure_plan", values)

    @api.model_create_multi
    def create(self, vals_list):
        next_number = self.env["ir.sequence"].sudo().next_by_code
        clean = [
            {name: value for name, value in vals.items() if name not in _SYSTEM}
            | {"number": next_number("clinic.subject.request")}
            for vals in vals_list
        ]
        requests = super().create(clean)
        # a request opens a card to the officer: whoever takes it in must see that card himself
        requests.patient_id.check_access("read")
        for request in requests:
            deadline = self.env["clinic.legal.term"]._end(TERMS[request.kind], request.received_at)
            # the columns of the course are closed to people
            request.sudo().deadline = deadline
            request._remind_officers()
        return requests

    def write(self, vals):
        if vals.keys() & _SYSTEM and not self.env.su:
            raise AccessError(self.env._("The course of a request is written by its buttons only."))
        asked = vals.keys() & {"patient_id", "kind", "received_at"}
        if asked and not self.env.su and any(request.state != "new" for request in self):
            raise UserError(self.env._("The request is in work already. Make a new one instead."))
        closed = any(request.state in ("done", "refused") for request in self)
        if closed and not self.env.su and any(not name.startswith(_OF_MAIL) for name in vals):
            raise UserError(self.env._("The request is closed: it is proof of what was answered."))
        result = super().write(vals)
        if "patient_id" in vals:
            self.patient_id.check_access("read")
        if vals.keys() & {"kind", "received_at"}:
            for request in self:
                request.sudo().deadline = self.env["clinic.legal.term"]._end(
                    TERMS[request.kind], request.received_at
                )
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proof(self):
        raise UserError(self.env._("Requests are proof and are not deleted. Refuse it with a reason."))

    def _remind_officers(self):
        """A task for every officer of the company, for the last day of the term."""
        officers = self.env.ref(OFFICER_GROUP).all_user_ids
        for officer in officers.filtered(lambda user: user.active and self.company_id in user.company_ids):
            self.sudo().activity_schedule(
                "mail.mail_activity_data_todo", self.deadline.date(), user_id=officer.id, summary=self.number
            )

    @api.model
    def _is_officer(self):
        return self.env.su or self.env.user.has_group(OFFICER_GROUP)

    def _check_officer(self, *kinds):
        self.check_access("write")
        if not self._is_officer():
            raise AccessError(self.env._("Only the personal data officer works on these requests."))
        self.patient_id.check_access("read")
        for request in self:
            if kinds and request.kind not in kinds:
                raise UserError(self.env._("This is a request of another kind."))
            if request.state != "work":
                raise UserError(self.env._("Check who asks and take the request in work first."))

    def action_check_identity(self):
        """Whoever takes the request in has seen who asks; from here on data may be told."""
        self.check_access("write")
        for request in self.filtered(lambda request: request.state == "new"):
            if not request.identity_note:
                raise UserError(
                    self.env._(
                        "Write down how you checked who asks: which document you saw, and the authority."
                    )
                )
            request.sudo().write(
                {
                    "state": "work",
                    "identity_checked_at": fields.Datetime.now(),
                    "identity_checked_by_id": self.env.uid,
                }
            )

    def action_extend(self):
        """More time for the answer, once, with a reason that the person is told."""
        self._check_officer()
        for request in self:
            if request.is_extended or not request.extension_reason:
                raise UserError(
                    self.env._("The term is extended once, and with a reason. Write the reason down.")
                )
            end = self.env["clinic.legal.term"]._end("answer_more", request.deadline)
            request.sudo().write({"deadline": end, "is_extended": True})

    def action_refuse(self):
        """Refuse with reasons that the person gets in writing."""
        self._check_officer()
        self._finish("refused")

    def action_done(self):
        """What was asked for is done: withdrawals and restrictions are carried out here."""
        self._check_officer("access", "correction", "restriction", "withdrawal")
        for request in self:
            if request.kind == "withdrawal":
                if not request.consent_ids:
                    raise UserError(self.env._("Choose the consents that are withdrawn."))
                if request.sudo().consent_ids.patient_id - request.patient_id:
                    raise UserError(self.env._("Choose consents of this patient only."))
                # the officer may write consents; the signer's company may be another
                request.sudo().consent_ids._withdraw("paper")
            if request.kind == "restriction":
                request._restrict(True)
        self._finish("done")

    def action_unrestrict(self):
        """The use of the data is allowed again: the person has agreed anew, or the dispute is over."""
        self.check_access("write")
        if not self._is_officer():
            raise AccessError(self.env._("Only the personal data officer works on these requests."))
        self.patient_id.check_access("read")
        for request in self:
            kept = [
                ("patient_id", "=", request.patient_id.id),
                ("kind", "=", "erasure"),
                ("state", "=", "done"),
            ]
            if self.search_count(kept, limit=1):
                raise UserError(
                    self.env._(
                        "The data of this person were destroyed but for what the rules of keeping protect; "
                        "those are not used any more."
                    )
                )
            request._restrict(False)

    def _restrict(self, value):
        self.env["clinic.access.event"]._record_now("restrict", self.patient_id, model=self)
        # the flag is closed to people: it follows from a request
        self.patient_id.sudo().processing_restricted = value
        self.patient_id.sudo().message_post(
            body=self.env._("The use of the data is restricted.")
            if value
            else self.env._("The use of the data is allowed again.")
        )

    def _finish(self, state):
        for request in self:
            if not request.answer:
                raise UserError(self.env._("Write down what was answered."))
            request.sudo().write({"state": state, "done_at": fields.Datetime.now(), "user_id": self.env.uid})
            request.sudo().activity_ids.action_feedback()

    def action_print_data(self):
        """The report of all data of the person, as a PDF."""
        self._check_told()
        return self.env.ref("clinic_base.action_report_subject_data").report_action(self)

    def action_download_json(self):
        """The same as a file for programs."""
        self._check_told()
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/clinic/subject/{self.id}/data.json",
            "target": "download",
        }

    def _check_told(self):
        self.check_access("read")
        if not self._is_officer():
            raise AccessError(self.env._("Only the personal data officer gives the data out."))
        self.patient_id.check_access("read")
        if any(not request.identity_checked_at for request in self):
            raise UserError(self.env._("Check who asks before anything is told."))

    def _sections(self):
        """All that is known of the person, for the report."""
        self._check_told()
        self.env["clinic.access.event"]._record_now("subject", self.patient_id, model=self)
        # the officer does not see phones on the card; here the person is to get everything
        return [section for section in self.patient_id.sudo()._clinic_subject_sections() if section["rows"]]
