# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, time, timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, formatLang

from ..const import CANCELLED
from ..exceptions import PriceChanged
from ..slot_algebra import (
    SpareRule,
    SpareTime,
    best_rule,
    fits,
    is_idle,
    reduced_price,
    utc_to_wall,
    wall_to_utc,
)
from .clinic_slot_claim import Key

#: Kopecks that are no difference.
CENT = 0.005


class Spare(NamedTuple):
    """The reduced price of one free start."""

    rule: SpareRule
    price: float
    chance: float  # that the time would have been sold at the full price


class ClinicBooking(models.AbstractModel):
    """Reduced prices of spare time: shown with the free times, kept by the visit that was booked.

    How many visits of a day have the price is kept by claims on numbered places of the rule, as quotas
    are: the database refuses one too many. Nobody pays more than he was shown: a caller that names the
    price it has shown is refused with ``PriceChanged`` when it has risen.
    """

    _inherit = "clinic.booking"  # pylint: disable=consider-merging-classes-inherited

    # ------------------------------------------------------------------ free times

    @api.model
    def _with_spare_prices(self, slots, channel, patient=None):
        """Put the reduced prices into free times: at most three statements (four for sections), else none."""
        times = [slot for slot in slots if not slot.get("session_id")]
        for slot, spare in zip(times, self._spare_prices(times, channel, patient), strict=True):
            if spare:
                slot["price_before"], slot["price"] = slot["price"], spare.price
                slot["spare_rule_id"] = spare.rule.ref
        return slots

    @api.model
    def _spare_prices(self, slots, channel, patient=None, visit=None):
        """The reduced price of each of these free times, or None.

        ``slots``: dicts ``service_id, resource_id, branch_id, start, price``. ``visit``: its own place among
        the visits of a day and of its patient does not count.
        """
        known = self.env["clinic.spare.rule"]._active_rules(tuple(self.env.companies.ids))
        if not known or not slots:
            return [None] * len(slots)
        times = self._spare_times(slots, channel, any(rule.sections for rule, _days in known))
        fitting = [[rule for rule, _days in known if fits(rule, time)] for time in times]
        wanted = {rule for rules in fitting for rule in rules}
        if not wanted:
            return [None] * len(slots)
        loads = self._spare_loads([time for time, rules in zip(times, fitting, strict=True) if rules])
        used = self._spare_used(wanted, visit)
        waits = {rule.ref: days for rule, days in known if days and rule in wanted}
        visits = self._spare_visits(patient, visit) if waits and patient else []
        found = []
        for slot, moment, rules in zip(slots, times, fitting, strict=True):
            day = moment.wall.date()
            load = loads.get((moment.resource, day))
            best = best_rule(
                slot["price"],
                [
                    rule
                    for rule in rules
                    if is_idle(rule, load)
                    and (not rule.per_day or used.get((rule.ref, day), 0) < rule.per_day)
                    and not any(abs((day - other).days) < waits.get(rule.ref, 0) for other in visits)
                ],
            )
            found.append(Spare(*best, load.chance) if best else None)
        return found

    def _spare_times(self, slots, channel, with_sections=True):
        """The free times as the rules see them; sections are read when a rule names some."""
        # sudo: clocks, companies and sections of the price list; the caller has found the times
        branches = self.env["clinic.branch"].sudo().browse({slot["branch_id"] for slot in slots})
        zones = {branch.id: (branch.tz, branch.company_id.id) for branch in branches}
        ids = {slot["service_id"] for slot in slots} if with_sections else ()
        services = self.env["product.product"].sudo().browse(ids)
        sections = {
            service.id: frozenset(
                int(part) for part in (service.categ_id.parent_path or "").split("/") if part
            )
            for service in services
        }
        now = fields.Datetime.now()
        times = []
        for slot in slots:
            tz, company = zones[slot["branch_id"]]
            times.append(
                SpareTime(
                    company=company,
                    service=slot["service_id"],
                    sections=sections.get(slot["service_id"], frozenset()),
                    resource=slot["resource_id"],
                    branch=slot["branch_id"],
                    channel=channel,
                    wall=utc_to_wall(slot["start"], tz),
                    lead=(slot["start"] - now) // timedelta(minutes=1),
                )
            )
        return times

    def _spare_loads(self, times):
        # sudo: as above
        branches = self.env["clinic.branch"].sudo().browse({time.branch for time in times})
        zones = {branch.id: branch.tz for branch in branches}
        days = {}
        for one in times:
            day, tz = one.wall.date(), zones[one.branch]
            if (one.resource, day) not in days:
                bounds = wall_to_utc(day, 0, tz), wall_to_utc(day + timedelta(days=1), 0, tz)
                days[one.resource, day] = (one.resource, one.company, day, *bounds)
        # sudo: shares of working time, no visits
        return self.env["clinic.booking.pace"].sudo()._day_loads(days.values())

    def _spare_used(self, rules, visit=None):
        """How many visits of each day have the price of each rule that counts them."""
        refs = [rule.ref for rule in rules if rule.per_day]
        if not refs:
            return {}
        self.env["clinic.slot.claim"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT ref, start::date, count(*) FROM clinic_slot_claim
                 WHERE kind = 'spare' AND ref = ANY(%s) AND stop > %s AND state IN ('hold', 'booked')
                   AND (state = 'booked' OR expires_at > %s) AND appointment_id IS DISTINCT FROM %s
                 GROUP BY 1, 2
                """,
                refs,
                fields.Datetime.now() - timedelta(days=2),
                fields.Datetime.now(),
                visit.id if visit else None,
            )
        )
        return {(ref, day): count for ref, day, count in rows}

    def _spare_visits(self, patient, visit=None):
        """Days of the visits that the patient has at a reduced price."""
        domain = [
            ("patient_id", "=", patient.id),
            ("spare_rule_id", "!=", False),
            ("state", "not in", CANCELLED),
            ("id", "!=", visit.id if visit else 0),
        ]
        # sudo: only whether there are such visits matters
        return self.env["clinic.appointment"].sudo().search(domain).mapped("local_date")

    # ------------------------------------------------------------------ booking

    def _set_price(self, plan, slot, channel, patient=None, held=None, payer_kind=None):
        """The price of the visit that is planned; a held time keeps the price it was held for.

        Who is not paid for by himself, whoever gets an extra visit and whoever takes a place in a group pays
        the usual price.
        """
        if channel == "import":
            return
        ticket = self._ticket_of(slot, held)
        if ticket:
            self._check_payer(payer_kind)
            self._apply_ticket(plan, ticket, channel, patient, held)
            self._check_shown(plan, slot)
            return
        if plan.session_id or plan.over or payer_kind not in (None, False, "self"):
            return
        if held and self._same_slot(held, plan):
            self._apply_spare(plan, self._held_spare(plan, held, patient))
        else:
            self._apply_spare(plan, self._spare_of(plan, channel, patient, held))
        self._check_shown(plan, slot)

    def _check_payer(self, payer_kind):
        if payer_kind not in (None, False, "self"):
            raise UserError(
                self.env._("A ticket is for patients who pay themselves. Choose “Patient” as who pays.")
            )

    def _held_spare(self, plan, held, patient):
        """The reduced price that a time is held for; the load may have risen meanwhile.

        A patient who had a reduced price lately has none, unless the clinic itself offered him the time.
        """
        rule = held.spare_rule_id.sudo()
        if not rule:
            return None
        if patient and rule.patient_days and not self._is_offered(held):
            day = utc_to_wall(plan.start, plan.tz).date()
            if any(abs((day - one).days) < rule.patient_days for one in self._spare_visits(patient, held)):
                return None
        value = rule._as_value()
        return Spare(value, reduced_price(plan.terms.price, value), held.spare_chance)

    @api.model
    def _held_price(self, held, term):
        """The price of a service at a time that is held for it: reduced if it is held so."""
        rule = held.spare_rule_id.sudo()
        if not rule or held.service_id.id != term.service_id:
            return term.price
        return reduced_price(term.price, rule._as_value())

    @api.model
    def _is_offered(self, held):
        """Whether the clinic keeps this time for an offer of its own to the waiting list."""
        # sudo: only whether there is such an offer matters
        return bool(self.env["clinic.waiting.wave"].sudo().search_count([("appointment_id", "=", held.id)]))

    def _spare_of(self, plan, channel, patient=None, visit=None):
        """The reduced price of a planned visit, or None."""
        wish = {
            "service_id": plan.service.id,
            "resource_id": plan.terms.resource_id,
            "branch_id": plan.branch_id,
            "start": plan.start,
            "price": plan.terms.price,
        }
        return self._spare_prices([wish], channel, patient, visit)[0]

    def _apply_spare(self, plan, spare):
        """Give the plan the reduced price, and a numbered place of the rule to occupy."""
        if not spare:
            return
        full = plan.terms.price
        plan.terms = plan.terms._replace(price=spare.price, price_before=full)
        plan.spare_rule_id, plan.spare_chance = spare.rule.ref, spare.chance
        # the day of the calendar, not its moments: branches of several zones share one limit
        day = datetime.combine(utc_to_wall(plan.start, plan.tz).date(), time())
        plan.spare = [
            Key("spare", spare.rule.ref, lane, day, day + timedelta(days=1))
            for lane in range(spare.rule.per_day)
        ]
        note = self.env._(
            "Reduced price: %(price)s instead of %(before)s",
            price=self._money(plan, spare.price),
            before=self._money(plan, full),
        )
        plan.note = "; ".join(filter(None, (plan.note, note)))

    def _check_shown(self, plan, slot):
        """Refuse a price above the one that the caller has shown, if it says which."""
        shown = slot.get("price")
        if (
            isinstance(shown, (int, float))
            and not isinstance(shown, bool)
            and plan.terms.price > shown + CENT
        ):
            raise self._price_changed(plan)

    def _price_changed(self, plan, price=None):
        price = plan.terms.price if price is None else price
        return PriceChanged(
            self.env._(
                "The price of this time has changed: now it is %(price)s. Nothing has been booked yet. If it"
                " suits, choose the time and book once more.",
                price=self._money(plan, price),
            ),
            price,
            plan.asked(),
        )

    def _money(self, plan, amount):
        # sudo: the currency of the branch's company
        company = self.env["clinic.branch"].sudo().browse(plan.branch_id).company_id
        return formatLang(self.env, amount, currency_obj=company.currency_id)

    # ------------------------------------------------------------------ moves

    def _agreed_price(self, visit):
        """The price of the visit before any reduction."""
        return visit.price_before or visit.price

    def _kept_rule(self, visit, reason):
        """Whoever is moved by the clinic keeps his reduced price, wherever he goes."""
        if not visit.spare_rule_id or not reason or reason.by != "clinic":
            return None
        return visit.spare_rule_id.sudo()._as_value()

    def _set_move_price(self, plan, slot, visit, channel, reason=None):
        """The price after a move: with the same doctor the agreed one; a reduction as the new time has it."""
        same = plan.service == visit.service_id and plan.terms.resource_id == visit.resource_id.id
        if same:
            plan.terms = plan.terms._replace(price=self._agreed_price(visit), price_before=None)
        if plan.session_id or visit.payer_kind != "self" or channel == "import":
            return
        if self._keeps_ticket(plan, visit, channel, reason):
            self._put_ticket(plan, visit.ticket_id.sudo())
            self._check_shown(plan, slot)
            return
        kept = self._kept_rule(visit, reason)
        if kept:
            # outside of the day's limit: the patient did not ask for the move
            price = reduced_price(plan.terms.price, kept)
            self._apply_spare(plan, Spare(kept._replace(per_day=0), price, visit.spare_chance))
        else:
            self._apply_spare(plan, self._spare_of(plan, channel, visit.patient_id, visit))
        self._check_shown(plan, slot)

    def _keeps_ticket(self, plan, visit, channel, reason=None):
        """A ticket goes with the visit within its days and hours, and wherever the clinic moves it."""
        ticket = visit.ticket_id.sudo()
        if not ticket or plan.service != visit.service_id:
            return False
        return bool(reason and reason.by == "clinic") or self._ticket_fits(plan, ticket, channel)

    @api.model
    def _clinic_move_price(self, visit, slot):
        """The price of a visit that the clinic itself moves to another doctor's free time."""
        rule = visit.spare_rule_id.sudo()
        if not rule:
            return slot["price"]
        return reduced_price(slot.get("price_before") or slot["price"], rule._as_value())

    @api.model
    def _with_move_prices(self, slots, visit, channel, reason=None):
        """Free times for a move with the prices that this visit would have there."""
        agreed, kept = self._agreed_price(visit), self._kept_rule(visit, reason)
        for slot in slots:
            if slot["service_id"] == visit.service_id.id and slot["resource_id"] == visit.resource_id.id:
                slot["price"] = agreed
            else:
                slot["price"] = slot.get("price_before") or slot["price"]
            slot["price_before"] = False
        alone = visit.payer_kind == "self" and not visit.session_id
        if alone and not kept:
            spares = self._spare_prices(slots, channel, visit.patient_id, visit)
        else:
            spares = [None] * len(slots)
        good = self._ticket_reach(slots, visit, channel, reason)
        for slot, spare, has_ticket in zip(slots, spares, good, strict=True):
            slot.pop("spare_rule_id", None)
            if has_ticket:
                price = visit.ticket_id.sudo().price
                slot.update(price=price, price_before=slot["price"] if slot["price"] > price else False)
                continue
            price = reduced_price(slot["price"], kept) if alone and kept else spare and spare.price
            if price and price < slot["price"]:
                slot["price_before"], slot["price"] = slot["price"], price
                slot["spare_rule_id"] = kept.ref if kept else spare.rule.ref
        return slots

    def _ticket_reach(self, slots, visit, channel, reason=None):
        """Whether the ticket of the visit is good for each of these free times."""
        ticket = visit.ticket_id.sudo()
        if not ticket or not slots:
            return [False] * len(slots)
        ours = bool(reason and reason.by == "clinic")
        value = ticket._as_value()
        times = self._spare_times(slots, channel, with_sections=False)
        return [time.service == visit.service_id.id and (ours or fits(value, time)) for time in times]
