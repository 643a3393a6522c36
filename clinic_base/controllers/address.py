# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.exceptions import AccessError
from odoo.http import request

MAX_TEXT, MOST = 300, 20


class ClinicAddressController(http.Controller):
    """Addresses from outside the clinic, on a person's request and when the clinic has allowed it."""

    @http.route("/clinic/address/online", type="jsonrpc", auth="user")
    def online(self, text, limit=8):
        """Suggestions of DaData for a typed text. For roles that see contact data; empty when it is off.

        The transaction ends before the network is asked.
        """
        env = request.env
        if not env.user.has_group("clinic_base.group_clinic_patient_contact"):
            raise AccessError(env._("Your role does not see contact data of patients."))
        dadata = env["clinic.dadata"]
        if not dadata._is_on() or not isinstance(text, str):
            return []
        connection = dadata._connection()
        # that something went to a third party is noted before it goes, without the text
        env["clinic.access.event"]._record_now("send", detail="DaData")
        env.cr.commit()  # nothing was written here; no transaction waits for the network
        limit = limit if isinstance(limit, int) else MOST
        return dadata._ask(connection, text[:MAX_TEXT], max(1, min(limit, MOST)))
