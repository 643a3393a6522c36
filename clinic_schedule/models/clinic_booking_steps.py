# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager
from datetime import timedelta

from psycopg2 import errors

from odoo import fields, models
from odoo.exceptions import UserError

from ..const import OVER_LANE
from ..exceptions import SlotTaken
from ..slot_algebra import local_date
from .clinic_booking_plan import Plan


class ClinicBooking(models.AbstractModel):
    """The steps behind the public methods. They act as the superuser on checked records."""

    _inherit = "clinic.booking"  # pylint: disable=consider-merging-classes-inherited

    @contextmanager
    def _all_or_nothing(self, plan, channel):
        """A savepoint around one booking; a lost place becomes a sentence that says what was lost."""
        try:
            with self.env.cr.savepoint():
                yield
        except errors.UniqueViolation as violation:
            if "ticket" not in (violation.diag.constraint_name or ""):
                raise
            raise UserError(
                self.env._("This ticket is used already. Choose another time, or book without the ticket.")
            ) from violation
        except SlotTaken as taken:
            self._log_refused(plan, channel)
            lost = getattr(taken, "lost", set())
            if lost and all(key.kind == "patient" for key in lost):
                raise UserError(
                    self.env._(
                        "The patient already has another visit at this time (%(when)s). Choose another time"
                        " or move the other visit.",
                        when=self._wall_sentence(plan.start, plan.tz),
                    )
                ) from taken
            if lost and all(key.kind == "spare" for key in lost):
                raise self._price_changed(plan, plan.terms.price_before) from taken
            if lost and all(key.kind == "quota" for key in lost):
                raise SlotTaken(self._quota_sentence(min(key.ref for key in lost)), plan.asked()) from taken
            if any(key.kind == "resource" and key.lane >= OVER_LANE for key in lost):
                raise SlotTaken(self._over_limit_sentence(plan), plan.asked()) from taken
            if lost and all(key.kind == "seat" for key in lost):
                raise SlotTaken(self._full_sentence(plan), plan.asked()) from taken
            raise SlotTaken(
                self.env._(
                    "The time %(when)s has just been taken. Choose another time.",
                    when=self._wall_sentence(plan.start, plan.tz),
                ),
                plan.asked(),
            ) from taken

    def _make(self, plan, state, channel, token, vals):
        """A new appointment: row, then token, then claims."""
        claims, appointments = self.env["clinic.slot.claim"].sudo(), self.env["clinic.appointment"].sudo()
        options = claims._visible(appointments, plan.fixed, plan.choices())
        first = [option[0] for option in options]
        vals = {"state": state, "channel": channel, **self._place_vals(plan, first), **vals}
        appointment = appointments._start(state, vals, channel, self._step_note(plan))
        if token:
            appointment._take_token(token)
        claim_state = "hold" if state == "held" else "booked"
        chosen = claims._claim(appointment, plan.fixed, options, claim_state, vals.get("hold_expires_at"))
        if chosen != first:
            appointment._write_guarded(self._place_vals(plan, chosen))
        return appointment

    def _take_place(self, appointment, plan, action, state, channel, reason=None, vals=None):
        """Give the old place of the appointment up for the one of the plan, or keep it."""
        claims = self.env["clinic.slot.claim"].sudo()
        vals = dict(vals or {})
        expires_at = vals.get("hold_expires_at") or appointment.hold_expires_at
        options = claims._visible(appointment, plan.fixed, plan.choices(), release=True)
        held = state == "held"
        chosen = claims._claim(
            appointment,
            plan.fixed,
            options,
            "hold" if held else "booked",
            expires_at if held else None,
            release=True,
        )
        vals = {**self._place_vals(plan, chosen), **vals}
        if action == "moved" and not held:
            vals["move_reason_id"] = reason.id if reason else False
        appointment._move_to(action, state, channel, reason, self._step_note(plan), vals)

    def _settle(self, appointment, plan, channel, vals):
        """A held time becomes the visit: its claims are booked, the patient's own is added."""
        claims = self.env["clinic.slot.claim"].sudo()
        if not claims._settle(appointment):
            raise SlotTaken("")
        missing = [key for key in plan.fixed if key.kind == "patient"]
        if missing and not self._claimed_patients(appointment):
            claims._visible(appointment, missing, ())
            claims._claim(appointment, missing)
        if not plan.spare_rule_id:
            claims._release_spare(appointment)
        price = {
            "price": plan.terms.price,
            "price_before": plan.terms.price_before or 0.0,
            "spare_rule_id": plan.spare_rule_id or False,
            "spare_chance": plan.spare_chance,
            "ticket_id": plan.ticket_id or False,
        }
        appointment._move_to(
            "booked",
            "booked",
            channel,
            note=self._step_note(plan),
            vals={"channel": channel, **price, **vals},
        )

    def _claimed_patients(self, appointment):
        """Ids of the patients whose time the appointment occupies: at most one."""
        return set(appointment.claim_ids.filtered(lambda claim: claim.kind == "patient").mapped("ref"))

    def _undo_line(self, appointment, line):
        """Bring back what the visit was before the line."""
        before, action = line.before or {}, line.action
        if action == "booked":
            reason = self.env.ref("clinic_schedule.reason_cancel_registry_error", raise_if_not_found=False)
            appointment._move_to(
                "undone",
                "cancelled_clinic",
                None,
                reason,
                vals={"cancel_reason_id": reason.id if reason else False},
            )
            self.env["clinic.slot.claim"].sudo()._release(appointment)
            return
        vals = {}
        if action in ("moved", "cancelled", "no_show"):
            vals = self._reclaim(appointment, before)
        appointment._move_to("undone", before["state"], None, vals={"cancel_reason_id": False, **vals})

    def _reclaim(self, appointment, before):
        """Occupy the place of an earlier snapshot again; its fields as values."""
        slot = {
            "service_id": appointment.service_id.id,
            "resource_id": before["resource_id"],
            "start": before["start"],
            "room_id": before["room_id"],
            "device_ids": before["device_ids"] or None,
        }
        # sudo: the right to the visit was checked
        ticket = self.env["clinic.time.ticket"].sudo().browse(before.get("ticket_id") or ())
        if ticket.visit_id - appointment:
            raise UserError(ticket._why_not(visit=appointment))
        # the rights were checked; the age and past times of a visit that stood already are not asked again
        plan = self._plan(slot, appointment.patient_id, "import", appointment.visit_type)
        if before.get("overbooked"):
            self._put_over(plan, before.get("overbook_reason"))
        claims = self.env["clinic.slot.claim"].sudo()
        keep = self._setting("clinic_schedule.claim_keep_days")
        if min((key.start for key in plan.fixed), default=plan.start) < fields.Datetime.now() - timedelta(
            days=keep
        ):
            # the claims of that time are swept: nothing would refuse an overlap
            raise UserError(
                self.env._(
                    "The time of this visit passed more than %(days)s days ago, so nothing can be taken back"
                    " any more. Write a note to the visit instead.",
                    days=keep,
                )
            )
        with self._all_or_nothing(plan, "reception"):
            options = claims._visible(appointment, plan.fixed, plan.choices(), release=True)
            chosen = claims._claim(appointment, plan.fixed, options, release=True)
        kept = ("price", "price_before", "spare_rule_id", "spare_chance", "ticket_id")
        return {**self._place_vals(plan, chosen), **{name: before.get(name, False) for name in kept}}

    def _same_slot(self, appointment, plan):
        return (
            appointment.service_id == plan.service
            and appointment.resource_id.id == plan.terms.resource_id
            and appointment.start == plan.start
            and appointment.stop == plan.stop
        )

    def _same_day(self, appointment, plan):
        return appointment.local_date == local_date(plan.start, plan.tz)

    def _step_note(self, plan: Plan):
        off_grid = self.env._("Outside the usual steps") if plan.off_grid else ""
        over = self.env._("CITO: %(reason)s", reason=plan.over_reason) if plan.over else ""
        return "; ".join(filter(None, (over, off_grid, plan.note))) or None
