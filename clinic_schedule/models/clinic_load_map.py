# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict

from odoo import api, fields, models

from odoo.addons.clinic_base.const import RESOURCE_KINDS

from ..const import WEEKDAYS

MEASURES = ("capacity", "booked", "held", "downtime")


class ClinicLoadMap(models.AbstractModel):
    """Weekdays by hours: how full doctors, rooms or devices are.

    Reads ``clinic.load.report`` by the rights of the user.
    """

    _name = "clinic.load.map"
    _inherit = "clinic.report.period"
    _description = "Load by weekdays and hours"

    @api.model
    def load(self, params):
        """The map of a period, one question to the database for any number of doctors.

        :param params: ``kind`` practitioner|room|device, ``date_from``, ``date_to`` (empty: four weeks until
            today), ``branch_id`` and ``resource_id`` (empty: all)
        :return: plain values: ``cells`` by weekday and hour, ``rows`` by doctor, room or device, ``total``;
            hours as numbers, load in percent or None where nothing was open
        """
        report = self.env["clinic.load.report"]
        report.check_access("read")
        first, last = self._read_period(params)
        branches, wanted = self._read_branches(params)
        kind = params.get("kind") if params.get("kind") in dict(RESOURCE_KINDS) else RESOURCE_KINDS[0][0]
        domain = [("day", ">=", first), ("day", "<=", last), ("kind", "=", kind)]
        if params.get("branch_id") in branches.ids:
            domain.append(("branch_id", "in", wanted.ids))
        found = report._read_group(
            domain, ["resource_id", "weekday", "hour"], [f"{measure}:sum" for measure in MEASURES]
        )
        # sudo: the name of a doctor, room or device is no secret of those who read the report
        names = {row[0].id: row[0].sudo().name for row in found}
        chosen = params.get("resource_id") if params.get("resource_id") in names else False
        cells, rows = (defaultdict(lambda: [0.0] * len(MEASURES)) for _n in range(2))
        for resource, weekday, hour, *values in found:
            self._add(rows[resource.id], values)
            if not chosen or resource.id == chosen:
                self._add(cells[weekday, hour], values)
        total = [sum(column) for column in zip(*cells.values(), strict=True)] or [0.0] * len(MEASURES)
        hours = sorted({hour for _weekday, hour in cells})
        return {
            "kind": kind,
            "date_from": fields.Date.to_string(first),
            "date_to": fields.Date.to_string(last),
            "branch_id": params.get("branch_id") in branches.ids and wanted.id,
            "branches": [{"id": branch.id, "name": branch.name} for branch in branches],
            "resource_id": chosen,
            "hours": self._hours_between(hours[0], hours[-1]) if hours else [],
            "weekdays": [weekday for weekday, _name in WEEKDAYS],
            "cells": [{"weekday": key[0], "hour": key[1], **self._sums(cells[key])} for key in sorted(cells)],
            "rows": sorted(
                ({"id": key, "name": names[key], **self._sums(values)} for key, values in rows.items()),
                key=lambda row: (-(row["load"] or 0), row["name"]),
            ),
            "total": self._sums(total),
        }

    @staticmethod
    def _hours_between(first, last):
        return [f"{hour:02}:00" for hour in range(int(first[:2]), int(last[:2]) + 1)]

    @staticmethod
    def _add(sums, values):
        for number, value in enumerate(values):
            sums[number] += value

    @staticmethod
    def _sums(values):
        sums = {name: round(value, 4) for name, value in zip(MEASURES, values, strict=True)}
        taken = values[1] + values[2]
        return {**sums, "load": round(100 * taken / values[0], 1) if values[0] else None}
