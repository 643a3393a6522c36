# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

MAX_SHOWN = 5


class ClinicMerge(models.Model):
    """One person cannot be in two places: overlapping visits of the two cards are settled first."""

    _inherit = "clinic.merge"

    def _problems(self):
        return super()._problems() + self._overlap_problems()

    def _overlap_problems(self):
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT mine.appointment_id, other.appointment_id
              FROM clinic_slot_claim mine
              JOIN clinic_slot_claim other ON other.kind = 'patient' AND other.lane = mine.lane
                   AND other.start < mine.stop AND other.stop > mine.start
             WHERE mine.kind = 'patient' AND mine.ref = %s AND other.ref = %s
             ORDER BY mine.start
             LIMIT %s
            """,
            [self.survivor_id.id, self.loser_id.id, MAX_SHOWN],
        )
        pairs = self.env.cr.fetchall()
        return [
            self.env._(
                "Both cards have a visit at the same time: “%(first)s” and “%(second)s”. "
                "Move or cancel one of them first.",
                first=self.env["clinic.appointment"].browse(first).display_name,
                second=self.env["clinic.appointment"].browse(second).display_name,
            )
            for first, second in pairs
        ]
