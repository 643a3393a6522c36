# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.clinic_schedule.controllers.limiter import Limiter

from .common import clinic_phone, render_private
from .hold import ClinicHoldController

#: So many pages a minute for one address, in each worker process.
LIMIT = Limiter(30, 60)


class ClinicTicketController(ClinicHoldController):
    """The page behind the link of a time ticket: what it promises and the free times it is good for.

    The secret in the link is the right. Looking uses nothing up; a tapped time is held as on every other
    page, and the ticket goes with it in the form, not in an address.
    """

    @http.route(
        "/clinic/ticket/<string:token>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def ticket(self, token, **_params):
        """The ticket, or a page that says why it cannot be used."""
        if not LIMIT.allows(request.httprequest.remote_addr or ""):
            return self._ticket_page(None, status=429)
        ticket = request.env["clinic.time.ticket"]._by_token(token)
        return self._ticket_page(ticket, token, status=200 if ticket else 404)

    def _ticket_page(self, ticket, token="", status=200, lost=None):
        problem, days = "", []
        if ticket:
            problem = ticket.with_env(request.env(su=True))._why_not()
            if not problem:
                days = self._ticket_days(ticket)
        catalogue = request.env["clinic.portal.catalogue"]
        values = {
            "ticket": ticket,
            "token": token,
            "problem": problem,
            "days": days,
            "lost": lost,
            "price": catalogue._price_text(ticket.price, ticket.service_id) if ticket else "",
            "clinic_phone": clinic_phone(),
        }
        response = render_private("clinic_portal.ticket_page", values, status=status)
        # the address is the secret
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    @staticmethod
    def _ticket_days(ticket):
        """Free times by day; None when the site does not offer the service."""
        catalogue = request.env["clinic.portal.catalogue"]
        try:
            slots = catalogue._booking()._ticket_slots(ticket, "site", ticket.patient_id)
        except UserError:
            return None
        # the price stands on the ticket: once is enough
        slots = [{**slot, "price_before": False} for slot in slots]
        return catalogue._by_day(slots, ticket.service_id.name)

    def _after_lost(self, problem, params, ticket=None, **screen):
        """A time that was lost on the page of a ticket brings that page again."""
        found = request.env["clinic.time.ticket"]._by_token(ticket)
        if not found:
            return super()._after_lost(problem, params, **screen)
        return self._ticket_page(found, ticket, status=409, lost=problem)
