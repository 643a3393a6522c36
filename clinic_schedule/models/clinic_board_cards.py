# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from ..const import CHANNELS, PAYER_KINDS, STAFF_CHANNELS
from ..slot_algebra import utc_to_wall


class ClinicBoardCards(models.AbstractModel):
    """What pops up on the board: the card of a visit, the booking dialog, news from the site."""

    _inherit = "clinic.board"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    @api.readonly
    def visit_card(self, appointment_id):
        """Details of one visit for the popover, under the user's rights; no medical data.

        :return: dict ``alert``, ``flags`` (see ``_clinic_flags``) and ``lines``: list of
            ``{"label", "value"}``.
        """
        appointment = self.env["clinic.appointment"].browse(appointment_id).exists()
        appointment.check_access("read")
        if self._level() == "name":
            return {"alert": "", "flags": [], "lines": []}
        appointment._journal_reading(["patient_id"])
        card = (appointment.patient_id._clinic_patient_dicts() or [None])[0]
        lines = [
            (self.env._("Service"), appointment.service_id.name),
            (self.env._("Doctor"), appointment.practitioner_id.name),
            (self.env._("Room"), appointment.room_id.name),
            (self.env._("Devices"), ", ".join(appointment.device_ids.mapped("name"))),
            (self.env._("Branch"), appointment.branch_id.name),
            (
                self.env._("Price"),
                self._price_text(appointment),
            ),
            (self.env._("Payment"), self.env._("Only with prepayment") if appointment.prepayment else ""),
            (
                self.env._("Who pays"),
                self._label(appointment, "payer_kind") if appointment.payer_kind != "self" else "",
            ),
            (self.env._("Channel"), self._label(appointment, "channel")),
            (self.env._("CITO"), appointment.overbook_reason if appointment.overbooked else ""),
            (self.env._("Visit of the course"), appointment.course_place),
            (self.env._("In one coming"), appointment._coming_text()),
        ]
        if card:
            lines[:0] = [
                (self.env._("Phone"), ", ".join(card["phones"])),
                (self.env._("Birth date"), self._birth_text(card)),
                (self.env._("Card"), card["patient_number"]),
            ]
        lines += self._place_lines(appointment)
        lines.append((self.env._("Note"), appointment.note))
        return {
            "alert": card["alert"] if card else "",
            "flags": card["flags"] if card else [],
            "lines": [{"label": label, "value": value} for label, value in lines if value],
        }

    @api.model
    def _price_text(self, appointment):
        price = formatLang(self.env, appointment.price, currency_obj=appointment.currency_id)
        if not appointment.price_before:
            return price
        before = formatLang(self.env, appointment.price_before, currency_obj=appointment.currency_id)
        return self.env._("%(price)s instead of %(before)s", price=price, before=before)

    @api.model
    def _label(self, record, name):
        return dict(record._fields[name]._description_selection(self.env)).get(record[name], "")

    @api.model
    @api.readonly
    def booking_form(self, slot, copy_of=False):
        """What the booking dialog shows for a place: services of the resource with its own prices,
        the address to read aloud, the patient of the visit to repeat.

        :param slot: dict with ``resource_id, branch_id, start`` and perhaps ``service_id``
        :param copy_of: id of an appointment or False
        """
        self._check_desk()
        resource = self.env["resource.resource"].browse(slot["resource_id"])
        branch = self.env["clinic.branch"].browse(slot["branch_id"])
        resource.check_access("read")
        branch.check_access("read")
        services = self._form_services(resource, slot)
        service_ids = [service["id"] for service in services]
        wanted = slot.get("service_id")
        copied = self.env["clinic.appointment"].browse(copy_of or ()).exists()
        start = fields.Datetime.to_datetime(slot["start"])
        local = utc_to_wall(start, branch.tz)
        currency = branch.company_id.currency_id
        day = format_date(self.env, local.date(), date_format="EEEE, d MMMM")
        return {
            "title": f"{day[:1].upper()}{day[1:]}, {resource.name}",
            "services": services,
            "service_id": wanted
            if wanted in service_ids
            else service_ids[0]
            if len(service_ids) == 1
            else False,
            "branch": {
                "name": branch.name,
                "address": ", ".join(filter(None, [branch.city, branch.address])),
                "directions": branch.directions or "",
                "phone": branch.phone or "",
            },
            "currency_template": f"{{}} {currency.symbol}",
            "patient": self._patient_row(copied.patient_id._clinic_patient_dicts()[0])
            if copied.patient_id
            else False,
            "payer_kind": copied.payer_kind or "self",
            "channels": self._selection_labels("channel", dict(CHANNELS), STAFF_CHANNELS),
            "payers": self._selection_labels("payer_kind", dict(PAYER_KINDS), dict(PAYER_KINDS)),
            "channel": self._default_channel(),
        }

    @api.model
    def _default_channel(self):
        user = self.env.user
        operator = user.has_group("clinic_base.group_clinic_operator")
        registrar = user.has_group("clinic_base.group_clinic_registrar")
        return "phone" if operator and not registrar else "reception"

    @api.model
    def _selection_labels(self, name, known, keys):
        labels = dict(self.env["clinic.appointment"]._fields[name]._description_selection(self.env))
        return [[key, labels[key]] for key in keys if key in known]

    @api.model
    def _form_services(self, resource, slot):
        """Services on offer of one leading resource at this place, one row per service."""
        terms = {}
        for term in self.env["clinic.offer"]._find(resources=resource):
            terms.setdefault(term["service_id"], term)
        shift = self.env["clinic.shift"].search(
            [
                ("resource_id", "=", resource.id),
                ("branch_id", "=", slot["branch_id"]),
                ("start", "<=", slot["start"]),
                ("stop", ">", slot["start"]),
            ],
            limit=1,
        )
        products = self.env["product.product"].browse(terms)
        services = products if slot.get("session_id") else shift._opened(products)
        currency = self.env["clinic.branch"].browse(slot["branch_id"]).company_id.currency_id
        spares = self._form_spares(services, terms, slot)
        rows = []
        for service in services:
            term, spare = terms[service.id], spares.get(service.id)
            full = formatLang(self.env, term["price"], currency_obj=currency)
            price = formatLang(self.env, spare.price, currency_obj=currency) if spare else full
            rows.append(
                {
                    "id": service.id,
                    "name": service.name,
                    "label": self.env._(
                        "%(name)s · %(minutes)s min · %(price)s",
                        name=service.name,
                        minutes=term["duration"],
                        price=price,
                    ),
                    "duration": term["duration"],
                    "price": spare.price if spare else term["price"],
                    "price_label": price,
                    "before_label": full if spare else "",
                    "preparation": service.clinic_preparation or "",
                    "place": service.clinic_place or "clinic",
                }
            )
        return sorted(rows, key=lambda row: row["name"])

    @api.model
    def _form_spares(self, services, terms, slot):
        """The reduced prices of this place by service."""
        if slot.get("session_id"):
            return {}
        start = fields.Datetime.to_datetime(slot["start"])
        wishes = [
            {
                "service_id": service.id,
                "resource_id": slot["resource_id"],
                "branch_id": slot["branch_id"],
                "start": start,
                "price": terms[service.id]["price"],
            }
            for service in services
        ]
        found = self.env["clinic.booking"]._spare_prices(wishes, self._default_channel())
        return {service.id: spare for service, spare in zip(services, found, strict=True) if spare}

    @api.model
    @api.readonly
    def site_booking_card(self, appointment_id):
        """The pop-up about a booking on the site: for registrars and operators of the visit's
        branch who may read the visit, else False. The bus itself carries ids only.
        """
        user = self.env.user
        groups = ("clinic_base.group_clinic_registrar", "clinic_base.group_clinic_operator")
        if not any(user.has_group(group) for group in groups):
            return False
        appointment = self.env["clinic.appointment"].search([("id", "=", appointment_id)])
        if not appointment or appointment.branch_id not in self._own_branches():
            return False
        local = utc_to_wall(appointment.start, appointment.branch_id.tz)
        return {
            "id": appointment.id,
            "text": self.env._(
                "%(patient)s: %(day)s at %(time)s, %(who)s, %(branch)s",
                patient=appointment.patient_id.name or appointment.external_patient_ref or "",
                day=format_date(self.env, local.date(), date_format="d MMMM"),
                time=local.strftime("%H:%M"),
                who=appointment.resource_id.name,
                branch=appointment.branch_id.name,
            ),
        }
