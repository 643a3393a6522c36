# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.http import request

from odoo.addons.clinic_base.texts import whole_number
from odoo.addons.portal.controllers.portal import CustomerPortal

from .common import is_own_form, render_private

PAGE = "/my/consents"


class ClinicConsentsPortal(CustomerPortal):
    """My consents: what was agreed to, taking it back, agreeing with a tick.

    Nothing about a person or a consent stands in an address: ids travel in the body of a form only.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "clinic_consent_count" in counters:
            rows = request.env["clinic.consent"]._portal_consents()
            values["clinic_consent_count"] = len(rows.filtered(lambda row: row._portal_status() == "active"))
        return values

    @http.route(PAGE, type="http", auth="user", website=True, methods=["GET"], sitemap=False)
    def my_consents(self, done=None, **params):
        """The consents of the account and of those for whom it acts."""
        return self._render_consents(done=done if done in ("given", "withdrawn") else None)

    def _render_consents(self, alert=None, done=None, status=200):
        values = {
            **self._prepare_portal_layout_values(),
            "people": request.env["clinic.consent"]._portal_people(),
            "account": request.env["clinic.consent"]._portal_account(),
            "alert": alert,
            "done": done,
            "page_name": "clinic_consents",
        }
        return render_private("clinic_portal.my_consents", values, status=status)

    def _refuse_old_page(self):
        return self._render_consents(
            alert=request.env._(
                "This page was open for too long. Nothing has been changed: please try once more."
            ),
            status=400,
        )

    @http.route(
        f"{PAGE}/withdraw",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        sitemap=False,
        csrf=False,  # checked in the method: an old page is told in our words
    )
    def my_consent_withdraw(self, consent=None, csrf_token=None, **post):
        """Take one consent back. "Not there" and "not yours" are one answer."""
        found = request.env["clinic.consent"]._portal_find(whole_number(consent, 0))
        if not found:
            raise request.not_found()
        if not is_own_form(csrf_token):
            return self._refuse_old_page()
        if not found._portal_withdraw(request.httprequest.remote_addr):
            return self._render_consents(
                alert=request.env._("This consent is taken back by whoever signs for the patient."),
                status=403,
            )
        return request.redirect(f"{PAGE}?done=withdrawn", code=303)

    @http.route(
        f"{PAGE}/give",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        sitemap=False,
        csrf=False,  # checked in the method: an old page is told in our words
    )
    def my_consent_give(self, patient=None, text=None, csrf_token=None, **post):
        """Agree with a tick to the text that was shown."""
        consents = request.env["clinic.consent"]
        card = consents._portal_patients().filtered(lambda card: card.id == whole_number(patient, 0))
        if not card:
            raise request.not_found()
        if not is_own_form(csrf_token):
            return self._refuse_old_page()
        channels = request.httprequest.form.getlist("channel")
        if not consents._portal_give(card, whole_number(text, 0), channels, request.httprequest.remote_addr):
            return self._render_consents(
                alert=request.env._(
                    "Nothing was recorded: tick the box, and read the text again, it may have changed."
                )
            )
        return request.redirect(f"{PAGE}?done=given", code=303)
