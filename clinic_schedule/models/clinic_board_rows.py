# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, formatLang

from ..const import OCCUPYING
from ..slot_algebra import local_date

#: No screen shows more than this many free starts of a chosen service.
MAX_OFFERS = 5000


class ClinicBoardRows(models.AbstractModel):
    """What stands in the columns of the board: shifts, visits, occupied time, absences, free starts.

    Shifts and visits come through the user's record rules.
    """

    _inherit = "clinic.board"  # pylint: disable=consider-merging-classes-inherited

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
        # participants of a group session stand behind its one block
        query = Appointment._search(self._visit_domain(scope) & Domain("session_id", "=", False))
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
                SQL("(%s) AS alert", self._alert_sql(patient)),
                SQL("%s AS prepayment", SQL.identifier(table, "prepayment")),
                SQL("%s AS overbooked", SQL.identifier(table, "overbooked")),
                SQL("%s IS NOT NULL AS course", SQL.identifier(table, "course_id")),
                SQL("%s IS NOT NULL AS chain", SQL.identifier(table, "chain_id")),
                SQL("%s AS place", SQL.identifier(table, "place_kind")),
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
        # whom an absence meets, and what else was booked with a visit, is for those who may move it
        full = self._level() == "full"
        away = Appointment.browse([row["id"] for row in rows])._away_ids() if full else ()
        for row in rows:
            used = {row["lead_id"], row.pop("doctor"), row.pop("room"), *row.pop("devices")}
            row.update(
                resource_ids=sorted(used - {None}),
                lead_kind=kinds.get(row["lead_id"], "practitioner"),
                away=row["id"] in away,
                course=full and row["course"],
                chain=full and row["chain"],
                date=row["date"].isoformat(),
                start=fields.Datetime.to_string(row["start"]),
                stop=fields.Datetime.to_string(row["stop"]),
            )
        return rows

    @api.model
    def _alert_sql(self, patient):
        """Whether a visit wears the mark "look at the card"; flags count for those who see them."""
        alert = SQL("COALESCE(%s, '') <> ''", SQL.identifier(patient, "patient_alert"))
        if not self.env["res.partner"]._sees_flags():
            return alert
        return SQL(
            "%s OR COALESCE(%s, FALSE) OR COALESCE(%s, FALSE)",
            alert,
            SQL.identifier(patient, "clinic_blacklisted"),
            SQL.identifier(patient, "call_representative"),
        )

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
                 WHERE kind = 'resource' AND lane = 0 AND ref = ANY(%s) AND start < %s AND stop > %s
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
                "reason": absence.board_text or kinds.get(absence.kind, ""),
            }
            for absence in Absence.search_fetch(
                domain, ["resource_id", "start", "stop", "kind", "board_text"]
            )
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
        currencies = {branch.id: branch.company_id.currency_id for branch in scope["branches"]}
        return [
            {
                "resource_id": slot["resource_id"],
                "branch_id": slot["branch_id"],
                "date": local_date(slot["start"], zones[slot["branch_id"]]).isoformat(),
                "start": fields.Datetime.to_string(slot["start"]),
                "stop": fields.Datetime.to_string(slot["stop"]),
                "price": slot["price"],
                "cheap": self._cheap_text(slot, currencies),
            }
            for slot in slots
            if slot["branch_id"] in zones
        ]

    @api.model
    def _cheap_text(self, slot, currencies):
        """Both prices of a free time that is sold cheaper, else nothing."""
        if not slot["price_before"]:
            return ""
        price, before = (
            formatLang(self.env, slot[name], currency_obj=currencies[slot["branch_id"]])
            for name in ("price", "price_before")
        )
        return self.env._("%(price)s instead of %(before)s", price=price, before=before)
