# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..const import LIVE
from ..slot_algebra import utc_to_wall
from .limiter import Limiter

#: So many pages and answers a minute come from one address at most, in each worker process.
LIMIT = Limiter(40, 60)

HEADERS = {
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'",
}

#: What an answer of the form may be.
ANSWERS = ("accept", "decline", "leave")


class WaitingOffer(http.Controller):
    """The page of an offer of the waiting list, behind the link of a message.

    The token of the link is the right; nothing else is asked. Looking changes nothing: programs that
    open links before people do are no answer. The form carries the token, so no foreign page can make it.
    """

    @http.route("/clinic/offer/<string:token>", type="http", auth="public", methods=["GET"], sitemap=False)
    def waiting_offer(self, token, **_params):
        """Show the offer and its two answers."""
        if not self._allowed():
            return self._page("busy", status=429)
        offer = self._offer(token)
        if not offer:
            return self._page("unknown", status=404)
        return self._page(self._state(offer), offer, token)

    @http.route(
        "/clinic/offer/answer", type="http", auth="public", methods=["POST"], csrf=False, sitemap=False,
        save_session=False,
    )  # fmt: skip
    def waiting_answer(self, token="", answer="", **_params):
        """Accept, decline and wait on, or decline and leave the list."""
        if not self._allowed():
            return self._page("busy", status=429)
        offer = self._offer(token)
        if not offer:
            return self._page("unknown", status=404)
        if answer not in ANSWERS or self._state(offer) != "open":
            return self._page(self._state(offer), offer, token)
        if answer != "accept":
            offer._decline("link", leave=answer == "leave")
            return self._page("left" if offer.entry_id.state == "withdrawn" else "declined", offer)
        try:
            with request.env.cr.savepoint():
                offer._accept("link")
        except UserError:
            # why the clinic does not book this patient is no matter of a page behind a link
            return self._page("phone", offer)
        return self._page(self._state(offer), offer)

    def _offer(self, token):
        offer = request.env["clinic.waiting.offer"]._by_token(token)
        patient = offer.entry_id.patient_id
        langs = dict(request.env["res.lang"].sudo().get_installed())
        wanted = [patient.lang, "ru_RU", offer.company_id.partner_id.lang, request.env.lang]
        request.update_context(lang=next((code for code in wanted if code in langs), "en_US"))
        return offer.with_env(request.env(su=True))

    def _state(self, offer):
        """Which page tells how things are: open, accepted, declined, left, taken or expired."""
        if offer.state == "accepted":
            return "accepted" if offer.entry_id.visit_id.state in (*LIVE, "done") else "phone"
        if offer.state == "declined":
            return "left" if offer.entry_id.state == "withdrawn" else "declined"
        if offer._is_open():
            return "open"
        return "taken" if offer.state == "lost" else "expired"

    def _allowed(self):
        return LIMIT.allows(request.httprequest.remote_addr)

    def _page(self, state, offer=None, token=None, status=200):
        values = {"state": state, "offer": offer, "token": token, "html_lang": (request.env.lang or "en")[:2]}
        if offer:
            tz = offer.branch_id.tz or "UTC"
            # a visit may have been moved since
            visit = offer.entry_id.visit_id if offer.state == "accepted" else None
            start = visit.start if visit else offer.start
            wall, until = utc_to_wall(start, tz), utc_to_wall(offer.expires_at, tz)
            values.update(
                day=request.env["clinic.waiting.offer"]._day_text(wall.date()),
                clock=f"{wall:%H:%M}",
                until=f"{until:%H:%M}",
                branch=offer.branch_id,
                phone=offer.branch_id.phone or offer.branch_id.company_id.phone,
                company=offer.branch_id.company_id,
            )
        html = request.env["ir.qweb"]._render("clinic_schedule.waiting_offer_page", values)
        html = f"<!DOCTYPE html>\n{html}"
        response = request.make_response(html, headers=[("Content-Type", "text/html; charset=utf-8")])
        response.status_code = status
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response
