# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..slot_algebra import suits, utc_to_wall
from ..waiting_const import ENTRY_OPEN

#: How long the name and phone of somebody without a card are kept after he waited.
KEEP_CONTACT_DAYS = 30

#: Free times shown for an entry.
MAX_FOUND = 12


class ClinicWaitingEntry(models.Model):
    """The steps of an entry: a time is found for it, it is booked, withdrawn, or its days are over."""

    _inherit = "clinic.waiting.entry"  # pylint: disable=consider-merging-classes-inherited

    def _check_keeper(self):
        """Raise unless the user keeps the list and may change these entries."""
        if not self.env["clinic.booking"]._is_staff():
            raise AccessError(self.env._("Only the staff of the clinic may do this."))
        if not self.env.su:
            self.check_access("write")

    def _check_open(self):
        closed = self.filtered(lambda entry: entry.state not in ENTRY_OPEN)
        if closed:
            raise UserError(
                self.env._(
                    "The entry %(number)s is closed already. Reload the page: somebody may have booked or"
                    " withdrawn it meanwhile.",
                    number=closed[0].number,
                )
            )

    # ------------------------------------------------------------------ buttons

    def action_withdraw(self):
        """Button: the patient waits no longer; an offer that is open is declined by it."""
        self._check_keeper()
        self._check_open()
        # sudo: the right to change the entry was checked; its offers are part of it
        open_offers = self.sudo().offer_ids.filtered(lambda offer: offer.state == "open")
        open_offers._answer("declined", "staff")
        self._close("withdrawn")

    def action_wait_again(self):
        """Button: a closed entry waits again, from now on and without its refusals."""
        self._check_keeper()
        for entry in self:
            if entry.state in ENTRY_OPEN:
                continue
            if entry.date_to and entry.date_to < fields.Date.context_today(self):
                raise UserError(
                    self.env._("The last day of the entry has passed. Choose a later one, then let it wait.")
                )
            # sudo: the right to change the entry was checked
            entry.sudo().write(
                {
                    "state": "waiting",
                    "refusals": 0,
                    "visit_id": False,
                    "closed_at": False,
                    "waiting_since": fields.Datetime.now(),
                }
            )

    def action_find(self):
        """Button “free now”: the window with free times that suit the entry."""
        self.ensure_one()
        self._check_keeper()
        self._check_open()
        return self.env["clinic.waiting.find"]._open(self)

    # ------------------------------------------------------------------ steps

    def _find_slots(self, limit=MAX_FOUND):
        """Free times that suit the entry, soonest first, under the rights of the user."""
        self.ensure_one()
        low = max(self.date_from, fields.Date.context_today(self))
        high = min(self.date_to or low + timedelta(days=60), low + timedelta(days=60))
        if high < low:
            return []
        slots = self.env["clinic.booking"].search_slots(
            self.service_id,
            practitioners=self.practitioner_ids or None,
            branches=self.branch_ids or None,
            date_from=low,
            date_to=high,
            patient=self.patient_id or None,
            limit=2000,
        )
        zones = {branch.id: branch.tz for branch in self.env["clinic.branch"].search([])}
        wish = self._wish()
        found = []
        for slot in slots:
            tz = zones.get(slot["branch_id"], "UTC")
            if suits(wish, utc_to_wall(slot["start"], tz), utc_to_wall(slot["stop"], tz)):
                found.append(slot)
            if len(found) == limit:
                break
        return found

    def _book_slot(self, slot):
        """Book a free time for the entry at the user's hand; raises ``SlotTaken``."""
        self.ensure_one()
        self._check_keeper()
        self._check_open()
        channel = self.channel if self.channel in self.env["clinic.booking"]._allowed_channels() else "phone"
        visit = self.env["clinic.booking"].book(slot, self._patient(), channel=channel)
        # sudo: the right to change the entry was checked; its offers are part of it
        self.sudo().offer_ids.filtered(lambda offer: offer.state == "open")._answer("declined", "staff")
        self._close("booked", visit)
        return visit

    def _patient(self):
        """The patient; a caller without a card gets one."""
        self.ensure_one()
        if not self.patient_id:
            # sudo: whoever accepts an offer need not be allowed to make cards
            cards = self.sudo().env["res.partner"]
            parts = cards._split_patient_name(self.sudo().contact_name)
            vals = {**parts, "phone": self.sudo().contact_phone, "is_patient": True, "is_provisional": True}
            self.sudo().patient_id = cards.create(vals)
        return self.patient_id

    def _close(self, state, visit=None):
        """End the waiting. Sudo: whoever calls has checked who may."""
        entries = self.sudo()
        entries.write(
            {"state": state, "visit_id": visit.id if visit else False, "closed_at": fields.Datetime.now()}
        )
        entries._after_waiting_closed()

    def _after_waiting_closed(self):
        """Hook for later addons: these entries were booked, withdrawn or have expired (see ``state``)."""

    @api.model
    def _expire_past(self):
        """Entries whose last day has passed wait no longer; called by the cron of the waves."""
        yesterday = fields.Date.today() - timedelta(days=1)  # the day is over in every zone
        past = self.search([("state", "=", "waiting"), ("date_to", "<", yesterday)], limit=1000)
        past.try_lock_for_update()._close("expired")

    @api.autovacuum
    def _gc_contacts(self):
        """Names and phones of callers who got no card are forgotten some weeks after they waited."""
        limit = fields.Datetime.now() - timedelta(days=KEEP_CONTACT_DAYS)
        gone = self.search([("closed_at", "<", limit), ("contact_phone", "!=", False)], limit=10_000)
        gone.write({"contact_name": False, "contact_phone": False, "note": False})
