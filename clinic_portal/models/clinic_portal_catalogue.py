# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_amount

from odoo.addons.clinic_base.texts import whole_number
from odoo.addons.clinic_schedule.slot_algebra import wall_to_utc

from ..const import DOCTORS_PER_PAGE, STARTS_PER_DOCTOR

#: Filters of the first screen that name a record: parameter -> model.
RECORD_FILTERS = {
    "specialty": "clinic.specialty",
    "doctor": "clinic.practitioner",
    "service": "product.product",
    "branch": "clinic.branch",
}
AGES = ("adult", "child")

#: Starts that one search may bring, over all doctors and services.
MAX_STARTS = 5000


class ClinicPortalCatalogue(models.AbstractModel):
    """What visitors see before they choose a time: doctors, services and nearest free starts.

    Site visitors have no rights on the clinic's models. Everything here reads as superuser and
    only what is switched to be shown on the site.
    """

    _name = "clinic.portal.catalogue"
    _description = "Catalogue of the site booking"

    # -- filters -------------------------------------------------------------------------

    @api.model
    def _read_filters(self, params):
        """Understand the parameters of the first screen; whatever is not understood is left out.

        :return: dict with records ``specialty, doctor, service, branch`` (maybe empty),
            ``age`` (``adult``, ``child`` or False), ``date`` (a date or False), ``q`` (text),
            ``page`` and ``notes`` (sentences about what was not understood)
        """
        filters = {"notes": [], "q": " ".join(str(params.get("q") or "")[:100].split())}
        for name, model in RECORD_FILTERS.items():
            filters[name] = self._shown(model, params.get(name))
        filters["age"] = params.get("age") if params.get("age") in AGES else False
        filters["date"] = self._read_date(params.get("date"), filters["notes"])
        page = whole_number(params.get("page"), 1)
        filters["page"] = page if 0 < page < 1000 else 1
        return filters

    @api.model
    def _read_date(self, text, notes):
        text = str(text or "").strip()
        if not text:
            return False
        try:
            wanted = date.fromisoformat(text[:20])
        except ValueError:
            notes.append(self.env._("There is no such date in the calendar. The nearest times are shown."))
            return False
        today = fields.Date.today()
        if wanted < today - timedelta(days=1):
            notes.append(self.env._("This date has passed. The nearest times are shown."))
            return False
        if wanted > today + timedelta(days=366):
            notes.append(self.env._("This date is too far ahead. The nearest times are shown."))
            return False
        return wanted

    @api.model
    def _shown(self, model, value):
        """The record with this id when visitors may see it, else an empty record."""
        records = self.env[model].sudo()
        number = whole_number(value)
        if number is None:
            return records.browse()
        return records.search(self._shown_domain(model) & Domain("id", "=", number), limit=1)

    @api.model
    def _shown_domain(self, model):
        records = self.env[model].sudo()
        return records._clinic_site_domain() if model == "product.product" else records._site_domain()

    @api.model
    def _choices(self):
        """Everything a visitor can choose from: ``specialties, doctors, services, branches``."""
        found = {
            key: self.env[model].sudo().search(self._shown_domain(model))
            for key, model in (
                ("doctors", "clinic.practitioner"),
                ("services", "product.product"),
                ("branches", "clinic.branch"),
            )
        }
        specialties = self.env["clinic.specialty"].sudo().search(self._shown_domain("clinic.specialty"))
        used = found["doctors"].specialty_ids | found["services"].clinic_specialty_id
        return {**found, "specialties": specialties & used}

    # -- the first screen ----------------------------------------------------------------

    @api.model
    def _search_screen(self, filters):
        """Cards with the nearest starts, soonest first: one search whatever their number.

        :return: dict ``cards`` (of the page), ``total``, ``pages``, ``zones`` (more than one
            zone among the branches)
        """
        terms = self._terms(filters)
        cards = self._cards(terms, filters)
        self._add_starts(cards, filters)
        # doctors first: a laboratory that is always free would push them from the first screen
        cards.sort(
            key=lambda card: (
                not card["doctor"],
                card["first"] or datetime.max,
                card["mode"] != "yes",
                card["order"],
            )
        )
        if filters["date"]:
            cards = [card for card in cards if card["days"]] or cards
        pages = max(1, -(-len(cards) // DOCTORS_PER_PAGE))
        page = min(filters["page"], pages)
        shown = cards[(page - 1) * DOCTORS_PER_PAGE : page * DOCTORS_PER_PAGE]
        return {"cards": shown, "total": len(cards), "pages": pages, "page": page}

    @api.model
    def _terms(self, filters):
        """The offers (see ``clinic.offer``) that fit the filters."""
        terms = (
            self.env["clinic.offer"]
            .sudo()
            .with_context(allowed_company_ids=self._sellers())
            ._find(
                services=filters["service"] or None,
                practitioners=filters["doctor"] or None,
                shown=True,
            )
        )
        doctors = self.env["clinic.practitioner"].sudo()
        doctors = doctors.search_fetch(
            self._shown_domain("clinic.practitioner")
            & Domain("id", "in", list({term["practitioner_id"] for term in terms})),
            ["specialty_ids", "branch_ids", "sequence", "name"],
        )
        visible = {doctor.id: doctor for doctor in doctors}
        found = [
            term
            for term in terms
            if (not term["practitioner_id"] or term["practitioner_id"] in visible)
            and self._fits(term, visible.get(term["practitioner_id"]), filters)
        ]
        return self._fits_text(found, visible, filters["q"])

    @api.model
    def _fits(self, term, doctor, filters):
        age, specialty, branch = filters["age"], filters["specialty"], filters["branch"]
        if (age == "adult" and term["age_to"] < 18) or (age == "child" and term["age_from"] >= 18):
            return False
        own = term["specialty_id"] or not doctor
        specialties = [term["specialty_id"]] if own else doctor.specialty_ids.ids
        if specialty and specialty.id not in specialties:
            return False
        places = doctor.branch_ids.ids if doctor else [term["branch_id"]]
        return not branch or branch.id in places

    @api.model
    def _fits_text(self, terms, doctors, text):
        """Every word of the text is in the names of the doctor, the specialty or the service."""
        words = text.lower().replace("ё", "е").split()
        if not words:
            return terms
        services = self.env["product.product"].sudo().browse({term["service_id"] for term in terms})
        names = {service.id: service.name for service in services}
        found = []
        for term in terms:
            doctor = doctors.get(term["practitioner_id"])
            specialties = doctor.specialty_ids if doctor else services.browse()
            specialties = specialties.mapped(lambda s: f"{s.name} {s.doctor_name or ''}") if doctor else []
            line = " ".join([names[term["service_id"]], doctor.name if doctor else "", *specialties])
            line = line.lower().replace("ё", "е")
            if all(self._stem(word) in line for word in words):
                found.append(term)
        return found

    @staticmethod
    def _stem(word):
        """Russian endings differ ("кардиолога"): long words are compared without the last letters."""
        return word[:-2] if len(word) > 6 else word[:-1] if len(word) > 4 else word

    @api.model
    def _cards(self, terms, filters):
        """One card per doctor (his first fitting service), one per service of rooms and devices."""
        services = self.env["product.product"].sudo().browse({term["service_id"] for term in terms})
        services.fetch(["name", "clinic_preparation"])
        lines = self.env["clinic.practitioner.service"].sudo()
        order = {
            line.id: line.sequence for line in lines.browse([t["line_id"] for t in terms if t["line_id"]])
        }
        ranked = sorted(
            terms,
            key=lambda term: (
                ("yes", "request", "no").index(term["online"]),
                term["visit_type"] == "repeat",
                order.get(term["line_id"], 0),
                term["line_id"] or 0,
            ),
        )
        cards = {}
        for term in ranked:
            key = (
                ("doctor", term["practitioner_id"])
                if term["practitioner_id"]
                else ("service", term["service_id"])
            )
            card = cards.get(key)
            if card:
                card["resource_ids"] |= {term["resource_id"]} if key[0] == "service" else set()
                continue
            cards[key] = self._make_card(term, key, terms)
        return list(cards.values())

    @api.model
    def _make_card(self, term, key, terms):
        """``terms``: all of the screen, so that their records are read together."""
        doctor = self.env["clinic.practitioner"].sudo().browse(term["practitioner_id"] or [])
        doctor = doctor.with_prefetch({one["practitioner_id"] for one in terms} - {None})
        service = self.env["product.product"].sudo().browse(term["service_id"])
        service = service.with_prefetch({one["service_id"] for one in terms})
        return {
            "key": "-".join(map(str, key)),
            "doctor": doctor,
            "service": service,
            "mode": term["online"],
            "price": self._price_text(term["price"], service),
            "price_value": term["price"],
            "resource_ids": {term["resource_id"]},
            "order": (not doctor, doctor.sequence, key[1]),
            "days": [],
            "first": None,
        }

    @api.model
    def _price_text(self, price, service):
        currency = service.currency_id or self.env.company.currency_id
        text = format_amount(self.env, price, currency)
        return text.replace(",00", "").replace(".00", "") if price == int(price) else text

    @api.model
    def _add_starts(self, cards, filters, per_card=STARTS_PER_DOCTOR):
        """Put the nearest starts into the cards that may be booked at once."""
        bookable = [card for card in cards if card["mode"] == "yes"]
        by_pair = {}
        for slot in self._search(bookable, filters, per_card):
            key = (slot["service_id"], slot["resource_id"])
            by_pair.setdefault(key, []).append(slot)
        for card in bookable:
            slots = [
                slot
                for resource_id in card["resource_ids"]
                for slot in by_pair.get((card["service"].id, resource_id), ())
            ]
            slots = sorted(slots, key=lambda slot: slot["start"])[:per_card]
            card["first"] = slots[0]["start"] if slots else None
            card["days"] = self._by_day(slots, card["doctor"].name or card["service"].name)

    @api.model
    def _search(self, cards, filters, per_card):
        """One call of the booking service for all cards."""
        if not cards:
            return []
        date_from, date_to = self._window(filters)
        try:
            return self._booking().search_slots(
                list({card["service"].id for card in cards}),
                resources=list(set().union(*(card["resource_ids"] for card in cards))),
                branches=filters["branch"].ids or None,
                date_from=date_from,
                date_to=date_to,
                channel="site",
                limit=MAX_STARTS,
                per_resource=per_card,
                audience=filters["age"] or None,
            )
        except UserError as error:
            filters["notes"].append(str(error))
            return []

    @api.model
    def _booking(self):
        """The booking service as a visitor of the site meets it.

        Staff who look at the site are visitors there too: the service gives the channel of the
        site to nobody of the staff. Superuser, because a new patient has proved his phone and not
        an account, and because the site books for every legal entity it shows; the service still
        sees that a visitor calls and asks for everything that visitors must keep to.
        """
        user = self.env.user
        if user._is_internal():
            user = self.env["website"].get_current_website().user_id
        booking = self.env["clinic.booking"].with_user(user).sudo()
        return booking.with_context(allowed_company_ids=self._sellers())

    @api.model
    def _sellers(self):
        """Ids of the legal entities whose branches the site shows, the site's own one first."""
        own = self.env["website"].get_current_website().company_id.id or self.env.company.id
        branches = self.env["clinic.branch"].sudo().search(self._shown_domain("clinic.branch"))
        return [own, *(found for found in branches.company_id.ids if found != own)]

    @api.model
    def _window(self, filters, days=None):
        """Naive UTC bounds of the search: from now, or from midnight of the wanted day."""
        now = fields.Datetime.now()
        days = days or self.env["clinic.portal.limit"]._value("clinic_portal.days_shown")
        if not filters["date"]:
            return now, now + timedelta(days=days)
        zones = (
            filters["branch"] or self.env["clinic.branch"].sudo().search(self._shown_domain("clinic.branch"))
        ).mapped("tz") or ["UTC"]
        starts = [wall_to_utc(filters["date"], 0, zone) for zone in set(zones)]
        return max(min(starts), now), max(starts) + timedelta(days=days)

    # -- the page of one doctor --------------------------------------------------------

    @api.model
    def _doctor_offers(self, terms):
        """The services of one doctor with prices, in his order, each once."""
        offers = {}
        order = self.env["clinic.practitioner.service"].sudo().browse(term["line_id"] for term in terms)
        places = {line.id: (line.sequence, line.id) for line in order}
        for term in sorted(terms, key=lambda one: places[one["line_id"]]):
            offer = self._make_card(term, ("service", term["service_id"]), terms)
            offers.setdefault(term["service_id"], offer)
        return sorted(offers.values(), key=lambda offer: ("yes", "request", "no").index(offer["mode"]))

    @api.model
    def _doctor_days(self, doctor, service, filters):
        """All free starts of one doctor for one service, day by day."""
        card = {"service": service, "resource_ids": set(doctor.resource_id.ids)}
        slots = self._search([card], {**filters, "doctor": doctor}, 400)
        slots = sorted(slots, key=lambda slot: slot["start"])
        return self._by_day(slots, doctor.name)

    @api.model
    def _visit_days(self, visit):
        """Free starts for moving a visit: same service and leading resource, free for its patient."""
        now = fields.Datetime.now()
        days = self.env["clinic.portal.limit"]._value("clinic_portal.days_shown")
        slots = self._booking().search_slots(
            visit.service_id,
            patient=visit.patient_id,
            resources=visit.resource_id,
            date_from=now,
            date_to=now + timedelta(days=2 * days),
            channel="site",
            limit=400,
        )
        slots = [slot for slot in slots if slot["start"] != visit.start]
        booking = self._booking()
        slots = booking._with_move_prices(slots, visit.sudo(), "site")
        return self._by_day(slots, visit.practitioner_id.name or visit.service_id.name)
