# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..slot_algebra import local_date

#: 192 bits: nobody guesses it.
TOKEN_BYTES = 24
TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")

#: How many numbers stand on a screen.
CALLED, WAITING = 12, 24

#: A number that was called longer ago and did not come in leaves the screen.
FRESH = timedelta(hours=1)


class ClinicQueueScreen(models.Model):
    """A screen on the wall of a branch or a hall: numbers and rooms for everybody, names for nobody.

    The address holds a secret of 192 bits and works without a login. A new address makes the old one
    useless; so do archiving and the last day.
    """

    _name = "clinic.queue.screen"
    _description = "Screen of the live queue"
    _order = "branch_id, name, id"

    name = fields.Char(required=True, help="For yourself: in which hall it hangs.")
    branch_id = fields.Many2one("clinic.branch", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="branch_id.company_id", store=True, index=True)
    room_ids = fields.Many2many(
        "clinic.room",
        string="Rooms of the hall",
        domain="[('branch_id', '=', branch_id)]",
        help="Empty: all rooms of the branch.",
    )
    last_day = fields.Date(string="Works until", help="Inclusive; empty: without an end.")
    active = fields.Boolean(default=True)
    token = fields.Char(
        readonly=True, copy=False, required=True, default=lambda self: secrets.token_urlsafe(TOKEN_BYTES)
    )
    url = fields.Char(string="Address of the screen", compute="_compute_url")

    _token_uniq = models.UniqueIndex("(token)", "Press “New address” once more.")

    @api.depends("token")
    def _compute_url(self):
        for screen in self:
            screen.url = f"{screen.get_base_url()}/clinic/screen/{screen.token}" if screen.token else False

    @api.model_create_multi
    def create(self, vals_list):
        """Create screens; the address is always made by the server."""
        return super().create([{key: vals[key] for key in vals if key != "token"} for vals in vals_list])

    def write(self, vals):
        """Change screens; the address is changed by its button only."""
        return super().write({key: vals[key] for key in vals if key != "token"})

    def action_new_token(self):
        """Button: a new address; the old one stops at once. Rights: those to change the screen."""
        self.check_access("write")
        for screen in self:
            screen._put_token(secrets.token_urlsafe(TOKEN_BYTES))
        return True

    def _put_token(self, token):
        return super().write({"token": token})  # pylint: disable=super-method-mismatch

    def action_open(self):
        """Button: open the screen in a new tab of the browser."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/clinic/screen/{self.token}", "target": "new"}

    # ------------------------------------------------------------------ the public side

    @api.model
    def _by_token(self, token):
        """The screen of an address, or none: wrong, revoked and expired ones cannot be told apart.

        Sudo: whoever knows the secret sees the numbers; nothing else leaves this model.
        """
        screens = self.sudo()
        if not isinstance(token, str) or not TOKEN.fullmatch(token):
            return screens
        screen = screens.search([("token", "=", token), ("branch_id.active", "=", True)], limit=1)
        if screen.last_day and local_date(fields.Datetime.now(), screen.branch_id.tz) > screen.last_day:
            return screens
        return screen

    def _numbers(self):
        """What hangs on the wall: ``called`` (number, room, when), ``waiting`` (numbers), ``delays``.

        No names, no services, no doctors: two statements for visits, two for delays.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        day = local_date(now, self.branch_id.tz)
        domain = Domain("branch_id", "=", self.branch_id.id) & Domain("local_date", "=", day)
        domain &= Domain("state", "=", "arrived") & Domain("queue_no", ">", 0)
        if self.room_ids:
            domain &= Domain("room_id", "in", [False, *self.room_ids.ids])
        visits = self.env["clinic.appointment"].search_fetch(
            domain,
            ["queue_no", "walk_in", "called_at", "room_id", "practitioner_id", "resource_id", "start"],
            order="start, id",
        )
        called = visits.filtered(lambda visit: visit.called_at and visit.called_at > now - FRESH)
        called = called.sorted("called_at", reverse=True)[:CALLED]
        waiting = visits.filtered(lambda visit: not visit.called_at)[:WAITING]
        return {
            "called": [
                {
                    "number": visit.queue_label,
                    "room": self._place(visit),
                    "mark": f"{visit.queue_no}-{int(visit.called_at.timestamp())}",
                }
                for visit in called
            ],
            "waiting": [visit.queue_label for visit in waiting],
            "delays": self._delays(now, day),
        }

    def _place(self, visit):
        """Where to go: the room, else the device that gives the service; never a person's name."""
        room = visit.room_id or visit.practitioner_id.room_id
        lead = visit.resource_id
        return room.name or (lead.name if lead.clinic_kind in ("room", "device") else "") or ""

    def _delays(self, now, day):
        """Rooms whose doctor is late: ``room``, ``minutes``."""
        domain = Domain("branch_id", "=", self.branch_id.id) & Domain("local_date", "=", day)
        domain &= Domain("stop", ">", now) & Domain("room_id", "!=", False)
        if self.room_ids:
            domain &= Domain("room_id", "in", self.room_ids.ids)
        shifts = self.env["clinic.shift"].search_fetch(domain, ["resource_id", "room_id"], order="start, id")
        late = self.env["clinic.delay"]._of(shifts.resource_id.ids, [day])
        rooms = {}
        for shift in shifts:
            minutes = late.get((shift.resource_id.id, day.isoformat()), 0)
            if minutes:
                rooms[shift.room_id.name] = max(minutes, rooms.get(shift.room_id.name, 0))
        return [{"room": room, "minutes": minutes} for room, minutes in sorted(rooms.items())]
