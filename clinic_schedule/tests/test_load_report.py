# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import random
import re
from collections import Counter
from datetime import timedelta

from odoo.tests import tagged

from ..slot_algebra import intersect, merge, subtract, utc_to_wall, wall_to_utc
from .report_common import ReportCommon

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@tagged("post_install", "-at_install")
class TestLoadReport(ReportCommon):
    def test_exact_hours_of_a_doctor(self):
        day = self._day(3)
        self._make_shift(day=day, minute_from=540, minute_to=690)
        self.env["clinic.absence"].create(
            {
                "resource_id": self.practitioner.resource_id.id,
                "start": self._at(day, 660),
                "stop": self._at(day, 720),
            }
        )
        self._make_visit(self._at(day, 540), 45)
        self._make_visit(self._at(day, 570), 30, overbooked=True)  # a CITO over it: time counts once
        self._make_visit(self._at(day, 630), 45)  # the second half is when the doctor is away
        self._make_visit(self._at(day, 600), 15, state="cancelled_clinic")
        self._make_visit(self._at(day, 615), 15, state="no_show")
        self._make_visit(
            self._at(day, 615),
            10,
            state="held",
            hold_expires_at=self._at(self._day(90), 0),
            token="live-hold",
        )
        self._make_visit(
            self._at(day, 600),
            10,
            state="held",
            hold_expires_at=self._at(self._day(-1), 0),
            token="dead-hold",
        )
        self.assertEqual(
            self._rows(self.practitioner, day=day),
            {
                (day, "09:00"): {"capacity": 60, "booked": 60},
                (day, "10:00"): {"capacity": 60, "booked": 30, "held": 10, "idle": 20},
                (day, "11:00"): {"outside": 15, "downtime": 30},
            },
        )
        report = self.env["clinic.load.report"]
        [(load,)] = report._read_group(
            [("resource_id", "=", self.practitioner.resource_id.id), ("day", "=", day)], [], ["load:avg"]
        )
        self.assertAlmostEqual(load, 100 * 100 / 120)
        row = report.search(
            [("resource_id", "=", self.practitioner.resource_id.id), ("day", "=", day)], limit=1
        )
        self.assertEqual((row.kind, row.weekday), ("practitioner", str(day.weekday())))
        self.assertEqual((row.branch_id, row.company_id), (self.branch, self.company))

    def test_rooms_and_devices_are_open_when_the_branch_works(self):
        day = self._day(3)
        other = self._make_practitioner(branches=self.branch)
        device = self._make_device(self.branch)
        self._make_shift(day=day, minute_from=540, minute_to=630, room_id=self.room.id)
        self._make_shift(other, day=day, minute_from=600, minute_to=660)
        self.env["clinic.absence"].create(
            {
                "resource_id": device.resource_id.id,
                "kind": "repair",
                "start": self._at(day, 600),
                "stop": self._at(day, 630),
            }
        )
        self._make_visit(self._at(day, 540), 30, room_id=self.room.id, device_ids=[(6, 0, device.ids)])
        self.env["clinic.group.session"].create(
            {
                "service_id": self._make_service(clinic_group_size=3).id,
                "resource_id": other.resource_id.id,
                "branch_id": self.branch.id,
                "room_id": self.room.id,
                "date": day,
                "hour": 10.5,
                "minutes": 20,
            }
        )
        self.assertEqual(
            self._rows(self.room, day=day),
            {
                (day, "09:00"): {"capacity": 60, "booked": 30, "idle": 30},
                (day, "10:00"): {"capacity": 60, "booked": 20, "idle": 40},
            },
        )
        self.assertEqual(
            self._rows(device, day=day),
            {
                (day, "09:00"): {"capacity": 60, "booked": 30, "idle": 30},
                (day, "10:00"): {"capacity": 30, "downtime": 30, "idle": 30},
            },
        )
        self.assertEqual(
            self._rows(other, day=day), {(day, "10:00"): {"capacity": 60, "booked": 20, "idle": 40}}
        )

    def test_a_night_shift_when_the_clocks_change(self):
        branch = self._make_branch(tz="Europe/Berlin")
        doctor = self._make_practitioner(branches=branch)
        autumn, spring = self._sunday(10), self._sunday(3)
        for sunday in (autumn, spring):
            before = sunday - timedelta(days=1)
            self._make_shift(
                doctor, day=before, minute_from=22 * 60, minute_to=24 * 60 + 4 * 60, branch=branch
            )
            self._make_visit(self._at(before, 23 * 60 + 30, branch), 60, owner=doctor, branch=branch)
        hours = {key: row for key, row in self._rows(doctor, branch).items()}
        for sunday, nightly in ((autumn, 120), (spring, None)):
            before = sunday - timedelta(days=1)
            wanted = {
                (before, "22:00"): (60, 0),
                (before, "23:00"): (60, 30),
                (sunday, "00:00"): (60, 30),
                (sunday, "01:00"): (60, 0),
                (sunday, "02:00"): (nightly, 0),
                (sunday, "03:00"): (60, 0),
            }
            for key, (capacity, booked) in wanted.items():
                row = hours.get(key)
                with self.subTest(key=key):
                    self.assertEqual(row and row["capacity"], capacity)
                    self.assertEqual((row or {}).get("booked", 0), booked)

    def test_equals_the_minute_by_minute_model(self):
        """Random shifts, absences and visits around changes of the clock, in three zones."""
        seed = random.Random(20261123)
        zones = (("Asia/Irkutsk", 10, -3), ("Europe/Berlin", 3, -3), ("America/Santiago", 8, 4))
        for tz, month, days in zones:
            branch = self._make_branch(tz=tz)
            doctor = self._make_practitioner(branches=branch)
            first = self._sunday(month) + timedelta(days=days)
            shifts, away, visits = self._random_days(seed, doctor, branch, first)
            open_ = subtract(merge(shifts), merge(away))
            model = {
                "capacity": self._count(open_, tz),
                "booked": self._count(intersect(merge(visits), open_), tz),
                "outside": self._count(subtract(merge(visits), open_), tz),
                "downtime": self._count(intersect(merge(shifts), merge(away)), tz),
            }
            rows = self._rows(doctor, branch)
            for measure, minutes in model.items():
                got = {key: row[measure] for key, row in rows.items() if row.get(measure)}
                with self.subTest(tz=tz, measure=measure):
                    self.assertTrue(minutes)
                    self.assertEqual(got, dict(minutes))

    def _random_days(self, seed, doctor, branch, first):
        shifts, away, visits = [], [], []
        for n in range(7):
            day = first + timedelta(days=n)
            start = wall_to_utc(day, seed.randrange(0, 1200), branch.tz)
            stop = start + seed.randrange(120, 900) * MINUTE
            if any(start < pair[1] for pair in shifts):
                continue
            self.env["clinic.shift"].create(
                {
                    "resource_id": doctor.resource_id.id,
                    "branch_id": branch.id,
                    "start": start,
                    "stop": stop,
                }
            )
            shifts.append((start, stop))
            for _n in range(4):
                begin = start + seed.randrange(-60, 800) * MINUTE
                end = begin + seed.randrange(5, 90) * MINUTE
                visits.append((begin, end))
                self._make_visit(begin, (end - begin) // MINUTE, owner=doctor, branch=branch)
            begin = start + seed.randrange(-100, 300) * MINUTE
            end = begin + seed.randrange(10, 200) * MINUTE
            away.append((begin, end))
            self.env["clinic.absence"].create(
                {"resource_id": doctor.resource_id.id, "start": begin, "stop": end}
            )
        return shifts, away, visits

    @staticmethod
    def _count(pieces, tz):
        """Each minute of the pieces, by what the clock of the zone shows."""
        minutes = Counter()
        for start, stop in pieces:
            while start < stop:
                wall = utc_to_wall(start, tz)
                minutes[wall.date(), f"{wall:%H}:00"] += 1
                start += MINUTE
        return minutes

    def test_one_question_for_any_number_of_doctors(self):
        day = self._day(3)
        self._make_shift(day=day)
        report = self.env["clinic.load.report"]
        domain = [("day", ">=", day), ("day", "<=", day + timedelta(days=27))]

        def ask():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = report._read_group(domain, ["weekday", "hour"], ["capacity:sum", "load:avg"])
            return len(rows), self.env.cr.sql_log_count - before

        ask()
        few, asked = ask()
        for _n in range(5):
            doctor = self._make_practitioner(branches=self.branch)
            self._make_shift(doctor, day=self._day(4))
        many, asked_again = ask()
        self.assertGreater(many, few)
        self.assertLessEqual(asked, 2)
        self.assertEqual(asked, asked_again)

    def test_the_day_reaches_every_look_at_shifts_and_visits(self):
        """A question about one day must not read the visits of all years: their indexes are by day."""
        query = self.env["clinic.load.report"]._search([("day", "=", self._day(3))]).select()
        self.env.cr.execute("EXPLAIN " + query.code, query.params)
        plan = "\n".join(row[0] for row in self.env.cr.fetchall())
        looks = re.findall(r"on clinic_(?:shift|appointment) \w+ .*?(?=->|\Z)", plan, re.DOTALL)
        self.assertGreater(len(looks), 8)
        for look in looks:
            # later days of a shift are numbered by a series, and compared where it is joined
            if "clinic_appointment" in look:
                self.assertRegex(look, r"local_date( \+ 1\))? = ")
