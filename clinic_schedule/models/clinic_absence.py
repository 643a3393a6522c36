# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..const import ABSENCE_KINDS
from ..slot_algebra import utc_to_wall


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

    @api.depends("resource_id", "kind", "start", "stop")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for absence in self:
            name = ", ".join(filter(None, [absence.resource_id.name, kinds.get(absence.kind)]))
            if absence.start and absence.stop:
                tz = absence.resource_id.tz or "UTC"
                first, last = (utc_to_wall(moment, tz) for moment in (absence.start, absence.stop))
                if first.date() == last.date():
                    name += f" {first:%d.%m.%Y %H:%M}–{last:%H:%M}"
                else:
                    name += f" {first:%d.%m.%Y %H:%M} – {last:%d.%m.%Y %H:%M}"
            absence.display_name = name

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
        """Tell the boards of the branches where the resources have shifts in that time."""
        if not self:
            return
        self.flush_model(["resource_id", "start", "stop"])
        self.env["clinic.shift"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT s.branch_id, s.resource_id, s.local_date
                  FROM clinic_absence a
                  JOIN clinic_shift s ON s.resource_id = a.resource_id AND s.active
                                     AND s.start < a.stop AND s.stop > a.start
                 WHERE a.id = ANY(%s)
                """,
                self.ids,
            )
        )
        told = defaultdict(lambda: (set(), set()))
        for branch_id, resource_id, day in rows:
            resources, days = told[branch_id]
            resources.add(resource_id)
            days.add(day)
        for branch_id, (resources, days) in told.items():
            branch = self.env["clinic.branch"].browse(branch_id)
            self.env["clinic.booking"]._bus_changed(branch, sorted(resources), days, "absence")
