# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..const import SCHEDULE_READERS
from ..slot_algebra import offset_at

HELP = "How far the clock of the branch was ahead of UTC, by the rules known when the time was agreed."


class ClinicShift(models.Model):
    """Remembers what the clock was to show: the rules of a zone may change after the row was made."""

    _inherit = "clinic.shift"  # pylint: disable=consider-merging-classes-inherited

    clock_offset = fields.Integer(
        compute="_compute_clock_offset", store=True, string="Clock ahead of UTC at the start, min", help=HELP
    )
    clock_offset_stop = fields.Integer(
        compute="_compute_clock_offset", store=True, string="Clock ahead of UTC at the end, min", help=HELP
    )

    @api.depends("start", "stop", "branch_id")
    def _compute_clock_offset(self):
        """Not of the zone of the branch: when that changes, the promise stays what it was."""
        for shift in self:
            tz = shift.branch_id.tz
            shift.clock_offset = offset_at(shift.start, tz) if tz and shift.start else 0
            shift.clock_offset_stop = offset_at(shift.stop, tz) if tz and shift.stop else 0


class ClinicAppointment(models.Model):
    """Remembers what the clock was to show when the patient was told the time; its length is absolute."""

    _inherit = "clinic.appointment"  # pylint: disable=consider-merging-classes-inherited

    clock_offset = fields.Integer(
        compute="_compute_clock_offset",
        store=True,
        precompute=True,
        string="Clock ahead of UTC, min",
        help=HELP,
        groups=SCHEDULE_READERS,
    )

    @api.depends("start", "branch_id")
    def _compute_clock_offset(self):
        for visit in self:
            tz = visit.branch_id.tz
            visit.clock_offset = offset_at(visit.start, tz) if tz and visit.start else 0


class ClinicAbsence(models.Model):
    """Remembers what the clock was to show at both ends."""

    _inherit = "clinic.absence"  # pylint: disable=consider-merging-classes-inherited

    clock_offset = fields.Integer(
        compute="_compute_clock_offset", store=True, string="Clock ahead of UTC at the start, min", help=HELP
    )
    clock_offset_stop = fields.Integer(
        compute="_compute_clock_offset", store=True, string="Clock ahead of UTC at the end, min", help=HELP
    )

    @api.depends("start", "stop", "resource_id")
    def _compute_clock_offset(self):
        for absence in self:
            tz = absence.tz
            absence.clock_offset = offset_at(absence.start, tz) if tz and absence.start else 0
            absence.clock_offset_stop = offset_at(absence.stop, tz) if tz and absence.stop else 0
