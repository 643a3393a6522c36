# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import SCHEDULE_READERS

#: Steps after which the patient is still to come: nothing of the queue is true any more.
BEFORE_ARRIVAL = ("held", "booked", "confirmed")


class ClinicAppointment(models.Model):
    """The live queue of the day: arrived → called → in the room.

    Being called is a moment and no state: the patient may be called again, and nothing of the place
    depends on it. Times and number are written together with the state, by the one method that does it.
    """

    _inherit = "clinic.appointment"  # pylint: disable=consider-merging-classes-inherited

    arrived_at = fields.Datetime(readonly=True, copy=False, groups=SCHEDULE_READERS)
    called_at = fields.Datetime(string="Called in at", readonly=True, copy=False, groups=SCHEDULE_READERS)
    started_at = fields.Datetime(string="Begun at", readonly=True, copy=False, groups=SCHEDULE_READERS)
    walk_in = fields.Boolean(
        string="Came without a booking", readonly=True, copy=False, groups=SCHEDULE_READERS
    )
    queue_no = fields.Integer(string="Number of the day", readonly=True, copy=False, groups=SCHEDULE_READERS)
    queue_label = fields.Char(
        compute="_compute_queue_label", string="Number in the queue", groups=SCHEDULE_READERS
    )

    _queue_no_uniq = models.UniqueIndex(
        "(branch_id, local_date, queue_no) WHERE queue_no > 0",
        "This number of the queue has been given to somebody else. Press the button again.",
    )

    @api.depends("queue_no", "walk_in")
    def _compute_queue_label(self):
        counter = self.env["clinic.queue.counter"]
        for visit in self:
            visit.queue_label = counter._label(visit.queue_no, visit.walk_in)

    def _move_to(self, action, state, channel=None, reason=None, note=None, vals=None):
        """Adds the moments of the queue to the step."""
        result = super()._move_to(
            action, state, channel, reason, note, {**self._queue_moments(action, state), **(vals or {})}
        )
        if action == "arrived":
            for visit in self:
                visit._take_number()
        return result

    @api.model
    def _queue_moments(self, action, state):
        now = fields.Datetime.now()
        if action == "arrived":
            return {"arrived_at": now, "called_at": False, "started_at": False}
        if action == "started":
            return {"started_at": now}
        if action == "moved":
            return {"queue_no": 0, "arrived_at": False, "called_at": False, "started_at": False}
        if action == "undone" and state in BEFORE_ARRIVAL:
            # the number stays: the ticket is in the patient's hand
            return {"arrived_at": False, "called_at": False, "started_at": False}
        if action == "undone" and state == "arrived":
            return {"started_at": False}
        return {}

    def _take_number(self):
        """A number of the branch and day, once: who is marked as arrived again keeps it."""
        self.ensure_one()
        if not self.queue_no:
            number = self.env["clinic.queue.counter"]._next(self.branch_id, self.local_date)
            self._write_guarded({"queue_no": number})

    def action_call(self):
        """Button: ask the patient to come in; again if he did not hear. Rights: those of booking.

        Tells the boards and the wall screens, by the number only.
        """
        self.env["clinic.booking"]._check_staff(self)
        for visit in self.sudo():  # the guarded write, after the check
            if visit.state != "arrived":
                raise UserError(
                    self.env._("Only a patient who has arrived can be called in. Mark the arrival first.")
                )
            visit._write_guarded({"called_at": fields.Datetime.now()})
            visit._bus_changed("called")
            visit._after_called()

    def _after_called(self):
        """Called after the patient was called in, each time anew. Empty here."""
