# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.base.models.res_partner import _tz_get


class ClinicBranch(models.Model):
    """One place of activity of the clinic: an address, a licence, one time zone.

    Created by clinic administrators. A branch belongs to one company, so that several
    legal entities may work under one roof.
    """

    _name = "clinic.branch"
    _description = "Clinic branch"
    _inherit = ["mail.thread", "clinic.site.visible.mixin"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(help="Short code used in card numbers and on printed forms.", copy=False)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    tz = fields.Selection(
        _tz_get,
        string="Time zone",
        required=True,
        default=lambda self: self.env.user.tz or "Europe/Moscow",
        help="The one zone in which this branch lives. Times of visits are shown in it.",
    )
    city = fields.Char(translate=True)
    address = fields.Char(translate=True, help="Street and house as patients should read it.")
    directions = fields.Text(translate=True, help="How to find the entrance; read aloud and printed.")
    phone = fields.Char()
    email = fields.Char()
    licence_number = fields.Char(string="Licence", tracking=True)
    licence_date = fields.Date(tracking=True)
    licence_authority = fields.Char(string="Licence issued by", translate=True)
    frmo_oid = fields.Char(
        string="FRMO OID", help="Identifier of the branch in the federal registry of medical organisations."
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working hours",
        check_company=True,
        help="Hours of the reception, with holidays as days off of the calendar.",
        copy=False,
        index="btree_not_null",
    )
    hours_text = fields.Char(
        string="Hours in words",
        compute="_compute_hours_text",
        inverse="_inverse_hours_text",
        help="For example: Mon-Fri 8:00-20:00, Sat 9:00-15:00. Empty: the hours are not stated.",
    )
    holiday_ids = fields.One2many(related="calendar_id.global_leave_ids", readonly=False, string="Days off")
    department_ids = fields.One2many("clinic.department", "branch_id", string="Departments")
    room_ids = fields.One2many("clinic.room", "branch_id", string="Rooms")
    device_ids = fields.One2many("clinic.device", "branch_id", string="Devices")
    practitioner_ids = fields.Many2many("clinic.practitioner", string="Practitioners")

    _code_uniq = models.UniqueIndex(
        "(company_id, code) WHERE code IS NOT NULL", "A branch with this code already exists."
    )

    @api.depends("name")
    def _compute_display_name(self):
        for branch in self:
            branch.display_name = branch.name

    @api.depends("calendar_id.clinic_hours_text")
    @api.depends_context("lang")
    def _compute_hours_text(self):
        for branch in self:
            branch.hours_text = branch.calendar_id.clinic_hours_text

    def _inverse_hours_text(self):
        """Write the hours into the branch's own calendar; a shared one is left alone."""
        for branch in self:
            text = (branch.hours_text or "").strip()
            if text == (branch.calendar_id.clinic_hours_text or ""):
                continue
            if not text:
                branch.calendar_id = False
                continue
            branch.calendar_id = branch.calendar_id._clinic_with_hours(
                text,
                branch._has_own_calendar(),
                name=branch.name,
                company_id=branch.company_id.id,
                tz=branch.tz,
            )
        # what was typed is replaced by how it was understood
        self.invalidate_recordset(["hours_text"], flush=False)

    def _has_own_calendar(self):
        """True when the calendar serves this branch alone."""
        calendar = self.calendar_id
        if not calendar or calendar.clinic_branch_ids != self:
            return False
        # sudo: only asks whether any company uses this calendar
        companies = self.env["res.company"].sudo()
        used = Domain("resource_calendar_id", "=", calendar.id) | Domain(
            "clinic_call_calendar_id", "=", calendar.id
        )
        return not companies.search_count(used, limit=1)

    def _sequence_code(self, code):
        """The branch's own sequence ``<code>.<code of the branch>`` where there is one, else ``code``."""
        own = f"{code}.{self.code}"
        # sudo: only asks whether the numbering exists
        known = self.code and self.env["ir.sequence"].sudo().search_count([("code", "=", own)], limit=1)
        return own if known else code

    @api.constrains("tz")
    def _check_tz(self):
        for branch in self:
            if branch.tz not in pytz.all_timezones_set:
                raise ValidationError(
                    self.env._("“%(zone)s” is not a time zone. Choose one from the list.", zone=branch.tz)
                )

    @api.constrains("tz", "calendar_id")
    def _check_calendar_tz(self):
        for branch in self:
            if branch.calendar_id and branch.calendar_id.tz != branch.tz:
                raise ValidationError(
                    self.env._(
                        "The branch “%(branch)s” lives in the zone %(zone)s, but its working hours are in "
                        "%(other)s. Choose working hours of the same time zone.",
                        branch=branch.name,
                        zone=branch.tz,
                        other=branch.calendar_id.tz,
                    )
                )

    def write(self, vals):
        """Keep the parts of a branch consistent: zone and company of its rooms and devices, archiving."""
        if "tz" in vals:
            for branch in self.filtered(lambda branch: branch._has_own_calendar()):
                # the calendar's own check would refuse the change before the branch has it
                branch.calendar_id.with_context(clinic_branch_moves_zone=True).tz = vals["tz"]
        result = super().write(vals)
        resources = self.with_context(active_test=False)
        resources = resources.room_ids.resource_id | resources.device_ids.resource_id
        for name in ("tz", "company_id"):
            if name in vals and resources:
                resources.write({name: vals[name]})
        if "company_id" in vals:
            self.with_context(active_test=False).practitioner_ids._check_branch_company()
        if "active" in vals:
            self._archive_parts(vals["active"])
        return result

    def _archive_parts(self, active):
        """Archive departments, rooms and devices with the branch; bring back the same ones."""
        for parts in ("department_ids", "room_ids", "device_ids"):
            records = self.with_context(active_test=False)[parts]
            if active:
                records = records.filtered("archived_with_branch")
            else:
                records = records.filtered("active")
            records.write({"active": active, "archived_with_branch": not active})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_parts(self):
        for branch in self.with_context(active_test=False):
            if branch.room_ids or branch.device_ids or branch.department_ids:
                raise UserError(
                    self.env._(
                        "The branch “%(branch)s” still has departments, rooms or devices. "
                        "Archive the branch, or delete them first.",
                        branch=branch.name,
                    )
                )

    def _opening_at(self, at=None):
        """Is the reception open at the instant ``at`` (naive UTC, default: now), and until when?

        See ``resource.calendar._clinic_opening_at``; ``is_open`` is None when no hours are stated.
        """
        self.ensure_one()
        return self.calendar_id._clinic_opening_at(at)

    def action_add_holidays(self):
        """Button: add the days off of the production calendar, of this and the next year."""
        for branch in self:
            if not branch.calendar_id:
                raise UserError(self.env._("State the working hours first: days off are kept in them."))
            year = fields.Date.context_today(branch).year
            branch.calendar_id._clinic_add_holidays(year)
            branch.calendar_id._clinic_add_holidays(year + 1)
        return True
