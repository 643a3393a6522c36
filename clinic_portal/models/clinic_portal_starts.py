# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.texts import whole_number
from odoo.addons.clinic_schedule.slot_algebra import local_date


class ClinicPortalCatalogue(models.AbstractModel):
    """How free starts are shown to visitors, read back from buttons, and replaced when lost."""

    _inherit = "clinic.portal.catalogue"

    @api.model
    def _by_day(self, slots, who):
        """``[{"label", "iso", "zone", "slots": [...]}]`` by the calendar of each slot's branch."""
        days = {}
        for slot in slots:
            shown = self._show_slot(slot, who)
            days.setdefault((shown["iso"], shown["branch"].id), []).append(shown)
        return [
            {
                "label": shown[0]["day"],
                "iso": iso,
                "zone": shown[0]["zone"],
                "branch": shown[0]["branch"],
                "slots": shown,
            }
            for (iso, _branch_id), shown in days.items()
        ]

    @api.model
    def _show_slot(self, slot, who=""):
        """Texts for one start in the zone of its branch."""
        branch = self.env["clinic.branch"].sudo().browse(slot["branch_id"])
        texts = self.env["clinic.portal.moment"]._texts(slot["start"], branch.tz)
        parts = [slot["service_id"], slot["resource_id"], slot["branch_id"], slot["start"].isoformat()]
        cheap = self._cheap_texts(slot)
        if slot.get("price") is not None:
            # the button says for how much: the booking service takes no more
            parts.append(slot["price"])
        value = "|".join(map(str, parts))
        return {
            "value": value,
            "iso": local_date(slot["start"], branch.tz).isoformat(),
            "branch": branch,
            "slot": slot,
            **texts,
            "cheap": cheap,
            "aria": ", ".join(filter(None, (texts["time"], texts["day"], who, cheap and cheap["text"]))),
        }

    @api.model
    def _cheap_texts(self, slot):
        """Both prices of a free time that is sold cheaper: ``{"price", "before", "text"}``; else None."""
        if not slot.get("price_before"):
            return None
        service = self.env["product.product"].sudo().browse(slot["service_id"])
        price, before = (self._price_text(slot[name], service) for name in ("price", "price_before"))
        text = self.env._("%(price)s instead of %(before)s", price=price, before=before)
        return {"price": price, "before": before, "text": text}

    @api.model
    def _read_slot(self, text):
        """The slot a button stands for, or None when the text is not one of ours.

        Only the shape is checked here: the booking service checks everything else again.
        """
        parts = str(text or "")[:100].split("|")
        numbers = [whole_number(part) for part in parts[:3]]
        if len(parts) not in (4, 5) or None in numbers:
            return None
        try:
            start = datetime.fromisoformat(parts[3])
        except ValueError:
            return None
        if start.tzinfo or not 2000 <= start.year <= 2200:
            return None
        service_id, resource_id, branch_id = numbers
        slot = {
            "service_id": service_id,
            "resource_id": resource_id,
            "branch_id": branch_id,
            "start": start,
        }
        if len(parts) == 5:
            try:
                slot["price"] = float(parts[4])
            except ValueError:
                return None
            if not 0 <= slot["price"] < 1e12:
                return None
        return slot

    @api.model
    def _alternatives(self, slot, limit=6):
        """Free starts near a lost one: of the same doctor, else of the service, else any."""
        found = []
        if slot:
            try:
                found = self._booking().find_alternatives(slot, limit=limit, channel="site")
            except UserError:
                # a service or doctor that is no longer offered: anything free is better than nothing
                found = []
        if not found:
            filters = self._read_filters({"service": slot and slot["service_id"]})
            cards = self._search_screen(filters)["cards"]
            found = [shown["slot"] for card in cards for day in card["days"] for shown in day["slots"]]
            found = sorted(found, key=lambda one: one["start"])[:limit]
        return [self._show_alternative(one) for one in found]

    @api.model
    def _show_alternative(self, slot):
        shown = self._show_slot(slot)
        doctor = self._doctor_of(slot["resource_id"])
        service = self.env["product.product"].sudo().browse(slot["service_id"])
        return {**shown, "who": doctor.name or service.name}

    @api.model
    def _doctor_of(self, resource_id):
        resource = self.env["resource.resource"].sudo().browse(resource_id)
        return resource.clinic_practitioner_ids[:1]

    @api.model
    def _slot_price(self, slot):
        """The price of a chosen start in words: as it was shown, else as the offer says now."""
        service = self.env["product.product"].sudo().browse(slot["service_id"])
        if slot.get("price") is not None:
            return self._price_text(slot["price"], service)
        resource = self.env["resource.resource"].sudo().browse(slot["resource_id"])
        terms = (
            self.env["clinic.offer"]
            .sudo()
            .with_context(allowed_company_ids=self._sellers())
            ._find(services=service, resources=resource, visit_type="first")
        )
        return self._price_text(terms[0]["price"], service) if terms else ""
