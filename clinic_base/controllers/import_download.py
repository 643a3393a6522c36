# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportDownload(http.Controller):
    """Workbooks of a load. They are made when asked for and never stored: they hold personal data."""

    @http.route(
        "/clinic/import/<int:load_id>/<string:what>.xlsx",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=False,
    )
    def workbook(self, load_id, what):
        """The workbook ``rejects`` or ``protocol``. For clinic administrators; the export is journalled."""
        load = request.env["clinic.import"].browse(load_id)
        if what not in ("rejects", "protocol") or not load.has_access("write") or not load.exists():
            return request.not_found()
        try:
            content = load._workbook(what)
        except AccessError:
            return request.not_found()
        except UserError as error:
            return request.make_response(
                str(error), [("Content-Type", "text/plain; charset=utf-8")], status=409
            )
        return request.make_response(
            content,
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"import-{load.id}-{what}.xlsx")),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
