# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..exceptions import SlotTaken
from ..slot_algebra import local_date, local_day

#: How many free times are tried when others are faster.
TRIES = 5

STATES = [("waiting", "Waits for a place"), ("served", "Has a time"), ("left", "Left")]


class ClinicWalkIn(models.Model):
    """Somebody who came without a booking: a time at once if there is one today, else a place in the queue.

    Who got a time is an ordinary visit that has arrived, under the same constraint as all others. Who
    got none occupies nothing; the number on the ticket stays the same when a place turns up.
    """

    _name = "clinic.walk.in"
    _description = "Patient without a booking"
    _order = "id desc"
    _rec_name = "queue_label"

    patient_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="restrict", domain="[('is_patient', '=', True)]"
    )
    branch_id = fields.Many2one(
        "clinic.branch",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["clinic.board"]._own_branches()[:1],
    )
    company_id = fields.Many2one(related="branch_id.company_id", store=True, index=True)
    service_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('clinic_is_service', '=', True)]",
    )
    practitioner_id = fields.Many2one(
        "clinic.practitioner", index="btree_not_null", ondelete="restrict", help="Empty: any doctor."
    )
    came_at = fields.Datetime(readonly=True, default=fields.Datetime.now)
    day = fields.Date(readonly=True, index=True, help="On the calendar of the branch.")
    queue_no = fields.Integer(string="Number of the day", readonly=True)
    queue_label = fields.Char(compute="_compute_queue_label", string="Number")
    state = fields.Selection(STATES, required=True, readonly=True, default="waiting", copy=False)
    appointment_id = fields.Many2one(
        "clinic.appointment", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    visit_text = fields.Char(compute="_compute_visit_text", string="Visit")

    @api.depends("queue_no")
    def _compute_queue_label(self):
        for walk_in in self:
            walk_in.queue_label = self.env["clinic.queue.counter"]._label(walk_in.queue_no, True)

    @api.depends("appointment_id.wall_start", "appointment_id.resource_id")
    def _compute_visit_text(self):
        for walk_in in self:
            visit = walk_in.appointment_id
            walk_in.visit_text = f"{visit.wall_start}, {visit.resource_id.name}" if visit else False

    @api.model_create_multi
    def create(self, vals_list):
        """Take people into the queue; each gets a number, and a time if one is free today.

        Rights: those of booking. What a caller says of number, state or visit is ignored.
        """
        self.check_access("create")
        asked = ("patient_id", "branch_id", "service_id", "practitioner_id")
        rows = super().create([{name: vals[name] for name in asked if name in vals} for vals in vals_list])
        for row in rows:
            row._check_asked()
            day = local_date(fields.Datetime.now(), row.branch_id.tz)
            number = self.env["clinic.queue.counter"]._next(row.branch_id, day)
            # sudo: the columns of the queue are nobody's to write
            row.sudo().write({"day": day, "queue_no": number})
            row._seat()
        return rows

    def _check_asked(self):
        """The links were given by a client: he must be able to read what he names."""
        for name in ("patient_id", "branch_id", "service_id", "practitioner_id"):
            self[name].check_access("read")
        if not self.patient_id.is_patient:
            raise UserError(self.env._("Choose the patient of the visit."))

    def _seat(self, visit=None):
        """Book the next free time of today and mark the arrival; False when there is none.

        :param visit: a visit whose place has just become free: it is tried first
        """
        self.ensure_one()
        booking = self.env["clinic.booking"]
        exact = self._exact(visit)
        for slot in [*exact, *self._slots(visit)]:
            try:
                booked = booking.book(slot, self.patient_id)
            except SlotTaken:
                continue  # somebody was faster: the next one
            except UserError:
                if slot in exact:
                    continue  # another service may be too long for the freed place
                raise
            booked.sudo()._write_guarded({"walk_in": True, "queue_no": self.queue_no})
            booked.action_arrive()
            self.sudo().write({"state": "served", "appointment_id": booked.id})
            return True
        return False

    def _exact(self, visit):
        """The begun time of the freed visit, as long as the desk may still book it; search offers none."""
        past = timedelta(minutes=self.env["clinic.booking"]._setting("clinic_schedule.staff_past_minutes"))
        if not visit or visit.start < fields.Datetime.now() - past:
            return []
        return [
            {
                "service_id": self.service_id.id,
                "resource_id": visit.resource_id.id,
                "start": fields.Datetime.to_string(visit.start),
            }
        ]

    def _slots(self, visit=None):
        """Free times of today, soonest first; those of the doctor of the freed visit before all."""
        now = fields.Datetime.now().replace(second=0, microsecond=0)
        end = local_day(self.day, self.branch_id.tz)[1]
        found = self.env["clinic.booking"].search_slots(
            self.service_id,
            practitioners=self.practitioner_id or None,
            branches=self.branch_id,
            date_from=now,
            date_to=end,
            patient=self.patient_id,
            limit=500 if visit else TRIES,
        )
        if visit:
            own = [slot for slot in found if slot["resource_id"] == visit.resource_id.id]
            found = own + [slot for slot in found if slot["resource_id"] != visit.resource_id.id]
        return found[:TRIES]

    def action_seat(self):
        """Button: look for a free time again. Rights: those of booking."""
        self._check_waits()
        for walk_in in self:
            if not walk_in._seat():
                raise UserError(
                    self.env._("There is still no free time today. Try again when somebody has left.")
                )
        return True

    def action_left(self):
        """Button: the person has gone away. Rights: those of booking."""
        self._check_waits()
        self.sudo().write({"state": "left"})
        return True

    def _check_waits(self):
        self.check_access("read")
        self.env["clinic.booking"]._check_staff(self.env["clinic.appointment"])
        if any(walk_in.state != "waiting" for walk_in in self):
            raise UserError(self.env._("This person does not wait any more. Reload the page."))

    @api.model
    def _waiting_for(self, visits):
        """``{visit: people}`` who wait today in the branch and whom the doctor of the visit could see.

        First come, first served. Two statements besides the offers, for any number of visits.
        """
        branches = visits.branch_id
        now = fields.Datetime.now()
        days = {branch.id: local_date(now, branch.tz) for branch in branches}
        rows = self.search(
            [("branch_id", "in", branches.ids), ("state", "=", "waiting")], order="queue_no, id"
        ).filtered(lambda row: row.day == days[row.branch_id.id])
        offers = self.env["clinic.offer"].sudo()._find(resources=visits.resource_id) if rows else []
        offered = {(term["service_id"], term["resource_id"]) for term in offers}
        return {
            visit: rows.filtered(
                lambda row, visit=visit: (
                    row.branch_id == visit.branch_id
                    and (row.service_id.id, visit.resource_id.id) in offered
                    and (not row.practitioner_id or row.practitioner_id == visit.practitioner_id)
                )
            )
            for visit in visits
        }
