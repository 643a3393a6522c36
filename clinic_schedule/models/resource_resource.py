# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..bookers import wait_for_bookers
from ..const import LIVE


class ResourceResource(models.Model):
    """Who or what still has visits to come, and a room in which somebody is to work, stays visible."""

    _inherit = "resource.resource"

    def write(self, vals):
        """Refuse to archive doctors, rooms and devices that have visits or, rooms, shifts to come."""
        if "active" in vals and not vals["active"]:
            leaving = self.filtered(lambda resource: resource.active and resource.clinic_kind)
            leaving._refuse_with_visits()
            leaving._refuse_with_shifts()
        return super().write(vals)

    def _refuse_with_shifts(self):
        """Raise if doctors are to work in these rooms: new visits would stand in an archived room.

        Sudo: whoever archives, shifts count. Shifts of a branch that is archived whole take nobody.
        """
        count = (
            self.env["clinic.shift"]
            .sudo()
            .search_count(
                [
                    ("room_id.resource_id", "in", self.ids),
                    ("stop", ">", fields.Datetime.now()),
                    ("branch_id.active", "=", True),
                ]
            )
        )
        if count:
            raise UserError(
                self.env._(
                    "%(count)s shifts to come take place in this room. Give them another room first, then"
                    " archive the room.",
                    count=count,
                )
            )

    def _refuse_with_visits(self):
        """Raise if visits to come occupy these resources. Sudo: whoever archives, visits count."""
        if not self:
            return
        self._wait_for_bookers()
        visits = (
            self.env["clinic.slot.claim"]
            .sudo()
            .search(
                [
                    ("kind", "=", "resource"),
                    ("ref", "in", self.ids),
                    ("stop", ">", fields.Datetime.now()),
                    ("appointment_id.state", "in", LIVE),
                ]
            )
            .appointment_id
        )
        if visits:
            raise UserError(
                self.env._(
                    "%(count)s visits to come would vanish from the schedule. Move or cancel them first, then"
                    " archive the doctor, room or device.",
                    count=len(visits),
                )
            )

    def _wait_for_bookers(self):
        """Let those who are booking these resources finish; start again if they have booked."""
        self.env["clinic.slot.claim"].flush_model()
        wait_for_bookers(
            self.env,
            "resource_resource",
            self.ids,
            SQL(
                """
                SELECT a.id FROM clinic_appointment a JOIN clinic_slot_claim c ON c.appointment_id = a.id
                 WHERE c.kind = 'resource' AND c.ref = ANY(%s) AND c.stop > %s AND a.state = ANY(%s)
                """,
                self.ids,
                fields.Datetime.now(),
                list(LIVE),
            ),
        )
