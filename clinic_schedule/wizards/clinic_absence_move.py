# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

#: Visits of one window; those behind them come when these are settled.
MOST = 200


class ClinicAbsenceMove(models.TransientModel):
    """“Move visits”: what is to become of the visits that an absence meets, one by one or all at once.

    Every visit is moved or cancelled by the booking service in a savepoint of its own: one that cannot
    be moved keeps its place in the list, says why, and gets another proposal.
    """

    _name = "clinic.absence.move"
    _description = "Move visits of an absence"

    absence_id = fields.Many2one("clinic.absence", ondelete="cascade")
    line_ids = fields.One2many("clinic.absence.move.line", "wizard_id")
    reason_id = fields.Many2one(
        "clinic.appointment.reason",
        string="Reason of moves",
        ondelete="cascade",
        required=True,
        domain="[('kind', '=', 'move')]",
        default=lambda self: self._default_reason("move"),
    )
    cancel_reason_id = fields.Many2one(
        "clinic.appointment.reason",
        string="Reason of cancellations",
        ondelete="cascade",
        required=True,
        domain="[('kind', '=', 'cancel')]",
        default=lambda self: self._default_reason("cancel"),
    )
    open_count = fields.Integer(compute="_compute_counts", string="To be settled")
    done_count = fields.Integer(compute="_compute_counts", string="Settled")
    has_messages = fields.Boolean(compute="_compute_counts")
    more_count = fields.Integer(readonly=True, string="More behind these")

    @api.model
    def _default_reason(self, kind):
        """The reason of the dictionary that says that the doctor is absent, if it is still there."""
        reason = self.env.ref(f"clinic_schedule.reason_{kind}_doctor_absent", raise_if_not_found=False)
        if reason and reason.active:
            return reason
        domain = [("kind", "=", kind), ("by", "=", "clinic")]
        return self.env["clinic.appointment.reason"].search(domain, limit=1)

    @api.depends("line_ids.outcome", "line_ids.message")
    def _compute_counts(self):
        for wizard in self:
            settled = wizard.line_ids.filtered("outcome")
            wizard.done_count = len(settled)
            wizard.has_messages = any(wizard.line_ids.mapped("message"))
            wizard.open_count = len(wizard.line_ids) - len(settled)

    @api.model
    def _open(self, domain, absence=None):
        """The window with the visits of the domain that are to be moved. Rights: those of booking."""
        visits = self.env["clinic.appointment"]
        self.env["clinic.booking"]._check_staff(visits)
        domain = Domain(domain) & Domain("needs_move", "=", True)
        count = visits.search_count(domain)
        if not count:
            raise UserError(self.env._("No visit is to be moved: all are settled already."))
        visits = visits.search(domain, order="start, id", limit=MOST)
        wizard = self.create(
            {"absence_id": absence.id if absence else False, "more_count": max(count - MOST, 0)}
        )
        wizard._make_lines(visits)
        return wizard._reopen()

    def _make_lines(self, visits):
        proposals = self.env["clinic.substitution"]._propose(visits)
        lines = self.env["clinic.absence.move.line"]
        lines.create(
            [
                {
                    "wizard_id": self.id,
                    "appointment_id": visit.id,
                    **lines._vals_of(visit, proposals[visit.id]),
                }
                for visit in visits
            ]
        )

    def _reopen(self):
        """This window again, as it is now."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Move visits"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_apply(self):
        """Button: do with every visit what is chosen for it. Rights: those of the booking service."""
        self.ensure_one()
        self.line_ids.filtered(lambda line: not line.outcome)._apply()
        if self.open_count or self.more_count:
            return self._reopen()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
