# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .clinic_subject_request import OFFICER_GROUP

APPROVER_GROUP = "clinic_base.group_clinic_administrator"


class ClinicSubjectRequest(models.Model):
    """The request to destroy: one approves, another carries it out, terms are watched."""

    _inherit = "clinic.subject.request"

    approved_by_id = fields.Many2one("res.users", string="Destruction approved by", readonly=True, copy=False)
    approved_cards = fields.Char(
        readonly=True,
        copy=False,
        help="Numbers in the database of the cards that the approval was given for.",
    )
    is_approved = fields.Boolean(compute="_compute_is_approved")
    kept_until = fields.Date(
        string="Kept until",
        readonly=True,
        copy=False,
        help="Until this day rules of keeping protect a part of the data; then the rest is to be destroyed.",
    )

    @api.depends("approved_by_id", "approved_cards", "state")
    def _compute_is_approved(self):
        for request in self:
            request.is_approved = bool(request.approved_by_id) and (
                request.state != "work" or request.approved_cards == request._cards_now()
            )

    def action_approve(self):
        """Another person than the officer agrees to the destruction. Rights: clinic administrators."""
        self.check_access("write")
        if not self.env.user.has_group(APPROVER_GROUP):
            raise AccessError(self.env._("A clinic administrator approves the destruction."))
        self.patient_id.check_access("read")
        for request in self.filtered(
            lambda request: request.kind == "erasure" and request.state == "work" and not request.is_approved
        ):
            request.sudo().write({"approved_by_id": self.env.uid, "approved_cards": request._cards_now()})

    def _cards_now(self):
        """The cards that a destruction would reach, as text: what was approved must be what is destroyed."""
        # sudo: ids only, of a patient whom the caller may read
        return ",".join(map(str, sorted(self.env["clinic.erasure"].sudo()._cards(self.patient_id).ids)))

    def action_destroy(self):
        """Destroy what may be destroyed, write the act, look for what is left. Rights: the officer."""
        self._check_officer("erasure")
        for request in self:
            if not request.approved_by_id or request.approved_by_id == self.env.user:
                raise UserError(
                    self.env._(
                        "The destruction is approved by a clinic administrator, who is not the one to do it."
                    )
                )
            if not request.is_approved:
                raise UserError(
                    self.env._(
                        "Cards were joined or taken apart after the approval, so other data would be "
                        "destroyed than were approved. A clinic administrator approves it anew."
                    )
                )
            if not request.officers or not request.answer:
                raise UserError(
                    self.env._("Write down who destroys and what was answered: the act needs it.")
                )
            request._destroy()

    def _destroy(self):
        """One transaction: journal, destruction, proof, act, in the language of who carries it out."""
        self = self.with_context(lang=self.env.user.lang)  # noqa: PLW0642
        events, erasure = self.env["clinic.access.event"], self.env["clinic.erasure"].sudo()
        events._record_now("erase", self.patient_id, model=self)
        officers, answer = self.officers, self.answer
        subject = self.env._(
            "card No. %(number)s, identifier %(uuid)s",
            number=self.patient_id.patient_number or "–",
            uuid=self.patient_id.sudo().patient_uuid or "–",
        )
        traces = erasure._traces(self.patient_id)
        done, kept, until = erasure._destroy(self.patient_id)
        for model, action, rows in done:
            # in this transaction: what the act says and what the journal says stands or falls together
            about = {"model": self.env[model].browse(), "amount": rows, "detail": action}
            events._insert(events._rows("erase", self.patient_id, **about))
        self.sudo().write({"answer": False, "officers": False})
        self.sudo().act_id = self.env["clinic.destruction.act"]._write_act(
            self, subject, officers, kept, done, erasure._prove(traces)
        )
        self.sudo().write(
            {
                "state": "done",
                "done_at": fields.Datetime.now(),
                "user_id": self.env.uid,
                "answer": answer,
                "kept_until": until,
            }
        )
        self.sudo().activity_ids.action_feedback()

    @api.model
    def _cron_remind(self):
        """Tell the officers, once, that the terms of keeping are over and the rest is to be destroyed."""
        today = fields.Date.context_today(self)
        for request in self.search([("kept_until", "<", today), ("state", "=", "done")]):
            # cleared first: one task for each officer, not one for each night
            request.sudo().kept_until = False
            if request.patient_id.erased_at:
                continue
            officers = self.env.ref(OFFICER_GROUP).all_user_ids
            for officer in officers.filtered(
                lambda user, request=request: user.active and request.company_id in user.company_ids
            ):
                request.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=officer.id,
                    summary=self.env._("The terms of keeping are over"),
                    note=self.env._(
                        "What was kept after the destruction is to be destroyed now: take in a new request."
                    ),
                )
