# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ClinicBoardSessions(models.AbstractModel):
    """Group sessions on the board: one block for the session, its participants behind it.

    A session stands among the visits under the negative of its id, so that the client keeps one kind of
    block; everything that is done with it goes to its own form or books a place in it.
    """

    _inherit = "clinic.board"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _load_visits(self, scope):
        return super()._load_visits(scope) + self._load_sessions(scope)

    @api.model
    def _load_sessions(self, scope):
        """Planned sessions of the days with their places, in one statement under the user's rules."""
        sessions = self.env["clinic.group.session"]
        domain = Domain("branch_id", "in", scope["branches"].ids) & Domain("date", "in", scope["dates"])
        domain &= Domain("state", "=", "planned")
        wanted = self._wanted(scope)
        if wanted is not None:
            domain &= Domain("resource_id", "in", wanted) | Domain("room_id.resource_id", "in", wanted)
        for model in ("clinic.group.session", "clinic.appointment", "product.template"):
            self.env[model].flush_model()
        query = sessions._search(domain)
        table = query.table
        service = query.left_join(table, "service_id", "product_product", "id", "service")
        template = query.left_join(service, "product_tmpl_id", "product_template", "id", "template")
        lead = query.left_join(table, "resource_id", "resource_resource", "id", "lead")
        room = query.left_join(table, "room_id", "clinic_room", "id", "room")
        names = ("id", "branch_id", "service_id", "start", "stop", "capacity")
        rows = self.env.execute_query_dict(
            query.select(
                *(SQL("%s AS %s", SQL.identifier(table, name), SQL.identifier(name)) for name in names),
                SQL("%s AS date", SQL.identifier(table, "date")),
                SQL("%s AS lead_id", SQL.identifier(table, "resource_id")),
                SQL("%s AS lead_kind", SQL.identifier(lead, "clinic_kind")),
                SQL("%s AS room", SQL.identifier(room, "resource_id")),
                SQL(
                    "COALESCE(%(name)s->>%(lang)s, %(name)s->>'en_US') AS name",
                    name=SQL.identifier(template, "name"),
                    lang=self.env.lang or "en_US",
                ),
                SQL(
                    """(SELECT count(*)::int FROM clinic_appointment v
                         WHERE v.session_id = %s
                           AND (v.state IN ('booked', 'confirmed', 'arrived', 'in_progress', 'done')
                                OR v.state = 'held' AND v.hold_expires_at > %s)) AS taken""",
                    SQL.identifier(table, "id"),
                    fields.Datetime.now(),
                ),
            )
        )
        return [self._session_row(row) for row in rows]

    @api.model
    def _form_services(self, resource, slot):
        """A place in a session: its own service only. Elsewhere: group services have no free time."""
        rows = super()._form_services(resource, slot)
        grouped = self.env["product.product"].search(
            [("id", "in", [row["id"] for row in rows]), ("clinic_group_size", ">", 0)]
        )
        session = self.env["clinic.group.session"].browse(self._read_id(slot.get("session_id")) or ())
        if not session.exists():
            return [row for row in rows if row["id"] not in grouped.ids]
        return [{**row, "duration": session.minutes} for row in rows if row["id"] == session.service_id.id]

    @api.model
    def _session_row(self, row):
        """A session as a block of the board."""
        seats = f"{row['taken']} / {row['capacity']}"
        return {
            "id": -row["id"],
            "session_id": row["id"],
            "branch_id": row["branch_id"],
            "service_id": row["service_id"],
            "start": fields.Datetime.to_string(row["start"]),
            "stop": fields.Datetime.to_string(row["stop"]),
            "date": row["date"].isoformat(),
            "state": "session",
            "name": "",
            "label": seats,
            "seats": seats,
            "is_full": row["taken"] >= row["capacity"],
            "service": row["name"],
            "lead_id": row["lead_id"],
            "lead_kind": row["lead_kind"],
            "resource_ids": sorted({row["lead_id"], row["room"]} - {None}),
        }

    @api.model
    @api.readonly
    def session_card(self, session_id):
        """The card of a session: leader, room, places and who comes. Under the user's rights.

        Names of the participants are a list that was read and stand in the journal of access.

        :return: dict like ``visit_card``'s
        """
        session = self.env["clinic.group.session"].browse(session_id).exists()
        session.check_access("read")
        people = session.appointment_ids.sorted(lambda visit: visit.patient_id.name or "")
        self.env["clinic.access.event"]._record(
            "list", model=self.env["clinic.appointment"], amount=len(people), detail="patient_id"
        )
        lines = [
            (self.env._("Led by"), session.resource_id.name),
            (self.env._("Room"), session.room_id.name),
            (self.env._("Places"), session.seats_text),
            (
                self.env._("Participants"),
                "; ".join(filter(None, (v.patient_id.name or v.external_patient_ref for v in people))),
            ),
            (self.env._("Note"), session.note),
        ]
        return {
            "alert": "",
            "flags": [],
            "lines": [{"label": label, "value": value} for label, value in lines if value],
        }
