# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.tools import SQL

#: Visits that stand in calendars.
SHOWN = ("booked", "confirmed", "arrived", "in_progress", "done")
#: How far ahead visits are copied, and how long copies of past ones stay: people may stand in them.
AHEAD, KEPT = timedelta(days=90), timedelta(days=30)
#: The most that one run makes, changes or deletes of each; the rest follows at once.
BATCH = 1000
#: Nobody is invited, told, reminded or written about.
SILENT = {
    "no_mail_to_attendees": True,
    "dont_notify": True,
    "skip_contact_description": True,
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}


class CalendarEvent(models.Model):
    """The copy of a visit: one for each, in the calendar of the practitioner's user. Never read back."""

    _inherit = "calendar.event"

    clinic_appointment_id = fields.Many2one(
        "clinic.appointment",
        string="Copy of the visit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
        groups="clinic_schedule.group_clinic_schedule_reader",
    )
    clinic_mark = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)

    _clinic_appointment_uniq = models.UniqueIndex(
        "(clinic_appointment_id) WHERE clinic_appointment_id IS NOT NULL",
        "A visit has one copy in the calendar.",
    )

    @api.model
    def _clinic_copy_soon(self):
        """Let the scheduled action run after this transaction."""
        # sudo: waking a job of our own
        self.env.ref("clinic_schedule_calendar.ir_cron_copy_visits").sudo()._trigger()

    @api.model
    def _cron_copy_visits(self):
        """Bring the copies in line with the visits; what somebody did to a copy is overwritten.

        One query tells what differs; made, changed and deleted are only these.
        """
        left = False
        for step in (self._clinic_delete, self._clinic_make, self._clinic_change):
            left = step() >= BATCH or left
        if left:
            self._clinic_copy_soon()

    @api.model
    def _clinic_wanted(self):
        """The visits that have to stand in calendars, each with its user and a mark of what is shown."""
        now = fields.Datetime.now()
        return SQL(
            """
            SELECT a.id, a.start, a.stop, r.user_id,
                   md5(concat_ws('|', a.start, a.stop, r.user_id, a.service_id, a.room_id, a.branch_id,
                       c.clinic_calendar_title, u.login,
                       CASE WHEN c.clinic_calendar_title = 'patient' THEN w.name END)) AS mark
              FROM clinic_appointment a
              JOIN clinic_practitioner p ON p.id = a.practitioner_id AND p.calendar_copy
              JOIN resource_resource r ON r.id = p.resource_id AND r.active
              JOIN res_users u ON u.id = r.user_id AND u.active
              JOIN clinic_branch b ON b.id = a.branch_id
              JOIN res_company c ON c.id = b.company_id
              LEFT JOIN res_partner w ON w.id = a.patient_id
             WHERE a.state = ANY(%s) AND a.stop > %s AND a.start < %s
            """,
            list(SHOWN),
            now - KEPT,
            now + AHEAD,
        )

    @api.model
    def _clinic_ids(self, query):
        """Rows of a query about visits and copies, everything flushed before."""
        self.env.flush_all()
        return self.env.execute_query(query)

    @api.model
    def _clinic_delete(self):
        """Copies of visits that are cancelled, not wanted any more or long past; how many.

        Of somebody who no longer wants copies all go.
        """
        rows = self._clinic_ids(
            SQL(
                """
                SELECT e.id FROM calendar_event e
                 WHERE e.clinic_appointment_id IS NOT NULL
                   AND NOT EXISTS (SELECT FROM (%s) w WHERE w.id = e.clinic_appointment_id)
                 ORDER BY e.id LIMIT %s
                """,
                self._clinic_wanted(),
                BATCH,
            )
        )
        self.sudo().with_context(**SILENT).browse(row[0] for row in rows).unlink()
        return len(rows)

    @api.model
    def _clinic_make(self):
        """Copies of visits that have none; how many. A visit whose copy somebody hid keeps it hidden."""
        rows = self._clinic_ids(
            SQL(
                """
                SELECT w.id, w.user_id, w.mark FROM (%s) w
                 WHERE NOT EXISTS (SELECT FROM calendar_event e WHERE e.clinic_appointment_id = w.id)
                 ORDER BY w.start, w.id LIMIT %s
                """,
                self._clinic_wanted(),
                BATCH,
            )
        )
        visits = self.env["clinic.appointment"].sudo().browse(row[0] for row in rows)
        marks = {row[0]: row[2] for row in rows}
        users = {row[0]: row[1] for row in rows}
        for user, mine in visits.grouped(lambda visit: users[visit.id]).items():
            events = self._clinic_as(user)
            events.create([events._clinic_vals(visit, marks[visit.id]) for visit in mine])
        return len(rows)

    @api.model
    def _clinic_change(self):
        """Copies that show something else than the visit, whoever moved which of them; how many."""
        rows = self._clinic_ids(
            SQL(
                """
                SELECT e.id, w.id, w.user_id, w.mark
                  FROM (%s) w JOIN calendar_event e ON e.clinic_appointment_id = w.id
                 WHERE e.clinic_mark IS DISTINCT FROM w.mark OR e.start <> w.start OR e.stop <> w.stop
                    OR e.user_id IS DISTINCT FROM w.user_id OR e.privacy IS DISTINCT FROM 'private'
                 ORDER BY e.start, e.id LIMIT %s
                """,
                self._clinic_wanted(),
                BATCH,
            )
        )
        visits = self.env["clinic.appointment"].sudo()
        for event_id, visit_id, user_id, mark in rows:
            event = self._clinic_as(user_id).browse(event_id)
            event.write(event._clinic_vals(visits.browse(visit_id), mark))
        return len(rows)

    @api.model
    def _clinic_as(self, user_id):
        """The model as the owner of the calendar sees it: his language, no invitation to himself.

        Sudo: copies are made by the system, whatever the user may do.
        """
        user = self.env["res.users"].browse(user_id)
        return self.with_user(user).sudo().with_context(lang=user.sudo().lang, **SILENT)

    @api.model
    def _clinic_vals(self, visit, mark):
        """What the copy shows; no patient in it unless the clinic has asked for that."""
        user = self.env.user
        visit = visit.with_context(lang=user.lang)
        words = visit.company_id.clinic_calendar_title
        name = self.env._("Visit")
        if words in ("service", "patient"):
            name = visit.service_id.name
        if words == "patient" and visit.patient_id:
            name = f"{name}, {visit.patient_id.name}"
        return {
            "name": name,
            "start": visit.start,
            "stop": visit.stop,
            "allday": False,
            "user_id": user.id,
            "partner_ids": [Command.set(user.partner_id.ids)],
            "location": ", ".join(filter(None, (visit.branch_id.name, visit.room_id.name))),
            "privacy": "private",
            "show_as": "busy",
            "clinic_appointment_id": visit.id,
            "clinic_mark": mark,
        }
