# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.clinic_base.texts import whole_number
from odoo.addons.clinic_schedule.exceptions import SlotTaken
from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from .common import clinic_phone, is_own_form, render_private
from .done import ics_response

VISITS_PER_PAGE = 20


class ClinicVisitsPortal(CustomerPortal):
    """My visits: the patient's and his family's, by record rules."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "clinic_visit_count" in counters:
            visits = request.env["clinic.appointment"]
            values["clinic_visit_count"] = (
                visits.search_count(visits._portal_domain()) if visits.has_access("read") else 0
            )
        return values

    @http.route(
        ["/my/visits", "/my/visits/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_visits(self, page=1, when="upcoming", **params):
        """Coming or past visits of the account and its family."""
        when = when if when in ("upcoming", "past") else "upcoming"
        visits = request.env["clinic.appointment"]
        domain = visits._portal_domain(when)
        total = visits.search_count(domain)
        page_values = pager(
            "/my/visits", total=total, page=page, step=VISITS_PER_PAGE, url_args={"when": when}
        )
        found = visits.search(
            domain,
            limit=VISITS_PER_PAGE,
            offset=page_values["offset"],
            order="start" if when == "upcoming" else "start desc",
        )
        values = {
            **self._prepare_portal_layout_values(),
            # sudo: the rules have chosen the visits; their doctors and branches are shown with them
            "visits": [(visit, visit._portal_texts()) for visit in found.sudo()],
            "when": when,
            "pager": page_values,
            "page_name": "clinic_visits",
            "default_url": "/my/visits",
        }
        return render_private("clinic_portal.my_visits", values)

    def _visit(self, visit_id):
        """The visit, as superuser, when the record rules let the account read it.

        "Not there" and "not yours" are one answer.
        """
        visits = request.env["clinic.appointment"]
        visit = visits.search(visits._portal_domain() & Domain("id", "=", visit_id))
        if not visit:
            raise request.not_found()
        return visit.sudo()

    @http.route(
        "/my/visits/<int:visit_id>", type="http", auth="user", website=True, methods=["GET"], sitemap=False
    )
    def my_visit(self, visit_id, **params):
        """One visit with what may be done about it."""
        return self._render_visit(self._visit(visit_id))

    def _render_visit(self, visit, alert=None, status=200, **values):
        values = {
            **self._prepare_portal_layout_values(),
            "visit": visit,
            "texts": visit._portal_texts(),
            "may_change": visit._portal_may_change(),
            "change_hours": request.env["clinic.portal.limit"]._value("clinic_portal.change_hours"),
            "clinic_phone": clinic_phone(visit.branch_id),
            "alert": alert,
            "days": None,
            "asking": None,
            "page_name": "clinic_visits",
            **values,
        }
        return render_private("clinic_portal.my_visit", values, status=status)

    @http.route(
        "/my/visits/<int:visit_id>/visit.ics",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_visit_ics(self, visit_id, **params):
        """The calendar file of a visit."""
        return ics_response(self._visit(visit_id))

    @staticmethod
    def _old_page():
        return request.env._(
            "This page was open for too long. Nothing has been changed: please try once more."
        )

    # -- cancel --------------------------------------------------------------------------

    @http.route(
        "/my/visits/<int:visit_id>/cancel",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_visit_ask_cancel(self, visit_id, **params):
        """Ask once more and for the reason."""
        visit = self._visit(visit_id)
        if not visit._portal_may_change():
            return self._render_visit(visit, alert=visit._portal_too_late())
        reasons = (
            request.env["clinic.appointment.reason"]
            .sudo()
            .search([("kind", "=", "cancel"), ("by", "=", "patient")])
        )
        return self._render_visit(visit, asking="cancel", reasons=reasons)

    @http.route(
        "/my/visits/<int:visit_id>/cancel",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        sitemap=False,
        csrf=False,  # checked in the method: an old page is told in our words
    )
    def my_visit_cancel(self, visit_id, reason=None, csrf_token=None, **post):
        """Cancel the visit on the patient's wish."""
        visit = self._visit(visit_id)
        if not is_own_form(csrf_token):
            return self._render_visit(visit, alert=self._old_page(), status=400)
        if visit.state == "cancelled_patient":
            return request.redirect(f"/my/visits/{visit.id}", code=303)
        reasons = request.env["clinic.appointment.reason"].sudo()
        known = reasons.search(
            [
                ("id", "=", whole_number(reason, 0)),
                ("by", "=", "patient"),
                ("kind", "=", "cancel"),
            ]
        )
        return self._change(
            visit, lambda booking: booking.cancel(visit, "patient", reason=known or None, channel="site")
        )

    # -- move ----------------------------------------------------------------------------

    @http.route(
        "/my/visits/<int:visit_id>/move",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_visit_ask_move(self, visit_id, **params):
        """Other free times of the same doctor and service."""
        visit = self._visit(visit_id)
        if not visit._portal_may_change():
            return self._render_visit(visit, alert=visit._portal_too_late())
        return self._render_visit(visit, asking="move", days=self._other_days(visit))

    @staticmethod
    def _other_days(visit):
        """Days with free times, or None when the site does not offer this visit any more."""
        try:
            return request.env["clinic.portal.catalogue"]._visit_days(visit)
        except UserError:
            return None

    @http.route(
        "/my/visits/<int:visit_id>/move",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        sitemap=False,
        csrf=False,  # checked in the method: an old page is told in our words
    )
    def my_visit_move(self, visit_id, slot=None, csrf_token=None, **post):
        """Move the visit; a lost time brings the free ones again."""
        visit = self._visit(visit_id)
        if not is_own_form(csrf_token):
            return self._render_visit(visit, alert=self._old_page(), status=400)
        if not visit._portal_may_change():
            return self._render_visit(visit, alert=visit._portal_too_late())
        wanted = request.env["clinic.portal.catalogue"]._read_slot(slot)
        if not wanted or wanted["service_id"] != visit.service_id.id:
            message = request.env._("This time cannot be booked. Please choose one of the free times.")
            return self._render_visit(visit, alert=message, asking="move", days=self._other_days(visit))
        return self._change(
            visit, lambda booking: booking.reschedule(visit, wanted, channel="site"), asking="move"
        )

    def _change(self, visit, change, asking=None):
        """Do the change through the booking service; a refusal is shown on the visit's page."""
        try:
            # the rules let this account see the visit; patients have no rights to write visits
            change(request.env["clinic.portal.catalogue"]._booking())
            request.env.cr.flush()
        except UserError as error:
            request.env.cr.rollback()
            message = str(error.args[0] if error.args else error)
            if isinstance(error, AccessError | MissingError):
                message = request.env._("This cannot be done on the site. Please phone the clinic.")
            if isinstance(error, SlotTaken):
                message = request.env._("This time has just been taken. These times are free:")
            return self._render_visit(
                visit,
                alert=message,
                asking=asking,
                days=self._other_days(visit) if asking else None,
                status=409 if isinstance(error, SlotTaken) else 200,
            )
        return request.redirect(f"/my/visits/{visit.id}", code=303)
