# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

#: No series is longer; more is surely a slip of the year.
MOST_WEEKS = 60


class ClinicGroupSession(models.Model):
    """What people do with a session besides writing it: cancel, repeat, see and print who comes."""

    _inherit = "clinic.group.session"  # pylint: disable=consider-merging-classes-inherited

    def action_cancel(self):
        """Button: the session does not take place; its participants stand in the list “To be moved”.

        Rights: whoever may write sessions. Frees the leader and the room; the visits stay until they
        are moved or cancelled, so that nobody is forgotten.
        """
        self.check_access("write")
        planned = self.filtered(lambda session: session.state == "planned")
        planned._wait_for_bookers()
        planned._write_state("cancelled")
        # sudo: claims are nobody's to write, the right to the session was checked
        self.env["clinic.slot.claim"].sudo()._release(planned)
        planned._tell_participants()
        return True

    def action_restore(self):
        """Button: a cancelled session takes place after all, if its leader and room are still free."""
        self.check_access("write")
        for session in self.filtered(lambda one: one.state == "cancelled"):
            if session.is_past:
                raise UserError(self.env._("This session is over. Make a new one."))
            session._write_state("planned")
            session._occupy(release=True)
            session._tell_participants()
        return True

    def action_participants(self):
        """Button: visits of the session."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "clinic.appointment",
            "views": [(False, "list"), (False, "form")],
            "domain": [("session_id", "=", self.id)],
        }

    def action_move_participants(self):
        """Button: the window “Move visits” with those who are left of a cancelled session."""
        self.ensure_one()
        return self.env["clinic.absence.move"]._open(
            [("session_id", "=", self.id), ("needs_move", "=", True)]
        )

    def action_print_participants(self):
        """Button: the list of participants on paper; the journal of access keeps who printed it."""
        return self.env.ref("clinic_schedule.action_report_group_session").report_action(self)

    def action_repeat(self):
        """Button: ask until when the session is repeated every week."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Repeat weekly"),
            "res_model": "clinic.group.session.repeat",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_session_id": self.id},
        }

    def _tell_participants(self):
        """Open boards and the red list learn of the participants at once."""
        # sudo: ids and dates only
        self._notify_boards()
        visits = self.sudo().appointment_ids
        visits.invalidate_recordset(["needs_move"])
        visits._bus_changed("session")

    @api.model
    def _weeks_between(self, first, last, every=1):
        """Dates every ``every`` weeks after ``first`` up to ``last``."""
        return [
            first + timedelta(weeks=every * n)
            for n in range(1, MOST_WEEKS + 1)
            if first + timedelta(weeks=every * n) <= last
        ]

    def _repeat(self, until, every=1):
        """Copies of the session at the same wall time every ``every`` weeks until a date.

        :return: ``(sessions made, [(date, why not)])``: a week whose leader or room is busy is left out
        """
        self.ensure_one()
        if not until or until <= self.date:
            raise UserError(self.env._("Choose a last day after the day of this session."))
        if (until - self.date).days > 7 * MOST_WEEKS:
            raise UserError(
                self.env._(
                    "A series is at most %(weeks)s weeks long. Choose an earlier day.", weeks=MOST_WEEKS
                )
            )
        made, left_out = self.browse(), []
        for day in self._weeks_between(self.date, until, every):
            twin = [
                ("service_id", "=", self.service_id.id),
                ("resource_id", "=", self.resource_id.id),
                ("date", "=", day),
                ("hour", "=", self.hour),
                ("state", "=", "planned"),
            ]
            if self.search_count(twin, limit=1):
                left_out.append((day, self.env._("stands already")))
                continue
            if self._is_absent(day):
                left_out.append((day, self.env._("the leader is absent")))
                continue
            try:
                with self.env.cr.savepoint():
                    made |= self.copy({"date": day})
            except UserError:
                left_out.append((day, self.env._("the leader or the room is busy")))
        return made, left_out

    def _is_absent(self, day):
        """Whether the leader or the room is absent at the hours of the session on another day."""
        twin = self.new(
            {"date": day, "hour": self.hour, "minutes": self.minutes, "branch_id": self.branch_id.id}
        )
        domain = [
            ("resource_id", "in", (self.resource_id | self.room_id.resource_id).ids),
            ("start", "<", twin.stop),
            ("stop", ">", twin.start),
        ]
        return bool(self.env["clinic.absence"].search_count(domain, limit=1))
