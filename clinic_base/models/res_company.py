# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResCompany(models.Model):
    """A legal entity of the clinic; the call centre's phone and hours are kept here."""

    _inherit = "res.company"

    clinic_city_code = fields.Char(
        string="City phone code",
        help="Put before city numbers that are typed without a code, for example 3952.",
    )
    clinic_call_phone = fields.Char(string="Call centre phone")
    clinic_call_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Call centre hours",
        check_company=True,
        help="When calls are answered; outside these hours patients are asked to book on the site.",
    )

    def _clinic_call_centre_opening_at(self, at=None):
        """Is the call centre working at the instant ``at`` (naive UTC, default: now), and until when?

        See ``resource.calendar._clinic_opening_at``. Readable by every channel, because the
        hours are public.
        """
        self.ensure_one()
        # the hours are printed on the site: nothing is disclosed that visitors may not see
        return self.sudo().clinic_call_calendar_id._clinic_opening_at(at)
