# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import suppress
from datetime import date, datetime, time, timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.clinic_base.ages import AGE_LIMIT
from odoo.addons.clinic_base.const import ADULT_AGE, AUDIENCES

from ..const import CHANNELS, PATIENT_CHANNELS, SETTINGS, STAFF_CHANNELS
from ..slot_algebra import age_window, wall_to_utc
from .clinic_availability import Terms

SERVICE_FIELDS = [
    "name", "company_id", "clinic_specialty_id", "clinic_leading_kind", "clinic_room_type_id",
    "clinic_room_cleaning", "clinic_device_type_id", "clinic_device_warmup", "clinic_sex",
    "clinic_show_on_site", "clinic_group_size", "clinic_place", "clinic_travel_minutes",
]  # fmt: skip


#: All that a booking asks of a patient's card: the other hundred columns are not read.
PATIENT_FIELDS = [
    "merged_into_id", "is_patient", "birth_date", "sex", "needs_prepayment", "clinic_blacklisted",
]  # fmt: skip


class ClinicBooking(models.AbstractModel):
    """Who asks, through which channel, for what, and on which terms it is given."""

    _inherit = "clinic.booking"  # pylint: disable=consider-merging-classes-inherited

    # ------------------------------------------------------------------ who asks

    @api.model
    def _setting(self, key):
        """A whole number from the settings."""
        value = self.env["ir.config_parameter"].sudo().get_param(key)
        try:
            return int(value or "")
        except ValueError:
            return SETTINGS[key]

    @api.model
    def _is_staff(self):
        """Whether the user books for others: staff with booking rights, or the system."""
        user = self.env.user
        return user._is_superuser() or user.has_group("clinic_base.group_clinic_booking")

    @api.model
    def _is_patient_himself(self):
        """Whether a patient's account calls itself: no staff, no integration, no controller of ours."""
        return (
            not self.env.su
            and not self._is_staff()
            and not self.env.user.has_group("clinic_base.group_clinic_integration")
        )

    @api.model
    def _allowed_channels(self):
        """The channels that this user may book through."""
        user = self.env.user
        every = [key for key, _label in CHANNELS]
        if user._is_superuser() or user.has_group("clinic_base.group_clinic_administrator"):
            return every
        channels = []
        if user.has_group("clinic_base.group_clinic_booking"):
            channels += STAFF_CHANNELS
        if user.has_group("clinic_base.group_clinic_integration"):
            channels += [key for key in every if key not in STAFF_CHANNELS]
        if not user.has_group("base.group_user"):
            channels.append("site")
        return channels

    @api.model
    def _check_channel(self, channel):
        if not isinstance(channel, str) or channel not in dict(CHANNELS):
            raise UserError(self.env._("This way of booking does not exist. Choose one of the list."))
        if channel not in self._allowed_channels():
            raise AccessError(self.env._("You are not allowed to book through this channel."))
        return channel

    @api.model
    def _own_channel(self):
        """The channel of an action whose caller names none."""
        return "reception" if self._is_staff() else self._check_channel("site")

    @api.model
    def _check_staff(self, appointments):
        """Raise unless the user is staff with booking rights who may see these visits."""
        if not self._is_staff():
            raise AccessError(self.env._("Only the staff of the clinic may do this."))
        if not self.env.su:
            appointments.check_access("read")

    @api.model
    def _patients_of_user(self):
        """Patients for whom a portal user may act: himself and those of his relations.

        Sudo: he may know for whom he acts without rights on the rows that say so.
        """
        return self.env["clinic.relation"].sudo()._patients_of(self.env.user.partner_id)

    # ------------------------------------------------------------------ arguments

    @api.model
    def _id_of(self, value, model, what):
        """The id of a record or a whole number; a clear sentence for anything else."""
        if isinstance(value, models.BaseModel) and value._name == model and len(value) == 1 and value.id:
            return value.id
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31:
            return value
        raise UserError(self.env._("The request names no valid %(what)s. Choose it again.", what=what))

    @api.model
    def _ids_of(self, value, model, what):
        """None when nothing was asked, else a list of ids."""
        if value is None or value is False:
            return None
        if isinstance(value, models.BaseModel):
            if value._name != model:
                return [self._id_of(value, model, what)]
            return value.ids or None
        if isinstance(value, int):
            value = [value]
        if not isinstance(value, (list, tuple, set)) or len(value) > 10000:
            return [self._id_of(None, model, what)]
        return [self._id_of(item, model, what) for item in value] or None

    @api.model
    def _moment_of(self, value):
        """A naive UTC datetime of whole minutes from a datetime or a string."""
        try:
            if isinstance(value, str) and len(value) <= 40:
                value = datetime.fromisoformat(value.strip())
            if not isinstance(value, datetime):
                value = datetime.max
            if value.tzinfo:
                value = value.astimezone(timezone.utc).replace(tzinfo=None)
            if value.second or value.microsecond or not 2000 <= value.year <= 2200:
                raise ValueError
        except (ValueError, OverflowError):
            raise UserError(self.env._("The request names no valid time. Choose the time again.")) from None
        return value

    @api.model
    def _service_of(self, service, channel):
        """One service, as ``_services_of``."""
        return self._services_of(self._id_of(service, "product.product", self.env._("service")), channel)

    @api.model
    def _services_of(self, services, channel):
        """The services, readable by the superuser after the caller's right was checked.

        Of several, those that are not offered are left out; none at all is refused.
        """
        ids = self._ids_of(services, "product.product", self.env._("service")) or []
        products = self.env["product.product"]
        domain = [("id", "in", ids), ("clinic_is_service", "=", True)]
        if self._is_staff():
            found = products.search_fetch(domain, SERVICE_FIELDS)
        else:
            # patients have no rights on products: what is shown on the site of their company is theirs to see
            domain += [
                ("clinic_show_on_site", "=", True),
                ("company_id", "in", [False, *self.env.companies.ids]),
            ]
            found = products.sudo().search_fetch(domain, SERVICE_FIELDS)
        if not found:
            raise UserError(self.env._("This service is not offered. Choose another one."))
        found = found.sudo()
        if channel in PATIENT_CHANNELS:
            found = found.filtered("clinic_show_on_site")
            if not found:
                raise UserError(self.env._("This service is not offered online. Please phone the clinic."))
        return found

    @api.model
    def _patient_of(self, patient):
        """The patient for the superuser after the caller's right was checked; empty if none."""
        partners = self.env["res.partner"]
        if not patient:
            return partners.sudo()
        patient_id = self._id_of(patient, "res.partner", self.env._("patient"))
        if self._is_staff() and not self.env.su:
            found = partners.search([("id", "=", patient_id)])
        elif self.env.su or patient_id in self._patients_of_user().ids:
            found = partners.sudo().search_fetch([("id", "=", patient_id)], PATIENT_FIELDS)
        else:
            found = partners
        found = found.sudo()
        found.fetch(PATIENT_FIELDS)
        found = found.merged_into_id or found
        if not found.is_patient:
            raise UserError(self.env._("There is no such patient, or you may not book for this person."))
        return found

    @api.model
    def _places(self, branch_ids, low, high, channel):
        """``(branch_id, tz, low, high)`` of the branches the user may book in.

        ``low`` and ``high`` are moments, or dates that mean midnight in each branch. Sudo:
        portal users have no rights on branches; companies and switches are checked here.
        """
        domain = [("company_id", "in", self.env.companies.ids)]
        if branch_ids:
            domain.append(("id", "in", branch_ids))
        found = (
            self.env["clinic.branch"]
            .sudo()
            .search_fetch(domain, ["tz", "show_on_site", "online_booking", "company_id"])
        )
        if branch_ids and set(branch_ids) - set(found.ids):
            raise UserError(
                self.env._("The request names a branch that is not yours. Choose a branch again.")
            )
        if channel in PATIENT_CHANNELS:
            found = found.filtered(lambda branch: branch.show_on_site and branch.online_booking)
        now = fields.Datetime.now()
        places = []
        for branch in found:
            start = wall_to_utc(low, 0, branch.tz) if not isinstance(low, datetime) else low
            stop = (
                wall_to_utc(high + timedelta(days=1), 0, branch.tz)
                if not isinstance(high, datetime)
                else high
            )
            if channel in PATIENT_CHANNELS:
                start = max(
                    start, now + timedelta(minutes=self._setting("clinic_schedule.site_lead_minutes"))
                )
                stop = min(stop, now + timedelta(days=self._setting("clinic_schedule.site_horizon_days")))
            else:
                start = max(start, now)
            if start < stop:
                places.append((branch.id, branch.tz, start, stop))
        return places

    @api.model
    def _window_of(self, date_from, date_to):
        """Both ends as a date or a naive UTC datetime; 14 days when no end is given."""

        def bound(value):
            if value is None or value is False:
                return None
            if isinstance(value, datetime):
                return self._moment_of(value.replace(second=0, microsecond=0))
            if isinstance(value, date):
                return value
            if isinstance(value, str) and len(value.strip()) == 10:
                with suppress(ValueError):
                    return date.fromisoformat(value.strip())
            return self._moment_of(value)

        low, high = bound(date_from), bound(date_to)
        if low is None:
            low = fields.Datetime.now().replace(second=0, microsecond=0)
        if high is None:
            high = low + timedelta(days=14) if isinstance(low, datetime) else low + timedelta(days=13)
        first = low if isinstance(low, datetime) else datetime.combine(low, time())
        last = high if isinstance(high, datetime) else datetime.combine(high, time())
        if (last - first).days > 400:
            raise UserError(
                self.env._("Free times are searched for at most 400 days. Choose a shorter period.")
            )
        return low, high

    @api.model
    def _count_of(self, value, most, default=None):
        """How many were asked for: a whole number of 1 to ``most``; ``default`` when nothing was."""
        if value is None or value is False:
            return default
        if not isinstance(value, int) or isinstance(value, bool):
            raise UserError(self.env._("Say as a whole number how many times you want to see."))
        return min(max(value, 1), most)

    # ------------------------------------------------------------------ terms

    @api.model
    def _terms(
        self, services, channel, patient=None, resource_ids=None, practitioner_ids=None, visit_type=None
    ):
        """Who may lead the services for this patient, and how: one Terms per service and resource.

        The rule "empty = the service's value" is ``clinic.offer``'s; here the row for the kind of
        visit is chosen and ages become dates.
        """
        resources = self.env["resource.resource"].browse(resource_ids) if resource_ids else None
        practitioners = self.env["clinic.practitioner"].browse(practitioner_ids) if practitioner_ids else None
        # sudo: the companies are checked below, and terms hold no personal data
        offers = self.env["clinic.offer"].sudo()._find(services, practitioners, resources)
        companies = {False, None, *self.env.companies.ids}
        offers = [offer for offer in offers if offer["company_id"] in companies]
        if channel in PATIENT_CHANNELS:
            offers = [offer for offer in offers if offer["shown"] and offer["online"] == "yes"]
        if patient and patient.sex:
            offers = [offer for offer in offers if offer["sex"] in (None, False, patient.sex)]
        if not offers:
            return []
        visited = self._visited(patient) if patient and not visit_type else (set(), set())
        best = {}
        for offer in offers:
            wanted = visit_type
            if not wanted and patient:
                known = offer["practitioner_id"] in visited[0] or offer["specialty_id"] in visited[1]
                wanted = "repeat" if known else "first"
            fit = self._offer_fit(offer["visit_type"], wanted)
            pair = offer["service_id"], offer["resource_id"]
            if fit > best.get(pair, (-1,))[0]:
                best[pair] = (fit, offer, wanted)
        by_id = {service.id: service for service in services}
        terms = [
            self._offer_terms(by_id[offer["service_id"]], patient, offer, wanted)
            for _fit, offer, wanted in best.values()
        ]
        return [term for term in terms if term]

    @staticmethod
    def _offer_fit(visit_type, wanted):
        """How well a row suits the kind of visit: its own, for all visits, for first ones, other."""
        if wanted and visit_type == wanted:
            return 3
        if not visit_type:
            return 2
        return 1 if visit_type == "first" else 0

    def _offer_terms(self, service, patient, offer, wanted):
        """Terms of one offer; None when the patient's age never fits."""
        age_max = offer["age_to"] if offer["age_to"] < AGE_LIMIT else None
        window = (None, None)
        if patient and patient.birth_date:
            window = age_window(patient.birth_date, offer["age_from"], age_max)
        if offer["age_from"] > offer["age_to"]:
            return None
        before, after = offer["buffer_before"], offer["buffer_after"]
        place = service.clinic_place or "clinic"
        if place == "home":
            way = service.clinic_travel_minutes or 0
            before, after = max(before, way), max(after, way)
        if service.clinic_leading_kind == "room":
            after = max(after, service.clinic_room_cleaning or 0)
        elif service.clinic_leading_kind == "device":
            before = max(before, service.clinic_device_warmup or 0)
        return Terms(
            service_id=service.id,
            resource_id=offer["resource_id"],
            practitioner_id=offer["practitioner_id"],
            room_id=offer["room_id"],
            device_id=offer["device_id"],
            duration=offer["duration"],
            step=offer["step"],
            before=before,
            after=after,
            cleaning=service.clinic_room_cleaning or 0,
            follow=place == "clinic"
            and service.clinic_leading_kind != "room"
            and not service.clinic_room_type_id,
            price=offer["price"],
            price_before=None,
            visit_type=wanted or offer["visit_type"] or None,
            valid_from=window[0],
            valid_after=window[1],
            for_adults=offer["age_to"] >= ADULT_AGE,
            for_children=offer["age_from"] < ADULT_AGE,
            place=place,
        )

    def _visited(self, patient):
        """Practitioners and specialties whom the patient has come to, as two sets of ids."""
        self.env["clinic.appointment"].flush_model(["state", "patient_id", "practitioner_id", "specialty_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT practitioner_id, specialty_id FROM clinic_appointment
                 WHERE patient_id = %s AND state IN ('arrived', 'in_progress', 'done')
                """,
                patient.id,
            )
        )
        return {row[0] for row in rows} - {None}, {row[1] for row in rows} - {None}

    @api.model
    def _check_audience(self, audience):
        if audience and (not isinstance(audience, str) or audience not in dict(AUDIENCES)):
            raise UserError(self.env._("Choose adults or children."))
        return audience
