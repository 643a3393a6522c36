# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.http import request

HEADERS = [
    ("Content-Type", "text/calendar; charset=utf-8"),
    ("Content-Disposition", 'inline; filename="clinic.ics"'),
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Robots-Tag", "noindex, nofollow"),
    ("X-Content-Type-Options", "nosniff"),
]


class CalendarFeed(http.Controller):
    """Calendars by a secret address. A wrong address, a revoked and an expired one look alike."""

    @http.route(
        "/clinic/calendar/<string:token>.ics",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        sitemap=False,
    )
    def calendar(self, token):
        """The visits as iCalendar text."""
        feed = request.env["clinic.calendar.feed"]._by_token(token)
        if not feed:
            raise request.not_found()
        feed = feed.with_context(lang=feed.company_id.partner_id.lang or request.env.lang)
        text = feed._text()
        feed._note_read()
        return request.make_response(text, HEADERS)
