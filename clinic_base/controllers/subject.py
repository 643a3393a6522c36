# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from odoo.http import Controller, request, route


class Subject(Controller):
    """The access report of a person for programs."""

    @route("/clinic/subject/<int:request_id>/data.json", type="http", auth="user", methods=["GET"])
    def data(self, request_id):
        """All data of the person as JSON. Rights: the officer, after the identity was checked; journalled."""
        record = request.env["clinic.subject.request"].browse(request_id).exists()
        if not record:
            return request.not_found()
        body = {
            "request": record.number,
            "operator": record.company_id.name,
            "sections": record._sections(),
        }
        headers = [
            ("Content-Type", "application/json; charset=utf-8"),
            ("Content-Disposition", f'attachment; filename="subject-{record.id}.json"'),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(json.dumps(body, ensure_ascii=False, indent=1), headers)
