# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.clinic_base.const import PRACTITIONER_ROLES

KINDS = ("practitioner", "room", "device")


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
            practitioner|room|device, ``branch_id, role, specialty_id, service_id, resource_id`` (or
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
        if not params.get("only"):
            # a whole screen is a list that was read; what the bus brings anew is not
            self.env["clinic.access.event"]._record(
                "list", model=self.env["clinic.appointment"], amount=len(data["visits"]), detail="patient_id"
            )
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
            "role": params.get("role") if params.get("role") in dict(PRACTITIONER_ROLES) else False,
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
        week = []
        if scope["mode"] == "week" and scope["only"] is None:
            shifts, week = self._load_week_shifts(scope)
        else:
            shifts = self._load_shifts(scope)
        visits = self._load_visits(scope)
        people = self._load_resources(scope, shifts, visits)
        columns = self._columns(scope, people, shifts, visits)
        shown = sorted({column["resource_id"] for column in columns})
        return {
            "columns": columns,
            "week_resources": week,
            "shifts": shifts,
            "visits": visits,
            "busy": self._load_busy(scope, shown),
            "absences": self._load_absences(scope, shown),
            "offers": self._load_offers(scope, shown),
        }

    @api.model
    def _load_week_shifts(self, scope):
        """A week shows one resource: its shifts, and those one may leaf to, in the order of the board.

        Nobody or nobody fitting the filters chosen: the first at work that week.
        """
        everybody = {**scope, "mode": "day", "resource_id": False}
        shifts = self._load_shifts(everybody)
        heads = {
            rid: head
            for rid, head in self._load_resources(everybody, shifts, []).items()
            if not head["archived"]
        }
        at_work = {rid for row in shifts for rid in row["resource_ids"]} & heads.keys()
        order = sorted(at_work or heads, key=lambda rid: heads[rid]["order"])
        filtered = scope["role"] or scope["specialty_id"] or scope["service"]
        if not scope["resource_id"] or (filtered and scope["resource_id"] not in heads):
            scope["resource_id"] = order[0] if order else False
        own = [row for row in shifts if scope["resource_id"] in row["resource_ids"]]
        return own, [{"id": rid, "name": heads[rid]["name"]} for rid in order]
