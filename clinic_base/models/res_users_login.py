# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import AccessDenied
from odoo.http import request


class ResUsers(models.Model):
    """Signing in and failing to are events of the access journal."""

    _inherit = "res.users"

    def _login(self, credential, user_agent_env):
        before = self._count_login_failures()
        try:
            info = super()._login(credential, user_agent_env)
        except AccessDenied:
            # what is refused during the pause after many failures is no attempt and floods nothing
            if not request or self._count_login_failures() != before:
                self._journal_failed_login(credential.get("login"))
            raise
        user = self.browse(info["uid"])
        self.env["clinic.access.event"].with_user(user)._record("login", model=user)
        self.env["clinic.pin"]._forgive(user)
        return info

    def _count_login_failures(self):
        failures = getattr(self.env.registry, "_login_failures", None)
        if not request or not failures:
            return 0
        return failures[request.httprequest.remote_addr][0]

    def _journal_failed_login(self, login):
        """Note the account that was tried; of an unknown name nothing is kept, it may be a password."""
        user = self.sudo().search(self._get_login_domain(login or ""), limit=1)
        self.env["clinic.access.event"]._record_failure("login_failed", user)
