# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime, time, timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.clinic_base.const import ADULT_AGE, AUDIENCES

from ..const import CHANNELS, PATIENT_CHANNELS, SETTINGS, STAFF_CHANNELS
from ..slot_algebra import add_years, age_window, wall_to_utc
from .clinic_availability import Terms

SERVICE_FIELDS = [
    "name", "company_id", "list_price", "clinic_specialty_id", "clinic_leading_kind", "clinic_duration",
    "clinic_step", "clinic_buffer_before", "clinic_buffer_after", "clinic_room_type_id", "clinic_room_cleaning",
    "clinic_device_type_id", "clinic_device_warmup", "clinic_audience", "clinic_age_min", "clinic_age_max",
    "clinic_sex", "clinic_show_on_site", "clinic_online",
]  # fmt: skip


class ClinicBooking(models.AbstractModel):
    """Who asks, through which channel, for what, and on which terms it is given."""

    _inherit = "clinic.booking"

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
        if channel not in dict(CHANNELS):
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
        """Patients for whom a portal user may act; addons with relations extend it."""
        return self.env.user.partner_id

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
                raise ValueError
            if value.tzinfo:
                value = value.astimezone(timezone.utc).replace(tzinfo=None)
            if value.second or value.microsecond or not 2000 <= value.year <= 2200:
                raise ValueError
        except (ValueError, OverflowError):
            raise UserError(
                self.env._("The request names no valid time. Choose the time again.")
            ) from None
        return value

    @api.model
    def _service_of(self, service, channel):
        """The service, readable by the superuser after the caller's right was checked."""
        service_id = self._id_of(service, "product.product", self.env._("service"))
        products = self.env["product.product"]
        domain = [("id", "=", service_id), ("clinic_is_service", "=", True)]
        if self._is_staff():
            found = products.search_fetch(domain, SERVICE_FIELDS)
        else:
            # patients have no rights on products: what is shown on the site of their company is theirs to see
            domain += [("clinic_show_on_site", "=", True), ("company_id", "in", [False, *self.env.companies.ids])]
            found = products.sudo().search_fetch(domain, SERVICE_FIELDS)
        if not found:
            raise UserError(self.env._("This service is not offered. Choose another one."))
        found = found.sudo()
        if channel in PATIENT_CHANNELS and not found.clinic_show_on_site:
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
            found = partners.sudo().search([("id", "=", patient_id)])
        else:
            found = partners
        found = found.sudo()
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
        found = self.env["clinic.branch"].sudo().search_fetch(domain, ["tz", "show_on_site", "online_booking"])
        if branch_ids and set(branch_ids) - set(found.ids):
            raise UserError(self.env._("The request names a branch that is not yours. Choose a branch again."))
        if channel in PATIENT_CHANNELS:
            found = found.filtered(lambda branch: branch.show_on_site and branch.online_booking)
        now = fields.Datetime.now()
        places = []
        for branch in found:
            start = wall_to_utc(low, 0, branch.tz) if not isinstance(low, datetime) else low
            stop = wall_to_utc(high + timedelta(days=1), 0, branch.tz) if not isinstance(high, datetime) else high
            if channel in PATIENT_CHANNELS:
                start = max(start, now + timedelta(minutes=self._setting("clinic_schedule.site_lead_minutes")))
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
                try:
                    return date.fromisoformat(value.strip())
                except ValueError:
                    pass
            return self._moment_of(value)

        low, high = bound(date_from), bound(date_to)
        if low is None:
            low = fields.Datetime.now().replace(second=0, microsecond=0)
        if high is None:
            high = low + timedelta(days=14) if isinstance(low, datetime) else low + timedelta(days=13)
        first = low if isinstance(low, datetime) else datetime.combine(low, time())
        last = high if isinstance(high, datetime) else datetime.combine(high, time())
        if (last - first).days > 400:
            raise UserError(self.env._("Free times are searched for at most 400 days. Choose a shorter period."))
        return low, high

    # ------------------------------------------------------------------ terms

    @api.model
    def _terms(self, service, channel, patient=None, resource_ids=None, practitioner_ids=None, visit_type=None):
        """Who may lead the service for this patient, and how: a list of Terms."""
        if patient and service.clinic_sex and patient.sex and patient.sex != service.clinic_sex:
            return []
        if channel in PATIENT_CHANNELS and service.clinic_online == "no":
            return []
        if service.clinic_leading_kind == "practitioner":
            return self._practitioner_terms(service, channel, patient, resource_ids, practitioner_ids, visit_type)
        if practitioner_ids:
            return []
        return self._unit_terms(service, channel, patient, resource_ids)

    def _practitioner_terms(self, service, channel, patient, resource_ids, practitioner_ids, visit_type):
        earlier = self._earlier_visits(patient, service) if patient and not visit_type else {}
        best = {}
        for row in self._practitioner_rows(service, resource_ids, practitioner_ids):
            if channel in PATIENT_CHANNELS:
                online = row["online"] or service.clinic_online
                if online != "yes" or not row["open_online"]:
                    continue
            wanted = visit_type
            if not wanted and patient:
                wanted = "repeat" if row["practitioner_id"] in earlier or None in earlier else "first"
            fit = self._row_fit(row["visit_type"], wanted)
            known = best.get(row["resource_id"])
            if known is None or fit > known[0]:
                best[row["resource_id"]] = (fit, row, wanted)
        return [
            terms
            for _fit, row, wanted in best.values()
            if (terms := self._row_terms(service, patient, row, wanted))
        ]

    @staticmethod
    def _row_fit(visit_type, wanted):
        """How well a row for this kind of visit suits: exact, for all, for first, other."""
        if wanted and visit_type == wanted:
            return 3
        if not visit_type:
            return 2
        return 1 if visit_type == "first" else 0

    def _practitioner_rows(self, service, resource_ids, practitioner_ids):
        where = [SQL("(r.company_id IS NULL OR r.company_id = ANY(%s))", self.env.companies.ids)]
        if resource_ids:
            where.append(SQL("p.resource_id = ANY(%s)", resource_ids))
        if practitioner_ids:
            where.append(SQL("p.id = ANY(%s)", practitioner_ids))
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT p.resource_id, p.id AS practitioner_id, l.visit_type, l.duration, l.step,
                       CASE WHEN l.own_price THEN l.price END AS price, l.online,
                       COALESCE(l.audience, 'all') AS line_audience, p.audience,
                       l.age_min, l.age_max, p.age_min AS own_age_min, p.age_max AS own_age_max,
                       p.show_on_site AND p.online_booking
                       AND COALESCE(d.show_on_site AND d.online_booking, TRUE) AS open_online
                  FROM clinic_practitioner_service l
                  JOIN clinic_practitioner p ON p.id = l.practitioner_id
                  JOIN resource_resource r ON r.id = p.resource_id AND r.active
                  LEFT JOIN clinic_department d ON d.id = p.department_id
                 WHERE l.service_id = %s AND l.active AND %s
                 ORDER BY p.sequence, p.id, l.sequence, l.id
                """,
                service.id,
                SQL(" AND ").join(where),
            )
        )

    def _row_terms(self, service, patient, row, wanted):
        """Terms of one practitioner, or None when the patient's age never fits."""
        audiences = {service.clinic_audience or "all", row["audience"] or "all", row["line_audience"]} - {"all"}
        limits = [
            (service.clinic_age_min, service.clinic_age_max),
            (row["own_age_min"] or 0, row["own_age_max"] or 0),
            (row["age_min"] or 0, row["age_max"] or 0),
        ]
        window = self._age_dates(patient, audiences, limits)
        if window is None:
            return None
        standard = service.list_price
        price = standard if row["price"] is None else float(row["price"])
        return Terms(
            resource_id=row["resource_id"],
            practitioner_id=row["practitioner_id"],
            duration=row["duration"] or service.clinic_duration,
            step=row["step"] or service.clinic_step or 0,
            before=service.clinic_buffer_before or 0,
            after=service.clinic_buffer_after or 0,
            price=price,
            price_before=None,
            visit_type=wanted or row["visit_type"] or None,
            valid_from=window[0],
            valid_after=window[1],
            audience=next(iter(audiences), "all") if len(audiences) < 2 else "none",
        )

    def _unit_terms(self, service, channel, patient, resource_ids):
        """Terms of leading rooms or devices: those named by the service, else all of its type."""
        if channel in PATIENT_CHANNELS and service.clinic_online != "yes":
            return []
        kind = service.clinic_leading_kind
        named = service._fields[f"clinic_{kind}_ids"]
        table, type_id = SQL.identifier(f"clinic_{kind}"), service[f"clinic_{kind}_type_id"].id
        rel = SQL(
            "SELECT %s FROM %s WHERE %s = %s",
            SQL.identifier(named.column2),
            SQL.identifier(named.relation),
            SQL.identifier(named.column1),
            service.id,
        )
        audiences = {service.clinic_audience or "all"} - {"all"}
        window = self._age_dates(patient, audiences, [(service.clinic_age_min, service.clinic_age_max)])
        if window is None:
            return []
        rows = self.env.execute_query(
            SQL(
                """
                SELECT u.resource_id FROM %(table)s u JOIN resource_resource r ON r.id = u.resource_id AND r.active
                 WHERE (u.id IN (%(rel)s) OR (u.%(type)s = %(type_id)s AND NOT EXISTS (%(rel)s)))
                   AND (r.company_id IS NULL OR r.company_id = ANY(%(companies)s)) AND %(only)s
                """,
                table=table,
                rel=rel,
                type=SQL.identifier(f"{kind}_type_id"),
                type_id=type_id or None,
                companies=self.env.companies.ids,
                only=SQL("u.resource_id = ANY(%s)", resource_ids) if resource_ids else SQL("TRUE"),
            )
        )
        before, after = service.clinic_buffer_before or 0, service.clinic_buffer_after or 0
        if kind == "room":
            after = max(after, service.clinic_room_cleaning or 0)
        else:
            before = max(before, service.clinic_device_warmup or 0)
        visit_type = None
        if patient and rows:
            visit_type = "repeat" if None in self._earlier_visits(patient, service) else "first"
        return [
            Terms(
                resource_id, None, service.clinic_duration, service.clinic_step or 0, before, after,
                service.list_price, None, visit_type, *window, next(iter(audiences), "all"),
            )
            for (resource_id,) in rows
        ]  # fmt: skip

    def _age_dates(self, patient, audiences, limits):
        """The dates at which the patient's age fits all limits; None when it never does."""
        birth = patient.birth_date if patient else None
        if len(audiences) > 1:
            return None
        if not birth:
            return None, None
        windows = [age_window(birth, low or 0, high or 0) for low, high in limits]
        if "adult" in audiences:
            windows.append((add_years(birth, ADULT_AGE), None))
        if "child" in audiences:
            windows.append((None, add_years(birth, ADULT_AGE)))
        first = max((window[0] for window in windows if window[0]), default=None)
        after = min((window[1] for window in windows if window[1]), default=None)
        return None if first and after and first >= after else (first, after)

    def _earlier_visits(self, patient, service):
        """Practitioners the patient has visited; None among them if the specialty was visited."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT practitioner_id, specialty_id IS NOT DISTINCT FROM %s AND specialty_id IS NOT NULL
                  FROM clinic_appointment
                 WHERE patient_id = %s AND state IN ('arrived', 'in_progress', 'done')
                """,
                service.clinic_specialty_id.id or None,
                patient.id,
            )
        )
        result = {practitioner_id for practitioner_id, _same in rows if practitioner_id}
        if any(same for _practitioner_id, same in rows):
            result.add(None)
        return result

    @api.model
    def _check_audience(self, audience):
        if audience and audience not in dict(AUDIENCES):
            raise UserError(self.env._("Choose adults or children."))
        return audience
