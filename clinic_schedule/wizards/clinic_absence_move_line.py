# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ..const import MOVES
from ..exceptions import SlotTaken
from ..slot_algebra import utc_to_wall

CHOICES = [
    ("later", "Same doctor later"),
    ("substitute", "Substitute"),
    ("cancel", "Cancel"),
    ("leave", "Leave in the list"),
]

OUTCOMES = [("moved", "Moved"), ("cancelled", "Cancelled")]


class ClinicAbsenceMoveLine(models.TransientModel):
    """One visit of the window: two proposals, the choice, and what came of it."""

    _name = "clinic.absence.move.line"
    _description = "Visit to be moved"
    _order = "id"

    wizard_id = fields.Many2one("clinic.absence.move", required=True, index=True, ondelete="cascade")
    appointment_id = fields.Many2one("clinic.appointment", string="Visit", required=True, ondelete="cascade")
    # without sudo: a row made by hand shows nothing of a visit that its maker may not read
    patient_id = fields.Many2one(related="appointment_id.patient_id", related_sudo=False)
    wall_start = fields.Char(related="appointment_id.wall_start", related_sudo=False)
    service_id = fields.Many2one(related="appointment_id.service_id", related_sudo=False)
    resource_id = fields.Many2one(
        related="appointment_id.resource_id", related_sudo=False, string="Doctor, room or device"
    )
    later_start = fields.Datetime(readonly=True)
    later_text = fields.Char(string="Same doctor later", readonly=True)
    substitute_start = fields.Datetime(readonly=True)
    substitute_resource_id = fields.Many2one("resource.resource", ondelete="cascade", readonly=True)
    substitute_text = fields.Char(string="Substitute", readonly=True)
    choice = fields.Selection(CHOICES, string="What to do", required=True, default="leave")
    outcome = fields.Selection(OUTCOMES, readonly=True)
    message = fields.Char(readonly=True)

    @api.model
    def _vals_of(self, visit, proposal):
        """Values of a line from the proposals; the substitute is chosen when he is free the same day."""
        later, substitute = proposal["later"], proposal["substitute"]
        vals = {
            "later_start": later["start"] if later else False,
            "later_text": self._text_of(visit, later),
            "substitute_start": substitute["start"] if substitute else False,
            "substitute_resource_id": substitute["resource_id"] if substitute else False,
            "substitute_text": self._text_of(visit, substitute, named=True),
            "choice": "leave",
        }
        if visit.state not in MOVES["moved"]:
            vals.update(later_start=False, later_text=False, substitute_start=False, substitute_text=False)
            vals["message"] = self.env._(
                "The patient is here already. Take the arrival back to move the visit."
            )
        elif substitute and (
            not later or abs(substitute["start"] - visit.start) < abs(later["start"] - visit.start)
        ):
            vals["choice"] = "substitute"
        elif later:
            vals["choice"] = "later"
        else:
            vals["message"] = self.env._(
                "No free time was found. Choose it on the board, or leave the visit."
            )
        return vals

    @api.model
    def _text_of(self, visit, slot, named=False):
        """When, with whom, and the price where it is another one."""
        if not slot:
            return False
        branch = self.env["clinic.branch"].browse(slot["branch_id"])
        text = f"{utc_to_wall(slot['start'], branch.tz):%d.%m %H:%M}"
        if named:
            # sudo: the name of who gives a service is shown wherever one books
            text += f", {self.env['resource.resource'].sudo().browse(slot['resource_id']).name}"
        if branch != visit.branch_id:
            text += f", {branch.name}"
        price = self.env["clinic.booking"]._clinic_move_price(visit, slot)
        if named and price != visit.price:
            text += ", " + self.env._(
                "%(price)s instead of %(before)s",
                price=formatLang(self.env, price, currency_obj=visit.currency_id),
                before=formatLang(self.env, visit.price, currency_obj=visit.currency_id),
            )
        return text

    def action_apply(self):
        """Button of a row: do what is chosen for this visit. Rights: those of the booking service."""
        self._apply()
        return self.wizard_id._reopen()

    def _slot(self):
        """The chosen place as the booking service wants it; None when there is no such proposal."""
        self.ensure_one()
        if self.choice == "later" and self.later_start:
            return {"resource_id": self.resource_id.id, "start": self.later_start}
        if self.choice == "substitute" and self.substitute_start:
            return {"resource_id": self.substitute_resource_id.id, "start": self.substitute_start}
        return None

    def _apply(self):
        """Settle the visits one after another; those that could not be moved get new proposals."""
        lost = []
        failed = self.browse()
        for line in self.filtered(lambda line: not line.outcome and line.choice != "leave"):
            try:
                with self.env.cr.savepoint():
                    line._settle()
            except UserError as error:
                line.message = str(error)
                failed |= line
                slot = line._slot()
                if slot and isinstance(error, SlotTaken):
                    visit = line.appointment_id
                    lost.append(
                        (slot["resource_id"], slot["start"], slot["start"] + (visit.stop - visit.start))
                    )
        failed.exists()._propose_again(lost)

    def _settle(self):
        """Move or cancel the visit of this row, as chosen."""
        visit, booking = self.appointment_id, self.env["clinic.booking"]
        if not visit.needs_move:
            raise UserError(self.env._("Somebody has settled this visit already."))
        if self.choice == "cancel":
            booking.cancel(visit, "clinic", self.wizard_id.cancel_reason_id)
            self.outcome, self.message = "cancelled", False
            return
        slot = self._slot()
        if not slot:
            raise UserError(self.env._("There is no such proposal for this visit. Choose another way."))
        # sudo: what the visit was is for the hook of addons above, its right was checked by the service
        old = visit.sudo()._snapshot()
        booking.reschedule(visit, slot, self.wizard_id.reason_id)
        visit.sudo()._after_absence_moved(old)
        self.outcome, self.message = "moved", False

    def _propose_again(self, lost):
        """Other proposals for these rows; what is promised to the other open rows stays theirs."""
        if not self:
            return
        others = self.wizard_id.line_ids.filtered(lambda line: not line.outcome) - self
        promised = list(lost)
        for line in others:
            length = line.appointment_id.stop - line.appointment_id.start
            for resource, start in (
                (line.resource_id, line.later_start),
                (line.substitute_resource_id, line.substitute_start),
            ):
                if start:
                    promised.append((resource.id, start, start + length))
        waiting = self.filtered("appointment_id.needs_move")
        (self - waiting).write({"outcome": "moved"})
        proposals = self.env["clinic.substitution"]._propose(waiting.appointment_id, promised)
        for line in waiting:
            vals = line._vals_of(line.appointment_id, proposals[line.appointment_id.id])
            line.write({**vals, "message": " ".join(filter(None, (line.message, vals.get("message"))))})
