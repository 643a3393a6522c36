# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import io
from collections import defaultdict
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from odoo import api, fields, models
from odoo.tools.misc import format_date

from odoo.addons.clinic_base.table_file import guarded

from ..slot_algebra import intersect, local_day, merge, subtract, wall_to_utc

#: Absences that are no work; meetings, disinfection and repairs are spent at work.
NO_WORK = ("vacation", "sick", "training", "lunch", "other")

#: Letters of the time sheet for a day without hours.
LETTERS = {"vacation": "ОТ", "sick": "Б", "training": "ПК"}

#: Night work by the Labour Code: from 22 to 6 of the clock of the branch, minutes after midnight.
NIGHTS = ((0, 360), (1320, 1440))


class ClinicTimesheet(models.TransientModel):
    """Time sheet of a branch for a month: person × day, hours and nights, as a workbook.

    Made from shifts without absences, for senior nurses. Hours are hours that passed: a night on which
    the clock changes is an hour longer or shorter.
    """

    _name = "clinic.timesheet"
    _description = "Time sheet"

    branch_id = fields.Many2one(
        "clinic.branch",
        required=True,
        ondelete="cascade",
        default=lambda self: (
            self.env.user.clinic_branch_ids[:1] or self.env["clinic.branch"].search([], limit=1)
        ),
    )
    month = fields.Date(
        required=True, default=fields.Date.context_today, help="Any day of the month that is wanted."
    )
    file = fields.Binary(readonly=True, attachment=False)
    file_name = fields.Char(readonly=True)

    def action_export(self):
        """Button: make the workbook and hand it out. Rights: those of changing shifts."""
        self.ensure_one()
        self.env["clinic.shift"].check_access("write")
        self.write(
            {"file": base64.b64encode(self._workbook()), "file_name": f"tabel-{self.month:%Y-%m}.xlsx"}
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/clinic.timesheet/{self.id}/file/{self.file_name}?download=true",
            "target": "download",
        }

    def _days(self):
        first = self.month.replace(day=1)
        last = first + relativedelta(months=1)
        return [first + timedelta(days=number) for number in range((last - first).days)]

    def _rows(self):
        """``[(name, specialties, [hours or letter of each day], nights in hours)]`` by name."""
        self.ensure_one()
        days, tz = self._days(), self.branch_id.tz
        low, high = local_day(days[0], tz)[0], local_day(days[-1], tz)[1]
        work = defaultdict(list)
        for shift in self.env["clinic.shift"].search_fetch(
            [
                ("branch_id", "=", self.branch_id.id),
                ("resource_kind", "=", "practitioner"),
                ("start", "<", high),
                ("stop", ">", low),
            ],
            ["resource_id", "start", "stop"],
        ):
            work[shift.resource_id.id].append((shift.start, shift.stop))
        away = defaultdict(list)
        for absence in self.env["clinic.absence"].search_fetch(
            [
                ("resource_id", "in", list(work)),
                ("kind", "in", NO_WORK),
                ("start", "<", high),
                ("stop", ">", low),
            ],
            ["resource_id", "start", "stop", "kind"],
        ):
            away[absence.resource_id.id].append((absence.start, absence.stop, absence.kind))
        people = (
            self.env["clinic.practitioner"]
            .with_context(active_test=False)
            .search_fetch([("resource_id", "in", list(work))], ["name", "resource_id", "specialty_ids"])
        )
        rows = []
        for person in people.sorted("name"):
            owner = person.resource_id.id
            hours, nights = self._person(days, tz, work[owner], away[owner])
            rows.append((person.name, ", ".join(person.specialty_ids.mapped("name")), hours, nights))
        return rows

    @api.model
    def _person(self, days, tz, work, away):
        """The cells of the days of one person, and the hours at night among them."""
        left = subtract(work, [pair[:2] for pair in away])
        cells, nights = [], 0.0
        for day in days:
            span = local_day(day, tz)
            hours = _hours(intersect(left, [span]))
            dark = [(wall_to_utc(day, low, tz), wall_to_utc(day, high, tz)) for low, high in NIGHTS]
            nights += _hours(intersect(left, merge(dark)))
            letter = next(
                (
                    LETTERS[kind]
                    for start, stop, kind in away
                    if kind in LETTERS and start < span[1] and stop > span[0]
                ),
                "",
            )
            cells.append(hours or letter)
        return cells, round(nights, 2)

    def _workbook(self):
        """The bytes of the workbook; names that look like formulas are made harmless."""
        book = Workbook(write_only=True)
        sheet = book.create_sheet(self.env._("Time sheet"))
        sheet.freeze_panes = "C4"
        sheet.column_dimensions["A"].width = 34
        sheet.column_dimensions["B"].width = 26
        days = self._days()
        month = format_date(self.env, days[0], date_format="LLLL y")
        sheet.append([_bold(sheet, f"{self.env._('Time sheet')}: {self.branch_id.name}, {month}")])
        sheet.append([])
        titles = [
            self.env._("Name"),
            self.env._("Specialties"),
            *(day.day for day in days),
            self.env._("Days in all"),
            self.env._("Hours in all"),
            self.env._("At night"),
        ]
        sheet.append([_bold(sheet, title) for title in titles])
        for name, specialties, cells, nights in self._rows():
            numbers = [cell for cell in cells if not isinstance(cell, str)]
            total = round(sum(numbers), 2)
            sheet.append([guarded(name), guarded(specialties), *cells, len(numbers), total, nights])
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()


def _hours(pairs):
    return round(sum((stop - start).total_seconds() for start, stop in pairs) / 3600, 2)


def _bold(sheet, value):
    cell = WriteOnlyCell(sheet, value=guarded(value) if isinstance(value, str) else value)
    cell.font = Font(bold=True)
    return cell
