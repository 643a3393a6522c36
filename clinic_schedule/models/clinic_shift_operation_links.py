# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ClinicShift(models.Model):
    """Adds whose work a shift is, and who has taken it off."""

    _inherit = "clinic.shift"  # pylint: disable=consider-merging-classes-inherited

    operation_id = fields.Many2one(
        "clinic.shift.operation",
        string="Made by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    closed_by_id = fields.Many2one(
        "clinic.shift.operation",
        string="Taken off by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    def _is_touched(self):
        """Whether somebody has changed the shift since it was made."""
        self.ensure_one()
        return self.made_as != self.env["clinic.shift.template"]._mark(
            self.start, self.stop, self._pattern_vals()
        )


class ClinicAbsence(models.Model):
    """Adds whose work an absence is, and what the board says of it."""

    _inherit = "clinic.absence"  # pylint: disable=consider-merging-classes-inherited

    operation_id = fields.Many2one(
        "clinic.shift.operation",
        string="Made by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    board_text = fields.Char(
        string="On the board", help="What everybody reads on the board; empty: the kind only."
    )
    made_as = fields.Char(readonly=True, copy=False, help="The time as it was closed by an operation.")

    @api.model_create_multi
    def create(self, vals_list):
        """What an operation closes remembers its time, so that a later change is seen."""
        absences = super().create(vals_list)
        for absence in absences.filtered(lambda one: one.operation_id or one.rule_id):
            absence.made_as = absence._frame()
        return absences

    def _frame(self):
        return f"{self.resource_id.id} {self.start} {self.stop}"
