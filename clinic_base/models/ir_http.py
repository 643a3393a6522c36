# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _authenticate(cls, endpoint):
        """An idle session is locked before its request is looked at; who signs in is remembered."""
        session = request.session
        if session.uid and request.env["clinic.desk"].sudo()._guard_request():
            # as Odoo does with an expired session: nobody asks
            request.env = api.Environment(request.env.cr, None, session.context)
        result = super()._authenticate(endpoint)
        if session.uid:
            # routes without a user (the web client's page) show that somebody is there, too
            desk = request.env["clinic.desk"].sudo()
            desk._note_entry(session)
            if request.httprequest.headers.get("Sec-Fetch-Dest") == "document":
                desk._note_life(session)
        return result

    def session_info(self):
        """The administrator of an empty clinic is met by the setup wizard; the client knows its idle time
        and whether DaData may be asked."""
        info = super().session_info()
        user = self.env.user
        info["clinic_dadata"] = self.env["clinic.dadata"]._is_on()
        if not info.get("home_action_id") and self.env["clinic.setup.wizard"]._is_wanted():
            info["home_action_id"] = self.env.ref("clinic_base.action_clinic_setup").id
        if user._is_internal() and user.has_group("clinic_base.group_clinic_user"):
            info["clinic_desk"] = {
                "idle_minutes": user.company_id.clinic_idle_minutes,
                "has_pin": self.env["clinic.pin"]._has(user),
            }
        return info
