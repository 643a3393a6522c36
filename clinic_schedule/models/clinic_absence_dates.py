# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..slot_algebra import utc_to_wall, wall_to_utc

#: What people write of the time; ``start`` and ``stop`` are what counts.
WALL = ("date_from", "date_to", "whole_days", "hour_from", "hour_to")

#: Nobody is away longer at one go: a longer time is a slip of the year.
LONGEST = timedelta(days=366 * 4)

DAY = timedelta(days=1)


class ClinicAbsence(models.Model):
    """Days and hours of an absence on the clock of the branch, as people enter them.

    Whoever writes ``date_from`` … ``hour_to`` writes ``start`` and ``stop`` thereby; the days are
    those of the branch, wherever the writer sits, through a change of the clock as well.
    """

    _inherit = "clinic.absence"  # pylint: disable=consider-merging-classes-inherited

    date_from = fields.Date(compute="_compute_wall", readonly=False, string="First day")
    date_to = fields.Date(compute="_compute_wall", readonly=False, string="Last day")
    whole_days = fields.Boolean(compute="_compute_wall", readonly=False)
    hour_from = fields.Float(compute="_compute_wall", readonly=False, string="From (branch time)")
    hour_to = fields.Float(compute="_compute_wall", readonly=False, string="To (branch time)")
    wall_start = fields.Char(compute="_compute_wall_texts", string="Begins (branch time)")
    wall_stop = fields.Char(compute="_compute_wall_texts", string="Ends (branch time)")
    advice = fields.Char(
        compute="_compute_advice", help="What is unusual about this time; nothing of it forbids the absence."
    )

    @api.depends("start", "stop", "resource_id")
    def _compute_wall(self):
        for absence in self:
            if not (absence.start and absence.stop):
                today = utc_to_wall(fields.Datetime.now(), absence.tz).date()
                absence.update(
                    {"date_from": today, "date_to": today, "whole_days": True, "hour_from": 0, "hour_to": 0}
                )
                continue
            first, last = (utc_to_wall(moment, absence.tz) for moment in (absence.start, absence.stop))
            whole = not any((first.hour, first.minute, last.hour, last.minute))
            absence.update(
                {
                    "date_from": first.date(),
                    "date_to": (last - DAY if whole else last).date(),
                    "whole_days": whole,
                    "hour_from": 0.0 if whole else first.hour + first.minute / 60,
                    "hour_to": 0.0 if whole else last.hour + last.minute / 60,
                }
            )

    @api.depends("start", "stop", "resource_id")
    def _compute_wall_texts(self):
        for absence in self:
            if not (absence.start and absence.stop):
                absence.wall_start = absence.wall_stop = False
                continue
            first, last = (utc_to_wall(moment, absence.tz) for moment in (absence.start, absence.stop))
            pattern = "%d.%m.%Y" if absence.whole_days else "%d.%m.%Y %H:%M"
            absence.wall_start = first.strftime(pattern)
            absence.wall_stop = (last - DAY if absence.whole_days else last).strftime(pattern)

    @api.depends("start", "stop", "resource_id")
    def _compute_advice(self):
        now = fields.Datetime.now()
        for absence in self:
            absence.advice = False
            if not (absence.start and absence.stop and absence.resource_id) or absence.stop <= absence.start:
                continue
            words = []
            if absence.stop <= now:
                words.append(self.env._("This time has already passed."))
            other = self.search(
                [
                    ("resource_id", "=", absence.resource_id.id),
                    ("start", "<", absence.stop),
                    ("stop", ">", absence.start),
                    ("id", "!=", absence._origin.id or 0),
                ],
                limit=1,
            )
            if other:
                words.append(
                    self.env._(
                        "There is an absence in this time already: %(other)s.", other=other.display_name
                    )
                )
            absence.advice = " ".join(words)

    @api.onchange(*WALL, "resource_id")
    def _onchange_wall(self):
        """The moments follow what is written, so that the form can tell what they touch."""
        if not self.resource_id or not self.date_from:
            return
        if not self.whole_days and not (self.hour_from or self.hour_to):
            self.hour_from, self.hour_to = 8.0, 20.0
        vals = {name: self[name] for name in WALL}
        vals["date_to"] = max(vals["date_to"] or vals["date_from"], vals["date_from"])
        self.start, self.stop = self._wall_moments(vals, self.tz)

    @api.model
    def _wall_moments(self, vals, tz):
        """``(start, stop)`` in UTC of days and hours on the clock of the zone; errors in words."""
        first = fields.Date.to_date(vals.get("date_from"))
        last = fields.Date.to_date(vals.get("date_to")) or first
        if not first:
            raise UserError(self.env._("Write the first day of the absence."))
        if vals.get("whole_days"):
            return wall_to_utc(first, 0, tz), wall_to_utc(last + DAY, 0, tz)
        minutes = [round((vals.get(name) or 0.0) * 60) for name in ("hour_from", "hour_to")]
        if not all(0 <= minute <= 24 * 60 for minute in minutes):
            raise UserError(self.env._("The hours of an absence are between 00:00 and 24:00."))
        return wall_to_utc(first, minutes[0], tz), wall_to_utc(last, minutes[1], tz)

    def _vals_with_moments(self, vals):
        """``vals`` with moments in the place of days and hours; of an absence as it stands, if any."""
        wall = {name: vals[name] for name in WALL if name in vals}
        vals = {name: value for name, value in vals.items() if name not in WALL}
        if not wall:
            return vals
        absence = self or self.new({"resource_id": vals.get("resource_id")})
        if self:
            wall = {**{name: self[name] for name in WALL}, **wall}
            if "resource_id" in vals:
                absence = self.new({"resource_id": vals["resource_id"]})
        else:
            wall.setdefault("whole_days", not (wall.get("hour_from") or wall.get("hour_to")))
        vals["start"], vals["stop"] = self._wall_moments(wall, absence.tz)
        if vals["stop"] <= vals["start"]:
            raise UserError(self.env._("An absence must end after it starts. Check the days and the hours."))
        return vals

    @api.model_create_multi
    def create(self, vals_list):
        """Create absences from moments, or from days and hours of the branch."""
        empty = self.browse()
        return super().create([empty._vals_with_moments(vals) for vals in vals_list])

    def write(self, vals):
        """Change absences; days and hours are those of the branch of each."""
        if not any(name in vals for name in WALL):
            return super().write(vals)
        for absence in self:
            super(ClinicAbsence, absence).write(absence._vals_with_moments(vals))
        return True

    @api.constrains("start", "stop")
    def _check_length(self):
        for absence in self:
            if absence.stop - absence.start > LONGEST:
                raise ValidationError(
                    self.env._("An absence of more than four years is surely a slip. Check the years.")
                )
