# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ClinicAppointment(models.Model):
    """Reports look for visits that go on past midnight by the day after."""

    _inherit = "clinic.appointment"

    _next_day_idx = models.Index("((local_date + 1))")


class ClinicAppointmentJournal(models.Model):
    """Reports look for the places that were freed in a stretch of time."""

    _inherit = "clinic.appointment.journal"

    _freed_idx = models.Index("(at) WHERE action IN ('cancelled', 'moved')")
