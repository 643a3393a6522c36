# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ResCompany(models.Model):
    """A legal entity of the clinic; the call centre's phone and hours are kept here."""

    _inherit = "res.company"

    clinic_city_code = fields.Char(
        string="City phone code",
        help="Put before city numbers that are typed without a code, for example 3952.",
    )
    clinic_match_auto = fields.Boolean(
        string="Join obvious doubles at night",
        help="The matcher joins groups of its auto zone; each join is listed and can be undone.",
    )
    clinic_home_city = fields.Char(
        string="Own city",
        help="The town that an address of a patient means when it names none. Empty: that of the company.",
    )
    clinic_call_phone = fields.Char(string="Call centre phone")
    clinic_call_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Call centre hours",
        check_company=True,
        help="When calls are answered; outside these hours patients are asked to book on the site.",
    )

    clinic_call_hours = fields.Char(
        string="Call centre hours in words",
        compute="_compute_clinic_call_hours",
        inverse="_inverse_clinic_call_hours",
        help="For example: Mon-Fri 8:00-20:00, Sat 9:00-15:00. Empty: the hours are not stated.",
    )

    clinic_resign_user_id = fields.Many2one(
        "res.users",
        string="Has consents signed again",
        domain="[('share', '=', False)]",
        help="Gets a task for each patient on the list “To be signed again”. Empty: no tasks, the list only.",
    )
    clinic_idle_minutes = fields.Integer(
        string="Lock after idle minutes",
        default=15,
        help="A workplace at which nobody moves is locked after so many minutes; 0: never.",
    )

    @api.depends("clinic_call_calendar_id.clinic_hours_text")
    @api.depends_context("lang")
    def _compute_clinic_call_hours(self):
        for company in self:
            company.clinic_call_hours = company.clinic_call_calendar_id.clinic_hours_text

    def _inverse_clinic_call_hours(self):
        """Write the hours into the call centre's own calendar; one that branches use is left alone."""
        for company in self:
            calendar = company.clinic_call_calendar_id
            text = (company.clinic_call_hours or "").strip()
            if text == (calendar.clinic_hours_text or ""):
                continue
            if not text:
                company.clinic_call_calendar_id = False
                continue
            shared = calendar.clinic_branch_ids or calendar == company.resource_calendar_id
            branches = self.env["clinic.branch"].search([("company_id", "=", company.id)], limit=1)
            company.clinic_call_calendar_id = calendar._clinic_with_hours(
                text,
                bool(calendar and not shared),
                name=self.env._("Call centre"),
                company_id=company.id,
                tz=calendar.tz or branches.tz or self.env.user.tz or "Europe/Moscow",
            )
        # what was typed is replaced by how it was understood
        self.invalidate_recordset(["clinic_call_hours"], flush=False)

    def _clinic_call_centre_opening_at(self, at=None):
        """Is the call centre working at the instant ``at`` (naive UTC, default: now), and until when?

        See ``resource.calendar._clinic_opening_at``. Readable by every channel, because the
        hours are public.
        """
        self.ensure_one()
        # the hours are printed on the site: nothing is disclosed that visitors may not see
        return self.sudo().clinic_call_calendar_id._clinic_opening_at(at)
