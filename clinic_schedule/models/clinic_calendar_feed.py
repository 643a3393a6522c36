# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import re
import secrets
from datetime import timedelta, timezone

from odoo import api, fields, models
from odoo.fields import Domain

from ..ics import build_feed
from ..slot_algebra import local_date

#: 256 bits: nobody guesses it.
TOKEN_BYTES = 32
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
BACK, AHEAD, MOST = timedelta(days=14), timedelta(days=90), 5000
SHOWN = ("booked", "confirmed", "arrived", "in_progress", "done")
#: The time of the last reading is written no more often than this.
NOTED = timedelta(hours=1)


class ClinicCalendarFeed(models.Model):
    """A calendar that a phone or a mail program fetches by a secret address: visits of one doctor, room
    or device, or of a branch. One way only; patients are never named in it, because such calendars are
    kept and shared by other people's programs.

    Only a digest of the secret is stored: the address is shown once. A new address, archiving and the
    last day each make the old address useless at once.
    """

    _name = "clinic.calendar.feed"
    _description = "Calendar by a secret address"
    _order = "branch_id, resource_id, id"

    resource_id = fields.Many2one(
        "resource.resource",
        string="Whose calendar",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('clinic_kind', '!=', False)]",
        help="A doctor, room or device. Empty: all of the branch.",
    )
    branch_id = fields.Many2one(
        "clinic.branch",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: all branches where the doctor works.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    show = fields.Selection(
        [("busy", "Only that the time is taken"), ("service", "The service and the number of the visit")],
        required=True,
        default="busy",
        help="Patients are never named: the calendar lies with other companies, in phones and mail programs.",
    )
    last_day = fields.Date(
        string="Works until",
        required=True,
        default=lambda self: fields.Date.today() + timedelta(days=365),
        help="Inclusive.",
    )
    active = fields.Boolean(default=True)
    token_hash = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    has_address = fields.Boolean(compute="_compute_has_address")
    read_at = fields.Datetime(string="Last fetched", readonly=True, copy=False)

    _token_uniq = models.UniqueIndex("(token_hash) WHERE token_hash IS NOT NULL")
    _somebody = models.Constraint(
        "CHECK (resource_id IS NOT NULL OR branch_id IS NOT NULL)",
        "Choose a doctor, a room, a device or a branch: a calendar shows the visits of one of them.",
    )

    @api.depends("resource_id.name", "branch_id.name")
    def _compute_display_name(self):
        for feed in self:
            feed.display_name = " · ".join(filter(None, (feed.resource_id.name, feed.branch_id.name)))

    def write(self, vals):
        """Change calendars. Whose calendar it is may only be changed to what the user has a right to."""
        done = super().write(vals)
        # record rules are asked before a write; here the new values have to pass them, too
        self.check_access("write")
        return done

    @api.depends("token_hash")
    def _compute_has_address(self):
        for feed in self.sudo():
            feed.has_address = bool(feed.token_hash)

    def action_new_address(self):
        """Button: make a secret address and show it this once; the one before stops at once.

        Rights: those to change the calendar.
        """
        self.ensure_one()
        self.check_access("write")
        token = secrets.token_urlsafe(TOKEN_BYTES)
        # the digest is closed to people; the right to make it was checked above
        self.sudo().token_hash = self._digest(token)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Address of the calendar"),
            "res_model": "clinic.calendar.feed.address",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            # not a record: the address is kept nowhere
            "context": {"default_url": f"{self.get_base_url()}/clinic/calendar/{token}.ics"},
        }

    def action_revoke(self):
        """Button: the address stops at once; the calendar stays and may get a new one."""
        self.check_access("write")
        # as above
        self.sudo().token_hash = False
        return True

    @api.model
    def _digest(self, token):
        return hashlib.sha256(token.encode()).hexdigest()

    # ------------------------------------------------------------------ the public side

    @api.model
    def _by_token(self, token):
        """The calendar of an address, or none: wrong, revoked and expired ones cannot be told apart.

        Sudo: whoever knows the secret sees the taken times; nothing else leaves this model.
        """
        feeds = self.sudo()
        if not isinstance(token, str) or not TOKEN.fullmatch(token):
            return feeds
        feed = feeds.search([("token_hash", "=", self._digest(token))], limit=1)
        zone = feed.branch_id.tz or feed.resource_id.tz or "UTC"
        alive = feed and feed.last_day >= local_date(fields.Datetime.now(), zone)
        return feed if alive else feeds

    def _text(self):
        """The calendar as iCalendar text; one statement for visits, whatever their number."""
        self.ensure_one()
        now = fields.Datetime.now()
        domain = Domain("start", ">=", now - BACK) & Domain("start", "<=", now + AHEAD)
        domain &= Domain("state", "in", SHOWN) & Domain("company_id", "=", self.company_id.id)
        if self.branch_id:
            domain &= Domain("branch_id", "=", self.branch_id.id)
        if self.resource_id:
            claims = self.env["clinic.slot.claim"].sudo()
            own = claims._search([("kind", "=", "resource"), ("ref", "=", self.resource_id.id)])
            domain &= Domain("resource_id", "=", self.resource_id.id) | Domain("claim_ids", "in", own)
        visits = self.env["clinic.appointment"].search(domain, order="start, id", limit=MOST)
        return build_feed(self.display_name, map(self._event, visits))

    def _event(self, visit):
        """One visit as ``build_feed`` wants it."""
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        by_service = self.show == "service"
        summary = visit.service_id.name if by_service else self.env._("Taken")
        if not self.resource_id:
            summary = f"{visit.resource_id.name}: {summary}"
        return {
            "uid": f"visit-{visit.id}@{uuid}",
            "start": visit.start.replace(tzinfo=timezone.utc),
            "stop": visit.stop.replace(tzinfo=timezone.utc),
            "stamp": visit.write_date.replace(tzinfo=timezone.utc),
            "summary": summary,
            "location": ", ".join(filter(None, (visit.branch_id.name, visit.room_id.name))),
            "description": self.env._("Visit No. %(number)s", number=visit.number) if by_service else "",
        }

    def _note_read(self):
        """Remember that a program has fetched the calendar, at most once an hour."""
        now = fields.Datetime.now()
        if not self.read_at or self.read_at < now - NOTED:
            self.read_at = now
