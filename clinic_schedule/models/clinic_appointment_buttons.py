# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError


class ClinicAppointment(models.Model):
    """What people press on a visit; each button checks rights and leaves the work to the service."""

    _inherit = "clinic.appointment"  # pylint: disable=consider-merging-classes-inherited

    def action_confirm(self):
        """Button: the patient says he comes. Rights: those of booking."""
        for appointment in self:
            self.env["clinic.booking"].confirm(appointment, "reception")

    def action_arrive(self):
        """Button: the patient is here. Rights: those of booking."""
        self._action_step("arrived", "arrived", "_after_arrived")

    def action_start(self):
        """Button: the visit begins. Rights: those of booking."""
        self._action_step("started", "in_progress", "_after_started")

    def action_done(self):
        """Button: the visit is finished. Rights: those of booking."""
        self._action_step("done", "done", "_after_done")

    def action_no_show(self):
        """Button: the patient did not come; frees the place. Rights: those of booking."""
        now = fields.Datetime.now()
        if any(appointment.start > now for appointment in self):
            raise UserError(
                self.env._("The visit has not begun yet. Mark it as missed after its time, or cancel it.")
            )
        self._action_step("no_show", "no_show", "_after_no_show", release=True)

    def action_cancel(self):
        """Button: ask for the reason and cancel."""
        self.ensure_one()
        return self._action_wizard("clinic.appointment.cancel", self.env._("Cancel visit"))

    def action_move(self):
        """Button: ask for the new time and the reason and move."""
        self.ensure_one()
        return self._action_wizard(
            "clinic.appointment.move",
            self.env._("Move visit"),
            default_resource_id=self.resource_id.id,
            default_start=self.start,
        )

    def _action_wizard(self, model, name, **context):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_appointment_id": self.id, **context},
        }

    def action_undo(self):
        """Button: take the last action back. Rights: those of booking."""
        for appointment in self:
            self.env["clinic.booking"].undo(appointment)

    def _action_step(self, action, state, hook, release=False):
        """Staff's step without a change of place. Sudo: the guarded write, after the check."""
        self.env["clinic.booking"]._check_staff(self)
        records = self.sudo()
        records._move_to(action, state, channel="reception")
        if release:
            self.env["clinic.slot.claim"]._release(records)
        getattr(records, hook)()
