# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.http import request

from .common import clinic_phone, render_private
from .hold import ClinicHoldController
from .visitor import Visitor


def ics_response(visit):
    """The calendar file of a visit the caller may see."""
    return request.make_response(
        visit._portal_ics(),
        headers=[
            ("Content-Type", "text/calendar; charset=utf-8"),
            ("Content-Disposition", 'attachment; filename="visit.ics"'),
            ("Cache-Control", "no-store"),
        ],
    )


class ClinicDoneController(ClinicHoldController):
    """After the booking: the visit that this browser has just booked."""

    @http.route("/clinic/done", type="http", auth="public", website=True, methods=["GET"], sitemap=False)
    def done(self, **params):
        """The booked visit: when, where, how to prepare, the calendar file."""
        visitor = Visitor(request)
        visit = self._last_booked(visitor)
        if not visit:
            return request.redirect("/clinic", code=303)
        users = request.env["res.users"].sudo()
        return render_private(
            "clinic_portal.booking_done",
            {
                "visit": visit,
                "texts": visit._portal_texts(),
                "account": request.env["clinic.portal.form"]._account(),
                "may_sign_up": users._get_signup_invitation_scope() == "b2c",
                "clinic_phone": clinic_phone(visit.branch_id),
            },
        )

    @http.route(
        "/clinic/done/visit.ics", type="http", auth="public", website=True, methods=["GET"], sitemap=False
    )
    def done_ics(self, **params):
        """The calendar file of the visit this browser has just booked."""
        visit = self._last_booked(Visitor(request))
        if not visit:
            raise request.not_found()
        return ics_response(visit)

    @staticmethod
    def _last_booked(visitor):
        """The visit booked last by this browser. Superuser: the session's own record of it."""
        appointments = request.env["clinic.appointment"].sudo()
        return appointments.browse(visitor.last_booked or []).exists()
