# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import Counter
from datetime import date, datetime, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form

from .common import ScheduleCommon


class TemplateCommon(ScheduleCommon):
    """A doctor without shifts and a builder of templates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.doctor = cls._make_practitioner(branches=cls.branch, services=cls.service)

    @classmethod
    def _template(cls, lines, branch=None, **vals):
        """``lines``: (weekday, first minute, last minute) or dictionaries of values."""
        rows = [
            line
            if isinstance(line, dict)
            else dict(zip(("weekday", "minute_from", "minute_to"), line, strict=True))
            for line in lines
        ]
        return cls.env["clinic.shift.template"].create(
            {
                "name": "Week",
                "resource_id": cls.doctor.resource_id.id,
                "branch_id": (branch or cls.branch).id,
                "line_ids": [Command.create(row) for row in rows],
                **vals,
            }
        )

    @classmethod
    def _generate(cls, template, *period):
        """The shifts made, and how often each thing happened."""
        shifts, steps = template._generate(*period)
        return shifts.sorted("start"), dict(Counter(step.action for step in steps))

    def _walls(self, shifts, branch=None):
        return [(self._wall(shift.start, branch), self._wall(shift.stop, branch)) for shift in shifts]


class TestShiftTemplate(TemplateCommon):
    """From patterns to dated shifts: what is made, on whose clock, what is told."""

    def test_generate(self):
        template = self._template([("0", 540, 900), ("2", 780, 1080)], room_id=self.room.id, step=20)
        shifts, counts = self._generate(template, "2026-11-30", "2026-12-13")
        self.assertEqual(counts, {"make": 4})
        first = shifts[0]
        self.assertEqual((first.start, first.stop), (datetime(2026, 11, 30, 1), datetime(2026, 11, 30, 7)))
        self.assertEqual((first.room_id, first.step, first.local_date), (self.room, 20, date(2026, 11, 30)))
        self.assertEqual(template.shift_count, 4)
        shifts, counts = self._generate(template, "2026-11-30", "2026-12-13")
        self.assertEqual((len(shifts), counts), (0, {"keep": 4}), "idempotent")

    def test_other_shifts_stand_in_the_way(self):
        own = self._make_shift(self.doctor, day=date(2026, 11, 30), minute_from=600, minute_to=720)
        template = self._template([("0", 540, 900), ("1", 540, 900)])
        self.assertEqual(self._generate(template, "2026-11-30", "2026-12-01")[1], {"make": 1, "taken": 1})
        self.assertEqual(self._wall(own.stop), "12:00")

    def test_days_off_of_the_branch(self):
        """A Monday off is left out and told, unless the template works on it; nights count by their start."""
        self.branch.hours_text = "Mon-Fri 8:00-20:00"
        self.branch.holiday_ids = [
            Command.create(
                {"name": "New year", "date_from": "2026-12-06 16:00:00", "date_to": "2026-12-07 15:59:59"}
            )
        ]
        template = self._template([("6", 1320, 360), ("0", 540, 900), ("0", 960, 1080), ("1", 540, 900)])
        shifts, counts = self._generate(template, "2026-12-06", "2026-12-08")
        self.assertEqual(shifts.mapped("local_date"), [date(2026, 12, 6), date(2026, 12, 8)])
        self.assertEqual(counts, {"make": 2, "day_off": 2})
        message = template.action_generate("2026-12-06", "2026-12-08")["params"]["message"]
        self.assertEqual(message, "Shifts made: 0. Left out, days off of the branch: 2.")
        template.on_days_off = True
        self.assertEqual(self._generate(template, "2026-12-06", "2026-12-08")[1], {"keep": 2, "make": 2})

    def test_archived_shifts_are_not_made_again(self):
        template = self._template([("0", 540, 900), ("1", 540, 900)])
        shifts, _counts = self._generate(template, "2026-11-30", "2026-12-01")
        shifts[0].active = False
        self.env.flush_all()
        self.assertEqual(self._generate(template, "2026-11-30", "2026-12-01")[1], {"keep": 1, "archived": 1})
        template.again_archived = True
        self.assertEqual(self._generate(template, "2026-11-30", "2026-12-01")[1], {"keep": 1, "make": 1})

    def test_over_midnight(self):
        shift = self._generate(self._template([("4", 1320, 120)]), "2026-12-04", "2026-12-04")[0]
        self.assertEqual((shift.start, shift.stop), (datetime(2026, 12, 4, 14), datetime(2026, 12, 4, 18)))
        self.assertEqual(shift.local_date, date(2026, 12, 4))

    def test_summer_time(self):
        """The zone of the branch counts, in both directions; a shift in the skipped hour vanishes."""
        berlin = self._make_branch(tz="Europe/Berlin")
        shifts = self._generate(self._template([("6", 540, 900)], berlin), "2026-03-22", "2026-03-29")[0]
        self.assertEqual([shift.start.hour for shift in shifts], [8, 7])
        night = self._template([("6", 120, 180)], berlin)
        self.assertFalse(self._generate(night, "2026-03-29", "2026-03-29")[0])
        autumn = self._generate(night, "2026-10-25", "2026-10-25")[0]
        self.assertEqual(autumn.stop - autumn.start, timedelta(hours=2))

    def test_hours_that_meet_after_midnight(self):
        """Friday's night reaches into Saturday's morning: one of them is made, the other is told."""
        template = self._template([("4", 1320, 360), ("5", 300, 540), ("5", 600, 720)])
        self.assertEqual(template.overlap_note, "Friday 22:00–06:00 – Saturday 05:00–09:00")
        shifts, counts = self._generate(template, "2026-12-04", "2026-12-05")
        self.assertEqual(self._walls(shifts), [("22:00", "06:00"), ("10:00", "12:00")])
        self.assertEqual(counts, {"make": 2, "taken": 1})

    def test_days_on_which_a_zone_changes(self):
        """By day 9 to 15 on the clock of the branch; by night the length is what the clock makes it."""
        for tz, first, last, hours in (
            ("Asia/Chita", "2014-10-25", "2014-10-27", {8, 10}),
            ("Asia/Chita", "2016-03-26", "2016-03-28", {8, 7}),
            ("Asia/Irkutsk", "2014-10-25", "2014-10-27", {8, 9}),
            ("Asia/Sakhalin", "2016-03-26", "2016-03-28", {8, 7}),
            ("Asia/Irkutsk", "2026-03-28", "2026-03-30", {8}),
            ("Europe/Berlin", "2026-03-28", "2026-03-30", {8, 7}),
            ("America/Santiago", "2026-04-03", "2026-04-05", {8, 9}),
        ):
            with self.subTest(tz=tz, first=first):
                branch = self._make_branch(tz=tz)
                doctor = self._make_practitioner(branches=branch, services=self.service)
                lines = [(str(day), *pair) for day in range(7) for pair in ((540, 900), (1320, 360))]
                template = self._template(lines, branch, resource_id=doctor.resource_id.id)
                shifts, counts = self._generate(template, first, last)
                self.assertEqual(counts, {"make": 6})
                self.assertEqual(set(self._walls(shifts, branch)), {("09:00", "15:00"), ("22:00", "06:00")})
                lengths = {shift: (shift.stop - shift.start).total_seconds() / 3600 for shift in shifts}
                night = shifts.filtered(lambda s: self._wall(s.start, s.branch_id) == "22:00")
                self.assertEqual({lengths[shift] for shift in shifts - night}, {6})
                self.assertEqual({lengths[shift] for shift in night}, hours)
                self.assertFalse(self._generate(template, first, last)[0], "idempotent")

    def test_user_zone_does_not_matter(self):
        user = self._make_user("t_far", "senior_nurse", tz="America/New_York")
        template = self._template([("0", 540, 900)]).with_user(user)
        shift = self._generate(template, "2026-11-30", "2026-11-30")[0]
        self.assertEqual(shift.start, datetime(2026, 11, 30, 1))

    def test_bad_periods(self):
        template = self._template([("0", 540, 900)])
        for low, high in (("2026-12-01", "2026-11-01"), (False, "2026-12-01"), ("2026-01-01", "2030-01-01")):
            with self.assertRaises(UserError):
                template._generate(low, high)

    def test_every_kind_of_pattern(self):
        for vals, lines, days in (
            ({"kind": "two_weeks", "anchor_date": "2026-12-02"}, [{"weekday": "0", "week": "2"}], [7, 21]),
            ({"kind": "parity", "skip_weekends": True}, [{"parity": "2"}], [2, 4, 8, 10, 14, 16, 18, 22]),
            (
                {"kind": "cycle", "anchor_date": "2026-11-30", "days_on": 2, "days_off": 2},
                [{}],
                [1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21],
            ),
            ({"kind": "dates"}, [{"date": "2026-12-03"}, {"date": "2026-12-20"}], [3, 20]),
        ):
            with self.subTest(kind=vals["kind"]):
                doctor = self._make_practitioner(branches=self.branch, services=self.service)
                template = self._template(lines, resource_id=doctor.resource_id.id, **vals)
                shifts = self._generate(template, "2026-12-01", "2026-12-22")[0]
                self.assertEqual([shift.local_date.day for shift in shifts], days)

    def test_a_block_has_its_own_terms(self):
        """Room, step, patients, services and ways of booking of a block win over the template's."""
        other = self._make_branch(tz="Europe/Moscow")
        far_room = self._make_room(other)
        section = self.env["product.category"].create({"name": "Ultrasound"})
        site = self.env.ref("clinic_schedule.channel_site")
        template = self._template(
            [
                {"weekday": "0", "minute_from": 540, "minute_to": 600},
                {
                    "weekday": "0",
                    "minute_from": 1080,
                    "minute_to": 1140,
                    "branch_id": other.id,
                    "room_id": far_room.id,
                    "step": 7,
                    "audience": "child",
                    "categ_ids": section.ids,
                    "channel_ids": site.ids,
                },
                {"weekday": "1", "minute_from": 540, "minute_to": 600, "branch_id": other.id},
            ],
            room_id=self.room.id,
            step=20,
            service_ids=self.service.ids,
        )
        plain, own, guest = self._generate(template, "2026-11-30", "2026-12-01")[0]
        self.assertEqual((plain.branch_id, plain.room_id, plain.step), (self.branch, self.room, 20))
        self.assertEqual((plain.service_ids, plain.audience), (self.service, "all"))
        self.assertEqual((own.branch_id, own.room_id, own.step), (other, far_room, 7))
        self.assertEqual((own.categ_ids, own.channel_codes, own.audience), (section, "site", "child"))
        self.assertFalse(own.service_ids, "the sections of the block instead of the template's services")
        self.assertEqual(self._wall(own.start, other), "18:00")
        self.assertFalse(guest.room_id, "the template's room stands in another branch")
        self.assertEqual(self._generate(template, "2026-11-30", "2026-12-01")[1], {"keep": 3})

    def test_bad_templates(self):
        other = self._make_room(self._make_branch())
        for lines, vals, words in (
            ([{"weekday": False}], {}, "which day of the week"),
            ([{}], {"kind": "dates"}, "which date"),
            ([{"cycle_day": 3}], {"kind": "cycle"}, "only 2 working days"),
            ([], {"kind": "cycle", "anchor_date": False}, "from which day"),
            ([], {"room_id": other.id}, "another branch"),
            ([{"room_id": other.id}], {}, "another branch"),
        ):
            refused = self.assertRaisesRegex(ValidationError, words)
            with self.subTest(words=words), refused, self.env.cr.savepoint():
                self._template(lines, **vals)


class TestRegeneration(TemplateCommon):
    """A changed pattern: what nobody uses follows, visits and changes by hand stay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls._template([(str(day), 540, 900) for day in range(7)])
        cls.period = (cls._day(1), cls._day(3))
        cls.shifts = cls.template._generate(*cls.period)[0].sorted("start")

    def test_what_nobody_uses_follows_the_pattern(self):
        self.template.line_ids.minute_to = 780
        shifts, counts = self._generate(self.template, *self.period)
        self.assertEqual(counts, {"remove": 3, "make": 3})
        self.assertFalse(self.shifts.exists())
        self.assertEqual(set(self._walls(shifts)), {("09:00", "13:00")})

    def test_visits_stay_with_their_shift(self):
        visit = self._book(600, day=2, owner=self.doctor)
        self.template.line_ids.minute_to = 780
        counts = self._generate(self.template, *self.period)[1]
        self.assertEqual(counts, {"remove": 2, "make": 2, "visits": 1, "taken": 1})
        self.assertEqual(self.shifts.exists(), self.shifts[1])
        self.assertEqual(visit.state, "booked")
        self.template.line_ids.unlink()
        counts = self._generate(self.template, *self.period)[1]
        self.assertEqual(counts, {"remove": 2, "visits": 1})

    def test_changes_by_hand_stay(self):
        self.shifts[0].stop -= timedelta(hours=1)
        self.shifts[1].step = 5
        self.assertEqual(self._generate(self.template, *self.period)[1], {"edited": 2, "taken": 1, "keep": 1})
        self.shifts[1].step = self.template.step
        self.assertEqual(self._generate(self.template, *self.period)[1], {"edited": 1, "taken": 1, "keep": 2})

    def test_shifts_out_of_the_period_are_left_alone(self):
        self.template.line_ids.unlink()
        self.assertEqual(self._generate(self.template, self._day(2), self._day(2))[1], {"remove": 1})
        self.assertEqual(len(self.shifts.exists()), 2)

    def test_two_templates_of_one_doctor(self):
        """One call for both: the second finds what the first leaves, whether removed or made."""
        other = self._template([(str(day), 840, 1020) for day in range(7)])
        counts = self._generate(self.template | other, *self.period)[1]
        self.assertEqual(counts, {"keep": 3, "taken": 3})
        self.template.line_ids.minute_to = 840
        counts = self._generate(self.template | other, *self.period)[1]
        self.assertEqual(counts, {"remove": 3, "make": 6})

    def test_preview_says_what_will_happen(self):
        """The window, as a senior nurse: the lines, no change before the button, then the change."""
        self._book(600, day=2, owner=self.doctor)
        nurse = self._make_user("t_nurse", "senior_nurse")
        self.template.line_ids.minute_to = 780
        action = self.template.with_user(nurse).action_plan()
        form = Form(self.env["clinic.shift.plan"].with_user(nurse).with_context(**action["context"]))
        form.date_from, form.date_to = self.period
        self.assertEqual(
            form.summary, "Taken by another shift: 1 · Stays: has visits: 1 · Removed: 2 · Made: 2"
        )
        plan = form.save()
        self.assertEqual(
            plan.line_ids.mapped("action"), ["taken", "visits", "remove", "remove", "make", "make"]
        )
        self.assertEqual(plan.line_ids[0].reason, f"{self.branch.name}, 09:00–15:00")
        self.assertEqual(plan.line_ids[0].hours, "09:00–13:00")
        self.assertEqual(len(self.shifts.exists()), 3, "nothing is done before the button")
        message = plan.action_apply()["params"]
        self.assertEqual(message["type"], "warning")
        self.assertEqual(len(self.shifts.exists()), 1)
        form = Form(plan)
        form.date_to = self._day(-1)
        self.assertIn("in this order", form.summary)
        self.assertFalse(form.has_changes)

    def test_rights(self):
        """Registrars see templates and shifts and can neither plan nor make any."""
        registrar = self._make_user("t_desk", "registrar")
        template = self.template.with_user(registrar)
        self.assertEqual(template.name, "Week")
        template.line_ids.sudo().unlink()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            template._generate(*self.period)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.env["clinic.shift.plan"].with_user(registrar).create({"date_to": self._day(3)})

    def test_queries_do_not_grow_with_templates(self):
        templates = self.template
        for _number in range(4):
            doctor = self._make_practitioner(branches=self.branch, services=self.service)
            templates |= self._template([("0", 540, 900)], resource_id=doctor.resource_id.id)
        templates._generate(*self.period)
        counts = []
        for some in (templates[:2], templates):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._plan(*self.period)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)


class TestOpenFor(TemplateCommon):
    """What a shift is open for is obeyed by the search and by the booking alike."""

    def _starts(self, channel="reception"):
        slots = self.booking.search_slots(
            self.service, date_from=self._day(1), date_to=self._day(1), channel=channel, limit=50
        )
        return [slot for slot in slots if slot["resource_id"] == self.doctor.resource_id.id]

    def test_sections(self):
        """A section opens its services and those of the sections below it, and no others."""
        top = self.env["product.category"].create({"name": "Functional"})
        low = self.env["product.category"].create({"name": "Ultrasound", "parent_id": top.id})
        shift = self._make_shift(self.doctor, categ_ids=top.ids)
        self.assertFalse(self._starts())
        with self.assertRaisesRegex(UserError, "not given in these visiting hours"), self.env.cr.savepoint():
            self._book(540, owner=self.doctor)
        self.service.categ_id = low
        self.assertTrue(self._starts())
        self.assertTrue(self._book(540, owner=self.doctor))
        shift.write({"categ_ids": [Command.clear()], "service_ids": [Command.set(self._make_service().ids)]})
        self.assertFalse(self._starts())
        shift.service_ids = [Command.clear()]
        self.assertTrue(self._starts())

    def test_ways_of_booking(self):
        """Hours kept for the site are found and booked there, and told of at the desk."""
        self.env["ir.config_parameter"].set_param("clinic_schedule.site_lead_minutes", "0")
        self._make_shift(self.doctor, channel_ids=self.env.ref("clinic_schedule.channel_site").ids)
        self.assertFalse(self._starts("reception"))
        self.assertFalse(self._starts("phone"))
        with self.assertRaisesRegex(UserError, "kept for other ways"), self.env.cr.savepoint():
            self._book(540, owner=self.doctor)
        self.assertTrue(self._starts("site"))
        self.assertTrue(self._book(540, owner=self.doctor, channel="site"))
        self.assertTrue(self._book(570, owner=self.doctor, channel="import"))

    def test_ways_cannot_be_removed(self):
        with self.assertRaisesRegex(UserError, "Rename"):
            self.env.ref("clinic_schedule.channel_site").unlink()
