# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..exceptions import SlotTaken
from ..slot_algebra import utc_to_wall
from .clinic_board import KINDS


class ClinicBoardMove(models.AbstractModel):
    """Moving a visit on the board: where it could go, whether it may, and what is free instead."""

    _inherit = "clinic.board"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    @api.readonly
    def move_targets(self, appointment_id):
        """Columns that can receive a visit at all, asked when somebody lifts it.

        :return: dict kind of column -> resource ids. Only ``check_move`` knows about times.
        """
        self._check_desk()
        appointment = self._appointment(appointment_id)
        appointment.check_access("read")
        service = appointment.service_id
        terms = self.env["clinic.booking"]._terms(
            service, self._default_channel(), appointment.patient_id, visit_type=appointment.visit_type
        )
        targets = {kind: [] for kind in KINDS}
        targets["room"] = self._move_rooms(appointment).resource_id.ids
        if service.clinic_device_type_id:
            devices = self.env["clinic.device"].search(
                [("device_type_id", "=", service.clinic_device_type_id.id)]
            )
            targets["device"] = devices.resource_id.ids
        targets[service.clinic_leading_kind] = sorted(term.resource_id for term in terms)
        return targets

    @api.model
    def _move_rooms(self, appointment):
        """Rooms the visit could be held in: of the service's type, else those of the leader's shifts."""
        room_type = appointment.service_id.clinic_room_type_id
        if room_type:
            return self.env["clinic.room"].search([("room_type_id", "=", room_type.id)])
        domain = Domain("resource_id", "=", appointment.resource_id.id)
        return self.env["clinic.shift"].search(domain & Domain("stop", ">", fields.Datetime.now())).room_id

    @api.model
    def check_move(self, appointment_id, slot):
        """Say at once why a visit cannot go to a place; changes nothing and keeps nothing.

        Raises what ``move`` would raise, ``SlotTaken`` included. ``move`` decides again.

        :return: dict ``note``: what the patient should hear before – another price – or an empty text
        """
        booking = self.env["clinic.booking"]
        channel = booking._check_channel(self._default_channel())
        appointment = booking._appointment_of(appointment_id)
        booking._check_open(appointment, channel)
        wish = {"service_id": appointment.service_id.id, **slot}
        plan = booking._plan(wish, appointment.patient_id, channel, appointment.visit_type)
        # sudo: claims are nobody's to read; only whether the place is free comes back
        claims = self.env["clinic.slot.claim"].sudo()
        with booking._all_or_nothing(plan, channel):
            options = claims._visible(appointment, plan.fixed, plan.choices(), release=True)
            self._check_unit(plan, slot, options)
        return {"note": self._move_note(plan, wish, appointment, channel)}

    @api.model
    def _move_note(self, plan, slot, appointment, channel):
        """The price after the move when it is another one and the patient is the cause of the move."""
        booking = self.env["clinic.booking"]
        booking._set_move_price(plan, {**slot, "price": None}, appointment, channel)
        if abs(plan.terms.price - appointment.price) < 0.005:
            return ""
        note = self.env._(
            "The price will be %(price)s instead of %(before)s.",
            price=booking._money(plan, plan.terms.price),
            before=booking._money(plan, appointment.price),
        )
        if not appointment.spare_rule_id:
            return note
        return " ".join((note, self.env._("If the reason is the clinic's, the patient keeps his reduction.")))

    @api.model
    def _check_unit(self, plan, slot, options):
        """The room or device of the column itself, not another one of its type."""
        wanted = {"room": slot.get("room_id"), "device": (slot.get("device_ids") or [False])[0]}
        fits = {"room": {plan.room_id}, "device": set()}
        # the place of a group session or a quota, if any, comes last and is no unit
        for need, units, free in zip(plan.needs, plan.units, options[: len(plan.needs)], strict=True):
            fits[need.kind] = {unit_id for unit_id, _key in units}
            taken = {unit_id for unit_id, key in units if key not in free}
            if wanted[need.kind] in taken:
                raise SlotTaken(self.env._("This room or device has just been taken."))
        for kind, unit_id in wanted.items():
            if unit_id and unit_id not in fits[kind]:
                raise UserError(
                    self.env._(
                        "The visit cannot be held in this room or on this device: the service needs another"
                        " one, or the doctor works elsewhere then. Choose another column."
                    )
                )

    @api.model
    def move(self, appointment_id, slot, reason_id):
        """Move a visit to another place with a reason from the dictionary."""
        appointment = self._appointment(appointment_id)
        before = self._touched(appointment)
        self.env["clinic.booking"].reschedule(appointment, slot, reason=reason_id)
        return self._touched(appointment, before["resource_ids"], before["dates"])

    @api.model
    def alternatives(self, slot):
        """Up to three free places near a lost one, in a transaction of its own.

        :return: list of dicts ``label`` (for a button), ``date`` and ``minutes`` (of the branch), ``slot``
        """
        self._check_desk()
        found = self.env["clinic.booking"].find_alternatives(slot, limit=3, channel=self._default_channel())
        branches = self.env["clinic.branch"].browse([other["branch_id"] for other in found])
        zones = {branch.id: branch.tz for branch in branches}
        names = {
            r.id: r.name for r in self.env["resource.resource"].browse([o["resource_id"] for o in found])
        }
        result = []
        for other in found:
            start = fields.Datetime.to_datetime(other["start"])
            local = utc_to_wall(start, zones[other["branch_id"]])
            kept = ("service_id", "resource_id", "branch_id", "room_id", "device_ids")
            result.append(
                {
                    "label": f"{format_date(self.env, local.date(), date_format='d MMM')} {local:%H:%M},"
                    f" {names[other['resource_id']]}",
                    "date": local.date().isoformat(),
                    "minutes": local.hour * 60 + local.minute,
                    "slot": {
                        **{name: other[name] for name in kept if other.get(name)},
                        "start": fields.Datetime.to_string(start),
                    },
                }
            )
        return result
