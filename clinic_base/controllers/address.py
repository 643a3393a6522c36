# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.exceptions import AccessError
from odoo.http import request

MAX_TEXT = 300


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
        env.cr.commit()  # nothing was written; no transaction waits for the network
        return dadata._ask(connection, text[:MAX_TEXT], min(int(limit), 20))
