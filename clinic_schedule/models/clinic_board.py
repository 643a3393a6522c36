# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..const import OCCUPYING
from ..slot_algebra import local_date

KINDS = ("practitioner", "room", "device")
#: No screen shows more than this many free starts of a chosen service.
MAX_OFFERS = 5000


class ClinicBoard(models.AbstractModel):
    """The only server side of the reception board: what one screen shows, in a bounded number of queries.

    Nothing is stored. What a user sees depends on the role: ``full`` (readers of the schedule)
    or ``name`` (external callers: patient's name, time and branch, one column per branch).
    """

    _name = "clinic.board"
    _description = "Reception board"

    @api.model
    @api.readonly
    def load(self, params):
        """Everything for one screen.

        :param params: dict ``date`` (ISO or False: today), ``mode`` day|week, ``kind``
            practitioner|room|device, ``branch_id, specialty_id, service_id, resource_id`` (or
            False), ``with_options`` (filters, reasons, rights too), ``only``: ``{"resource_ids",
            "dates"}`` for a part of the screen.
        :return: dict of plain values; instants are naive UTC strings, ``date`` the local date
            of the branch. Visits and shifts come through the user's record rules.
        """
        level = self._level()
        scope = self._read_scope(params)
        if level == "name":
            data = self._load_names(scope)
        else:
            data = self._load_columns(scope)
        data.update(
            date=scope["date"],
            dates=scope["dates"],
            branch_id=scope["branch_id"],
            branch_ids=scope["branches"].ids,
            resource_id=scope["resource_id"],
        )
        if params.get("with_options"):
            data["options"] = self._options(scope, level)
        return data

    # ------------------------------------------------------------------ scope

    @api.model
    def _level(self):
        """What the user may see of visits: ``full`` or ``name``; others have no board."""
        if self.env.user.has_group("clinic_schedule.group_clinic_schedule_reader"):
            return "full"
        if self.env.user.has_group("clinic_base.group_clinic_external_caller"):
            return "name"
        raise AccessError(
            self.env._("Your role does not see the schedule. Ask a clinic administrator for the right.")
        )

    @api.model
    def _own_branches(self):
        """Branches of the user that the record rules show; all visible ones when none are set."""
        branches = self.env["clinic.branch"].search_fetch(
            [], ["name", "tz", "sequence", "company_id", "active"]
        )
        return (self.env.user.clinic_branch_ids & branches) or branches

    @api.model
    def _read_scope(self, params):
        """The checked parameters: unknown ids are dropped, dates are bounded."""
        own = self._own_branches()
        branch = own.filtered(lambda b: b.id == params.get("branch_id"))
        branches = branch or own
        kind = params.get("kind") if params.get("kind") in KINDS else "practitioner"
        mode = "week" if params.get("mode") == "week" else "day"
        zone = ZoneInfo(branches[:1].tz or self.env.user.tz or "UTC")
        day = self._read_date(params.get("date")) or datetime.now(zone).date()
        first = day - timedelta(days=day.weekday()) if mode == "week" else day
        dates = [first + timedelta(days=n) for n in range(7 if mode == "week" else 1)]
        only = params.get("only") or {}
        if only:
            asked = set(only.get("dates") or ())
            dates = [date for date in dates if date.isoformat() in asked]
        scope = {
            "branches": branches,
            "branch_id": branch.id,
            "kind": kind,
            "mode": mode,
            "date": day.isoformat(),
            "dates": [date.isoformat() for date in dates],
            "only": [int(x) for x in only["resource_ids"]] if only.get("resource_ids") else None,
            "resource_id": self._read_id(params.get("resource_id")),
            "specialty_id": self._read_id(params.get("specialty_id")),
            "service": self._read_service(params.get("service_id")),
        }
        scope["start"], scope["stop"] = self._bounds(branches, dates)
        return scope

    @api.model
    def _read_date(self, value):
        try:
            return fields.Date.to_date(value or None)
        except (ValueError, TypeError):
            raise UserError(self.env._("There is no such day. Choose a day of the calendar.")) from None

    @api.model
    def _read_id(self, value):
        return value if isinstance(value, int) and value > 0 else False

    @api.model
    def _read_service(self, value):
        return self.env["product.product"].browse(self._read_id(value) or ()).exists()

    @api.model
    def _bounds(self, branches, dates):
        """Naive UTC bounds that hold the dates in every zone of the branches."""
        if not dates or not branches:
            return datetime(1970, 1, 1), datetime(1970, 1, 1)
        zones = [ZoneInfo(tz) for tz in set(branches.mapped("tz"))]

        def to_utc(date, zone):
            return datetime.combine(date, time.min, zone).astimezone(UTC).replace(tzinfo=None)

        return (
            min(to_utc(dates[0], zone) for zone in zones),
            max(to_utc(dates[-1] + timedelta(days=1), zone) for zone in zones),
        )

    # ------------------------------------------------------------------- rows

    @api.model
    def _load_columns(self, scope):
        shifts = self._load_shifts(scope)
        self._choose_for_week(scope, shifts)
        visits = self._load_visits(scope)
        people = self._load_resources(scope, shifts, visits)
        columns = self._columns(scope, people, shifts, visits)
        shown = sorted({column["resource_id"] for column in columns})
        return {
            "columns": columns,
            "shifts": shifts,
            "visits": visits,
            "busy": self._load_busy(scope, shown),
            "absences": self._load_absences(scope, shown),
            "offers": self._load_offers(scope, shown),
        }

    @api.model
    def _load_shifts(self, scope):
        """Shifts of the days as dicts; ``resource_ids`` = the columns they open."""
        domain = Domain("branch_id", "in", scope["branches"].ids) & Domain("local_date", "in", scope["dates"])
        wanted = self._wanted(scope)
        if wanted is not None:
            domain &= Domain("resource_id", "in", wanted) | Domain("room_id.resource_id", "in", wanted)
        names = ["resource_id", "branch_id", "room_id", "local_date", "start", "stop", "step"]
        found = self.env["clinic.shift"].search_fetch(domain, names, order="start, id")
        rows = []
        for shift in found:
            room = shift.room_id
            lead = shift.resource_id
            ids = [lead.id] if lead.clinic_kind == scope["kind"] else []
            if scope["kind"] == "room" and room and room.resource_id != lead:
                ids.append(room.resource_id.id)
            if ids:
                rows.append(
                    {
                        "id": shift.id,
                        "resource_ids": ids,
                        "lead_id": lead.id,
                        "branch_id": shift.branch_id.id,
                        "date": shift.local_date.isoformat(),
                        "start": fields.Datetime.to_string(shift.start),
                        "stop": fields.Datetime.to_string(shift.stop),
                        "step": shift.step,
                        "room": room.name or "" if ids == [lead.id] else lead.name,
                    }
                )
        return rows

    @api.model
    def _load_visits(self, scope):
        """Visits of the days in one statement under the user's record rules."""
        Appointment = self.env["clinic.appointment"]
        for model in ("clinic.appointment", "res.partner", "product.template"):
            self.env[model].flush_model()
        query = Appointment._search(self._visit_domain(scope))
        table = query.table
        patient = query.left_join(table, "patient_id", "res_partner", "id", "patient")
        service = query.left_join(table, "service_id", "product_product", "id", "service")
        template = query.left_join(service, "product_tmpl_id", "product_template", "id", "template")
        doctor = query.left_join(table, "practitioner_id", "clinic_practitioner", "id", "doctor")
        room = query.left_join(table, "room_id", "clinic_room", "id", "room")
        device_field = Appointment._fields["device_ids"]
        lang = self.env.lang or "en_US"
        rows = self.env.execute_query_dict(
            query.select(
                SQL("%s AS id", SQL.identifier(table, "id")),
                *(
                    SQL("%s AS %s", SQL.identifier(table, name), SQL.identifier(name))
                    for name in ("branch_id", "service_id", "start", "stop", "state", "channel", "payer_kind")
                ),
                SQL("%s AS date", SQL.identifier(table, "local_date")),
                SQL("%s AS lead_id", SQL.identifier(table, "resource_id")),
                SQL("%s = 'first' AS is_first", SQL.identifier(table, "visit_type")),
                SQL("COALESCE(%s, '') <> '' AS note", SQL.identifier(table, "note")),
                SQL("COALESCE(%s, '') <> '' AS alert", SQL.identifier(patient, "patient_alert")),
                SQL(
                    "COALESCE(%s, %s) AS name",
                    SQL.identifier(patient, "name"),
                    SQL.identifier(table, "external_patient_ref"),
                ),
                SQL(
                    "COALESCE(%(name)s->>%(lang)s, %(name)s->>'en_US') AS service",
                    name=SQL.identifier(template, "name"),
                    lang=lang,
                ),
                SQL("%s AS doctor", SQL.identifier(doctor, "resource_id")),
                SQL("%s AS room", SQL.identifier(room, "resource_id")),
                SQL(
                    "ARRAY(SELECT d.resource_id FROM %s rel JOIN clinic_device d ON d.id = rel.%s"
                    " WHERE rel.%s = %s) AS devices",
                    SQL.identifier(device_field.relation),
                    SQL.identifier(device_field.column2),
                    SQL.identifier(device_field.column1),
                    SQL.identifier(table, "id"),
                ),
            )
        )
        kinds = self._kinds({row["lead_id"] for row in rows})
        for row in rows:
            used = {row["lead_id"], row.pop("doctor"), row.pop("room"), *row.pop("devices")}
            row.update(
                resource_ids=sorted(used - {None}),
                lead_kind=kinds.get(row["lead_id"], "practitioner"),
                date=row["date"].isoformat(),
                start=fields.Datetime.to_string(row["start"]),
                stop=fields.Datetime.to_string(row["stop"]),
            )
        return rows

    @api.model
    def _visit_domain(self, scope):
        domain = Domain("branch_id", "in", scope["branches"].ids)
        domain &= Domain("local_date", "in", scope["dates"]) & Domain("state", "in", OCCUPYING)
        wanted = self._wanted(scope)
        if wanted is not None:
            paths = (
                "resource_id",
                "practitioner_id.resource_id",
                "room_id.resource_id",
                "device_ids.resource_id",
            )
            domain &= Domain.OR(Domain(path, "in", wanted) for path in paths)
        return domain

    @api.model
    def _wanted(self, scope):
        """Ids of the resources that this screen is about, None when about all."""
        if scope["only"] is not None:
            return scope["only"]
        return [scope["resource_id"]] if scope["resource_id"] else None

    @api.model
    def _choose_for_week(self, scope, shifts):
        """A week shows one resource: the first by name of those at work, when none is chosen."""
        if scope["mode"] == "week" and not scope["resource_id"] and scope["only"] is None:
            heads = self._load_resources({**scope, "mode": "day"}, shifts, [])
            at_work = [rid for rid in heads if any(rid in row["resource_ids"] for row in shifts)]
            scope["resource_id"] = min(at_work or heads, key=lambda rid: heads[rid]["order"], default=False)

    @api.model
    def _kinds(self, resource_ids):
        """Kinds of resources by id; kinds are no personal data and resources of seen visits."""
        found = self.env["resource.resource"].sudo().browse(resource_ids)
        return {resource.id: resource.clinic_kind for resource in found}

    @api.model
    def _load_busy(self, scope, resource_ids):
        """Occupied time of the shown resources from the claims: times only, no persons.

        Whole, whoever owns the visits: the resources were found under the user's rules.
        """
        busy = defaultdict(list)
        if resource_ids:
            rows = self.env.execute_query(
                SQL(
                    """
                SELECT ref, start, stop FROM clinic_slot_claim
                 WHERE kind = 'resource' AND ref = ANY(%s) AND start < %s AND stop > %s
                   AND (state = 'booked' OR state = 'hold' AND (expires_at IS NULL OR expires_at > %s))
                 ORDER BY start
                """,
                    resource_ids,
                    scope["stop"],
                    scope["start"],
                    fields.Datetime.now(),
                )
            )
            for ref, start, stop in rows:
                busy[ref].append([fields.Datetime.to_string(start), fields.Datetime.to_string(stop)])
        return dict(busy)

    @api.model
    def _load_absences(self, scope, resource_ids):
        """Absences of the shown resources with their kinds."""
        Absence = self.env["clinic.absence"]
        if not resource_ids:
            return []
        domain = Domain("resource_id", "in", resource_ids)
        domain &= Domain("start", "<", scope["stop"]) & Domain("stop", ">", scope["start"])
        kinds = dict(Absence._fields["kind"]._description_selection(self.env))
        return [
            {
                "resource_id": absence.resource_id.id,
                "start": fields.Datetime.to_string(absence.start),
                "stop": fields.Datetime.to_string(absence.stop),
                "reason": kinds.get(absence.kind, ""),
            }
            for absence in Absence.search_fetch(domain, ["resource_id", "start", "stop", "kind"])
        ]

    @api.model
    def _load_offers(self, scope, resource_ids):
        """Exact free starts of the chosen service; None when no service is chosen."""
        service = scope["service"]
        if not service or not resource_ids or not scope["dates"]:
            return None
        slots = self.env["clinic.booking"].search_slots(
            service,
            resources=self.env["resource.resource"].browse(resource_ids),
            branches=scope["branches"],
            date_from=max(scope["start"], fields.Datetime.now()),
            date_to=scope["stop"],
            limit=MAX_OFFERS,
        )
        zones = {branch.id: branch.tz for branch in scope["branches"]}
        return [
            {
                "resource_id": slot["resource_id"],
                "branch_id": slot["branch_id"],
                "date": local_date(slot["start"], zones[slot["branch_id"]]).isoformat(),
                "start": fields.Datetime.to_string(slot["start"]),
                "stop": fields.Datetime.to_string(slot["stop"]),
                "price": slot["price"],
            }
            for slot in slots
            if slot["branch_id"] in zones
        ]

    @api.model
    def _load_names(self, scope):
        """For external callers: one column per branch, visits with name, time and branch."""
        query = self.env["clinic.appointment"]._search(self._visit_domain(scope))
        table = query.table
        patient = query.left_join(table, "patient_id", "res_partner", "id", "patient")
        rows = self.env.execute_query_dict(
            query.select(
                *(
                    SQL("%s AS %s", SQL.identifier(table, name), SQL.identifier(name))
                    for name in ("id", "branch_id", "start", "stop")
                ),
                SQL("%s AS date", SQL.identifier(table, "local_date")),
                SQL("%s AS name", SQL.identifier(patient, "name")),
            )
        )
        for row in rows:
            row.update(
                resource_ids=[row["branch_id"]],
                date=row["date"].isoformat(),
                start=fields.Datetime.to_string(row["start"]),
                stop=fields.Datetime.to_string(row["stop"]),
            )
        columns = [
            {
                "resource_id": branch.id,
                "record_id": branch.id,
                "kind": "branch",
                "name": branch.name,
                "subtitle": "",
                "image": False,
                "date": date,
                "branch_id": branch.id,
                "branch": branch.name,
                "show_branch": False,
                "tz": branch.tz,
                "order": f"{date}|{branch.sequence:06d}|{branch.id:06d}",
            }
            for branch in scope["branches"]
            for date in scope["dates"]
        ]
        return {
            "columns": sorted(columns, key=lambda column: column["order"]),
            "shifts": [],
            "visits": rows,
            "busy": {},
            "absences": [],
            "offers": None,
        }
