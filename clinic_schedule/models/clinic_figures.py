# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models

from ..slot_algebra import local_day

DAY = timedelta(days=1)


class ClinicFigures(models.AbstractModel):
    """The page “Figures”: shares and medians of booking, by branch, against the period before.

    Aggregates only: who may see them (``group_clinic_figures``, marketers too) sees no single visit. A figure
    is a row of ``_figures``; addons above add theirs there and give its numbers in ``_numbers``.
    """

    _name = "clinic.figures"
    _inherit = "clinic.report.period"
    _description = "Figures of booking"

    @api.model
    def load(self, params):
        """Everything that the page shows; a fixed number of questions to the database.

        :param params: ``date_from``, ``date_to`` (empty: four weeks until today), ``branch_id`` (empty: all)
        :return: ``figures``: key, title, help, unit, better (up|down), value, count, base, previous and
            ``branches`` with the same numbers of each branch; a value is None where nothing was counted
        """
        if not self.env.user.has_group("clinic_schedule.group_clinic_figures"):
            self.env["clinic.load.report"].check_access("read")
        first, last = self._read_period(params)
        branches, wanted = self._read_branches(params)
        length = last - first + DAY
        return {
            "date_from": fields.Date.to_string(first),
            "date_to": fields.Date.to_string(last),
            "previous_from": fields.Date.to_string(first - length),
            "previous_to": fields.Date.to_string(last - length),
            "branch_id": params.get("branch_id") in branches.ids and wanted.id,
            "branches": [{"id": branch.id, "name": branch.name} for branch in branches],
            "shown": [{"id": branch.id, "name": branch.name} for branch in wanted],
            "figures": self._compute_figures(branches, wanted, first, last),
        }

    @api.model
    def _compute_figures(self, branches, wanted, first, last):
        """The figures of some of the branches of the company, over days of their own calendars."""
        length = last - first + DAY
        spans = [
            (number, branch.id, *local_day(low, branch.tz)[:1], local_day(high, branch.tz)[1], low, high)
            for branch in wanted
            for number, low, high in ((0, first, last), (1, first - length, last - length))
        ]
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL jit TO off")
        numbers = self._numbers(spans, whole=wanted == branches)
        return [self._figure(figure, numbers, wanted) for figure in self._figures()]

    @api.model
    def _figure(self, figure, numbers, wanted):
        """One figure with its values: of all, of the period before, of each branch."""

        def values(number, branch_id):
            row = numbers.get((number, branch_id), {})
            count, base = row.get(figure["count"]), row.get(figure.get("base"))
            if "base" not in figure:
                if figure["unit"] == "count":
                    count = count or 0  # nothing was done: that is known
                return {"value": count, "count": count, "base": row.get(figure.get("of"))}
            return {
                "value": round(100 * (count or 0) / base, 1) if base else None,
                "count": count,
                "base": base,
            }

        return {
            **{key: figure[key] for key in ("key", "title", "help", "unit", "better")},
            **values(0, None),
            "previous": values(1, None)["value"],
            "branches": [
                {"id": branch.id, **values(0, branch.id), "previous": values(1, branch.id)["value"]}
                for branch in wanted
            ],
        }

    @api.model
    def _figures(self):
        """What is shown, in this order.

        Shares name ``count`` and ``base``, two numbers of ``_numbers``; medians and amounts name ``count``
        only, and with ``of`` how many there were. ``better`` says which way is good, empty: neither.
        """
        return [
            {
                "key": "booked", "unit": "count", "better": "up", "count": "booked",
                "title": self.env._("Bookings"),
                "help": self.env._("Visits booked in the period, whenever they take place. Without imports."),
            },
            {
                "key": "online", "unit": "percent", "better": "up", "count": "online", "base": "booked",
                "title": self.env._("Booked online"),
                "help": self.env._(
                    "Share of bookings that patients made themselves: site, bot, API, aggregators."
                ),
            },
            {
                "key": "conversion", "unit": "percent", "better": "up", "count": "site_booked",
                "base": "site_visitors",
                "title": self.env._("Site: from the visit to the booking"),
                "help": self.env._(
                    "Share of visitors of the booking page who booked in the period. Visitors are"
                    " counted without"
                    " persons, and not by branch: whoever only looks has not chosen one."
                ),
            },
            {
                "key": "site_time", "unit": "minutes", "better": "down", "count": "site_minutes",
                "of": "site_timed",
                "title": self.env._("Booking time on the site"),
                "help": self.env._("Median from the choice of a time to the finished booking."),
            },
            {
                "key": "desk_time", "unit": "minutes", "better": "down", "count": "desk_minutes",
                "of": "desk_timed",
                "title": self.env._("Booking time at the reception"),
                "help": self.env._(
                    "Median from the opened window of booking, or from the held time, to the finished"
                    " booking."
                ),
            },
            {
                "key": "lead", "unit": "days", "better": "", "count": "lead_days", "of": "lead_known",
                "title": self.env._("Booked ahead"),
                "help": self.env._("Median of the days between booking and visit, for visits of the period."),
            },
            {
                "key": "confirmed", "unit": "percent", "better": "up", "count": "confirmed_early",
                "base": "confirmable",
                "title": self.env._("Confirmed 24 h before"),
                "help": self.env._(
                    "Visits of the period, booked more than 24 hours ahead and not cancelled: the"
                    " share confirmed"
                    " at least 24 hours before the start."
                ),
            },
            {
                "key": "no_show", "unit": "percent", "better": "down", "count": "no_show", "base": "due",
                "title": self.env._("Missed visits"),
                "help": self.env._("Missed visits among those of the period whose outcome is known."),
            },
            {
                "key": "cancelled", "unit": "percent", "better": "down", "count": "cancelled",
                "base": "visits",
                "title": self.env._("Cancelled visits"),
                "help": self.env._(
                    "Cancelled visits, by the patient or the clinic, among all visits of the period."
                ),
            },
            *self._figures_of_quality(),
        ]  # fmt: skip

    @api.model
    def _figures_of_quality(self):
        """Wrong bookings, freed places, load."""
        return [
            {
                "key": "refused", "unit": "percent", "better": "down", "count": "refused", "base": "tried",
                "title": self.env._("Refused: time already taken"),
                "help": self.env._(
                    "Attempts to book a time that somebody else had just taken, among all attempts."
                    " The database"
                    " lets none through: no double bookings come of them."
                ),
            },
            {
                "key": "mistakes", "unit": "percent", "better": "down", "count": "mistakes", "base": "booked",
                "title": self.env._("Mistakes of the reception"),
                "help": self.env._(
                    "Cancellations and moves with the reason “Mistake of the reception” in the"
                    " period, for each"
                    " hundred bookings."
                ),
            },
            {
                "key": "unconfirmed", "unit": "percent", "better": "down", "count": "unconfirmed",
                "base": "due",
                "title": self.env._("Came to their time unconfirmed"),
                "help": self.env._(
                    "Visits of the period whose outcome is known and that nobody had confirmed"
                    " before."
                ),
            },
            {
                "key": "refilled", "unit": "percent", "better": "up", "count": "refilled", "base": "holes",
                "title": self.env._("Freed places taken again"),
                "help": self.env._(
                    "Places freed in the period by cancellations and moves before their time: the share that"
                    " another visit has taken."
                ),
            },
            {
                "key": "reaction", "unit": "minutes", "better": "down", "count": "refill_minutes",
                "of": "refilled",
                "title": self.env._("Until a freed place is taken"),
                "help": self.env._(
                    "Median from the cancellation or move to the booking of another visit, where there was"
                    " one."
                ),
            },
            {
                "key": "load", "unit": "percent", "better": "up", "count": "taken_hours",
                "base": "open_hours",
                "title": self.env._("Load of doctors"),
                "help": self.env._(
                    "Hours of visits among the hours of shifts without absences, in the period."
                ),
            },
        ]  # fmt: skip
