# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..const import WAITING

READERS = "clinic_schedule.group_clinic_schedule_reader"


class ClinicAppointment(models.Model):
    """Visits to be moved: somebody or something that they need is away then.

    Computed from the absences whenever it is asked, so that no visit is forgotten, and none stays in
    the list once it was moved or cancelled or the absence is gone.
    """

    _inherit = "clinic.appointment"  # pylint: disable=consider-merging-classes-inherited

    needs_move = fields.Boolean(
        string="To be moved",
        compute="_compute_needs_move",
        search="_search_needs_move",
        groups=READERS,
        help="The doctor, the room or a device of the visit is absent at its time.",
    )
    away_text = fields.Char(string="Who is absent", compute="_compute_needs_move", groups=READERS)

    # the states are those of const.WAITING: the planner must see them as constants
    _waiting_resource_idx = models.Index(
        "(resource_id, start) WHERE state IN ('held', 'booked', 'confirmed', 'arrived')"
    )
    _waiting_practitioner_idx = models.Index(
        "(practitioner_id, start) WHERE state IN ('held', 'booked', 'confirmed', 'arrived')"
    )
    _waiting_room_idx = models.Index(
        "(room_id, start) WHERE state IN ('held', 'booked', 'confirmed', 'arrived')"
    )

    @api.depends("state", "start", "stop", "resource_id", "practitioner_id", "room_id", "device_ids",
                 "session_id.state")  # fmt: skip
    @api.depends_context("lang")
    def _compute_needs_move(self):
        away = defaultdict(list)
        if self.ids:
            for visit_id, absence_id in self.env.execute_query(self._away_sql(self.ids)):
                away[visit_id].append(absence_id)
        # sudo: who is absent is told to all who may read the visit's doctor; the reason of it is not
        absences = self.env["clinic.absence"].sudo()
        absences.browse({absence_id for ids in away.values() for absence_id in ids if absence_id}).fetch(
            ["resource_id", "kind", "start", "stop"]
        )
        for visit in self:
            ids = away[visit._origin.id]
            found = absences.browse(sorted(filter(None, ids)))
            visit.needs_move = bool(ids)
            words = [self.env._("The group session is cancelled")] if None in ids else []
            visit.away_text = "; ".join([*words, *found.mapped("display_name")]) or False

    @api.model
    def _search_needs_move(self, operator, value):
        if operator != "in":
            return NotImplemented
        self._check_field_access(self._fields["needs_move"], "read")  # a search asks for no rights itself
        ids = SQL("(SELECT visit_id FROM (%s) away)", self._away_sql())
        found = Domain("id", "in", ids)
        if True in value and False in value:
            return Domain.TRUE
        return found if True in value else ~found

    @api.model
    def _away_sql(self, visit_ids=None, absence_ids=None):
        """``visit_id, absence_id`` of the visits that an active absence meets; of some of either only.

        Participants of a cancelled group session stand there too, without an absence.

        Begins with the absences: each finds its visits by an index of the visits that are still to come.
        """
        self.flush_model(
            [
                "state",
                "start",
                "stop",
                "resource_id",
                "practitioner_id",
                "room_id",
                "device_ids",
                "session_id",
            ]
        )
        self.env["clinic.group.session"].flush_model(["state"])
        self.env["clinic.absence"].flush_model(["resource_id", "start", "stop", "active"])
        device = self._fields["device_ids"]
        visits = SQL("AND v.id = ANY(%s)", list(visit_ids)) if visit_ids is not None else SQL()
        absences = SQL("AND a.id = ANY(%s)", list(absence_ids)) if absence_ids is not None else SQL()
        links = (
            SQL("JOIN clinic_appointment v ON v.resource_id = a.resource_id"),
            SQL(
                "JOIN clinic_practitioner p ON p.resource_id = a.resource_id"
                " JOIN clinic_appointment v ON v.practitioner_id = p.id"
            ),
            SQL(
                "JOIN clinic_room m ON m.resource_id = a.resource_id"
                " JOIN clinic_appointment v ON v.room_id = m.id"
            ),
            SQL(
                "JOIN clinic_device d ON d.resource_id = a.resource_id JOIN %(rel)s r ON r.%(device)s = d.id"
                " JOIN clinic_appointment v ON v.id = r.%(visit)s",
                rel=SQL.identifier(device.relation),
                device=SQL.identifier(device.column2),
                visit=SQL.identifier(device.column1),
            ),
        )
        found = SQL(" UNION ").join(
            SQL(
                """SELECT v.id AS visit_id, a.id AS absence_id FROM clinic_absence a %s
                    WHERE a.active AND v.state IN ('held', 'booked', 'confirmed', 'arrived')
                      AND v.start < a.stop AND v.stop > a.start
                      AND v.start > a.start - interval '36 hours' %s %s""",
                link,
                visits,
                absences,
            )
            for link in links
        )
        if absence_ids is not None:
            return found
        # nobody is absent there, but the group session does not take place
        return SQL(
            """%s UNION
               SELECT v.id, NULL::int FROM clinic_group_session g
                 JOIN clinic_appointment v ON v.session_id = g.id
                WHERE g.state = 'cancelled' AND v.state IN ('held', 'booked', 'confirmed', 'arrived') %s""",
            found,
            visits,
        )

    def action_move_away(self):
        """Button of the red list: the window “Move visits” with these visits, or with all of the list."""
        domain = [("id", "in", self.ids)] if self else []
        return self.env["clinic.absence.move"]._open(domain)

    def _away_ids(self):
        """Ids of those of these visits that are to be moved: one statement, without people's names."""
        return {row[0] for row in self.env.execute_query(self._away_sql(self.ids))} if self.ids else set()

    @api.model
    def _count_met(self, resource, start, stop):
        """How many waiting visits an absence of the resource in that time would meet."""
        visits = (
            Domain("state", "in", WAITING)
            & Domain("start", "<", stop)
            & Domain("stop", ">", start)
            & Domain("start", ">", start - timedelta(hours=36))
        )
        who = Domain.OR(
            Domain(path, "in", ids)
            for path, ids in (
                ("resource_id", resource.ids),
                ("practitioner_id", resource.clinic_practitioner_ids.ids),
                ("room_id", resource.clinic_room_ids.ids),
                ("device_ids", resource.clinic_device_ids.ids),
            )
            if ids
        )
        return self.search_count(visits & who)
