# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.base.models.res_partner import _tz_get
from odoo.addons.clinic_base.texts import without_controls

from ..const import ABSENCE_KINDS
from ..slot_algebra import utc_to_wall

NURSES = "clinic_base.group_clinic_senior_nurse"

STATES = [
    ("requested", "Waits for approval"),
    ("approved", "Applied"),
    ("refused", "Refused"),
    ("withdrawn", "Withdrawn"),
]

#: What doctors ask for themselves; repairs and the like are entered by senior nurses.
OWN_KINDS = ("vacation", "sick", "training", "lunch", "meeting", "other")

#: The longest text of a reason.
MAX_TEXT = 300


class ClinicAbsenceRequest(models.Model):
    """A doctor asks to be away: applied at once, or approved by a senior nurse.

    The request takes no time: only the absence that is made of it does. So nothing that computes free
    time knows of requests. Made by ``_ask`` and changed by its buttons; nobody writes rows directly.
    """

    _name = "clinic.absence.request"
    _description = "Request of an absence"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    resource_id = fields.Many2one(
        "resource.resource", string="Who", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="resource_id.company_id", store=True, index=True)
    kind = fields.Selection(ABSENCE_KINDS, required=True, readonly=True)
    start = fields.Datetime(required=True, readonly=True)
    stop = fields.Datetime(required=True, readonly=True)
    tz = fields.Selection(_tz_get, required=True, readonly=True, string="Time zone of the branch")
    wall_text = fields.Char(compute="_compute_wall_text", string="When (branch time)")
    reason = fields.Char(readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, index=True)
    user_id = fields.Many2one("res.users", string="Asked by", readonly=True)
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    decided_at = fields.Datetime(readonly=True)
    answer = fields.Char(string="Why refused", readonly=True)
    absence_id = fields.Many2one("clinic.absence", readonly=True, index="btree_not_null", ondelete="set null")
    visit_count = fields.Integer(compute="_compute_visit_count", string="Visits in this time")

    _stop_after_start = models.Constraint("CHECK (stop > start)", "An absence must end after it starts.")

    @api.depends("start", "stop", "tz")
    def _compute_wall_text(self):
        for request in self:
            request.wall_text = self._span_text(
                *(utc_to_wall(moment, request.tz) for moment in (request.start, request.stop))
            )

    @api.model
    def _span_text(self, first, last):
        """Days, or days with hours, of two wall times."""
        if not any((first.hour, first.minute, last.hour, last.minute)):
            last -= timedelta(days=1)
            return f"{first:%d.%m.%Y}" + (f" – {last:%d.%m.%Y}" if last != first else "")
        if first.date() == last.date():
            return f"{first:%d.%m.%Y %H:%M}–{last:%H:%M}"
        return f"{first:%d.%m.%Y %H:%M} – {last:%d.%m.%Y %H:%M}"

    @api.depends("resource_id", "start", "stop")
    def _compute_visit_count(self):
        """Visits that the absence would meet, or meets. Sudo: how many, whoever asks."""
        visits = self.env["clinic.appointment"].sudo()
        for request in self:
            request.visit_count = visits._count_met(request.sudo().resource_id, request.start, request.stop)

    @api.depends("resource_id", "kind", "start")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for request in self:
            words = [request.resource_id.name, kinds.get(request.kind), request.wall_text]
            request.display_name = ", ".join(filter(None, words))

    # ------------------------------------------------------------------ asking

    @api.model
    def _read_asked(self, practitioner, vals):
        """Checked values of a request: kind, start, stop, tz, reason. Hours are those of the branch."""
        if vals.get("kind") not in OWN_KINDS:
            raise UserError(self.env._("Choose the kind of the absence of the list."))
        resource = practitioner.sudo().resource_id  # sudo: the doctor's own resource
        tz = self.env["clinic.absence"].sudo().new({"resource_id": resource.id}).tz
        try:
            start, stop = self.env["clinic.absence"]._wall_moments(vals, tz)
        except (TypeError, ValueError, AttributeError):
            raise UserError(self.env._("There is no such day or hour. Correct it.")) from None
        if stop <= start:
            raise UserError(self.env._("An absence must end after it starts. Check the days and the hours."))
        if stop <= fields.Datetime.now():
            raise UserError(self.env._("This time has already passed. Choose a later one."))
        reason = vals.get("reason")
        reason = without_controls(reason).strip() if isinstance(reason, str) else ""
        if len(reason) > MAX_TEXT:
            raise UserError(self.env._("The reason is too long: at most %(size)s characters.", size=MAX_TEXT))
        return {
            "resource_id": resource.id,
            "kind": vals["kind"],
            "start": start,
            "stop": stop,
            "tz": tz,
            "reason": reason or False,
        }

    @api.model
    def _needs_approval(self, resource, count):
        """Whether a senior nurse decides; by the setting of the company."""
        way = (resource.sudo().company_id or self.env.company).sudo().clinic_absence_approval
        return way == "always" or (way == "with_visits" and count > 0)

    @api.model
    def _preview(self, practitioner, vals):
        """What asking would do: ``{"visits", "approval", "when"}``."""
        asked = self._read_asked(practitioner, vals)
        request = self.sudo().new({**asked, "state": "requested"})
        return {
            "visits": request.visit_count,
            "approval": self._needs_approval(request.resource_id, request.visit_count),
            "when": request.wall_text,
        }

    @api.model
    def _ask(self, practitioner, vals):
        """Make the request of a doctor for himself; returns it, applied or waiting.

        Sudo: the caller has checked that the card is the user's own.
        """
        asked = self._read_asked(practitioner, vals)
        request = self.sudo()._create_row({**asked, "state": "requested", "user_id": self.env.uid})
        if self._needs_approval(request.resource_id, request.visit_count):
            request._tell_nurses()
        else:
            request._apply()
        return request

    def _apply(self):
        """Make the absence; from now on nobody is booked in this time.

        What the doctor wrote stays in the request: absences are read by all who see the schedule.
        """
        self.ensure_one()
        vals = {name: self[name] for name in ("kind", "start", "stop")}
        absence = self.env["clinic.absence"].create({"resource_id": self.resource_id.id, **vals})
        self._put({"state": "approved", "absence_id": absence.id})

    def _tell_nurses(self):
        """An activity for each senior nurse of the branches where the doctor works."""
        branches = self.resource_id.clinic_practitioner_ids.branch_ids
        nurses = self.env.ref(NURSES).all_user_ids.filtered(
            lambda user: (
                user.active
                and not user.share
                and user != self.env.ref("base.user_root")
                and (not self.company_id or self.company_id in user.company_ids)
                and (not user.clinic_branch_ids or not branches or user.clinic_branch_ids & branches)
            )
        )
        for nurse in nurses:
            self.with_context(mail_activity_quick_update=True).activity_schedule(
                "mail.mail_activity_data_todo",
                fields.Date.context_today(self),
                user_id=nurse.id,
                summary=self.env._("Approve or refuse an absence: %(who)s", who=self.resource_id.name),
            )

    # ------------------------------------------------------------------ deciding

    def _check_nurse(self):
        if not self.env.user.has_group(NURSES) and not self.env.su:
            raise AccessError(self.env._("A senior nurse decides about absences."))
        self.check_access("read")

    def _check_waits(self):
        for request in self:
            if request.state != "requested":
                raise UserError(
                    self.env._("This request has been decided or withdrawn already. Reload the page.")
                )

    def action_approve(self):
        """Button: make the absence; its visits come to the list “To be moved”. Rights: senior nurse."""
        self._check_nurse()
        requests = self.sudo()  # rows are written by buttons only
        requests._check_waits()
        for request in requests:
            request._apply()
        requests._decided()
        return True

    def action_refuse(self):
        """Button: ask why, then refuse. Rights: senior nurse."""
        self.ensure_one()
        self._check_nurse()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse the absence"),
            "res_model": "clinic.absence.refuse",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_request_id": self.id},
        }

    def _refuse(self, answer):
        """Refuse with a reason that the doctor reads. Rights: senior nurse."""
        self._check_nurse()
        answer = without_controls(answer or "").strip()
        if not answer:
            raise UserError(self.env._("Write why the absence is refused: the doctor will read it."))
        requests = self.sudo()
        requests._check_waits()
        requests._put({"state": "refused", "answer": answer[:MAX_TEXT]})
        requests._decided()

    def _decided(self):
        self._put({"decided_by_id": self.env.uid, "decided_at": fields.Datetime.now()})
        self.activity_unlink(["mail.mail_activity_data_todo"])
        self._after_decided()

    def _after_decided(self):
        """Called after a senior nurse has approved or refused; for messages to the doctor. Empty here."""

    def action_withdraw(self):
        """Button: the doctor takes the request back; an applied absence ends with it if it is not over.

        Rights: the doctor himself, or a senior nurse.
        """
        self.check_access("read")
        if not self.env.user.has_group(NURSES):
            own = self.env.user.practitioner_ids.resource_id
            if any(request.resource_id not in own for request in self):
                raise AccessError(self.env._("This is not your absence. Ask the senior nurse."))
        for request in self.sudo():
            if request.state not in ("requested", "approved") or request.stop <= fields.Datetime.now():
                raise UserError(
                    self.env._("This request has been decided or withdrawn already. Reload the page.")
                )
            request.absence_id.write({"active": False})
            request._put({"state": "withdrawn"})
            request.activity_unlink(["mail.mail_activity_data_todo"])
        return True

    # ------------------------------------------------------------------ the guard

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        """Refused: requests are made on the page “My day”."""
        raise UserError(self.env._("An absence is asked for on the page “My day”."))

    def write(self, vals):
        """Only what messages and activities write; the rest is changed by the buttons."""
        if any(not name.startswith(("message_", "activity_")) for name in vals):
            raise UserError(self.env._("A request is decided by its buttons only. Reload the page."))
        return super().write(vals)

    def _create_row(self, vals):
        return super().create([vals])  # pylint: disable=super-method-mismatch

    def _put(self, vals):
        return super().write(vals)  # pylint: disable=super-method-mismatch
