# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager

from odoo import api, models


class ClinicBooking(models.AbstractModel):
    """What courses and comings share: visits that move together may take each other's places."""

    _inherit = "clinic.booking"  # pylint: disable=consider-merging-classes-inherited

    @contextmanager
    def _given_back(self, visits):
        """Within, the places of these visits are free; nothing of it remains."""
        if not visits:
            yield
            return
        savepoint = self.env.cr.savepoint()
        try:
            self._give_back(visits)
            yield
        finally:
            savepoint.close(rollback=True)
            self.env["clinic.slot.claim"].invalidate_model(flush=False)
            visits.invalidate_recordset(["claim_ids"], flush=False)

    @api.model
    def _move_together(self, pairs, reason, channel=None):
        """Move visits to their slots, all of them or none; one that stands there already is not moved.

        ``pairs``: ``[(visit, slot)]``. The visits may change places with each other. Raises ``SlotTaken``.
        Rights: those of ``reschedule``.
        """
        pairs = [(visit, slot) for visit, slot in pairs if not self._stands_at(visit, slot)]
        with self.env.cr.savepoint():
            # each visit takes its new place below, or nothing is changed
            self._give_back(self.env["clinic.appointment"].browse(visit.id for visit, _slot in pairs))
            for visit, slot in pairs:
                self.reschedule(visit, slot, reason=reason, channel=channel)

    @api.model
    def _give_back(self, visits):
        # sudo: the caller has checked the right to the visits
        self.env["clinic.slot.claim"].sudo()._release(visits.sudo())

    def _stands_at(self, visit, slot):
        same = visit.resource_id.id == slot.get("resource_id")
        return same and visit.start == self._moment_of(slot["start"])
