# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.clinic_base.const import VISIT_TYPES

from ..const import CANCELLED, MOVES, PATIENT_CHANNELS, PAYER_KINDS, VISITOR_EVENTS
from ..exceptions import SlotTaken
from ..slot_algebra import local_date
from .clinic_booking_plan import Plan

#: What a caller of ``book`` may set besides time, place and patient; texts with their limits.
BOOK_VALS = {
    "visit_type",
    "payer_kind",
    "coverage_id",
    "source",
    "external_ref",
    "external_patient_ref",
    "note",
}
#: What a patient may say himself, if no controller of ours stands between.
PATIENT_VALS = {"note"}
TEXT_LIMITS = {"source": 64, "external_ref": 128, "external_patient_ref": 128, "note": 4000}


class ClinicBooking(models.AbstractModel):
    """The steps behind the public methods. They act as the superuser on checked records."""

    _inherit = "clinic.booking"  # pylint: disable=consider-merging-classes-inherited

    # ------------------------------------------------------------------ checks

    def _check_token(self, token):
        if token is None or token is False or token == "":
            return None
        if not isinstance(token, str) or not 8 <= len(token) <= 128 or not token.isprintable():
            raise UserError(self.env._("The token of this booking is not valid. Begin the booking again."))
        return token

    def _check_book_vals(self, vals):
        unknown = vals.keys() - BOOK_VALS
        if unknown:
            raise UserError(
                self.env._("A booking has no fields %(names)s.", names=", ".join(sorted(unknown)))
            )
        vals = {
            name: value
            for name, value in vals.items()
            if value not in (None, False, "") and name in self.env["clinic.appointment"]._fields
        }
        if self._is_patient_himself() and vals.keys() - PATIENT_VALS:
            raise UserError(
                self.env._(
                    "Kind of visit, payer and numbers of other systems are set by the clinic. Choose only the"
                    " time and the patient, or phone the clinic."
                )
            )
        for name, size in TEXT_LIMITS.items():
            value = vals.get(name, "")
            if not isinstance(value, str) or len(value) > size:
                raise UserError(
                    self.env._("A text of the booking is too long: at most %(size)s characters.", size=size)
                )
        for name, choices in (("visit_type", VISIT_TYPES), ("payer_kind", PAYER_KINDS)):
            if name in vals and vals[name] not in dict(choices):
                raise UserError(
                    self.env._("The kind of visit or payer is not one of the list. Choose again.")
                )
        if vals.get("external_ref") and not vals.get("source"):
            raise UserError(self.env._("An external number needs the name of its system."))
        return vals

    def _hold_minutes(self, minutes):
        if minutes is None or minutes is False:
            return self._setting("clinic_schedule.hold_minutes")
        longest = self._setting("clinic_schedule.hold_minutes_max")
        if not isinstance(minutes, int) or isinstance(minutes, bool) or not 0 < minutes <= longest:
            raise UserError(self.env._("A time can be kept for 1 to %(longest)s minutes.", longest=longest))
        return minutes

    def _hold_end(self, known, minutes):
        """When a hold of so many minutes ends; patients' holds are few and end for good some day."""
        now = fields.Datetime.now()
        end = now + timedelta(minutes=minutes)
        if not self._is_patient_himself():
            return end
        others = [
            ("user_id", "=", self.env.uid),
            ("state", "=", "held"),
            ("hold_expires_at", ">", now),
            ("id", "!=", known.id),
        ]
        most = self._setting("clinic_schedule.holds_per_patient")
        if self.env["clinic.appointment"].sudo().search_count(others, limit=most) >= most:
            raise UserError(
                self.env._("You already keep as many times as is allowed. Book one of them or give one back.")
            )
        if known:
            longest = self._setting("clinic_schedule.hold_minutes_max")
            end = min(end, known.create_date + timedelta(minutes=longest))
            if end <= now:
                raise UserError(
                    self.env._("This time cannot be kept any longer. Book it now or begin the booking again.")
                )
        return end

    def _by_token(self, token):
        """The visit of the token, empty if there is none; refused if it is somebody else's.

        Tokens are secrets of their callers; a visitor's hold may pass to the account he
        signs in to, nothing else passes to another user.
        """
        appointments = self.env["clinic.appointment"].sudo()
        if not token:
            return appointments
        known = appointments.search([("token", "=", token)], limit=1)
        if (
            known
            and known.user_id != self.env.user
            and not known.user_id._is_public()
            and not self._is_staff_su()
        ):
            raise UserError(self.env._("The token of this booking is not valid. Begin the booking again."))
        return known

    def _is_staff_su(self):
        return self.env.user._is_superuser()

    def _by_external_ref(self, vals):
        appointments = self.env["clinic.appointment"].sudo()
        if not vals.get("external_ref"):
            return appointments
        return appointments.search(
            [("source", "=", vals["source"]), ("external_ref", "=", vals["external_ref"])], limit=1
        )

    def _repeated(self, known, slot, patient):
        """The answer to a repeated request: the first visit, if it asks for the same."""
        same = (
            isinstance(slot, dict)
            and known.state not in CANCELLED
            and known.patient_id == patient
            and known.service_id.id
            == self._id_of(slot.get("service_id"), "product.product", self.env._("service"))
            and known._journal_line("booked").start_to == self._moment_of(slot.get("start"))
        )
        if not same:
            raise UserError(
                self.env._("This request was already used for another visit. Begin a new booking.")
            )
        return known.with_env(self.env)

    def _appointment_of(self, value):
        """The visit for the superuser after the caller's right to it was checked."""
        appointment_id = self._id_of(value, "clinic.appointment", self.env._("visit"))
        appointment = self.env["clinic.appointment"].browse(appointment_id).exists()
        if not appointment:
            raise UserError(self.env._("This visit does not exist any more. Reload the page."))
        if not self.env.su:
            if not self._allowed_channels():
                raise AccessError(self.env._("You are not allowed to change visits."))
            appointment.check_access("read")
        return appointment.sudo()

    def _check_open(self, appointment, channel, action="moved"):
        if appointment.state not in MOVES[action]:
            raise UserError(
                self.env._("This visit can no longer be moved, confirmed or cancelled: look at its state.")
            )
        if channel in PATIENT_CHANNELS and appointment.start <= fields.Datetime.now():
            raise UserError(self.env._("The time of this visit has come. Please phone the clinic."))

    def _reason_of(self, reason, kind):
        """The reason record; mandatory for staff, who click one of the dictionary."""
        reasons = self.env["clinic.appointment.reason"].sudo()
        if not reason:
            if self._is_staff() and not self.env.su:
                raise UserError(self.env._("Choose a reason of the list."))
            return reasons
        reason_id = self._id_of(reason, "clinic.appointment.reason", self.env._("reason"))
        found = reasons.search([("id", "=", reason_id), ("kind", "=", kind)])
        if not found:
            raise UserError(self.env._("Choose a reason of the list."))
        return found

    # ------------------------------------------------------------------ steps

    @contextmanager
    def _all_or_nothing(self, plan, channel):
        """A savepoint around one booking; a lost place becomes a sentence that says what was lost."""
        try:
            with self.env.cr.savepoint():
                yield
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
            if (
                plan.service == appointment.service_id
                and plan.terms.resource_id == appointment.resource_id.id
            ):
                vals.pop("price")
                vals.pop("price_before")
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
        price = {"price": plan.terms.price, "price_before": plan.terms.price_before or 0.0}
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
        # the rights were checked; the age and past times of a visit that stood already are not asked again
        plan = self._plan(slot, appointment.patient_id, "import", appointment.visit_type)
        claims = self.env["clinic.slot.claim"].sudo()
        keep = self._setting("clinic_schedule.claim_keep_days")
        if min(key.start for key in plan.fixed) < fields.Datetime.now() - timedelta(days=keep):
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
        return {
            **self._place_vals(plan, chosen), "price": before["price"], "price_before": before["price_before"]
        }  # fmt: skip

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
        return self.env._("Outside the usual steps") if plan.off_grid else None

    # ------------------------------------------------------------------ telling others

    @api.model
    def _bus_changed(self, branch, resource_ids, dates, action, appointment_id=False, channel=False):
        """Tell open boards at commit what changed; ids and dates only."""
        group = self.env.ref("clinic_base.group_clinic_user", raise_if_not_found=False)
        if group and branch:
            group.sudo()._bus_send(
                "clinic_schedule/changed",
                {
                    "branch_id": branch.id,
                    "resource_ids": list(resource_ids),
                    "dates": sorted(day.isoformat() for day in dates if day),
                    "appointment_id": appointment_id,
                    "action": action,
                    "channel": channel,
                },
            )

    def _log(self, kind, appointment, channel):
        """A line of the event log about a visit, without the person."""
        self.env["clinic.booking.event"].sudo().create(
            {
                "at": fields.Datetime.now(),
                "kind": kind,
                "channel": channel,
                "branch_id": appointment.branch_id.id,
                "service_id": appointment.service_id.id,
                "resource_id": appointment.resource_id.id,
            }
        )

    def _log_refused(self, plan, channel):
        """Log a refusal after the transaction has ended, whichever way; it must not be lost with it."""
        cr, registry = self.env.cr, self.env.registry
        values = [fields.Datetime.now(), channel, plan.branch_id, plan.service.id, plan.terms.resource_id]

        def write():
            with registry.cursor() as own:
                own.execute("SET LOCAL synchronous_commit TO off")
                # SELECT: nothing is written about records that exist only in a rolled back transaction
                own.execute(
                    """
                    INSERT INTO clinic_booking_event (at, kind, channel, branch_id, service_id, resource_id)
                    SELECT %s, 'refused', %s, b.id, p.id, r.id
                      FROM clinic_branch b, product_product p, resource_resource r
                     WHERE b.id = %s AND p.id = %s AND r.id = %s
                    """,
                    values,
                )

        cr.postcommit.add(write)
        cr.postrollback.add(write)

    @api.model
    def log_event(self, kind, channel="site", branch=None, service=None, resource=None, duration_ms=None,
                  session_hash=None):  # fmt: skip
        """Note a step that only the visitor's browser knows: opened, shown or chosen.

        Rights: any channel of the user. Keeps no person: ``session_hash`` is at most 64
        hexadecimal digits of a one-way hash.
        """
        channel = self._check_channel(channel)
        if kind not in VISITOR_EVENTS:
            raise UserError(self.env._("This kind of event is written by the booking service itself."))
        if session_hash and not (
            isinstance(session_hash, str) and re.fullmatch(r"[0-9a-f]{1,64}", session_hash)
        ):
            raise UserError(self.env._("The mark of the session must be a hexadecimal hash."))
        ids = {
            "branch_id": ("clinic.branch", branch),
            "service_id": ("product.product", service),
            "resource_id": ("resource.resource", resource),
        }
        vals = {
            name: self.env[model].sudo().browse(self._id_of(value, model, name)).exists().id
            for name, (model, value) in ids.items()
            if value
        }
        duration = duration_ms if isinstance(duration_ms, int) and 0 <= duration_ms < 2**31 else 0
        self.env["clinic.booking.event"].sudo().create(
            {"at": fields.Datetime.now(), "kind": kind, "channel": channel, "duration_ms": duration,
             "session_hash": session_hash or False, **vals}
        )  # fmt: skip
        return True
