# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.http import request


class EmergencyList(http.Controller):
    """The file of a list for an outage, for those who may see the list."""

    @http.route(
        "/clinic/emergency-list/<int:list_id>", type="http", auth="user", methods=["GET"], readonly=False
    )
    def open(self, list_id):
        entry = request.env["clinic.emergency.list"].browse(list_id).exists()
        if not entry or not entry.has_access("read"):
            raise request.not_found()
        return entry._open().get_response(as_attachment=False)
