# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import secrets
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..slot_algebra import offer_minutes, suits, utc_to_wall
from ..waiting_const import GRACE_MINUTES

_logger = logging.getLogger(__name__)


class ClinicWaitingWave(models.Model):
    """What the cron does with freed places: find a place and people, offer, go on, give up."""

    _inherit = "clinic.waiting.wave"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _cron_continue(self, limit=50):
        """Offer freed places, begin next rounds, end waves; each wave is a transaction of its own."""
        now = fields.Datetime.now()
        self.env["clinic.waiting.entry"]._expire_past()
        waves = self.search(
            ["|", ("state", "=", "due"), "&", ("state", "=", "running"), ("round_ends_at", "<=", now)],
            order="id",
            limit=limit,
        )
        self.search([("state", "=", "late"), ("start", "<=", now)]).write({"state": "closed"})
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=len(waves))
        for wave_id in waves.ids:
            self._continue(self.browse(wave_id))
            crons._commit_progress(1)
        if self.search_count([("state", "=", "due")], limit=1):
            self._wake()

    @api.model
    def _continue(self, wave):
        """One step of one wave; whoever has it locked is at work on it."""
        wave = wave.exists().try_lock_for_update()
        if not wave:
            return
        try:
            with self.env.cr.savepoint():
                wave._step()
        except OperationalError:
            # a booking met us: the rows say that the step is still to be done
            _logger.info("a freed place met a booking, the next run goes on")
        except UserError:
            _logger.info("a freed place could not be offered, it is open to all")
            wave._give_up()

    def _lock(self):
        """Answers about one place come one after another: who waits here begins anew and sees the first."""
        if self:
            self.env.cr.execute(
                "SELECT id FROM clinic_waiting_wave WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
                [self.ids],
                log_exceptions=False,
            )

    def _step(self):
        self.ensure_one()
        if self.state == "due":
            self._begin()
        elif self.state == "running" and self.round_ends_at <= fields.Datetime.now():
            self._next_round()

    # ------------------------------------------------------------------ rounds

    def _begin(self):
        """Give a due wave its place and the first offers; nobody suited, nothing remains of it."""
        entries, fits = self._suited()
        if not entries:
            self.unlink()
            return
        later = {key: [slot for slot in slots if self._minutes(slot["start"])] for key, slots in fits.items()}
        if not any(later.values()):
            self._call(entries, fits[entries[0].id][0])
            return
        fits = {key: slots for key, slots in later.items() if slots}
        entries = entries.filtered(lambda entry: entry.id in fits)
        first = next(
            ((entry, fits[entry.id][0]) for entry in entries if self._may_come(entry, fits[entry.id][0])),
            None,
        )
        if first is None:
            self.unlink()
            return
        slot = first[1]
        minutes = self._minutes(slot["start"])
        self._rest(slot)
        people = self._people(entries, fits, slot)
        self.write(
            {
                "service_id": slot["service_id"],
                "branch_id": slot["branch_id"],
                "company_id": first[0].company_id.id,
                "start": slot["start"],
                "stop": slot["stop"],
                "state": "running",
            }
        )
        booking = self._booking()
        held = booking.hold(slot, secrets.token_urlsafe(24), minutes=self._hold_minutes(minutes))
        self.appointment_id = held.id
        self._offer(people, minutes)

    def _rest(self, slot):
        """What lies before and behind the chosen place stays to be looked at: the list may be longer."""
        key = (self.resource_id.id, self.branch_id.id)
        self._freed([(*key, self.start, slot["start"]), (*key, slot["stop"], self.stop)])

    def _minutes(self, start):
        setting = self._booking()._setting
        return offer_minutes(
            start,
            fields.Datetime.now(),
            setting("clinic_schedule.waiting_minutes"),
            setting("clinic_schedule.waiting_minutes_near"),
            setting("clinic_schedule.waiting_near_hours"),
            setting("clinic_schedule.waiting_least_minutes"),
        )

    def _hold_minutes(self, minutes):
        return min(minutes + GRACE_MINUTES, self._booking()._setting("clinic_schedule.hold_minutes_max"))

    def _people(self, entries, fits, place):
        """``(entry, slot)`` of the next round: those who could begin at the place's start and fit in."""
        most = self._booking()._setting("clinic_schedule.waiting_people")
        people = []
        for entry in entries:
            slot = next(
                (
                    slot
                    for slot in fits[entry.id]
                    if slot["start"] == place["start"]
                    and slot["stop"] <= place["stop"]
                    and slot["branch_id"] == place["branch_id"]
                ),
                None,
            )
            if slot and self._may_come(entry, slot):
                people.append((entry, slot))
            if len(people) >= most:
                break
        return people

    def _offer(self, people, minutes):
        """Write the offers of a round; the hook sends them."""
        now = fields.Datetime.now()
        ends = now + timedelta(minutes=minutes)
        self.write(
            {"round": self.round + 1, "round_ends_at": ends, "first_offer_at": self.first_offer_at or now}
        )
        self.env["clinic.waiting.offer"]._make(self, people, ends)
        self.env.ref("clinic_schedule.ir_cron_waiting").sudo()._trigger(ends)

    def _next_round(self):
        """Nobody has accepted: the next people, or the place is open to all."""
        self.offer_ids.filtered(lambda offer: offer.state == "open")._expire()
        rounds = self._booking()._setting("clinic_schedule.waiting_rounds")
        minutes = self._minutes(self.start)
        place = {"start": self.start, "stop": self.stop, "branch_id": self.branch_id.id}
        people = []
        if self.round < rounds and minutes and self.appointment_id.state == "held":
            people = self._next_people(place)
        if not people:
            self._end("over")
            return
        token = self.appointment_id.sudo().token
        self._booking().hold(self._slot_of_hold(), token, minutes=self._hold_minutes(minutes))
        self._offer(people, minutes)

    def _slot_of_hold(self, **vals):
        """The held place as the booking service takes it."""
        held = self.appointment_id
        return {
            "service_id": held.service_id.id,
            "resource_id": held.resource_id.id,
            "branch_id": held.branch_id.id,
            "start": held.start,
            "room_id": held.room_id.id,
            "session_id": held.session_id.id,
            **vals,
        }

    def _next_people(self, place):
        """The place itself is held, so what it leaves free is not asked: who fits in by length suits."""
        entries = self._candidates()
        seen = self.offer_ids.entry_id
        offered = self._offered_before(entries)
        tz = self.branch_id.tz
        wall = utc_to_wall(self.start, tz)
        services = {entry.service_id for entry in entries}
        booking = self._booking()
        terms = {}
        for service in services:
            found = booking._terms(service, "reception", None, [self.resource_id.id])
            if found:
                terms[service.id] = found[0]
        fits = {}
        for entry in entries - seen:
            term = terms.get(entry.service_id.id)
            length = timedelta(minutes=term.duration) if term else None
            if not length or self.start + length > self.stop:
                continue
            if self._met(offered.get(entry.id, ()), self.start, self.start + length):
                continue
            if suits(entry._wish(), wall, wall + length):
                fits[entry.id] = [{**place, "stop": self.start + length, "service_id": entry.service_id.id,
                                   "price": booking._held_price(self.appointment_id, term)}]  # fmt: skip
        return self._people(entries.filtered(lambda entry: entry.id in fits), fits, place)

    def _call(self, entries, slot):
        """Too late for messages: a task for the reception, “call the patients”."""
        self.write(
            {
                "state": "late",
                "service_id": slot["service_id"],
                "branch_id": slot["branch_id"],
                "company_id": entries[:1].company_id.id,
                "start": slot["start"],
                "stop": slot["stop"],
            }
        )
        self._tell_boards()

    def _end(self, state):
        """Stop offering: open offers are lost or past, the hold is given back."""
        self.ensure_one()
        still = self.offer_ids.filtered(lambda offer: offer.state == "open")
        if still:
            still._lose()
        held = self.appointment_id
        kept = held if held.state != "held" else held.browse()
        self.write({"state": state, "round_ends_at": False, "appointment_id": kept.id})
        if held.state == "held":
            self.flush_recordset()
            held.sudo().with_context(clinic_waiting_end=True)._drop_expired()
        self._tell_boards()

    def _give_up(self):
        """The place cannot be offered (any more): nothing remains of a wave that never began."""
        if self.state == "due":
            self.unlink()
        else:
            self._end("over")

    def _tell_boards(self):
        """Open boards count the places about which patients are to be called."""
        for wave in self:
            self.env["clinic.booking"]._bus_changed(wave.branch_id, wave.resource_id.ids, [], "waiting")
