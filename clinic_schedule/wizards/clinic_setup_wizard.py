# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import Command, fields, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.hours_text import HoursError, parse_hours
from odoo.addons.clinic_base.texts import whole_number

#: How far the first shifts reach, days.
FIRST_DAYS = 60
#: Minutes between the starts of visits, when a line names none.
FIRST_STEP = 15


class ClinicSetupWizard(models.TransientModel):
    """Adds the step "shifts": one line is the week of one doctor."""

    _inherit = "clinic.setup.wizard"

    step = fields.Selection(
        selection_add=[("shifts", "Shifts"), ("done",)], ondelete={"shifts": "set default"}
    )
    shifts_text = fields.Text(string="First shifts")
    shift_count = fields.Integer(string="Shifts in all", compute="_compute_counts")

    def _compute_counts(self):
        result = super()._compute_counts()
        for wizard in self:
            wizard.shift_count = self.env["clinic.shift"].search_count([])
        return result

    def _apply_shifts(self):
        """Doctor; hours; branch; room; step: a template per line and its shifts of 60 days."""
        return self._apply_lines("shifts_text", self._apply_shift_line)

    def _apply_shift_line(self, cells):
        name, hours, branch_name, room_name, step = (cells + [""] * 5)[:5]
        self._require(name, self.env._("the doctor's name"))
        doctor = self._doctors(name, False)
        try:
            rows = parse_hours(hours)
        except HoursError as error:
            raise UserError(
                self.env._(
                    "The hours “%(part)s” are not clear. Write them like: Mon-Fri 9:00-15:00, Sat 9-13.",
                    part=error.part,
                )
            ) from error
        if len(doctor) != 1 or not rows:
            raise UserError(self.env._("One line is one doctor with his hours. Complete the line."))
        branch = (self._branches(branch_name) if branch_name else doctor.branch_ids or self._branches(""))[:1]
        if not branch:
            raise UserError(
                self.env._("The doctor works in no branch yet. Name the branch in the third cell.")
            )
        step = whole_number(step, 0) if step else FIRST_STEP
        if not 0 < step <= 240:
            raise UserError(self.env._("The step must be a number of minutes from 1 to 240."))
        vals = {
            "branch_id": branch.id,
            "room_id": self._find_named("clinic.room", room_name, [("branch_id", "=", branch.id)]).id
            if room_name
            else False,
            "step": step,
            "line_ids": [
                Command.clear(),
                *(
                    Command.create(
                        {"weekday": str(day), "minute_from": round(low * 60), "minute_to": round(high * 60)}
                    )
                    for day, low, high in rows
                ),
            ],
        }
        return self._apply_template(doctor, branch, vals)

    def _apply_template(self, doctor, branch, vals):
        """The doctor's template of the branch is made or replaced, and its shifts are made."""
        templates = self.env["clinic.shift.template"]
        template = templates.search(
            [("resource_id", "=", doctor.resource_id.id), ("branch_id", "=", branch.id)], limit=1
        )
        is_new = not template
        if is_new:
            template = templates.create(
                {"name": doctor.name, "resource_id": doctor.resource_id.id, "rolling": True, **vals}
            )
        else:
            template.write(vals)
        today = fields.Date.context_today(self)
        template._generate(today, today + timedelta(days=FIRST_DAYS))
        template.rolled_to = today + timedelta(days=FIRST_DAYS)
        return is_new
