# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import secrets
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date, hmac

from ..exceptions import SlotTaken
from ..slot_algebra import utc_to_wall
from ..waiting_const import ANSWERED_BY, OFFER_STATES


class ClinicWaitingOffer(models.Model):
    """One freed place offered to one person of the waiting list, by a link that is good for minutes.

    Several offers share one held time; the first acceptance has it. Of the link only a hash is kept; the
    link itself is made again from a random number of the row and the secret of the database.
    """

    _name = "clinic.waiting.offer"
    _description = "Offer to the waiting list"
    _order = "id desc"
    _rec_name = "entry_id"

    wave_id = fields.Many2one("clinic.waiting.wave", required=True, index=True, ondelete="cascade")
    entry_id = fields.Many2one("clinic.waiting.entry", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="entry_id.company_id", store=True, index=True)
    round = fields.Integer(string="Round of offers")
    service_id = fields.Many2one("product.product", required=True, ondelete="restrict", index=True)
    resource_id = fields.Many2one(related="wave_id.resource_id", string="Doctor, room or device")
    branch_id = fields.Many2one(related="wave_id.branch_id")
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    wall_start = fields.Char(compute="_compute_wall", string="Begins (branch time)")
    currency_id = fields.Many2one(related="company_id.currency_id")
    price = fields.Monetary()
    state = fields.Selection(OFFER_STATES, required=True, default="open", readonly=True)
    expires_at = fields.Datetime(required=True)
    answered_at = fields.Datetime(readonly=True)
    answered_by = fields.Selection(ANSWERED_BY, readonly=True)
    nonce = fields.Char(groups="base.group_system", copy=False)
    token_hash = fields.Char(groups="base.group_system", copy=False)

    _token_uniq = models.UniqueIndex("(token_hash)", "Two offers cannot have the same link.")
    _once_per_wave = models.UniqueIndex("(wave_id, entry_id)", "A place is offered to a person once.")

    @api.depends("start", "branch_id.tz")
    def _compute_wall(self):
        for offer in self:
            tz = offer.branch_id.tz or "UTC"
            offer.wall_start = f"{utc_to_wall(offer.start, tz):%d.%m %H:%M}" if offer.start else False

    # ------------------------------------------------------------------ making and finding

    @api.model
    def _make(self, wave, people, expires_at):
        """Offers of one round to ``(entry, slot)``; their entries wait for the answer. The hook sends."""
        now = fields.Datetime.now()
        vals_list = []
        for entry, slot in people:
            nonce = secrets.token_hex(16)
            vals_list.append(
                {
                    "wave_id": wave.id,
                    "entry_id": entry.id,
                    "round": wave.round,
                    "service_id": slot["service_id"],
                    "start": slot["start"],
                    "stop": slot["stop"],
                    "price": slot.get("price") or 0.0,
                    "expires_at": expires_at,
                    "nonce": nonce,
                    "token_hash": self._hash(self._token_of(nonce)),
                }
            )
        offers = self.create(vals_list)
        offers.entry_id.write({"state": "offered", "offered_at": now})
        offers._after_offered()
        return offers

    @api.model
    def _token_of(self, nonce):
        """256 bits that nobody can make without the secret of the database."""
        return hmac(self.env(su=True), "clinic_schedule.waiting.offer", nonce)

    @api.model
    def _hash(self, token):
        return hashlib.sha256(token.encode()).hexdigest()

    def _url(self):
        """The link for a message: the only place where the token is in plain. Sudo: for senders only."""
        self.ensure_one()
        base = self.sudo().get_base_url()
        return f"{base}/clinic/offer/{self._token_of(self.sudo().nonce)}"

    @api.model
    def _by_token(self, token):
        """The offer of a link, for the superuser; empty if there is none. The token is the right.

        The day after the time that was offered the link leads nowhere.
        """
        offers = self.sudo()
        if not isinstance(token, str) or len(token) != 64 or not token.isascii():
            return offers.browse()
        yesterday = fields.Datetime.now() - timedelta(days=1)
        return offers.search([("token_hash", "=", self._hash(token)), ("stop", ">", yesterday)], limit=1)

    def _is_open(self):
        """Whether the place can still be had by this offer."""
        self.ensure_one()
        return (
            self.state == "open"
            and self.expires_at > fields.Datetime.now()
            and self.wave_id.state == "running"
            and self.wave_id.appointment_id.state == "held"
        )

    @api.model
    def _day_text(self, day):
        """A date in words for the page of the offer."""
        text = format_date(self.env, day, date_format="EEEE, d MMMM")
        return text[:1].upper() + text[1:]

    # ------------------------------------------------------------------ answers

    def action_accept(self):
        """Button: the patient says yes by phone; the registrar books in his name. Rights: booking."""
        self._check_keeper()
        offer = self.sudo()  # sudo: offers are written by their steps only; the right was checked
        if not offer._accept("staff", self.env.user):
            raise UserError(
                self.env._(
                    "The place is no longer free for this patient: somebody was faster, or the time to answer"
                    " has run out. Press “Free now” on the entry to find another one."
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "clinic.appointment",
            "res_id": offer.wave_id.appointment_id.id,
            "views": [(False, "form")],
        }

    def action_decline(self):
        """Button: the patient says no by phone and goes on waiting. Rights: booking."""
        self._check_keeper()
        self.sudo()._decline("staff")  # sudo: as above

    def _check_keeper(self):
        self.ensure_one()
        if not self.env.user.has_group("clinic_base.group_clinic_booking"):
            raise AccessError(self.env._("Only the staff of the clinic may do this."))
        self.entry_id.check_access("write")

    def _accept(self, by, user=None):
        """Turn the held time of the wave into the visit of this person; False when it is too late.

        The hold is booked, never released and taken again. ``user``: the registrar who books; without
        one the clinic itself books. Raises ``UserError`` when the booking service refuses the patient.
        """
        self.ensure_one()
        self.wave_id._lock()
        if not self._is_open():
            return False
        wave, entry, held = self.wave_id, self.entry_id, self.wave_id.appointment_id
        slot = wave._slot_of_hold(service_id=self.service_id.id, start=self.start)
        patient = entry._patient()
        booker = user or self.env["res.users"].browse(SUPERUSER_ID)
        # the token of a hold serves its holder only
        held._write_guarded({"user_id": booker.id})
        booking = self.env["clinic.booking"].with_user(booker)
        if not user:
            booking = booking.with_context(allowed_company_ids=wave.company_id.ids)
        try:
            visit = booking.book(
                slot, patient, token=held.token, channel="phone" if user else "reception"
            ).sudo()
        except SlotTaken:  # the hold has run out and somebody came between
            return False
        # the entry first: those who lose are told when all is written
        self.write({"state": "accepted", "answered_at": fields.Datetime.now(), "answered_by": by})
        wave.write({"state": "taken", "round_ends_at": False, "appointment_id": visit.id, "stop": visit.stop})
        entry._close("booked", visit)
        (wave.offer_ids - self).filtered(lambda offer: offer.state == "open")._lose()
        return True

    def _decline(self, by, leave=False):
        """The patient does not want this place; ``leave``: nor any other."""
        self.ensure_one()
        self.wave_id._lock()
        if self.state != "open":
            return False
        self._answer("declined", by)
        if leave:
            self.entry_id._close("withdrawn")
        return True

    def _answer(self, state, by):
        """Note answers that are no acceptance; the next round begins when nobody is left to answer."""
        now = fields.Datetime.now()
        for offer in self:
            offer.write({"state": state, "answered_at": now, "answered_by": by})
            entry = offer.entry_id
            entry.write(
                {"refusals": entry.refusals + 1, **({"state": "waiting"} if entry.state == "offered" else {})}
            )
        for wave in self.wave_id:
            if wave.state == "running" and not any(offer.state == "open" for offer in wave.offer_ids):
                wave.round_ends_at = now
                wave._wake()

    def _expire(self):
        """Nobody answered in time: no refusal, the entry goes on waiting."""
        self.write({"state": "expired"})
        self.entry_id.filtered(lambda entry: entry.state == "offered").write({"state": "waiting"})

    def _lose(self):
        """Somebody else has the place: told by the hook, the entry goes on waiting."""
        self.write({"state": "lost"})
        self.entry_id.filtered(lambda entry: entry.state == "offered").write({"state": "waiting"})
        self._after_offer_lost()

    # ------------------------------------------------------------------ hooks for later addons

    def _after_offered(self):
        """Hook: these offers were made and are to be sent (``_url``) before ``expires_at``."""

    def _after_offer_lost(self):
        """Hook: somebody else has the place of these offers, or it is offered no longer; say so politely."""
