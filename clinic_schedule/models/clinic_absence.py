# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..const import ABSENCE_KINDS
from ..slot_algebra import local_date


class ClinicAbsence(models.Model):
    """A stretch of time in which a practitioner, room or device takes nobody.

    Entered by senior nurses. Search and booking obey it; visits booked before stay.
    """

    _name = "clinic.absence"
    _description = "Absence"
    _order = "start desc, id desc"

    resource_id = fields.Many2one(
        "resource.resource",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('clinic_kind', '!=', False)]",
    )
    company_id = fields.Many2one(related="resource_id.company_id", store=True, index=True)
    kind = fields.Selection(ABSENCE_KINDS, required=True, default="other")
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    reason = fields.Char()
    active = fields.Boolean(default=True)

    _stop_after_start = models.Constraint("CHECK (stop > start)", "An absence must end after it starts.")
    _window_idx = models.Index("(resource_id, stop) WHERE active")

    @api.model_create_multi
    def create(self, vals_list):
        """Create absences and tell open boards."""
        absences = super().create(vals_list)
        absences._notify_boards()
        return absences

    def write(self, vals):
        """Change absences and tell open boards about the old and the new time."""
        self._notify_boards()
        result = super().write(vals)
        self._notify_boards()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_tell_boards(self):
        self._notify_boards()

    def _notify_boards(self):
        """Tell the boards of the branches where the resource has shifts in that time."""
        for absence in self:
            shifts = (
                self.env["clinic.shift"]
                .sudo()
                .search(
                    [
                        ("resource_id", "=", absence.resource_id.id),
                        ("start", "<", absence.stop),
                        ("stop", ">", absence.start),
                    ]
                )
            )
            for branch in shifts.branch_id:
                dates = {local_date(shift.start, branch.tz) for shift in shifts if shift.branch_id == branch}
                self.env["clinic.booking"]._bus_changed(branch, absence.resource_id.ids, dates, "absence")
