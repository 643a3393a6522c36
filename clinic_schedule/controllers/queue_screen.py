# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.http import request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

#: Nothing is kept, nothing is told to other sites, nothing is loaded from them.
HEADERS = [
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Robots-Tag", "noindex, nofollow"),
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", POLICY),
]


class QueueScreen(http.Controller):
    """The screen on the wall, by its secret address. A wrong address and a revoked one look alike."""

    @http.route(
        "/clinic/screen/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        readonly=True,
        sitemap=False,
    )
    def page(self, token):
        """The page itself; its script asks for the numbers every few seconds."""
        screen = request.env["clinic.queue.screen"]._by_token(token)
        branch = screen.branch_id
        views = request.env["ir.qweb"].sudo().with_context(lang=self._lang(branch))
        html = views._render(
            "clinic_schedule.wall_screen",
            {"found": bool(screen), "branch": branch.name or "", "tz": branch.tz or "UTC"},
        )
        headers = [("Content-Type", "text/html; charset=utf-8"), *HEADERS]
        return request.make_response(f"<!DOCTYPE html>\n{html}", headers, status=200 if screen else 404)

    @http.route(
        "/clinic/screen/<string:token>/numbers",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        readonly=True,
        sitemap=False,
    )
    def numbers(self, token):
        """Numbers and rooms as JSON."""
        screen = request.env["clinic.queue.screen"]._by_token(token)
        if not screen:
            return request.make_json_response({}, HEADERS, status=404)
        return request.make_json_response(screen._numbers(), HEADERS)

    def _lang(self, branch):
        """The language of the clinic, whoever looks."""
        company = branch.company_id or request.env["res.company"].sudo().search([], limit=1)
        return company.partner_id.lang or request.env.lang or "en_US"
