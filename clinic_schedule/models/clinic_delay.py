# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

#: Nobody is later than that: the visits are to be moved then.
LONGEST = 240


class ClinicDelay(models.Model):
    """By how many minutes a doctor is late on a day, as he or the desk says.

    One row per doctor and day; the last word counts. Written by ``_say`` only.
    """

    _name = "clinic.delay"
    _description = "Delay of a doctor"
    _order = "day desc, id desc"
    _rec_name = "resource_id"

    resource_id = fields.Many2one(
        "resource.resource", string="Who", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="resource_id.company_id")
    day = fields.Date(required=True, readonly=True, help="On the clock of the doctor.")
    minutes = fields.Integer(string="Late, min", required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="Said by", readonly=True)
    said_at = fields.Datetime(readonly=True)

    _resource_day_uniq = models.UniqueIndex("(resource_id, day)", "A doctor has one delay on a day.")

    @api.model
    def _say(self, practitioner, day, minutes):
        """Note the delay; the caller has checked the right. Tells the boards, then the hook.

        :param minutes: from 0 (on time again) to four hours
        """
        if not isinstance(minutes, int) or isinstance(minutes, bool) or not 0 <= minutes <= LONGEST:
            raise UserError(
                self.env._(
                    "A delay is from 0 to %(longest)s minutes. Move the visits instead.", longest=LONGEST
                )
            )
        resource = practitioner.resource_id
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO clinic_delay (resource_id, day, minutes, user_id, said_at)
                     VALUES (%(resource)s, %(day)s, %(minutes)s, %(user)s, %(now)s)
                ON CONFLICT (resource_id, day) DO UPDATE
                        SET minutes = EXCLUDED.minutes, user_id = EXCLUDED.user_id, said_at = EXCLUDED.said_at
                """,
                resource=resource.id,
                day=day,
                minutes=minutes,
                user=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        self.invalidate_model(flush=False)
        shifts = (
            self.env["clinic.shift"]
            .sudo()
            .search([("resource_id", "=", resource.id), ("local_date", "=", day)])
        )  # sudo: which branches hear of it
        for branch in shifts.branch_id:
            self.env["clinic.booking"]._bus_changed(branch, resource.ids, {day}, "late")
        self._after_doctor_late(self._waiting_visits(practitioner, day), minutes)

    @api.model
    def _waiting_visits(self, practitioner, day):
        """Visits of the day that have not begun and are not over."""
        domain = Domain("local_date", "=", day) & Domain("state", "in", ("booked", "confirmed", "arrived"))
        domain &= Domain("practitioner_id", "=", practitioner.id) & Domain("stop", ">", fields.Datetime.now())
        return self.env["clinic.appointment"].sudo().search(domain)  # sudo: for the hook, whoever says it

    @api.model
    def _after_doctor_late(self, appointments, minutes):
        """Called after a doctor's delay was said (0: on time again), with the visits that wait for him.

        For messages to the patients. Empty here.
        """

    @api.model
    def _of(self, resource_ids, days):
        """``{(resource id, ISO day): minutes}`` of delays that are not zero: one statement."""
        if not resource_ids or not days:
            return {}
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT resource_id, day, minutes FROM clinic_delay"
                " WHERE resource_id = ANY(%s) AND day = ANY(%s::date[]) AND minutes > 0",
                list(resource_ids),
                [str(day) for day in days],
            )
        )
        return {(resource_id, day.isoformat()): minutes for resource_id, day, minutes in rows}
