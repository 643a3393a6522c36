# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..slot_algebra import fits

#: Days of free times that are shown for a ticket at once.
DAYS_SHOWN = 31


class ClinicBooking(models.AbstractModel):
    """Time tickets: a slot may name one under ``ticket``, the visit then has the agreed price.

    Staff name a ticket by its id, everybody else by the secret of its link.
    """

    _inherit = "clinic.booking"  # pylint: disable=consider-merging-classes-inherited

    def _ticket_of(self, slot, held=None):
        """The ticket of a slot, else that of the held time; for the superuser, its right was checked."""
        value = slot.get("ticket")
        tickets = self.env["clinic.time.ticket"]
        if not value:
            return held.ticket_id.sudo() if held else tickets.sudo()
        if isinstance(value, str):
            found = tickets._by_token(value)
        else:
            found = tickets.search([("id", "=", self._id_of(value, tickets._name, self.env._("ticket")))])
        if not found:
            raise UserError(self.env._("There is no such ticket. Check its number, or open its link again."))
        return found.sudo()

    def _apply_ticket(self, plan, ticket, channel, patient=None, visit=None):
        """Give the plan the agreed price, or say why the ticket is not good for it."""
        problem = ticket.with_env(self.env(su=True))._why_not(patient, visit)
        if not problem and not self._ticket_fits(plan, ticket, channel):
            problem = self.env._(
                "The ticket %(number)s is not good for this time: %(service)s, %(frame)s.",
                number=ticket.number,
                service=ticket.service_id.name,
                frame=ticket.with_context(lang=self.env.lang).frame,
            )
        if problem:
            raise UserError(
                " ".join((problem, self.env._("Choose another time, or book without the ticket.")))
            )
        self._put_ticket(plan, ticket)

    def _put_ticket(self, plan, ticket):
        full = plan.terms.price
        plan.terms = plan.terms._replace(
            price=ticket.price, price_before=full if full > ticket.price else None
        )
        plan.ticket_id = ticket.id
        note = self.env._("By ticket %(number)s", number=ticket.number)
        plan.note = "; ".join(filter(None, (plan.note, note)))

    def _ticket_fits(self, plan, ticket, channel):
        wish = {
            "service_id": plan.service.id,
            "resource_id": plan.terms.resource_id,
            "branch_id": plan.branch_id,
            "start": plan.start,
        }
        return fits(ticket._as_value(), self._spare_times([wish], channel, with_sections=False)[0])

    @api.model
    def _ticket_slots(self, ticket, channel, patient=None, limit=400):
        """Free times that a ticket is good for, with its price; of at most a month from the first day on.

        The caller has checked the right to the ticket.
        """
        today = fields.Date.context_today(self)
        first = max(today, ticket.date_from)
        slots = self.search_slots(
            ticket.service_id,
            resources=ticket.resource_ids or None,
            branches=ticket.branch_ids or None,
            date_from=first,
            date_to=min(ticket.date_to, first + timedelta(days=DAYS_SHOWN)),
            channel=channel,
            patient=patient or None,
            limit=5000,
        )
        value = ticket._as_value()
        times = self._spare_times(slots, channel, with_sections=False)
        found = [slot for slot, time in zip(slots, times, strict=True) if fits(value, time)][:limit]
        for slot in found:
            full = slot["price_before"] or slot["price"]
            slot.update(price=ticket.price, price_before=full if full > ticket.price else False)
            slot.pop("spare_rule_id", None)
        return found
