# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..slot_algebra import local_date, local_day, merge, overlaps, subtract, utc_to_wall

#: Hours that are always shown, minutes after midnight.
FIRST, LAST = 8 * 60, 20 * 60


class ClinicRoomGrid(models.AbstractModel):
    """Rooms by hours for the senior nurse: who sits where, what is free, what is planned twice.

    Reads only, by the rights of the user: five questions to the database for any number of rooms.
    """

    _name = "clinic.room.grid"
    _description = "Rooms by hours"

    @api.model
    def load(self, params):
        """The grid of a day or of the week of that day.

        :param params: ``date`` (empty: today in the branch), ``branch_id``, ``mode``: ``day`` or ``week``
        :return: plain values; times are minutes after midnight on the clock of the branch
        """
        self.env["clinic.shift"].check_access("read")
        branches = self.env["clinic.branch"].search_fetch([], ["name", "tz"])
        mine = (self.env.user.clinic_branch_ids & branches) or branches
        branch = mine.filtered(lambda one: one.id == params.get("branch_id")) or mine[:1]
        if not branch:
            raise UserError(self.env._("There is no branch whose rooms you may see."))
        day = self._read_day(params.get("date"), branch)
        week = params.get("mode") == "week"
        first = day - timedelta(days=day.weekday()) if week else day
        dates = [first + timedelta(days=number) for number in range(7 if week else 1)]
        rooms = self.env["clinic.room"].search_fetch(
            [("branch_id", "=", branch.id)],
            ["name", "resource_id", "room_type_id"],
            order="sequence, name, id",
        )
        bars = self._bars(branch, dates)
        closed = self._closed(branch, rooms, dates)
        spans = [bar for rows in bars.values() for bar in rows]
        return {
            "date": day.isoformat(),
            "dates": [date.isoformat() for date in dates],
            "mode": "week" if week else "day",
            "branch_id": branch.id,
            "branches": [{"id": one.id, "name": one.name} for one in mine],
            "first": min([FIRST, *(bar["start"] // 60 * 60 for bar in spans)]),
            "last": max([LAST, *(-(-bar["stop"] // 60) * 60 for bar in spans)]),
            "rooms": [
                {
                    "id": room.id,
                    "name": room.name,
                    "type": room.room_type_id.name or "",
                    "days": [
                        self._room_day(date, bars.get((room.id, date), []), closed.get((room.id, date), []))
                        for date in dates
                    ],
                }
                for room in rooms
            ],
            "without_room": [bar for date in dates for bar in bars.get((False, date), [])],
        }

    @api.model
    def _read_day(self, value, branch):
        try:
            return fields.Date.to_date(value or None) or local_date(fields.Datetime.now(), branch.tz)
        except (ValueError, TypeError):
            raise UserError(self.env._("There is no such day. Choose a day of the calendar.")) from None

    @api.model
    def _bars(self, branch, dates):
        """(room id or False, date) -> shifts of the day, in order of time; those of rooms themselves too."""
        low, high = local_day(dates[0], branch.tz)[0], local_day(dates[-1], branch.tz)[1]
        shifts = self.env["clinic.shift"].search_fetch(
            [("branch_id", "=", branch.id), ("start", "<", high), ("stop", ">", low)],
            ["resource_id", "room_id", "start", "stop", "local_date"],
            order="start, id",
        )
        # sudo: names of doctors and which room a resource is are no secret of those who read shifts
        owners = shifts.sudo().resource_id
        owners.fetch(["name", "clinic_kind"])
        own_rooms = {room.resource_id: room.id for room in owners.clinic_room_ids}
        bars = {}
        for shift in shifts:
            owner = shift.sudo().resource_id
            room_id = own_rooms.get(owner) or shift.room_id.id
            if not room_id and owner.clinic_kind == "device":
                continue
            for date in dates:
                pair = self._minutes(shift.start, shift.stop, date, branch.tz)
                if pair:
                    bars.setdefault((room_id, date), []).append(
                        {"id": shift.id, "who": owner.name, "start": pair[0], "stop": pair[1]}
                    )
        return bars

    @api.model
    def _closed(self, branch, rooms, dates):
        """(room id, date) -> absences of the rooms themselves."""
        low, high = local_day(dates[0], branch.tz)[0], local_day(dates[-1], branch.tz)[1]
        of_resource = {room.resource_id.id: room.id for room in rooms}
        absences = self.env["clinic.absence"].search_fetch(
            [("resource_id", "in", list(of_resource)), ("start", "<", high), ("stop", ">", low)],
            ["resource_id", "start", "stop", "kind", "board_text"],
        )
        kinds = dict(absences._fields["kind"]._description_selection(self.env))
        closed = {}
        for absence in absences:
            for date in dates:
                pair = self._minutes(absence.start, absence.stop, date, branch.tz)
                if pair:
                    closed.setdefault((of_resource[absence.resource_id.id], date), []).append(
                        {"start": pair[0], "stop": pair[1], "text": absence.board_text or kinds[absence.kind]}
                    )
        return closed

    @api.model
    def _minutes(self, start, stop, date, tz):
        """Wall minutes of the part that lies on the date; None when there is none."""
        low, high = local_day(date, tz)
        if start >= high or stop <= low:
            return None
        begin, end = (utc_to_wall(moment, tz) for moment in (max(start, low), min(stop, high)))
        return begin.hour * 60 + begin.minute, (24 * 60 if end.date() > date else end.hour * 60 + end.minute)

    @api.model
    def _room_day(self, date, bars, closed):
        """One room on one day: bars with lanes, what is planned twice, what is free."""
        rows, lanes = [], []
        for bar in bars:
            double = any(
                overlaps((bar["start"], bar["stop"]), (other["start"], other["stop"]))
                for other in bars
                if other is not bar
            )
            lane = next((n for n, stop in enumerate(lanes) if stop <= bar["start"]), len(lanes))
            lanes[lane : lane + 1] = [bar["stop"]]
            rows.append({**bar, "lane": lane, "double": double})
        busy = merge((one["start"], one["stop"]) for one in [*bars, *closed])
        free = subtract([(FIRST, LAST)], busy)
        return {
            "date": date.isoformat(),
            "bars": rows,
            "lanes": max(len(lanes), 1),
            "closed": closed,
            "free": [{"start": low, "stop": high} for low, high in free],
            "double": any(row["double"] for row in rows),
        }
