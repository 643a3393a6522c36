# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date, formatLang

from ..const import CHANNELS, PAYER_KINDS, STAFF_CHANNELS
from ..exceptions import SlotTaken
from ..slot_algebra import utc_to_wall

#: Most people of one family booked in one go.
MAX_LINES = 12
QUICK_FIELDS = ("family_name", "given_name", "patronymic", "phone", "birth_date")


class ClinicBoardDesk(models.AbstractModel):
    """What the registrar does on the board. Every booking goes through ``clinic.booking``.

    Each method that changes something answers ``{"appointment_ids", "resource_ids", "dates"}``:
    what the client has to load again.
    """

    _inherit = "clinic.board"  # pylint: disable=consider-merging-classes-inherited

    # ---------------------------------------------------------------- reading

    @api.model
    @api.readonly
    def visit_card(self, appointment_id):
        """Details of one visit for the popover, under the user's rights; no medical data.

        :return: dict ``alert`` and ``lines``: list of ``{"label", "value"}``.
        """
        appointment = self.env["clinic.appointment"].browse(appointment_id).exists()
        appointment.check_access("read")
        if self._level() == "name":
            return {"alert": "", "lines": []}
        card = (appointment.patient_id._clinic_patient_dicts() or [None])[0]
        lines = [
            (self.env._("Service"), appointment.service_id.name),
            (self.env._("Doctor"), appointment.practitioner_id.name),
            (self.env._("Room"), appointment.room_id.name),
            (self.env._("Devices"), ", ".join(appointment.device_ids.mapped("name"))),
            (self.env._("Branch"), appointment.branch_id.name),
            (
                self.env._("Price"),
                formatLang(self.env, appointment.price, currency_obj=appointment.currency_id),
            ),
            (
                self.env._("Who pays"),
                self._label(appointment, "payer_kind") if appointment.payer_kind != "self" else "",
            ),
            (self.env._("Channel"), self._label(appointment, "channel")),
        ]
        if card:
            lines[:0] = [
                (self.env._("Phone"), ", ".join(card["phones"])),
                (self.env._("Birth date"), self._birth_text(card)),
                (self.env._("Card"), card["patient_number"]),
            ]
        lines.append((self.env._("Note"), appointment.note))
        return {
            "alert": card["alert"] if card else "",
            "lines": [{"label": label, "value": value} for label, value in lines if value],
        }

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
        return {
            "title": f"{format_date(self.env, local.date(), date_format='EEEE, d MMMM')}, {resource.name}",
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
        allowed = shift.service_ids.ids or list(terms)
        services = self.env["product.product"].browse([sid for sid in terms if sid in allowed])
        currency = self.env["clinic.branch"].browse(slot["branch_id"]).company_id.currency_id
        rows = []
        for service in services:
            term = terms[service.id]
            price = formatLang(self.env, term["price"], currency_obj=currency)
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
                    "price": term["price"],
                    "price_label": price,
                    "preparation": service.clinic_preparation or "",
                }
            )
        return sorted(rows, key=lambda row: row["name"])

    # --------------------------------------------------------------- patients

    @api.model
    def _check_desk(self):
        """Only those who book may ask for patients and prices here."""
        if not self.env.user.has_group("clinic_base.group_clinic_booking"):
            raise AccessError(
                self.env._("Your role does not book visits. Ask a clinic administrator for the right.")
            )

    @api.model
    def _patient_row(self, card):
        """A row of ``clinic_search_patients`` as the dialog shows it: one line of details."""
        born = self._birth_text(card)
        details = [born, ", ".join(card["phones"][:2]), card["patient_number"], card["branch"]]
        return {
            "id": card["id"],
            "name": card["display_name"],
            "details": " · ".join(filter(None, details)),
            "phone": card["phones"][0] if card["phones"] else "",
            "family_name": (card["display_name"] or "").split(" ")[0],
            "alert": card["alert"],
        }

    @api.model
    def _birth_text(self, card):
        if not card["birth_date"]:
            return ""
        return self.env._(
            "%(date)s, %(age)s y. o.", date=format_date(self.env, card["birth_date"]), age=card["age"]
        )

    @api.model
    @api.readonly
    def search_patients(self, query, limit=8):
        """Patients for one typed line: surname, phone, birth date, card number.

        :return: list of dicts ``id, name, details, phone, family_name, alert``
        """
        self._check_desk()
        found = self.env["res.partner"].clinic_search_patients(str(query)[:200], limit=min(limit, 20))
        return [self._patient_row(card) for card in found]

    @api.model
    @api.readonly
    def same_patients(self, vals):
        """Cards that the person being registered may already have."""
        self._check_desk()
        found = self.env["res.partner"].clinic_find_similar(self._quick_vals(vals), limit=6)
        return [self._patient_row(card) for card in found]

    @api.model
    def create_patient(self, vals):
        """Make a provisional card from a surname and a phone (other parts may be empty).

        :return: the row of the new patient as in ``search_patients``
        """
        self._check_desk()
        vals = self._quick_vals(vals)
        if not vals.get("family_name") or not vals.get("phone"):
            raise UserError(
                self.env._("A provisional card needs a surname and a phone. Fill both and try again.")
            )
        return self._patient_row(self.env["res.partner"].clinic_quick_create_patient(vals))

    @api.model
    def _quick_vals(self, vals):
        found = {name: str(vals.get(name) or "").strip() for name in QUICK_FIELDS}
        return {name: value for name, value in found.items() if value}

    # ---------------------------------------------------------------- actions

    @api.model
    def _touched(self, appointments, resources=None, dates=()):
        """What an action changed on the screen."""
        resource_ids = set(resources or ())
        for appointment in appointments:
            resource_ids |= self._used_resources(appointment)
        return {
            "appointment_ids": appointments.ids,
            "resource_ids": sorted(resource_ids),
            "dates": sorted({*dates, *(a.local_date.isoformat() for a in appointments if a.local_date)}),
        }

    @api.model
    def _used_resources(self, appointment):
        used = appointment.resource_id | appointment.practitioner_id.resource_id
        used |= appointment.room_id.resource_id | appointment.device_ids.resource_id
        return set(used.ids)

    @api.model
    def _appointment(self, appointment_id):
        appointment = self.env["clinic.appointment"].browse(appointment_id).exists()
        if not appointment:
            raise UserError(self.env._("This visit no longer exists. The board has been refreshed."))
        return appointment

    @api.model
    def book(self, lines, channel="reception"):
        """Book one or several people, all or nothing.

        :param lines: list of dicts ``slot, patient_id, token, payer_kind, note``
        :param channel: one of the staff's channels
        A lost place raises ``SlotTaken`` whose context tells the number of the ``line``.
        """
        self._check_desk()
        if not lines or len(lines) > MAX_LINES:
            raise UserError(self.env._("From one to %(count)s people are booked in one go.", count=MAX_LINES))
        channel = channel if channel in STAFF_CHANNELS else self._default_channel()
        booked = self.env["clinic.appointment"]
        for number, line in enumerate(lines):
            vals = {name: line[name] for name in ("payer_kind", "note") if line.get(name)}
            try:
                booked |= self.env["clinic.booking"].book(
                    line["slot"], line["patient_id"], token=line.get("token"), channel=channel, **vals
                )
            except SlotTaken as taken:
                taken.context = {**getattr(taken, "context", {}), "line": number}
                raise
        return self._touched(booked)

    @api.model
    def move(self, appointment_id, slot, reason_id):
        """Move a visit to another place with a reason from the dictionary."""
        appointment = self._appointment(appointment_id)
        before = self._touched(appointment)
        self.env["clinic.booking"].reschedule(appointment, slot, reason=reason_id)
        return self._touched(appointment, before["resource_ids"], before["dates"])

    @api.model
    def cancel(self, appointment_id, reason_id):
        """Cancel a visit with a reason; who cancels follows from the reason."""
        appointment = self._appointment(appointment_id)
        reason = self.env["clinic.appointment.reason"].browse(reason_id).exists()
        self.env["clinic.booking"].cancel(appointment, reason.by or "clinic", reason=reason)
        return self._touched(appointment)

    @api.model
    def confirm(self, appointment_id):
        """The patient says they will come."""
        appointment = self._appointment(appointment_id)
        self.env["clinic.booking"].confirm(appointment, self._default_channel())
        return self._touched(appointment)

    @api.model
    def arrive(self, appointment_id):
        """The patient stands at the desk."""
        return self._step(appointment_id, "action_arrive")

    @api.model
    def start(self, appointment_id):
        """The visit begins."""
        return self._step(appointment_id, "action_start")

    @api.model
    def done(self, appointment_id):
        """The visit is over."""
        return self._step(appointment_id, "action_done")

    @api.model
    def no_show(self, appointment_id):
        """The patient did not come."""
        return self._step(appointment_id, "action_no_show")

    @api.model
    def _step(self, appointment_id, action):
        appointment = self._appointment(appointment_id)
        getattr(appointment, action)()
        return self._touched(appointment)

    @api.model
    def undo(self, appointment_ids):
        """Take back the last booking action of each of these visits, the latest first."""
        appointments = self.env["clinic.appointment"].browse(appointment_ids).exists()
        before = self._touched(appointments)
        for appointment in reversed(appointments):
            self.env["clinic.booking"].undo(appointment)
        return self._touched(appointments.exists(), before["resource_ids"], before["dates"])

    @api.model
    def alternatives(self, slot):
        """Up to three free places near a lost one, in a transaction of its own.

        :return: list of dicts ``label`` (for a button), ``minutes`` (wall minutes), ``slot``
        """
        self._check_desk()
        found = self.env["clinic.booking"].find_alternatives(slot, limit=3, channel=self._default_channel())
        branches = self.env["clinic.branch"].browse([other["branch_id"] for other in found])
        zones = {branch.id: branch.tz for branch in branches}
        names = {
            r.id: r.name for r in self.env["resource.resource"].browse([o["resource_id"] for o in found])
        }
        result = []
        for other in found:
            start = fields.Datetime.to_datetime(other["start"])
            local = utc_to_wall(start, zones[other["branch_id"]])
            kept = ("service_id", "resource_id", "branch_id", "room_id", "device_ids")
            result.append(
                {
                    "label": f"{format_date(self.env, local.date(), date_format='d MMM')} {local:%H:%M},"
                    f" {names[other['resource_id']]}",
                    "minutes": local.hour * 60 + local.minute,
                    "slot": {
                        **{name: other[name] for name in kept if other.get(name)},
                        "start": fields.Datetime.to_string(start),
                    },
                }
            )
        return result

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
