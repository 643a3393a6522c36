# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2.errors import UniqueViolation

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..const import NOTE_MAX
from .booking import ClinicBookingController
from .common import clinic_phone, is_own_form, render_private, typed
from .visitor import Visitor


class ClinicSiteRequestController(ClinicBookingController):
    """A request instead of a booking: services "on request", or when no time suits."""

    @http.route("/clinic/request", type="http", auth="public", website=True, methods=["GET"], sitemap=False)
    def request_form(self, **params):
        """The form of a request for a doctor or a service."""
        return self._render_request(Visitor(request), self._subject(params), self._first_values())

    @http.route(
        "/clinic/request",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
        csrf=False,  # checked in the method: a lost session must not lose what was typed
    )
    def request_sent(self, action=None, token=None, csrf_token=None, **post):
        """The sent form: a code first, then the request."""
        visitor, values, subject = Visitor(request), typed(post), self._subject(post)
        if not is_own_form(csrf_token):
            alert = request.env._(
                "This page was open for too long. Nothing has been sent: please check the form and send it"
                " again."
            )
            return self._render_request(visitor, subject, values, alert=alert, status=400)
        if not visitor.owns_request(token):
            token = visitor.make_request_token()
        if self._requests_of(token):
            return request.redirect("/clinic/request/done", code=303)
        forms = request.env["clinic.portal.form"]
        outcome = forms._read(values, subject["branch"])
        if len(values["wish"]) > NOTE_MAX:
            outcome["errors"]["wish"] = request.env._(
                "The text is too long: please keep it within %(most)s characters.", most=NOTE_MAX
            )
        if not (subject["service"] or subject["doctor"]):
            outcome["errors"]["subject"] = request.env._("Please choose a doctor or a service first.")
        code_sent = False
        step = self._next_step(visitor, values, outcome, action)
        if step == "code":
            code_sent = self._send_code(visitor, outcome)
        elif step == "done":
            return self._file_request(visitor, subject, values, outcome, token)
        return self._render_request(visitor, subject, values, outcome, code_sent, token=token)

    @staticmethod
    def _requests_of(token):
        """The request that was sent under the token. Superuser: the token is the session's own."""
        return request.env["clinic.site.request"].sudo().search([("token", "=", token)], limit=1)

    @staticmethod
    def _request_allowed(visitor):
        """Count a request of the account or the browser; whether it is within the limits."""
        limits, account = request.env["clinic.portal.limit"], request.env["clinic.portal.form"]._account()
        allowed = [
            limits._hit(
                "request.visitor", account.id or visitor.secret, "clinic_portal.requests_per_visitor"
            ),
            limits._hit("request.address", visitor.address, "clinic_portal.requests_per_address"),
        ]
        return all(allowed)

    @staticmethod
    def _subject(params):
        """What is asked for; only what visitors may see."""
        catalogue = request.env["clinic.portal.catalogue"]
        return {
            "doctor": catalogue._shown("clinic.practitioner", params.get("doctor")),
            "service": catalogue._shown("product.product", params.get("service")),
            "branch": catalogue._shown("clinic.branch", params.get("branch")),
        }

    def _file_request(self, visitor, subject, values, outcome, token):
        """Write the request; a refusal is told above the form, with nothing lost."""
        branch = subject["branch"] or subject["doctor"].branch_ids[:1]
        branch = branch or request.env["clinic.branch"].sudo().search([], limit=1)
        if not self._request_allowed(visitor):
            alert = request.env._("Too many requests were sent. Please wait an hour or phone the clinic.")
            return self._render_request(visitor, subject, values, outcome, alert=alert, token=token)
        try:
            patient = request.env["clinic.portal.form"]._complete(outcome, values, branch, visitor.address)
            # sudo: visitors have no rights on requests
            request.env["clinic.site.request"].sudo().create(
                {
                    "patient_id": patient.id,
                    "phone": outcome["person"]["phone"] if outcome["person"] else patient.phone,
                    "service_id": subject["service"].id,
                    "practitioner_id": subject["doctor"].id,
                    "branch_id": branch.id,
                    "company_id": branch.company_id.id or request.website.company_id.id,
                    "wish": values["wish"].strip(),
                    "token": token,
                }
            )
            request.env.cr.flush()
        except UniqueViolation:
            # the same form, sent twice at the same moment: the other one was first
            request.env.cr.rollback()
        except UserError as error:
            request.env.cr.rollback()
            outcome = request.env["clinic.portal.form"]._read(values, subject["branch"])
            return self._render_request(
                visitor, subject, values, outcome, alert=self._sentence(error), token=token
            )
        return request.redirect("/clinic/request/done", code=303)

    @http.route(
        "/clinic/request/done", type="http", auth="public", website=True, methods=["GET"], sitemap=False
    )
    def request_done(self, **params):
        """Thanks for a request; says nothing about anybody."""
        return render_private(
            "clinic_portal.request_done",
            {"clinic_phone": clinic_phone()},
        )

    def _render_request(
        self, visitor, subject, values, outcome=None, code_sent=False, alert=None, token=None, status=200
    ):
        pending = self._code_pending(visitor, outcome)
        forms = request.env["clinic.portal.form"]
        return render_private(
            "clinic_portal.request_form",
            {
                **subject,
                "token": token or visitor.make_request_token(),
                "alert": alert,
                "values": values,
                "errors": (outcome or {}).get("errors", {}),
                "echo": (outcome or {}).get("echo"),
                "code_step": bool(pending),
                "code_sent": code_sent,
                "code_target": pending.phone_masked if pending else "",
                "codes_available": request.env["clinic.code.sender"]._available(),
                "codes_off": forms._codes_off(),
                "needs_code": not forms._patients() or values.get("patient") == "new",
                "clinic_phone": clinic_phone(subject["branch"]),
                **self._people_values(),
            },
            status=status,
        )
