# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ClinicTimeTicket(models.Model):
    """Tickets are used on the site, too."""

    _inherit = "clinic.time.ticket"

    def _url(self):
        self.ensure_one()
        return f"{self.sudo().get_base_url()}/clinic/ticket/{self._token()}"

    def action_copy_link(self):
        """Button: show the link once, to send it; from now on the promise of the ticket stands."""
        self.ensure_one()
        self.check_access("read")
        self.sudo().is_issued = True  # sudo: those who may read a ticket hand it out
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Link of the ticket %(number)s", number=self.number),
            "res_model": "clinic.ticket.link",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_url": self._url()},
        }
