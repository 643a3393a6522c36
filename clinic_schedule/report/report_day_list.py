# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..const import OCCUPYING

#: Visits on one sheet. Tables are cut here and not by wkhtmltopdf, whose unpatched build neither
#: repeats the head of a table nor keeps a row in one piece.
ROWS = 22


class ReportDayList(models.AbstractModel):
    """Lists of the day on paper: own sheets for each resource, branch and day.

    Printed for shifts (``docids``) or for what a board shows (``data``: ``dates``,
    ``branch_ids``, ``resource_ids`` or ``every_resource``). Under the user's record rules; no medical data.
    """

    _name = "report.clinic_schedule.report_day_list"
    _description = "Lists of the day"

    @api.model
    def _get_report_values(self, docids, data=None):
        shifts = self._shifts(docids, data or {})
        visits = self.env["clinic.appointment"].search(self._visit_domain(shifts), order="start, id")
        pages = {}
        for shift in shifts:
            page = pages.setdefault(
                (shift.local_date, shift.branch_id, shift.resource_id),
                {"shifts": shifts.browse(), "visits": visits.browse()},
            )
            page["shifts"] |= shift
        for visit in visits:
            used = visit.resource_id | visit.practitioner_id.resource_id
            date = self._date_of(visit, shifts)
            for resource in used | visit.room_id.resource_id | visit.device_ids.resource_id:
                page = pages.get((date, visit.branch_id, resource))
                if page:
                    page["visits"] |= visit
        self._note_print(visits.browse().union(*(page["visits"] for page in pages.values())))
        user = self.env.user
        return {
            "doc_ids": shifts.ids,
            "doc_model": "clinic.shift",
            "docs": shifts,
            "pages": [
                {
                    "date": date,
                    "branch": branch,
                    "resource": resource,
                    "sheets": [
                        page["visits"][n : n + ROWS] for n in range(0, len(page["visits"]) or 1, ROWS)
                    ],
                    **page,
                }
                for (date, branch, resource), page in sorted(
                    pages.items(), key=lambda item: (item[0][0], item[0][1].id, item[0][2].name)
                )
            ],
            "with_phones": user.has_group("clinic_base.group_clinic_patient_contact"),
            "printed_at": fields.Datetime.now(),
        }

    @api.model
    def _note_print(self, visits):
        """The report is of shifts: who stands on it is not seen from outside, so it is noted here."""
        if visits.patient_id and not self.env.user._is_superuser():
            self.env["clinic.access.event"]._record_now(
                "print", visits.patient_id, model=visits, detail="clinic_schedule.report_day_list"
            )

    @api.model
    def _shifts(self, docids, data):
        if docids:
            return self.env["clinic.shift"].browse(docids).sorted("start")
        domain = Domain("local_date", "in", data.get("dates") or [])
        domain &= Domain("branch_id", "in", data.get("branch_ids") or [])
        if data.get("every_resource"):
            return self.env["clinic.shift"].search(domain, order="start, id")
        resources = data.get("resource_ids") or []
        domain &= Domain("resource_id", "in", resources) | Domain("room_id.resource_id", "in", resources)
        return self.env["clinic.shift"].search(domain, order="start, id")

    @api.model
    def _date_of(self, visit, shifts):
        """The day on whose page the visit stands: a night shift takes its visits after midnight along."""
        own = shifts.filtered(
            lambda shift: (
                shift.resource_id == visit.resource_id
                and shift.branch_id == visit.branch_id
                and shift.start <= visit.start < shift.stop
            )
        )
        return own[:1].local_date or visit.local_date

    @api.model
    def _visit_domain(self, shifts):
        dates = shifts.mapped("local_date")
        domain = Domain("local_date", "in", {*dates, *(date + timedelta(days=1) for date in dates)})
        domain &= Domain("branch_id", "in", shifts.branch_id.ids)
        return domain & Domain("state", "in", [state for state in OCCUPYING if state != "held"])
