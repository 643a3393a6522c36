# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time
from urllib.parse import urlencode

from odoo import http
from odoo.http import request
from odoo.tools.json import scriptsafe
from odoo.tools.translate import LazyTranslate

from .common import clinic_phone, log_event, search_query
from .visitor import Visitor

_lt = LazyTranslate(__name__)

PHOTO_SIZES = (128, 256, 512)


def sitemap_doctors(env, rule, qs):
    """Pages of the doctors that visitors may see."""
    doctors = env["clinic.practitioner"].sudo()
    for doctor in doctors.search(doctors._site_domain()):
        url = doctor._site_url()
        if not qs or qs.lower() in url:
            yield {"loc": url, "lastmod": doctor.write_date.date()}


class ClinicSite(http.Controller):
    """Public pages before a time is chosen: search, doctors, free times as data."""

    @http.route(
        "/clinic",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=True,
        list_as_website_content=_lt("Booking of visits"),
    )
    def search(self, **params):
        """The first screen: doctors and services with their nearest free times."""
        visitor = Visitor(request)
        started = time.monotonic()
        response = self._render_search(params)
        duration = int((time.monotonic() - started) * 1000)
        log_event("opened" if not params else "shown", visitor, duration_ms=duration)
        return response

    def _render_search(self, params, lost=None, status=200):
        """The first screen for these parameters.

        :param lost: ``{"message", "alternatives"}`` when a time could not be given
        """
        catalogue = request.env["clinic.portal.catalogue"]
        filters = catalogue._read_filters(params)
        screen = catalogue._search_screen(filters)
        response = request.render(
            "clinic_portal.booking_search",
            {
                **screen,
                "filters": filters,
                "choices": catalogue._choices(),
                "query": search_query(filters),
                "page_url": lambda number: "/clinic?" + search_query({**filters, "page": number}),
                "filter_url": lambda **changes: self._filter_url(filters, changes),
                "lost": lost,
                "clinic_phone": clinic_phone(filters["branch"]),
            },
        )
        response.status_code = status
        return response

    @staticmethod
    def _filter_url(filters, changes):
        query = search_query({**filters, "page": 1, **changes})
        return "/clinic?" + query if query else "/clinic"

    @http.route(
        "/clinic/slots",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def slots(self, **params):
        """The free times of the first screen as JSON, for the page's own script and for checks.

        Same parameters as ``/clinic``. Instants are UTC.
        """
        catalogue = request.env["clinic.portal.catalogue"]
        filters = catalogue._read_filters(params)
        screen = catalogue._search_screen(filters)
        cards = [
            {
                "doctor_id": card["doctor"].id or None,
                "name": card["doctor"].name or card["service"].name,
                "service_id": card["service"].id,
                "service": card["service"].name,
                "price": card["price_value"],
                "mode": card["mode"],
                "slots": [
                    {
                        "value": shown["value"],
                        "start": shown["slot"]["start"].isoformat() + "Z",
                        "day": shown["day"],
                        "time": shown["time"],
                        "zone": shown["zone"],
                        "branch_id": shown["branch"].id,
                        "price": shown["slot"]["price"],
                        "price_before": shown["slot"]["price_before"] or None,
                    }
                    for day in card["days"]
                    for shown in day["slots"]
                ],
            }
            for card in screen["cards"]
        ]
        return request.make_json_response(
            {"cards": cards, "total": screen["total"], "page": screen["page"], "notes": filters["notes"]},
            headers={"Cache-Control": "no-store"},
        )

    @http.route(
        "/clinic/doctor/<string:slug>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=sitemap_doctors,
        list_as_website_content=_lt("Doctors"),
    )
    def doctor(self, slug, **params):
        """A doctor's page: who he is, his services and prices, all free times by day."""
        catalogue = request.env["clinic.portal.catalogue"]
        doctor = catalogue._shown("clinic.practitioner", slug.partition("-")[0])
        if not doctor:
            raise request.not_found()
        if slug != doctor._site_slug():
            query = urlencode(
                {key: value for key, value in params.items() if key in ("service", "branch", "date")}
            )
            return request.redirect(doctor._site_url() + ("?" + query if query else ""), code=301)
        log_event("shown", Visitor(request), resource=doctor.resource_id.id)
        return self._render_doctor(doctor, params)

    def _render_doctor(self, doctor, params, lost=None, status=200):
        catalogue = request.env["clinic.portal.catalogue"]
        filters = catalogue._read_filters({**params, "doctor": doctor.id, "q": None})
        terms = catalogue._terms({**filters, "service": None, "branch": doctor.browse()})
        offers = catalogue._doctor_offers(terms)
        chosen = next((offer for offer in offers if offer["service"] == filters["service"]), None)
        chosen = chosen or (offers and offers[0]) or None
        days = []
        if chosen and chosen["mode"] == "yes":
            days = catalogue._doctor_days(doctor, chosen["service"], filters)
        branches = doctor.branch_ids.filtered("show_on_site")
        json_ld = doctor._site_json_ld(request.website.get_base_url(), branches)
        response = request.render(
            "clinic_portal.doctor_page",
            {
                "doctor": doctor,
                "offers": offers,
                "chosen": chosen,
                "days": days,
                "filters": filters,
                "branches": branches,
                "lost": lost,
                "query": search_query({"doctor": doctor, "service": chosen and chosen["service"]}),
                "json_ld": scriptsafe.dumps(json_ld, ensure_ascii=False),
                "main_object": doctor,
                "clinic_phone": clinic_phone(branches[:1]),
            },
        )
        response.status_code = status
        return response

    @http.route(
        "/clinic/doctor/<int:doctor_id>/photo/<int:size>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def photo(self, doctor_id, size, **params):
        """The photo of a doctor that visitors may see; the same answer for all others."""
        doctor = request.env["clinic.portal.catalogue"]._shown("clinic.practitioner", doctor_id)
        if size not in PHOTO_SIZES or not doctor or not doctor.image_128:
            raise request.not_found()
        stream = request.env["ir.binary"]._get_image_stream_from(doctor, f"image_{size}")
        stream.public = True
        return stream.get_response(max_age=http.STATIC_CACHE_LONG if params.get("v") else http.STATIC_CACHE)

    @http.route("/clinic/birthdate", type="jsonrpc", auth="public", website=True, readonly=True)
    def birthdate(self, text=""):
        """How we understand a birth date that is being typed: ``{"text"}`` or ``{"error"}``."""
        person = request.env["clinic.portal.person"]
        today = person._today()
        value, problem = person._read_birth_date(str(text or ""), today)
        return {"text": person._birth_date_echo(value, today)} if value else {"error": problem}
