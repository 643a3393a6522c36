# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: Obstacles named in one refusal.
MOST_NAMED = 5


class ClinicShiftOperation(models.Model):
    """Takes an operation back, as long as nothing has been built on it."""

    _inherit = "clinic.shift.operation"  # pylint: disable=consider-merging-classes-inherited

    def action_undo(self):
        """Button and RPC: remove what was made, open what was closed, bring back what was taken off.

        Rights: those of changing shifts. Visits that have been moved meanwhile stay where they are.
        Refused in words while something stands in the way; then nothing is changed.
        """
        self.ensure_one()
        self.check_access("read")
        for model in ("clinic.shift", "clinic.absence"):
            self.env[model].check_access("write")
        # two clicks or two nurses: the second one waits here and starts again
        self.env.cr.execute(
            "SELECT id FROM clinic_shift_operation WHERE id = %s FOR NO KEY UPDATE", [self.id]
        )
        if self.state == "undone":
            raise UserError(self.env._("“%(name)s” has been taken back already.", name=self.name))
        obstacles = self._obstacles()
        if obstacles:
            words = obstacles[:MOST_NAMED] + (["…"] if len(obstacles) > MOST_NAMED else [])
            raise UserError(
                self.env._("“%(name)s” cannot be taken back:", name=self.name)
                + "\n"
                + "\n".join(f"– {word}" for word in words)
            )
        self.with_context(active_test=False).shift_ids.unlink()
        self.env.flush_all()
        back = self._taken_off().filtered(lambda shift: not shift.active)
        back.write({"active": True, "closed_by_id": False})
        self.absence_ids.write({"active": False})
        # sudo: nobody writes the journal by hand
        self.sudo().write(
            {"state": "undone", "undone_by_id": self.env.uid, "undone_at": fields.Datetime.now()}
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Taken back: %(name)s.", name=self.name),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _taken_off(self):
        """The shifts that the operation has taken off, archived as they are."""
        return self.with_context(active_test=False).closed_shift_ids

    def _obstacles(self):
        """What has been built on the operation, in sentences; empty when it may be taken back."""
        words = []
        made = self.with_context(active_test=False).shift_ids
        for shift in made:
            if shift.closed_by_id:
                words.append(
                    self.env._(
                        "“%(later)s” was done later and took off %(shift)s: take that back first.",
                        later=shift.closed_by_id.name,
                        shift=shift.display_name,
                    )
                )
            elif shift.start <= fields.Datetime.now():
                words.append(self.env._("%(shift)s has begun or passed.", shift=shift.display_name))
            elif shift._is_touched():
                words.append(
                    self.env._("%(shift)s was changed by hand afterwards.", shift=shift.display_name)
                )
        visited = made.filtered("active")._with_visits() if made else set()
        words += [
            self.env._("Visits are booked already: %(shift)s. Move them first.", shift=shift.display_name)
            for shift in made
            if shift.id in visited
        ]
        words += [
            self.env._("%(absence)s was changed by hand afterwards.", absence=absence.display_name)
            for absence in self.absence_ids
            if absence.made_as != absence._frame()
        ]
        return words + self._taken_places()

    def _taken_places(self):
        """Shifts that stand now where others were taken off, in sentences."""
        gone = self._taken_off().filtered(lambda shift: not shift.active)
        self.env["clinic.shift"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT s.id FROM clinic_shift g
                  JOIN clinic_shift s ON s.resource_id = g.resource_id AND s.active
                                     AND s.start < g.stop AND s.stop > g.start
                 WHERE g.id = ANY(%s) AND s.operation_id IS DISTINCT FROM %s
                """,
                gone.ids,
                self.id,
            )
        )
        # sudo: what stands in the way is named, whoever may see its branch
        there = self.env["clinic.shift"].sudo().browse(row[0] for row in rows)
        return [
            self.env._("In the old place there is another shift now: %(shift)s.", shift=shift.display_name)
            for shift in there
        ]
