# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError


class ClinicBooking(models.AbstractModel):
    """What courses and comings share: visits that are booked, moved and cancelled all or none."""

    _inherit = "clinic.booking"  # pylint: disable=consider-merging-classes-inherited

    def _row_of(self, model, value, nothing):
        """The row of an argument, a record or an id, that the user may see; else the error ``nothing``."""
        found = self.env[model].browse(value if isinstance(value, int) else getattr(value, "ids", ()))
        if len(found) != 1 or not found.exists():
            raise UserError(nothing)
        found.check_access("read")
        return found

    def _known_by(self, rows, token):
        """What an earlier call with this token has booked, if there was one."""
        # sudo: the token is the caller's secret; what it finds is checked
        known = rows.sudo().search([("token", "=", token)]).with_env(self.env)
        known.check_access("read")
        return known

    def _patient_needed(self, patient):
        patient = self._patient_of(patient)
        if not patient:
            raise UserError(self.env._("Choose the patient of the visit."))
        return patient

    def _book_each(self, slots, patient, channel, vals):
        """A visit at each of these times with these further values. In a savepoint of the caller."""
        for slot in slots:
            # sudo: written by this service only; the right to book was checked
            self.book(slot, patient, channel=channel).sudo()._write_guarded(vals)

    def _cancel_together(self, visits, nothing, by, reason, channel):
        """Cancel these visits, all of them or none; ``nothing``: the error where there are none."""
        self._check_staff(visits)
        if not visits:
            raise UserError(nothing)
        with self.env.cr.savepoint():
            for visit in visits:
                self.cancel(visit, by, reason, channel)
        return visits

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
